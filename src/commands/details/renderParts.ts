import * as vscode from 'vscode';
import { readDenial } from '../../glue/denial';
import { AwsCallError } from '../../glue/errors';
import { html, type Html, type HtmlValue } from '../../glue/html';
import type { Part } from '../../glue/part';
import { errorText } from '../../host/reportError';
import type { Notice } from './pageContent';

/** What is there, or a placeholder, or why it is not. */
export function part<T>(value: Part<T>, show: (value: T) => HtmlValue): Html {
  switch (value.state) {
    case 'loading':
      return html`<span class="note" aria-busy="true">${vscode.l10n.t('Reading…')}</span>`;
    case 'ready':
      return html`${show(value.value)}`;
    case 'failed':
      return failure(value.error);
  }
}

/** Why something is not to be had; of a refusal, what permission it would take. */
export function failure(error: unknown): Html {
  const denial = readDenial(error);
  if (denial === undefined || !(error instanceof AwsCallError)) {
    return html`<span class="problem">${errorText(error)}</span>`;
  }
  return html`<span class="problem"
    >${vscode.l10n.t('Not allowed to look: this takes {0}.', denial.wantedAction ?? denial.action)}
    <details>
      <summary>${vscode.l10n.t('What AWS says')}</summary>
      ${error.message}
    </details></span
  >`;
}

/** What became of something a person did, told to a screen reader when it appears. */
export function notice(id: string, value: Notice | undefined): Html {
  return html`<p id="${id}" role="status" class="${value?.isProblem === true ? 'problem' : 'ok'}">
    ${value?.text}
  </p>`;
}

/** Names and values; those without a value are left out. */
export function factTable(label: string, rows: readonly (readonly [string, HtmlValue])[]): Html {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return html`<table aria-label="${label}">
    <tbody>
      ${shown.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A time as people here write it, with its exact form for machines. */
export function timeOf(ms: number | undefined): HtmlValue {
  if (ms === undefined) return undefined;
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return undefined;
  return html`<time datetime="${date.toISOString()}">${date.toLocaleString()}</time>`;
}

export function button(
  action: string,
  label: string,
  more: { readonly value?: string; readonly name?: string; readonly isFirst?: boolean } = {},
): Html {
  return html`<button
    type="button"
    data-action="${action}"
    data-value="${more.value ?? ''}"
    class="${more.isFirst === true ? 'first' : ''}"
    aria-label="${more.name ?? label}"
  >
    ${label}
  </button>`;
}
