import * as vscode from 'vscode';
import {
  initialSetup,
  readSetup,
  type AccountSetup,
  type SetupProblem,
} from '../../glue/accountSetup/readSetup';
import { setupCommands } from '../../glue/accountSetup/setupCommands';
import { setupGroups, type SetupFieldName } from '../../glue/accountSetup/setupFields';
import { parameterFile, setupFileNames } from '../../glue/accountSetup/setupFiles';
import { html, type Html } from '../../glue/html';
import type { PageAction } from '../../glue/pageMessage';
import { shellWord } from '../../glue/quoting';
import { commandList, formFields } from './setupParts';

/** What a person chose last, for the next time and for the clean-up; never the external id. */
export const lastSetupKey = 'accountSetup';

export interface SetUpFormOptions {
  /** Where the templates that ship are. */
  readonly extensionUri: vscode.Uri;
  readonly memory: vscode.Memento;
  /** Asks for the folder to write into; undefined: not now. */
  readonly pickFolder: () => Promise<vscode.Uri | undefined>;
  /** Asks whether these files of that folder may be written over. */
  readonly mayOverwrite: (folder: vscode.Uri, names: readonly string[]) => Promise<boolean>;
}

/** The form that sets two accounts up: reads it, writes the files, and shows the commands. */
export class SetUpForm {
  private setup: AccountSetup;
  private problems: Readonly<Partial<Record<SetupFieldName, SetupProblem>>> = {};
  /** Where the files were written, once they are. */
  private written: vscode.Uri | undefined;

  constructor(private readonly options: SetUpFormOptions) {
    this.setup = initialSetup(options.memory.get(lastSetupKey));
  }

  render(): Html {
    const wrong = Object.keys(this.problems).length;
    return html`<h1>${vscode.l10n.t('Set Up Accounts')}</h1>
      <p>
        ${vscode.l10n.t(
          'Two CloudFormation templates make what sessions under rules need: users and roles in account A, the network, the roles and the rules in account B. Here they are filled in and written into a folder of yours, with the commands that make the stacks. Nothing is changed in AWS from here.',
        )}
      </p>
      <form id="setup" data-action="write" novalidate>
        ${formFields(setupGroups, this.setup, this.problems)}
        <div class="bar">
          <button class="first" type="submit">${vscode.l10n.t('Write Files…')}</button>
          ${
            wrong > 0 &&
            html`<span class="problem" role="alert">
              ${
                wrong === 1
                  ? vscode.l10n.t('One value needs another look.')
                  : vscode.l10n.t('{0} values need another look.', wrong)
              }
            </span>`
          }
        </div>
      </form>
      ${this.written !== undefined && this.commands(this.written)}`;
  }

  async act({ action, value, fields }: PageAction): Promise<void> {
    if (action === 'write') await this.write(fields);
    else if (action === 'copy') {
      const text = setupCommands(this.setup)[Number(value)]?.text;
      if (text === undefined) return;
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', text), 4000);
    } else if (action === 'open' && this.written !== undefined) {
      const name = fileNames.find((known) => known === value);
      if (name !== undefined) await vscode.window.showTextDocument(vscode.Uri.joinPath(this.written, name));
    }
  }

  private async write(fields: PageAction['fields']): Promise<void> {
    const { setup, problems } = readSetup(fields);
    this.setup = setup;
    this.problems = problems ?? {};
    this.written = undefined;
    if (problems !== undefined) return;
    await this.options.memory.update(lastSetupKey, { ...setup, ExternalId: '' });
    const folder = await this.options.pickFolder();
    if (folder === undefined) return;
    const files = await this.contents();
    const there = await Promise.all(
      files.map(async ({ name, content }) => await differs(vscode.Uri.joinPath(folder, name), content)),
    );
    const changed = files.filter((_, index) => there[index]).map(({ name }) => name);
    if (changed.length > 0 && !(await this.options.mayOverwrite(folder, changed))) return;
    for (const { name, content } of files) {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), content);
    }
    this.written = folder;
  }

  private async contents(): Promise<readonly { readonly name: string; readonly content: Uint8Array }[]> {
    const both = (['a', 'b'] as const).map(async (account) => {
      const { template, parameters } = setupFileNames[account];
      const source = vscode.Uri.joinPath(this.options.extensionUri, 'setup', template);
      return [
        { name: template, content: await vscode.workspace.fs.readFile(source) },
        { name: parameters, content: Buffer.from(parameterFile(this.setup, account), 'utf8') },
      ];
    });
    return (await Promise.all(both)).flat();
  }

  private commands(folder: vscode.Uri): Html {
    return html`<section id="commands" aria-live="polite">
      <h2>${vscode.l10n.t('The files are written: review them, then run these')}</h2>
      <div class="bar">
        ${fileNames.map(
          (name) =>
            html`<button data-action="open" data-value="${name}">${vscode.l10n.t('Open {0}', name)}</button>`,
        )}
      </div>
      ${commandList(setupCommands(this.setup), `cd ${shellWord(folder.fsPath)}`)}
    </section>`;
  }
}

const fileNames: readonly string[] = Object.values(setupFileNames).flatMap(({ template, parameters }) => [
  template,
  parameters,
]);

/** Whether something else is there under that name. */
async function differs(uri: vscode.Uri, content: Uint8Array): Promise<boolean> {
  try {
    return !Buffer.from(await vscode.workspace.fs.readFile(uri)).equals(content);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
