import * as vscode from 'vscode';
import { html, type Html } from '../../glue/html';
import { rowsOf, type TagRow } from '../../glue/tagRows';
import { isReservedKey } from '../../glue/tags';
import type { Tags } from '../../glue/glueApi';
import type { PageFacts } from './pageContent';
import { button, notice, part } from './renderParts';
import type { Said } from '../../glue/sentence';
import { translated } from '../../host/translated';

/** The tags as a form: a row each, and an empty one for a new tag. */
export function renderTags(facts: PageFacts): Html {
  return html`<section aria-labelledby="tags">
    <h2 id="tags">${vscode.l10n.t('Tags')}</h2>
    ${part(facts.tags, (tags) => form(facts, tags))} ${notice('tag-result', facts.saved)}
  </section>`;
}

function form({ draft, formNumber, tagKeys }: PageFacts, tags: Tags): Html {
  const rows = draft?.rows ?? rowsOf(tags);
  const hasEmpty = rows.some(({ key, value }) => key === '' && value === '');
  const all = hasEmpty ? rows : [...rows, { id: unusedId(rows), key: '', value: '' }];
  return html`<form data-action="saveTags" aria-labelledby="tags">
    <datalist id="tag-keys">${tagKeys.map((key) => html`<option value="${key}"></option>`)}</datalist>
    <table aria-labelledby="tags">
      <thead>
        <tr>
          <th scope="col">${vscode.l10n.t('Key')}</th>
          <th scope="col">${vscode.l10n.t('Value')}</th>
          <th scope="col"><span class="unseen">${vscode.l10n.t('Remove')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(tags)
          .filter(([key]) => isReservedKey(key))
          .map(
            ([key, value]) =>
              html`<tr>
                <th scope="row">${key}</th>
                <td>${value}</td>
                <td class="note">${vscode.l10n.t("AWS's own")}</td>
              </tr>`,
          )}
        ${all.map((row) => tagRow(row, `${row.id}-${String(formNumber)}`, draft?.problems.get(row.id)))}
      </tbody>
    </table>
    <div class="bar">
      <button type="submit" class="first">${vscode.l10n.t('Save Tags')}</button>
      ${button('resetTags', vscode.l10n.t('Discard Changes'))}
    </div>
  </form>`;
}

function unusedId(rows: readonly TagRow[]): string {
  let number = rows.length;
  while (rows.some(({ id }) => id === `new-${String(number)}`)) number += 1;
  return `new-${String(number)}`;
}

/** @param place part of the ids of its fields: another one makes them anew, without what was typed */
function tagRow({ id, key, value }: TagRow, place: string, problem: Said | undefined): Html {
  const name = key === '' ? vscode.l10n.t('new tag') : key;
  const described = problem === undefined ? '' : `tag-problem-${place}`;
  return html`<tr id="tag-row-${place}">
    <td>
      <input type="hidden" name="row" value="${id}" />
      <input
        id="tag-key-${place}"
        name="key"
        list="tag-keys"
        value="${key}"
        maxlength="128"
        autocomplete="off"
        spellcheck="false"
        aria-label="${vscode.l10n.t('Key of {0}', name)}"
        aria-invalid="${problem === undefined ? 'false' : 'true'}"
        aria-describedby="${described}"
      />
      ${problem === undefined ? undefined : html`<div id="${described}" class="problem">${translated(problem)}</div>`}
    </td>
    <td>
      <input
        id="tag-value-${place}"
        name="value"
        value="${value}"
        size="40"
        maxlength="256"
        autocomplete="off"
        spellcheck="false"
        aria-label="${vscode.l10n.t('Value of {0}', name)}"
      />
    </td>
    <td>
      ${
        key === ''
          ? undefined
          : button('removeTag', vscode.l10n.t('Remove'), {
              value: id,
              name: vscode.l10n.t('Remove the tag {0}', name),
            })
      }
    </td>
  </tr>`;
}
