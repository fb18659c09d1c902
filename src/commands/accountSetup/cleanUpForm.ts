import * as vscode from 'vscode';
import {
  initialSetup,
  readSetup,
  type AccountSetup,
  type SetupProblem,
} from '../../glue/accountSetup/readSetup';
import { cleanUpCommands } from '../../glue/accountSetup/setupCommands';
import { setupFields, type SetupFieldName } from '../../glue/accountSetup/setupFields';
import { html, type Html } from '../../glue/html';
import type { PageAction } from '../../glue/pageMessage';
import { lastSetupKey } from './setUpForm';
import { commandList, formField } from './setupParts';

/** What the commands of the clean-up depend on. */
const asked = [
  'ProductionAccountId',
  'Region',
  'LoginProfile',
  'ProductionProfile',
  'StackName',
  'RuntimeRoleName',
  'UserName',
  'AdministratorUserName',
] as const satisfies readonly SetupFieldName[];

/** Shows the commands that take both stacks away again, with the sessions that hold on to them. */
export class CleanUpForm {
  private setup: AccountSetup;
  private problems: Readonly<Partial<Record<SetupFieldName, SetupProblem>>> = {};
  /** Nothing is called wrong before a person has asked for commands. */
  private isAsked = false;

  constructor(memory: vscode.Memento) {
    this.setup = initialSetup(memory.get(lastSetupKey));
    this.check(Object.fromEntries(Object.entries(this.setup).map(([name, value]) => [name, [value]])));
  }

  render(): Html {
    const isWhole = Object.keys(this.problems).length === 0;
    const shown = this.isAsked ? this.problems : {};
    return html`<h1>${vscode.l10n.t('Clean Up')}</h1>
      <p>
        ${vscode.l10n.t(
          'These commands take away everything that "Set Up Accounts…" had made, in this order: a stack cannot be deleted while sessions use its network, nor a user while it has keys.',
        )}
      </p>
      <form id="place" data-action="show" novalidate>
        ${asked.map((name) => formField(name, setupFields[name], this.setup[name], shown[name]))}
        <div class="bar"><button class="first" type="submit">${vscode.l10n.t('Show Commands')}</button></div>
      </form>
      ${
        isWhole &&
        html`<section id="commands" aria-live="polite">
          <h2>${vscode.l10n.t('Commands')}</h2>
          ${commandList(cleanUpCommands(this.setup))}
          <p>
            ${vscode.l10n.t(
              'Stays behind: data in your buckets, logs of the sessions in CloudWatch, the profile in ~/.aws/config, and what others attached to the roles or put into the group by hand (that keeps a stack from being deleted: detach it first).',
            )}
          </p>
        </section>`
      }`;
  }

  async act({ action, value, fields }: PageAction): Promise<void> {
    if (action === 'show') {
      this.isAsked = true;
      this.check(fields);
      return;
    }
    const text = action === 'copy' ? cleanUpCommands(this.setup)[Number(value)]?.text : undefined;
    if (text === undefined) return;
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', text), 4000);
  }

  /** Only what is asked here can be wrong here. */
  private check(fields: PageAction['fields']): void {
    const { setup, problems = {} } = readSetup(fields);
    this.setup = setup;
    this.problems = Object.fromEntries(
      asked.flatMap((name) => (problems[name] === undefined ? [] : [[name, problems[name]]])),
    );
  }
}
