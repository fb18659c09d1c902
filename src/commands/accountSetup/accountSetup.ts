import * as vscode from 'vscode';
import type { Html } from '../../glue/html';
import type { PageAction } from '../../glue/pageMessage';
import { Page } from '../../host/page';
import type { CommandContext } from '../commandContext';
import { CleanUpForm } from './cleanUpForm';
import { SetUpForm } from './setUpForm';

interface Form {
  readonly render: () => Html;
  readonly act: (action: PageAction) => Promise<void>;
}

const shown = new Map<string, Page>();

/** Shows the form that fills in the templates of both accounts. */
export function setUpAccounts(context: CommandContext): void {
  const form = new SetUpForm({ ...context, pickFolder, mayOverwrite });
  show(context, 'glueSessions.setUpAccounts', vscode.l10n.t('Set Up Accounts'), form);
}

/** Shows the commands that take both stacks away. */
export function showCleanUp(context: CommandContext): void {
  show(context, 'glueSessions.cleanUp', vscode.l10n.t('Clean Up'), new CleanUpForm(context.memory));
}

function show({ extensionUri, log }: CommandContext, type: string, title: string, form: Form): void {
  const before = shown.get(type);
  if (before !== undefined) {
    before.reveal();
    return;
  }
  const page = new Page({
    type,
    title,
    extensionUri,
    log,
    render: () => form.render(),
    onAction: async (action) => {
      await form.act(action);
      page.update();
    },
  });
  shown.set(type, page);
  page.onDidDispose(() => shown.delete(type));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: vscode.l10n.t('Folder for the templates and their parameters'),
      openLabel: vscode.l10n.t('Write Here'),
      ...(vscode.workspace.workspaceFolders?.[0] && {
        defaultUri: vscode.workspace.workspaceFolders[0].uri,
      }),
    })) ?? [];
  return folder;
}

async function mayOverwrite(folder: vscode.Uri, names: readonly string[]): Promise<boolean> {
  const overwrite = vscode.l10n.t('Overwrite');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} has other files of these names. Overwrite them?', folder.fsPath),
    { modal: true, detail: names.join('\n') },
    overwrite,
  );
  return answer === overwrite;
}
