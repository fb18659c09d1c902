import { l10n } from 'vscode';
import type { AccountSetup, SetupProblem } from '../../glue/accountSetup/readSetup';
import type { SetupCommand } from '../../glue/accountSetup/setupCommands';
import {
  setupFieldList,
  type SetupField,
  type SetupFieldName,
  type SetupGroup,
} from '../../glue/accountSetup/setupFields';
import { html, type Html } from '../../glue/html';
import { fieldLabels, groupTitles, problemTexts, stepTexts } from './setupLabels';

/** Fields of a form, for those of some groups. */
export function formFields(
  groups: readonly SetupGroup[],
  setup: AccountSetup,
  problems: Readonly<Partial<Record<SetupFieldName, SetupProblem>>>,
): Html {
  const titles = groupTitles();
  return html`${groups.map((group) => {
    const fields = setupFieldList.filter(([, field]) => field.group === group);
    return html`<h2>${titles[group]}</h2>
      ${fields.map(([name, field]) => formField(name, field, setup[name], problems[name]))}`;
  })}`;
}

/** One field with its label, a note and what is wrong with it. */
export function formField(
  name: SetupFieldName,
  field: SetupField,
  value: string,
  problem: SetupProblem | undefined,
): Html {
  const { label, note } = fieldLabels()[name];
  return html`<div class="field" id="field-${name}">
    <label for="${name}">${label}</label>
    ${input(name, field, value, problem)} ${note !== undefined && html`<span class="note">${note}</span>`}
    ${
      problem !== undefined &&
      html`<span class="problem" id="problem-${name}" role="alert">${problemTexts()[problem]}</span>`
    }
  </div>`;
}

function input(
  name: string,
  { choices }: SetupField,
  value: string,
  problem: SetupProblem | undefined,
): Html {
  const described = problem === undefined ? '' : `problem-${name}`;
  const invalid = problem === undefined ? 'false' : 'true';
  if (choices?.includes('false') === true) {
    return value === 'true'
      ? html`<span><input type="checkbox" id="${name}" name="${name}" value="true" checked /></span>`
      : html`<span><input type="checkbox" id="${name}" name="${name}" value="true" /></span>`;
  }
  if (choices !== undefined) {
    return html`<select id="${name}" name="${name}">
      ${choices.map((choice) =>
        choice === value
          ? html`<option value="${choice}" selected>${choice}</option>`
          : html`<option value="${choice}">${choice}</option>`,
      )}
    </select>`;
  }
  return html`<input
    type="text"
    id="${name}"
    name="${name}"
    value="${value}"
    spellcheck="false"
    aria-invalid="${invalid}"
    aria-describedby="${described}"
  />`;
}

/** Commands in the order in which they are run, each with what it does and a button that copies it. */
export function commandList(commands: readonly SetupCommand[], folder?: string): Html {
  const texts = stepTexts();
  const accounts = { a: l10n.t('Account A'), b: l10n.t('Account B') };
  return html`<p class="note">
      ${l10n.t('For bash and zsh; on Windows Git Bash or WSL. Nothing is run by itself.')}
    </p>
    ${folder !== undefined && html`<pre>${folder}</pre>`}
    <ol>
      ${commands.map(
        ({ step, account, text }, index) =>
          html`<li id="command-${index}">
            <p><span class="tag">${accounts[account]}</span> ${texts[step]}</p>
            <pre>${text}</pre>
            <div class="bar">
              <button
                data-action="copy"
                data-value="${index}"
                aria-label="${l10n.t('Copy command {0}', index + 1)}"
              >
                ${l10n.t('Copy')}
              </button>
            </div>
          </li>`,
      )}
    </ol>`;
}
