import * as vscode from 'vscode';
import type { AccessQuestion } from '../../glue/access/accessFacts';
import type { Link } from '../../glue/access/links';
import type { PolicyStatement } from '../../glue/access/statements';
import { html, type Html } from '../../glue/html';
import { formatTagList } from '../../glue/tags';
import { targetLabel } from '../../host/targets';
import { findingText, linkName, statusName } from './accessWords';

/** What the page shows. */
export interface AccessResult {
  readonly question: AccessQuestion;
  readonly links: readonly Link[];
  /** Milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly isChecking: boolean;
}

export function accessPage({ question, links, checkedAt, isChecking }: AccessResult): Html {
  const again = isChecking ? vscode.l10n.t('Checking…') : vscode.l10n.t('Check Again');
  const statuses = {
    ok: ['ok', '✓'],
    failed: ['problem', '✗'],
    notAllowed: ['warning', '?'],
    skipped: ['note', '–'],
  } as const;
  return html`<h1>${vscode.l10n.t('Access')}</h1>
    <p class="note">${questionText(question)}</p>
    <p id="summary" role="status"><strong>${summaryOf(question, links)}</strong></p>
    <div class="bar">
      <button class="first" data-action="again" id="again" ${disabled(isChecking)}>${again}</button>
      <button data-action="copyAll" id="copyAll">${vscode.l10n.t('Copy as Text')}</button>
    </div>
    <table>
      <caption>
        ${vscode.l10n.t('Link by link, as of {0}', new Date(checkedAt).toLocaleTimeString())}
      </caption>
      <thead>
        <tr>
          <th scope="col">${vscode.l10n.t('Link')}</th>
          <th scope="col">${vscode.l10n.t('Result')}</th>
          <th scope="col">${vscode.l10n.t('What was found')}</th>
        </tr>
      </thead>
      <tbody>
        ${links.map(
          (link) =>
            html`<tr id="link-${link.id}">
              <th scope="row">${linkName(link.id)}</th>
              <td class="${statuses[link.status][0]}">
                <span aria-hidden="true">${statuses[link.status][1]}</span> ${statusName(link.status)}
              </td>
              <td>${findingText(link.finding)} ${mending(link)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      links.some(({ isAdvisory }) => isAdvisory === true) &&
      html`<p class="note">
        ${vscode.l10n.t(
          'What is allowed was asked of the IAM policy simulator, which changes nothing. It knows neither session policies nor policies of VPC endpoints and resources: the start itself decides.',
        )}
      </p>`
    }`;
}

/** What an administrator would do, open where something failed. */
function mending({ id, status, statements, command }: Link): Html | undefined {
  if (statements.length === 0 && command === undefined) return undefined;
  const title =
    status === 'notAllowed'
      ? vscode.l10n.t('Statement that lets it be looked at')
      : vscode.l10n.t('What an administrator would do');
  return html`<details id="fix-${id}" ${status === 'failed' && html`open`}>
    <summary>${title}</summary>
    ${statements.map(
      (statement, index) =>
        html`<p>${placeText(statement)}</p>
          <pre>${statement.json}</pre>
          <button data-action="copy" data-value="${id} ${index}" id="copy-${id}-${index}">
            ${vscode.l10n.t('Copy Statement')}
          </button>`,
    )}
    ${
      command !== undefined &&
      html`<p>${vscode.l10n.t('Run, with the permissions of an administrator:')}</p>
        <pre>${command}</pre>
        <button data-action="copy" data-value="${id} command" id="copy-${id}-command">
          ${vscode.l10n.t('Copy Command')}
        </button>`
    }
  </details>`;
}

/** What a button of the page copies. */
export function copiedText(links: readonly Link[], value: string): string | undefined {
  const [id, which] = value.split(' ');
  const link = links.find((one) => one.id === id);
  return which === 'command' ? link?.command : link?.statements[Number(which)]?.json;
}

/** The page as text, for a ticket. */
export function accessText({ question, links }: AccessResult): string {
  const rows = links.flatMap((link) => [
    `${linkName(link.id)}: ${statusName(link.status)}. ${findingText(link.finding)}`,
    ...link.statements.flatMap((statement) => [`  ${placeText(statement)}`, indented(statement.json)]),
    ...(link.command === undefined ? [] : [indented(link.command)]),
  ]);
  return [questionText(question), summaryOf(question, links), '', ...rows].join('\n');
}

function summaryOf({ role }: AccessQuestion, links: readonly Link[]): string {
  const names = (status: Link['status']) =>
    links.filter((link) => link.status === status).map(({ id }) => linkName(id));
  const [failed, unseen] = [names('failed'), names('notAllowed')];
  if (failed.length > 0) return vscode.l10n.t('A session cannot start: {0}.', failed.join(', '));
  // Most of the links hang on it.
  if (role === undefined)
    return vscode.l10n.t(
      'Not enough is known to tell: choose a runtime role (%iam_role, or the setting glueSessions.iamRole) and check again.',
    );
  return unseen.length === 0
    ? vscode.l10n.t('Nothing stands in the way of a session.')
    : vscode.l10n.t(
        'It is not certain that a session can start: what could be looked at is in order, but not allowed to look at: {0}.',
        unseen.join(', '),
      );
}

function questionText({ target, role, connections, tags }: AccessQuestion): string {
  return vscode.l10n.t(
    'Session of {0} as {1}; connections: {2}; tags: {3}',
    targetLabel(target),
    role ?? vscode.l10n.t('no runtime role'),
    connections.join(', ') || vscode.l10n.t('none'),
    formatTagList(tags) || vscode.l10n.t('none'),
  );
}

function placeText({ place, holder }: PolicyStatement): string {
  return place === 'trust'
    ? vscode.l10n.t('Into the trust policy of {0}:', holder)
    : vscode.l10n.t('Into a policy of {0}:', holder);
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

function disabled(is: boolean): Html | undefined {
  return is ? html`disabled` : undefined;
}
