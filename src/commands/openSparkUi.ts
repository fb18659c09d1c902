import * as vscode from 'vscode';
import { dashboardPage, isOnLoopback } from '../glue/dashboardUrl';
import { AwsCallError } from '../glue/errors';
import { withProgress } from '../host/cancellation';
import { targetLabel } from '../host/targets';
import type { CommandContext } from './commandContext';
import { oneSession } from './sessionPicker';
import { saidBy } from '../glue/sentence';
import { translated } from '../host/translated';

/** Opens the Spark UI of a session in the browser. Its address lets in whoever has it, so it goes there and nowhere else. */
export async function openSparkUiCommand(context: CommandContext, node: unknown): Promise<void> {
  const listed = await oneSession(context, node, { title: vscode.l10n.t('Open Spark UI') });
  if (listed === undefined) return;
  const { target, session } = listed;
  try {
    const api = context.apis.of(target);
    const url = await withProgress(vscode.l10n.t('Asking for the Spark UI of {0}', session.id), (signal) =>
      api.dashboardUrl(session.id, signal),
    );
    const page = dashboardPage(url, await api.endpoint());
    // Of the machine of the extension, which need not be that of the window: VS Code leads there.
    if (isOnLoopback(page)) await vscode.env.openExternal(vscode.Uri.parse(page));
    // As text: a Uri would be encoded anew, and what lets in stands in the query.
    else await vscode.commands.executeCommand('vscode.open', page);
  } catch (error) {
    const hasNone =
      error instanceof AwsCallError && ['OperationNotSupported', 'UnknownOperation'].includes(error.code);
    if (!hasNone) throw error;
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no Spark UI for sessions of {0}: {1} The progress of a cell and the log of its session tell how far it is.',
        targetLabel(target),
        translated(saidBy(error)),
      ),
    );
  }
}
