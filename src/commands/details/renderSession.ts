import * as vscode from 'vscode';
import { consoleLinks } from '../../glue/awsConsole';
import { capacityOf, costSoFar, dollarsPerHour, formatDollars } from '../../glue/cost';
import type { Session } from '../../glue/glueApi';
import { html, type Html, type HtmlValue } from '../../glue/html';
import { startedBy } from '../../glue/startedBy';
import { sessionState } from '../../glue/sessionStatus';
import { lastWork } from '../../glue/statementPages';
import { formatDuration, workers } from '../../host/sessionFacts';
import { translated } from '../../host/translated';
import type { PageFacts } from './pageContent';
import { renderNetwork } from './renderNetwork';
import { button, factTable, failure, notice, part, timeOf } from './renderParts';
import { renderStatements } from './renderStatements';
import { renderTags } from './renderTags';

/** The page of a session. Every text of the service's goes through `html`, which lets none of it be more than text. */
export function renderSession(facts: PageFacts): Html {
  const { session } = facts.listed;
  return html`<h1>${session.id}</h1>
    ${actions(session, facts.isSlow)}
    ${facts.trouble === undefined ? undefined : html`<p role="alert">${failure(facts.trouble)}</p>`}
    ${summary(facts)} ${cost(facts)} ${renderTags(facts)} ${renderNetwork(facts)} ${settings(facts)}
    ${renderStatements(facts)} ${logs(facts)} ${copies()}`;
}

function actions({ status }: Session, isSlow: boolean): Html {
  const { canStop, canRun } = sessionState(status);
  return html`<div class="bar" role="group" aria-label="${vscode.l10n.t('Actions')}">
    ${canRun ? button('openNotebook', vscode.l10n.t('Open Notebook'), { isFirst: true }) : undefined}
    ${canStop ? button('stop', vscode.l10n.t('Stop Session…')) : undefined}
    ${
      isSlow
        ? button('cancelReading', vscode.l10n.t('Cancel Reading'))
        : button('refresh', vscode.l10n.t('Refresh'))
    }
    ${button('copyId', vscode.l10n.t('Copy Id'))} ${button('copyArn', vscode.l10n.t('Copy ARN'))}
  </div>`;
}

function summary(facts: PageFacts): Html {
  const { listed, now, targetName } = facts;
  const { session, arn } = listed;
  const { isLive, word, canRun } = sessionState(session.status);
  const idle = canRun ? idleTime(facts) : undefined;
  const [, , , region, account] = arn.split(':');
  return html`<section aria-labelledby="state">
    <h2 id="state">${vscode.l10n.t('State')}</h2>
    ${factTable(vscode.l10n.t('State'), [
      [vscode.l10n.t('State'), translated(word)],
      [
        vscode.l10n.t('Reason'),
        session.errorMessage && html`<span class="problem">${session.errorMessage}</span>`,
      ],
      [vscode.l10n.t('Created'), timeOf(session.createdOn)],
      [vscode.l10n.t('Ended'), timeOf(session.completedOn)],
      [
        vscode.l10n.t('Age'),
        isLive && session.createdOn !== undefined ? formatDuration(now - session.createdOn) : undefined,
      ],
      [
        vscode.l10n.t('Ran for'),
        session.executionTime === undefined ? undefined : formatDuration(session.executionTime * 1000),
      ],
      [vscode.l10n.t('Idle for (reckoned)'), idle === undefined ? undefined : formatDuration(idle)],
      [vscode.l10n.t('Ends by itself in (reckoned)'), timeLeft(session, idle)],
      [vscode.l10n.t('Started by'), part(facts.tags, () => starter(facts))],
      [vscode.l10n.t('Account'), account],
      [vscode.l10n.t('Region'), region],
      [vscode.l10n.t('Seen through'), facts.identity?.arn ?? targetName],
      ['ARN', html`<code>${arn}</code>`],
    ])}
  </section>`;
}

/** Milliseconds since the last statement ended; undefined while one runs, or where that can't be told. */
function idleTime({ listed, statements, now }: PageFacts): number | undefined {
  const read = statements.state === 'ready' && !statements.value.hasMore ? statements.value : undefined;
  const since = read === undefined ? listed.idleSince : lastWork(read.statements, listed.session.createdOn);
  return since === undefined ? undefined : Math.max(0, now - since);
}

function timeLeft({ idleTimeout }: Session, idle: number | undefined): string | undefined {
  if (idleTimeout === undefined || idle === undefined) return undefined;
  return formatDuration(Math.max(0, idleTimeout * 60_000 - idle));
}

function starter({ tags, identity, listed }: PageFacts): HtmlValue {
  const who = startedBy(tags.state === 'ready' ? tags.value : (listed.tags ?? {}), identity);
  if (who === undefined) return vscode.l10n.t('not told: the session has no tag owner');
  const name = who.isCaller ? vscode.l10n.t('{0} (you)', who.name) : who.name;
  switch (who.kind) {
    case 'roleSession':
      return vscode.l10n.t('{0}, through the role {1}', name, who.role ?? '');
    case 'user':
      return vscode.l10n.t('{0}, an IAM user', name);
    case 'account':
      return vscode.l10n.t('the root user of account {0}', name);
    case 'name':
      return name;
  }
}

function cost(facts: PageFacts): Html {
  const { listed, pricePerDpuHour, now } = facts;
  const { session } = listed;
  const { isLive } = sessionState(session.status);
  const soFar = costSoFar(session, pricePerDpuHour, now);
  const hourly = dollarsPerHour(session, pricePerDpuHour);
  const idle = isLive ? idleTime(facts) : undefined;
  const { idleTimeout } = session;
  const leftMinutes =
    idleTimeout === undefined || idle === undefined ? undefined : Math.max(0, idleTimeout - idle / 60_000);
  return html`<section aria-labelledby="cost">
    <h2 id="cost">${vscode.l10n.t('Cost')}</h2>
    ${factTable(vscode.l10n.t('Cost'), [
      [
        vscode.l10n.t('So far'),
        soFar &&
          `${formatDollars(soFar.dollars)} ${
            soFar.reckoned
              ? vscode.l10n.t('(reckoned from its times)')
              : vscode.l10n.t('(from the {0} DPU-seconds the service tells)', Math.round(soFar.dpuSeconds))
          }`,
      ],
      [vscode.l10n.t('Per hour'), isLive && hourly !== undefined ? formatDollars(hourly) : undefined],
      [
        vscode.l10n.t('Until it ends idle'),
        isLive && hourly !== undefined && leftMinutes !== undefined
          ? vscode.l10n.t('{0} more, if nothing runs', formatDollars((hourly * leftMinutes) / 60))
          : undefined,
      ],
      [
        vscode.l10n.t('Price'),
        vscode.l10n.t('{0} for a DPU-hour (a setting)', formatDollars(pricePerDpuHour)),
      ],
    ])}
  </section>`;
}

function settings({ listed }: PageFacts): Html {
  const { session } = listed;
  const { command, defaultArguments } = session;
  const given = Object.entries(defaultArguments);
  return html`<section aria-labelledby="settings">
    <h2 id="settings">${vscode.l10n.t('Settings')}</h2>
    ${factTable(vscode.l10n.t('Settings'), [
      [vscode.l10n.t('Description'), session.description],
      [vscode.l10n.t('Runtime role'), session.role],
      [
        vscode.l10n.t('Command'),
        command && vscode.l10n.t('{0}, Python {1}', command.name, command.pythonVersion),
      ],
      [vscode.l10n.t('Session type'), session.sessionType],
      [vscode.l10n.t('Glue version'), session.glueVersion],
      [vscode.l10n.t('Workers'), workers(session)],
      ['DPU', capacityOf(session)],
      [
        vscode.l10n.t('Idle timeout'),
        session.idleTimeout === undefined ? undefined : vscode.l10n.t('{0} minutes', session.idleTimeout),
      ],
      [vscode.l10n.t('Security configuration'), session.securityConfiguration],
      [vscode.l10n.t('Usage profile'), session.usageProfile],
    ])}
    <p class="note">
      ${vscode.l10n.t('The service does not tell the timeout and the request origin of a session.')}
    </p>
    ${
      given.length === 0
        ? undefined
        : html`<h3 id="arguments">${vscode.l10n.t('Arguments')}</h3>
            <table aria-labelledby="arguments">
              <tbody>
                ${given.map(
                  ([key, value]) =>
                    html`<tr>
                      <th scope="row"><code>${key}</code></th>
                      <td><code>${value}</code></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
    }
  </section>`;
}

function logs({ listed, asked }: PageFacts): Html {
  const links = consoleLinks(listed.arn, listed.session);
  const isLocal = listed.target.files !== undefined || listed.target.endpoint !== undefined;
  return html`<section aria-labelledby="logs">
    <h2 id="logs">${vscode.l10n.t('Spark UI, Logs, AWS Console')}</h2>
    <div class="bar">
      ${button('sparkUi', vscode.l10n.t('Open Spark UI'))}
      ${button('systemLogs', vscode.l10n.t('Download System Logs'))}
    </div>
    ${notice('asked', asked)}
    ${
      links === undefined || isLocal
        ? html`<p class="note">${vscode.l10n.t('This place has no AWS console.')}</p>`
        : html`<ul>
              ${links.logs.map(
                ({ group, address }) =>
                  html`<li><a href="${address}">${vscode.l10n.t('CloudWatch: {0}', group)}</a></li>`,
              )}
              <li>
                <a href="${links.glue}">${vscode.l10n.t('AWS Glue in the AWS console')}</a>
              </li>
            </ul>
            <p class="note">
              ${vscode.l10n.t('The console shows the account that the browser is signed in to.')}
            </p>`
    }
  </section>`;
}

function copies(): Html {
  return html`<section aria-labelledby="copies">
    <h2 id="copies">${vscode.l10n.t('Start Another Like This')}</h2>
    <div class="bar">
      ${button('copyCode', vscode.l10n.t('Copy as Magics'), { value: 'magics' })}
      ${button('copyCode', vscode.l10n.t('Copy as boto3 Code'), { value: 'boto3' })}
      ${button('copyCode', vscode.l10n.t('Copy as AWS CLI Command'), { value: 'cli' })}
    </div>
    <p class="note">${vscode.l10n.t('The command is for bash and zsh; on Windows use Git Bash or WSL.')}</p>
  </section>`;
}
