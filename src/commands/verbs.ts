import * as vscode from 'vscode';
import type { ListedSession } from '../glue/listedSession';
import { formatSessionLink } from '../glue/sessionLink';
import { commands } from '../manifest';
import type { CommandContext } from './commandContext';
import { copyAsCodeCommand } from './copyAsCode';
import { deleteSessionsCommand } from './deleteSessions';
import { addTagCommand, editTagsCommand, removeTagCommand } from './editTags';
import { exportGuardrailsCommand, openGuardrailsCommand } from './guardrails';
import { groupByCommand, toggleMergedCommand } from './groupBy';
import { startLocalGlueCommand, stopLocalGlueCommand } from './localGlueCommands';
import { openLinkCommand } from './openLink';
import { openSampleCommand } from './openSample';
import { openSparkUiCommand } from './openSparkUi';
import { oneSession, readSessions } from './sessionPicker';
import { stopSessionCommand, stopSessionsCommand } from './stopSessions';
import type { VerbId } from './verbIds';

export { stopAgreed } from './stopSessions';

/** What a command does: called with the row of the view it was chosen on, and with all selected ones. */
export type Verb = (context: CommandContext, node: unknown, nodes: unknown) => Promise<unknown>;

/** Every command on sessions, by its id. */
export const verbs: Readonly<Record<VerbId, Verb>> = {
  [commands.startSession]: async (context, node) =>
    (await import('./startSession')).startSessionCommand(context, node),
  [commands.startAnother]: async (context, node) =>
    (await import('./startSession')).startAnotherCommand(context, node),
  [commands.stopSession]: (context, node, nodes) =>
    stopSessionCommand(context, ...meant(context, node, nodes)),
  [commands.stopSessions]: stopSessionsCommand,
  [commands.deleteSessions]: deleteSessionsCommand,
  [commands.editTags]: (context, node, nodes) => editTagsCommand(context, ...meant(context, node, nodes)),
  [commands.checkTags]: async (context, node, nodes) =>
    (await import('./checkTags')).checkTagsCommand(context, node, nodes),
  [commands.addTag]: addTagCommand,
  [commands.removeTag]: removeTagCommand,
  [commands.copyId]: (context, node) => copy(context, node, ({ session }) => session.id),
  [commands.copyArn]: (context, node) => copy(context, node, ({ arn }) => arn),
  [commands.copyLink]: (context, node) =>
    copy(context, node, (listed) => formatSessionLink(context.linkBase, listed)),
  [commands.openLink]: openLinkCommand,
  [commands.copyAsCode]: copyAsCodeCommand,
  [commands.openSparkUi]: openSparkUiCommand,
  [commands.showDetails]: showDetails,
  [commands.groupBy]: groupByCommand,
  [commands.toggleMerged]: toggleMergedCommand,
  [commands.refresh]: refresh,
  [commands.addTarget]: async (context) => (await import('./addTarget')).addTargetCommand(context),
  [commands.editTarget]: async (context, node) =>
    (await import('./addTarget')).editTargetCommand(context, node),
  [commands.removeTarget]: async (context, node) =>
    (await import('./addTarget')).removeTargetCommand(context, node),
  [commands.retryTarget]: async (context, node) =>
    (await import('./addTarget')).retryTargetCommand(context, node),
  [commands.signIn]: async (context, node) => (await import('./addTarget')).signInCommand(context, node),
  [commands.openNotebook]: openNotebook,
  [commands.attachNotebook]: attachNotebook,
  [commands.startLocalGlue]: startLocalGlueCommand,
  [commands.stopLocalGlue]: stopLocalGlueCommand,
  [commands.openSample]: openSampleCommand,
  [commands.showCost]: async (context) => (await import('./cost/cost')).showCostPage(context),
  [commands.openGuardrails]: openGuardrailsCommand,
  [commands.exportGuardrails]: exportGuardrailsCommand,
  [commands.checkAccess]: async (context, node) =>
    (await import('./access/checkAccess')).checkAccessCommand(context, node),
  [commands.setUpAccounts]: async (context) => {
    (await import('./accountSetup/accountSetup')).setUpAccounts(context);
  },
  [commands.showCleanUp]: async (context) => {
    (await import('./accountSetup/accountSetup')).showCleanUp(context);
  },
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
async function refresh(context: CommandContext): Promise<void> {
  const { inventory, apis } = context;
  for (const target of inventory.targets) {
    if (inventory.snapshot(target).state === 'failed') apis.forget(target);
  }
  await readSessions(context);
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
  if (listed !== undefined) await context.details.show(listed, node !== undefined);
}
