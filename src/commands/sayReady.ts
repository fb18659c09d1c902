import * as vscode from 'vscode';
import type { Session } from '../glue/glueApi';
import type { Target } from '../glue/target';
import type { CommandContext } from './commandContext';

/** Tells that a session can be worked with, and offers a notebook for it. */
export async function sayReady(context: CommandContext, target: Target, session: Session): Promise<void> {
  await context.inventory.refresh([target]);
  const open = vscode.l10n.t('Open Notebook');
  const attach = vscode.l10n.t('Attach to This Notebook');
  const hasNotebook = vscode.window.activeNotebookEditor !== undefined;
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Session {0} is ready.', session.id),
    open,
    ...(hasNotebook ? [attach] : []),
  );
  const { sessions } = context.inventory.snapshot(target);
  const listed = sessions.find((item) => item.session.id === session.id);
  if (listed === undefined) return;
  if (answer === open) await context.attachment.openOn(listed);
  if (answer === attach) await context.attachment.attachActive(listed);
}
