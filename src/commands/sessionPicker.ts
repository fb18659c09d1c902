import * as vscode from 'vscode';
import { ownerOf, type ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { formatTagList } from '../glue/tags';
import { withProgress } from '../host/cancellation';
import { targetLabel } from '../host/targets';
import type { Target } from '../glue/target';
import type { CommandContext } from './commandContext';
import { errorText } from '../host/reportError';
import { translated } from '../host/translated';
import { commands } from '../manifest';

/** With sessions to choose from, places that don't answer are waited for no longer than this (milliseconds). */
const enoughMs = 2000;

export interface SessionItem extends vscode.QuickPickItem {
  readonly listed: ListedSession;
}

/** A place that could not be read, or has not been read yet; choosing it tries again. */
interface UnreadPlace extends vscode.QuickPickItem {
  readonly isUnread: true;
}

export interface SessionWish {
  readonly title: string;
  readonly filter?: (listed: ListedSession) => boolean;
}

/** The sessions that a row, or several rows, of the view stand for: a group stands for its sessions. */
export function sessionsOfNodes(node: unknown, nodes: unknown): readonly ListedSession[] {
  const all: readonly unknown[] = Array.isArray(nodes) && nodes.length > 0 ? nodes : [node];
  return all.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [];
    if ('listed' in item) return [item.listed as ListedSession];
    if ('group' in item) return [...(item.group as { sessions: readonly ListedSession[] }).sessions];
    return [];
  });
}

/** The target that a row of the view belongs to. */
export function targetOfNode(node: unknown): Target | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('target' in node) return node.target as Target;
  return sessionsOfNodes(node, undefined)[0]?.target;
}

/** One session: of the row the command was called on, else chosen from all. */
export async function oneSession(
  context: CommandContext,
  node: unknown,
  wish: SessionWish,
): Promise<ListedSession | undefined> {
  const [given] = sessionsOfNodes(node, undefined);
  if (given !== undefined) return given;
  for (;;) {
    const items = await sessionItems(context, wish);
    if (items === undefined) return undefined;
    const picked = await vscode.window.showQuickPick(items, {
      title: wish.title,
      placeHolder: vscode.l10n.t('Choose a session'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked === undefined || 'listed' in picked) return picked?.listed;
  }
}

/**
 * Reads the sessions anew. A place that doesn't answer need not be waited for: cancelled, what is known has to do.
 * @param isEnough whether what is known will do when the rest does not come in a moment
 */
export async function readSessions(
  { inventory }: CommandContext,
  isEnough: () => boolean = () => false,
): Promise<void> {
  const stopped = new AbortController();
  try {
    await withProgress(vscode.l10n.t('Reading the sessions'), (signal) =>
      Promise.race([
        inventory.refresh(),
        untilEnough(inventory, isEnough, stopped.signal),
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        }),
      ]),
    );
  } finally {
    stopped.abort();
  }
}

function untilEnough(
  inventory: CommandContext['inventory'],
  isEnough: () => boolean,
  stopped: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let isLate = false;
    const look = () => {
      if (isLate && isEnough()) resolve();
    };
    const listening = inventory.onDidChange(look);
    const timer = setTimeout(() => {
      isLate = true;
      look();
    }, enoughMs);
    stopped.addEventListener('abort', () => {
      clearTimeout(timer);
      listening.dispose();
    });
  });
}

async function sessionItems(
  context: CommandContext,
  { filter = () => true }: SessionWish,
): Promise<readonly (SessionItem | UnreadPlace)[] | undefined> {
  const found = () => context.inventory.allSessions().filter(filter);
  await readSessions(context, () => found().length > 0);
  const sessions = found();
  if (sessions.length > 0) return [...sessions.map(sessionItem), ...unreadPlaces(context)];
  sayNoSession(context);
  return undefined;
}

/** What the list may lack, and why. */
function unreadPlaces(context: CommandContext): readonly UnreadPlace[] {
  return unread(context).map(({ said, isFailed, error }) => ({
    isUnread: true,
    alwaysShow: true,
    label: `$(${isFailed ? 'warning' : 'watch'}) ${said}`,
    description: vscode.l10n.t('choose this to try again'),
    ...(error !== undefined && { detail: errorText(error) }),
  }));
}

/** Of each place whose sessions are not known, or not as they are now, that it is so. */
export function sayUnread(context: CommandContext): readonly string[] {
  return unread(context).map(({ said }) => said);
}

function unread({ inventory }: CommandContext) {
  return inventory.targets.flatMap((target) => {
    const { state, error, sessions } = inventory.snapshot(target);
    if (state === 'ready') return [];
    const isFailed = state === 'failed';
    const name = targetLabel(target);
    const said = isFailed
      ? vscode.l10n.t('{0} could not be read', name)
      : sessions.length > 0
        ? vscode.l10n.t('{0} has not been read to its end yet', name)
        : vscode.l10n.t('{0} has not answered yet', name);
    return { said, isFailed, error };
  });
}

/** Says that there is nothing to choose from, and whether a place could not be read. */
export function sayNoSession(context: CommandContext): void {
  // Not waited for: a message stays until somebody has read it.
  void tellNoSession(context);
}

/** Says that no place is known yet, and leads to one. */
export async function sayNoTarget(): Promise<void> {
  const add = vscode.l10n.t('Add Target…');
  const local = vscode.l10n.t('Start Local Glue');
  const text = vscode.l10n.t('There is no target yet: no account is looked at.');
  const answer = await vscode.window.showInformationMessage(text, add, local);
  if (answer === add) await vscode.commands.executeCommand(commands.addTarget);
  if (answer === local) await vscode.commands.executeCommand(commands.startLocalGlue);
}

async function tellNoSession({ inventory }: CommandContext): Promise<void> {
  if (inventory.targets.length === 0) return sayNoTarget();
  const failed = inventory.targets.filter((target) => inventory.snapshot(target).state === 'failed');
  const first = failed[0] && inventory.snapshot(failed[0]).error;
  const start = vscode.l10n.t('Start Session…');
  const text =
    first === undefined
      ? vscode.l10n.t('There is no session for this in the places looked at.')
      : vscode.l10n.t(
          'There is no such session. {0} could not be read: {1}',
          targetLabel(failed[0] ?? { roles: [] }),
          errorText(first),
        );
  const answer = await vscode.window.showInformationMessage(text, start);
  if (answer === start) await vscode.commands.executeCommand(commands.startSession);
}

/** A session as an item of a list. */
export function sessionItem(listed: ListedSession): SessionItem {
  const { session, tags, target } = listed;
  const state = sessionState(session.status);
  // It stands behind the id already, by its name.
  const { owner: _, ...others } = tags ?? {};
  return {
    listed,
    label: `$(${state.icon.replace('~spin', '')}) ${session.id}`,
    description: [translated(state.word), ownerOf(listed)].filter((part) => part !== undefined).join(' · '),
    detail: [targetLabel(target), formatTagList(others)].filter(Boolean).join(' · '),
  };
}
