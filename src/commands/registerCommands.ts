import * as vscode from 'vscode';
import { withProgress } from '../host/cancellation';
import type { CommandRegistrar } from '../host/registerCommand';
import { commands } from '../manifest';
import { addTargetCommand, removeTargetCommand } from './addTarget';
import type { CommandContext } from './commandContext';
import { editTagsCommand } from './editTags';
import { groupByCommand, toggleMergedCommand } from './groupBy';
import { startLocalGlueCommand, stopLocalGlueCommand } from './localGlueCommands';
import { openSampleCommand } from './openSample';
import type { SessionDetails } from './sessionDetails';
import { oneSession } from './sessionPicker';
import { startSessionCommand } from './startSession';
import { stopSessionCommand, stopSessionsCommand } from './stopSessions';

/** Every command on sessions, by its id. */
export function registerCommands(
  registrar: CommandRegistrar,
  context: CommandContext,
  details: SessionDetails,
): void {
  registrar.register(commands.startSession, (node) => startSessionCommand(context, node));
  registrar.register(commands.stopSession, (node, nodes) =>
    stopSessionCommand(context, ...meant(context, node, nodes)),
  );
  registrar.register(commands.stopSessions, (node, nodes) => stopSessionsCommand(context, node, nodes));
  registrar.register(commands.editTags, (node, nodes) =>
    editTagsCommand(context, ...meant(context, node, nodes)),
  );
  registrar.register(commands.copyId, (node) => copy(context, node, ({ session }) => session.id));
  registrar.register(commands.copyArn, (node) => copy(context, node, ({ arn }) => arn));
  registrar.register(commands.showDetails, (node) => details.show(node));
  registrar.register(commands.groupBy, () => groupByCommand(context));
  registrar.register(commands.toggleMerged, () => toggleMergedCommand());
  registrar.register(commands.refresh, () => refresh(context));
  registrar.register(commands.addTarget, () => addTargetCommand(context));
  registrar.register(commands.removeTarget, (node) => removeTargetCommand(context, node));
  registrar.register(commands.openNotebook, (node) => openNotebook(context, node));
  registrar.register(commands.startLocalGlue, () => startLocalGlueCommand(context));
  registrar.register(commands.stopLocalGlue, () => stopLocalGlueCommand(context));
  registrar.register(commands.openSample, () => openSampleCommand(context));
  registrar.register(commands.showLog, () => {
    context.log.show();
    return Promise.resolve();
  });
}

/** Called by a key in the view, a command gets no rows: the selected ones are meant. */
function meant({ selectedSessions }: CommandContext, node: unknown, nodes: unknown): [unknown, unknown] {
  const isKey = typeof node === 'object' && node !== null && 'fromKey' in node;
  if (!isKey) return [node, nodes];
  const rows = selectedSessions().map((listed) => ({ kind: 'session', listed }));
  return [rows[0], rows];
}

async function copy(
  context: CommandContext,
  node: unknown,
  read: (listed: Parameters<CommandContext['attachment']['openOn']>[0]) => string,
): Promise<void> {
  const listed = await oneSession(context, node, { title: vscode.l10n.t('Copy') });
  if (listed === undefined) return;
  await vscode.env.clipboard.writeText(read(listed));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', read(listed)), 4000);
}

/** A refresh that a person asked for shows that it works, and reads profiles and credentials anew. */
async function refresh({ inventory, apis }: CommandContext): Promise<void> {
  for (const target of inventory.targets) {
    if (inventory.snapshot(target).state === 'failed') apis.forget(target);
  }
  await withProgress(vscode.l10n.t('Reading the sessions'), () => inventory.refresh());
}

async function openNotebook(context: CommandContext, node: unknown): Promise<void> {
  const listed = await oneSession(context, node, {
    title: vscode.l10n.t('Open Notebook on this Session'),
    filter: ({ session }) => session.status === 'READY' || session.status === 'BUSY',
  });
  if (listed !== undefined) await context.attachment.openOn(listed);
}
