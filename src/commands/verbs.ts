import * as vscode from 'vscode';
import type { ListedSession } from '../glue/listedSession';
import { withProgress } from '../host/cancellation';
import { commands } from '../manifest';
import { addTargetCommand, removeTargetCommand } from './addTarget';
import type { CommandContext } from './commandContext';
import { editTagsCommand } from './editTags';
import { groupByCommand, toggleMergedCommand } from './groupBy';
import { startLocalGlueCommand, stopLocalGlueCommand } from './localGlueCommands';
import { openSampleCommand } from './openSample';
import { oneSession } from './sessionPicker';
import { startSessionCommand } from './startSession';
import { stopSessionCommand, stopSessionsCommand } from './stopSessions';
import type { VerbId } from './verbIds';

/** What a command does: called with the row of the view it was chosen on, and with all selected ones. */
export type Verb = (context: CommandContext, node: unknown, nodes: unknown) => Promise<unknown>;

/** Every command on sessions, by its id. */
export const verbs: Readonly<Record<VerbId, Verb>> = {
  [commands.startSession]: startSessionCommand,
  [commands.stopSession]: (context, node, nodes) =>
    stopSessionCommand(context, ...meant(context, node, nodes)),
  [commands.stopSessions]: stopSessionsCommand,
  [commands.editTags]: (context, node, nodes) => editTagsCommand(context, ...meant(context, node, nodes)),
  [commands.copyId]: (context, node) => copy(context, node, ({ session }) => session.id),
  [commands.copyArn]: (context, node) => copy(context, node, ({ arn }) => arn),
  [commands.showDetails]: showDetails,
  [commands.groupBy]: groupByCommand,
  [commands.toggleMerged]: toggleMergedCommand,
  [commands.refresh]: refresh,
  [commands.addTarget]: addTargetCommand,
  [commands.removeTarget]: removeTargetCommand,
  [commands.openNotebook]: openNotebook,
  [commands.attachNotebook]: attachNotebook,
  [commands.startLocalGlue]: startLocalGlueCommand,
  [commands.stopLocalGlue]: stopLocalGlueCommand,
  [commands.openSample]: openSampleCommand,
  [commands.showLog]: ({ log }) => {
    log.show();
    return Promise.resolve();
  },
};

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
  read: (listed: ListedSession) => string,
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

async function attachNotebook(context: CommandContext, node: unknown): Promise<void> {
  const listed = await oneSession(context, node, {
    title: vscode.l10n.t('Attach Notebook to Session'),
    filter: ({ session }) => session.status === 'READY' || session.status === 'BUSY',
  });
  if (listed !== undefined) await context.attachment.attachActive(listed);
}

async function showDetails(context: CommandContext, node: unknown): Promise<void> {
  const listed = await oneSession(context, node, { title: vscode.l10n.t('Show Details') });
  if (listed !== undefined) await context.details.show(listed);
}
