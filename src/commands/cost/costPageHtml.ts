import * as vscode from 'vscode';
import { formatDollars } from '../../glue/cost';
import { html, type Html } from '../../glue/html';
import { dollarsPerCall, type BilledCost, type CostAllocationTag } from '../../glue/money/billedCost';
import type { BudgetUse } from '../../glue/money/budgets';
import { spentText, stateText } from '../../glue/money/budgetText';
import type { ComparedRow } from '../../glue/money/compare';
import { beginningOf, dayOf, type Period, type PeriodName } from '../../glue/money/period';
import { translated } from '../../host/translated';

/** Everything that the page "Cost" shows. */
export interface CostPageState {
  /** Choices of what cost is shown by, by their text; and which of them it is. */
  readonly choices: readonly string[];
  readonly by: string;
  readonly periodName: PeriodName | 'range';
  readonly period: Period;
  readonly rows: readonly ComparedRow[];
  /** Sessions in the period whose tags have not been read. */
  readonly lackingTags: number;
  /** Targets whose sessions could not be read, with the reason. */
  readonly failed: readonly { readonly target: string; readonly reason: string }[];
  readonly isReading: boolean;
  readonly budgets: readonly BudgetUse[];
  readonly budgetProblem?: string;
  /** Sessions of the budgets' periods that no budget counts. */
  readonly uncounted: number;
  /** Profile of the account that pays; undefined until one was chosen. */
  readonly billingProfile?: string;
  /** Why AWS's bill does not know what is grouped by; undefined when it does. */
  readonly unbilledReason?: string;
  readonly billed?: { readonly cost: BilledCost; readonly readOn: number };
  readonly billedProblem?: string;
  readonly tags?: readonly CostAllocationTag[];
  readonly tagsProblem?: string;
  /** The account asked is a member of an organisation: its payer has the keys. */
  readonly isMember: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function costPageHtml(state: CostPageState): Html {
  return html`
    <h1>${vscode.l10n.t('Cost of Glue Sessions')}</h1>
    ${choicesHtml(state)} ${budgetsHtml(state)} ${liveHtml(state)} ${billedHtml(state)} ${tagsHtml(state)}
  `;
}

function choicesHtml({ choices, by, periodName, period }: CostPageState): Html {
  const periods: readonly (readonly [CostPageState['periodName'], string])[] = [
    ['today', vscode.l10n.t('Today')],
    ['week', vscode.l10n.t('This week')],
    ['month', vscode.l10n.t('This month')],
    ['range', vscode.l10n.t('From … to …')],
  ];
  return html`<form id="choices" class="bar" data-action="choose">
    <label for="by">${vscode.l10n.t('Grouped by')}</label>
    <select id="by" name="by" data-action="by">
      ${choices.map((choice) => option(choice, choiceLabel(choice), choice === by))}
    </select>
    <label for="period">${vscode.l10n.t('Over')}</label>
    <select id="period" name="period" data-action="period">
      ${periods.map(([name, label]) => option(name, label, name === periodName))}
    </select>
    ${
      periodName === 'range' &&
      html`<label for="from">${vscode.l10n.t('First day')}</label>
        <input id="from" name="from" type="date" value="${period.from}" />
        <label for="to">${vscode.l10n.t('Last day')}</label>
        <input id="to" name="to" type="date" value="${dayOf(beginningOf(period.to) - 1)}" />
        <button>${vscode.l10n.t('Show')}</button>`
    }
    <button type="button" data-action="export">${vscode.l10n.t('Save as CSV…')}</button>
    <span class="note">${vscode.l10n.t('Days begin at midnight UTC, as on AWS bills.')}</span>
  </form>`;
}

function choiceLabel(choice: string): string {
  const labels: Readonly<Record<string, string>> = {
    owner: vscode.l10n.t('Owner'),
    role: vscode.l10n.t('Runtime role'),
    target: vscode.l10n.t('Account and Region'),
    connection: vscode.l10n.t('Connection'),
    version: vscode.l10n.t('Glue version'),
    status: vscode.l10n.t('Status'),
  };
  return Object.hasOwn(labels, choice)
    ? (labels[choice] ?? choice)
    : vscode.l10n.t('Tag: {0}', choice.replace(/^tag:/, ''));
}

function budgetsHtml({ budgets, budgetProblem, uncounted }: CostPageState): Html | undefined {
  if (budgetProblem !== undefined) return html`<p class="problem" role="alert">${budgetProblem}</p>`;
  if (budgets.length === 0) return undefined;
  const names = {
    today: vscode.l10n.t('today'),
    week: vscode.l10n.t('this week'),
    month: vscode.l10n.t('this month'),
  };
  return html`<h2>${vscode.l10n.t('Budgets')}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${vscode.l10n.t('Budget')}</th>
          <th scope="col" class="number">${vscode.l10n.t('Spent')}</th>
          <th scope="col" class="number">${vscode.l10n.t('Of')}</th>
          <th scope="col">${vscode.l10n.t('State')}</th>
        </tr>
      </thead>
      <tbody>
        ${budgets.map(
          (use) =>
            html`<tr>
              <th scope="row">${use.budget.tag}=${use.budget.value}, ${names[use.budget.period]}</th>
              <td class="number">${translated(spentText(use))}</td>
              <td class="number">${formatDollars(use.budget.dollars)}</td>
              <td class="${stateClass(use)}">${translated(stateText(use))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      uncounted > 0 &&
      html`<p class="bar">
        <span class="warning"
          >${vscode.l10n.t('The tags of {0} sessions have not been read: no budget counts them.', uncounted)}</span
        >
        <button data-action="readBudgetTags">${vscode.l10n.t('Read Their Tags')}</button>
      </p>`
    }`;
}

/** Nothing is well as long as the sum is not whole. */
function stateClass({ state, uncounted }: BudgetUse): string {
  if (state === 'over') return 'problem';
  return state === 'near' || uncounted > 0 ? 'warning' : 'ok';
}

function liveHtml({ rows, isReading, lackingTags, failed, billed }: CostPageState): Html {
  const total = rows.reduce((sum, { live }) => sum + (live?.dollars ?? 0), 0);
  return html`<h2>${vscode.l10n.t('What the sessions cost')}</h2>
    <p>
      ${vscode.l10n.t('{0}, reckoned from the DPU-seconds of the sessions that are listed. Free, and as of now.', formatDollars(total))}
    </p>
    ${isReading && html`<p role="status">${vscode.l10n.t('Reading the sessions…')}</p>`}
    ${failed.map(
      ({ target, reason }) =>
        html`<p class="problem">${vscode.l10n.t('Without the sessions of {0}: {1}', target, reason)}</p>`,
    )}
    ${
      lackingTags > 0 &&
      html`<p class="bar">
        <span class="warning"
          >${vscode.l10n.t('The tags of {0} sessions of this time have not been read: they count as without.', lackingTags)}</span
        >
        <button data-action="readTags">${vscode.l10n.t('Read Their Tags')}</button>
      </p>`
    }
    ${rows.length === 0 ? html`<p>${vscode.l10n.t('No session ran in this time.')}</p>` : [chart(rows, billed !== undefined), table(rows, billed !== undefined)]}`;
}

/** Bars of the dearest groups. */
function chart(rows: readonly ComparedRow[], withBilled: boolean): Html {
  const shown = rows.slice(0, 12);
  const most = Math.max(...shown.map(dearest), 0.000001);
  const line = 22;
  // With both costs a line says which bar is which.
  const height = (shown.length + (withBilled ? 1 : 0)) * line + 4;
  return html`<svg
    role="img"
    aria-label="${vscode.l10n.t('Bars of the costs in the table below')}"
    width="640"
    height="${height}"
    viewBox="0 0 640 ${height}"
  >
    ${shown.map(
      (row, position) => html`
        <text class="tick" x="176" y="${position * line + 15}" text-anchor="end"
          >${cut(nameOf(row), 28)}</text
        >
        <rect
          class="mark"
          x="184"
          y="${position * line + 4}"
          width="${((row.live?.dollars ?? 0) / most) * 360}"
          height="${withBilled ? 8 : 12}"
        />
        <rect
          class="second"
          x="184"
          y="${position * line + 12}"
          width="${((row.billed ?? 0) / most) * 360}"
          height="4"
        />
        <text class="tick" x="${192 + (dearest(row) / most) * 360}" y="${position * line + 15}"
          >${formatDollars(dearest(row))}</text
        >
      `,
    )}
    ${
      withBilled &&
      html`<rect class="mark" x="184" y="${height - 16}" width="10" height="8" />
        <text class="tick" x="200" y="${height - 8}">${vscode.l10n.t('Reckoned here')}</text>
        <rect class="second" x="344" y="${height - 14}" width="10" height="4" />
        <text class="tick" x="360" y="${height - 8}">${vscode.l10n.t('Billed by AWS')}</text>`
    }
  </svg>`;
}

function table(rows: readonly ComparedRow[], withBilled: boolean): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${vscode.l10n.t('Group')}</th>
        <th scope="col" class="number">${vscode.l10n.t('Sessions')}</th>
        <th scope="col" class="number">${vscode.l10n.t('Running')}</th>
        <th scope="col" class="number">${vscode.l10n.t('DPU-hours')}</th>
        <th scope="col" class="number">${vscode.l10n.t('Reckoned here')}</th>
        ${
          withBilled &&
          html`<th scope="col" class="number">${vscode.l10n.t('Billed by AWS')}</th>
            <th scope="col" class="number">${vscode.l10n.t('Difference')}</th>`
        }
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, 500).map(
        (row) =>
          html`<tr>
            <th scope="row">${nameOf(row)}</th>
            <td class="number">${row.live?.sessions ?? 0}</td>
            <td class="number">${row.live?.live ?? 0}</td>
            <td class="number">${(row.live?.dpuHours ?? 0).toFixed(2)}</td>
            <td class="number">${formatDollars(row.live?.dollars ?? 0)}</td>
            ${
              withBilled &&
              html`<td class="number">${row.billed === undefined ? '–' : formatDollars(row.billed)}</td>
                <td class="number">${signed((row.billed ?? 0) - (row.live?.dollars ?? 0))}</td>`
            }
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function billedHtml(state: CostPageState): Html {
  const { billingProfile, unbilledReason, billed, billedProblem, now } = state;
  const reasons = [
    vscode.l10n.t('AWS takes up to a day to bring usage to the bill.'),
    vscode.l10n.t(
      'A tag counts on the bill only from the day on which its key was activated for cost allocation.',
    ),
    vscode.l10n.t(
      'Sessions that have been deleted, or are in accounts and Regions that are not listed here, are billed all the same.',
    ),
    vscode.l10n.t(
      'Discounts, credits and another price than the setting glueSessions.pricePerDpuHour are not reckoned here.',
    ),
  ];
  return html`<h2>${vscode.l10n.t('What AWS bills')}</h2>
    ${
      unbilledReason === undefined
        ? html`<p>
              ${vscode.l10n.t('From Cost Explorer. AWS charges ${0} for each call; an answer is remembered for a day.', dollarsPerCall.toFixed(2))}
            </p>
            <p class="bar">
              <button class="first" data-action="readBilled">${vscode.l10n.t('Read Billed Cost…')}</button>
              <button data-action="billingProfile">
                ${billingProfile === undefined ? vscode.l10n.t('Choose Billing Profile…') : vscode.l10n.t('Billing profile: {0}', billingProfile)}
              </button>
            </p>`
        : html`<p>${unbilledReason}</p>`
    }
    ${
      billedProblem !== undefined &&
      html`<p class="problem" role="alert">${billedProblem}</p>
        <p class="bar">
          <button data-action="billingProfile">${vscode.l10n.t('Choose Another Billing Profile…')}</button>
        </p>`
    }
    ${
      billed !== undefined &&
      html`<p>
          ${vscode.l10n.t(
            '{0} billed, read {1} (calls: {2}).',
            formatDollars(billed.cost.rows.reduce((sum, { dollars }) => sum + dollars, 0)),
            agoText(now - billed.readOn),
            billed.cost.calls,
          )}
          ${billed.cost.isCut && vscode.l10n.t('There are more groups: only the first 20 pages were asked for.')}
          ${billed.cost.isEstimated && vscode.l10n.t('AWS still calls it an estimate.')}
        </p>
        <details>
          <summary>${vscode.l10n.t('Why the two differ')}</summary>
          <ul>
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
          </ul>
        </details>`
    }`;
}

function tagsHtml({ tags, tagsProblem, isMember, billingProfile }: CostPageState): Html {
  return html`<h2>${vscode.l10n.t('Cost allocation tags')}</h2>
    <p>
      ${vscode.l10n.t('Keys whose values are on the bill. AWS takes up to 24 hours to list a key that was used for the first time, and up to 24 hours more until an activated one shows in Cost Explorer; what was used before is not changed.')}
    </p>
    ${
      tags === undefined &&
      html`<p class="bar">
        <button data-action="readAllocationTags">
          ${billingProfile === undefined ? vscode.l10n.t('Choose Billing Profile and List the Keys…') : vscode.l10n.t('List the Keys')}
        </button>
      </p>`
    }
    ${tagsProblem !== undefined && html`<p class="problem" role="alert">${tagsProblem}</p>`}
    ${
      isMember &&
      html`<p>
          ${vscode.l10n.t('This account is a member of an organization: only the account that pays for it, the management account, has cost allocation tags. Choose a profile of that account, or send its owner this request.')}
        </p>
        <p class="bar">
          <button data-action="copyRequest">${vscode.l10n.t('Copy Request for Its Owner')}</button>
        </p>`
    }
    ${
      tags !== undefined &&
      html`<table>
        <thead>
          <tr>
            <th scope="col">${vscode.l10n.t('Key')}</th>
            <th scope="col">${vscode.l10n.t('State')}</th>
            <th scope="col">${vscode.l10n.t('Since')}</th>
            <th scope="col"><span class="unseen">${vscode.l10n.t('Change')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${tags.map(
            ({ key, isActive, updatedOn }) =>
              html`<tr>
                <th scope="row">${key}</th>
                <td>${isActive ? vscode.l10n.t('active') : vscode.l10n.t('not active')}</td>
                <td>${updatedOn === undefined ? '' : dayOf(updatedOn)}</td>
                <td>
                  <button
                    data-action="${isActive ? 'deactivate' : 'activate'}"
                    data-value="${key}"
                    aria-label="${isActive ? vscode.l10n.t('Deactivate {0}', key) : vscode.l10n.t('Activate {0}', key)}"
                  >
                    ${isActive ? vscode.l10n.t('Deactivate') : vscode.l10n.t('Activate')}
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    ${tags?.length === 0 && html`<p>${vscode.l10n.t('AWS lists no key yet: none was used in the last day, or this is not the account that pays.')}</p>`}`;
}

function option(value: string, label: string, isSelected: boolean): Html {
  return isSelected
    ? html`<option value="${value}" selected>${label}</option>`
    : html`<option value="${value}">${label}</option>`;
}

function nameOf({ value }: ComparedRow): string {
  return value ?? vscode.l10n.t('(without)');
}

function dearest({ live, billed }: ComparedRow): number {
  return Math.max(live?.dollars ?? 0, billed ?? 0);
}

function signed(dollars: number): string {
  if (Math.abs(dollars) < 0.005) return formatDollars(0);
  return `${dollars < 0 ? '−' : '+'}${formatDollars(Math.abs(dollars))}`;
}

function agoText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return vscode.l10n.t('just now');
  if (minutes === 1) return vscode.l10n.t('a minute ago');
  return minutes < 120
    ? vscode.l10n.t('{0} minutes ago', minutes)
    : vscode.l10n.t('{0} hours ago', Math.round(minutes / 60));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
