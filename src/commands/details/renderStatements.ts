import * as vscode from 'vscode';
import { elapsedText } from '../../glue/elapsed';
import { readFailure } from '../../glue/failureReason';
import type { Statement } from '../../glue/glueApi';
import { html, type Html, type HtmlValue } from '../../glue/html';
import { asWritten } from '../../glue/statementMarker';
import { isGuardedCode, isUnderway, personsCode, type StatementPages } from '../../glue/statementPages';
import { part, button, timeOf } from './renderParts';
import type { PageFacts } from './pageContent';

/** Characters of code, or of an error, that are shown on the page. */
const shownCharacters = 4000;

/** The statements read so far, the latest first. */
export function renderStatements(facts: PageFacts): Html {
  return html`<section aria-labelledby="statements">
    <h2 id="statements">${vscode.l10n.t('Statements')}</h2>
    ${part(facts.statements, (pages) => table(pages, facts.now))}
  </section>`;
}

function table(pages: StatementPages, now: number): Html {
  const { statements, hasMore } = pages;
  if (statements.length === 0) return html`<p class="note">${vscode.l10n.t('None has been run.')}</p>`;
  const failed = statements.filter(hasFailed).length;
  return html`<p class="note">
      ${
        hasMore
          ? vscode.l10n.t('The first {0} that the service tells, the latest on top.', statements.length)
          : vscode.l10n.t('{0} statements, the latest on top.', statements.length)
      }
      ${failed > 0 ? vscode.l10n.t('{0} failed.', failed) : undefined}
    </p>
    <table aria-labelledby="statements">
      <thead>
        <tr>
          <th scope="col" class="number">${vscode.l10n.t('Statement')}</th>
          <th scope="col">${vscode.l10n.t('State')}</th>
          <th scope="col">${vscode.l10n.t('Started')}</th>
          <th scope="col" class="number">${vscode.l10n.t('Duration')}</th>
          <th scope="col">${vscode.l10n.t('Code')}</th>
        </tr>
      </thead>
      <tbody>
        ${statements.map((statement) => row(statement, now))}
      </tbody>
    </table>
    ${
      hasMore
        ? html`<div class="bar">${button('moreStatements', vscode.l10n.t('Show More Statements'))}</div>`
        : undefined
    }`;
}

function row(statement: Statement, now: number): Html {
  const { id, startedOn, completedOn } = statement;
  const end = completedOn ?? (isUnderway(statement) ? now : undefined);
  const duration = startedOn === undefined || end === undefined ? undefined : elapsedText(end - startedOn);
  return html`<tr id="statement-${id}">
    <th scope="row" class="number">${id}</th>
    <td>${state(statement)}</td>
    <td>${timeOf(startedOn)}</td>
    <td class="number">${duration}</td>
    <td>${code(statement)} ${failureOf(statement)}</td>
  </tr>`;
}

function state(statement: Statement): HtmlValue {
  const { id, progress } = statement;
  if (!isUnderway(statement)) {
    return html`<span class="${hasFailed(statement) ? 'problem' : ''}">${stateLabel(statement)}</span>`;
  }
  const percent = Math.round(Math.min(1, Math.max(0, progress)) * 100);
  return html`${stateLabel(statement)}<br />
    <progress
      max="100"
      value="${percent}"
      aria-label="${vscode.l10n.t('Progress of statement {0}', id)}"
    ></progress>
    ${percent} %<br />
    ${button('cancelStatement', vscode.l10n.t('Cancel'), {
      value: String(id),
      name: vscode.l10n.t('Cancel statement {0}', id),
    })}`;
}

function stateLabel(statement: Statement): string {
  if (hasFailed(statement)) return vscode.l10n.t('failed');
  switch (statement.state) {
    case 'WAITING':
      return vscode.l10n.t('waiting');
    case 'RUNNING':
      return vscode.l10n.t('running');
    case 'AVAILABLE':
      return vscode.l10n.t('done');
    case 'CANCELLING':
      return vscode.l10n.t('being cancelled');
    case 'CANCELLED':
      return vscode.l10n.t('cancelled');
    default:
      return statement.state.toLowerCase();
  }
}

/** States outside the public model included (glue.md, "Refusals and failures, as real ones read"). */
function hasFailed({ state: now, output }: Statement): boolean {
  return now === 'ERROR' || now === 'FAILED' || (output !== undefined && output.status !== 'ok');
}

function code({ id, code: sent }: Statement): HtmlValue {
  if (sent === undefined) return undefined;
  const written = personsCode(sent);
  const first = /\S.*/.exec(written)?.[0] ?? '';
  return html`<details id="code-${id}">
    <summary><code>${cut(first, 80)}</code></summary>
    <pre>${cut(written, shownCharacters)}</pre>
    ${
      written.length > shownCharacters
        ? button('openCode', vscode.l10n.t('Open All {0} Characters', written.length), { value: String(id) })
        : undefined
    }
  </details>`;
}

function failureOf(statement: Statement): HtmlValue {
  if (!hasFailed(statement)) return undefined;
  const { code: sent = '' } = statement;
  const { output } = isGuardedCode(sent) ? asWritten(statement, 1) : statement;
  const failure = readFailure(output);
  if (failure === undefined) {
    return html`<div class="problem">${vscode.l10n.t('The service gave no reason.')}</div>`;
  }
  const trace = withoutColours([...failure.traceback, ...(failure.javaTrace ?? '').split('\n')].join('\n'));
  return html`<div class="problem">
      <strong>${failure.name}</strong>: ${cut(withoutColours(failure.reason), 1000)}
    </div>
    ${
      trace.trim() === ''
        ? undefined
        : html`<details id="trace-${statement.id}">
            <summary>${vscode.l10n.t('Traceback')}</summary>
            <pre>${cut(trace, shownCharacters * 5)}</pre>
          </details>`
    }`;
}

/** What terminals take for colours. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

function withoutColours(text: string): string {
  return text.replace(colours, '');
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
