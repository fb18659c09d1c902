import * as vscode from 'vscode';
import { isActionTaken, previewAction, type ActionPreview, type SessionAction } from '../glue/actionPreview';
import { sessionKey, type ListedSession } from '../glue/listedSession';
import { withProgress } from '../host/cancellation';
import { readSettings } from '../host/settings';
import type { CommandContext } from './commandContext';
import { readSessions, sayNoSession, sayUnread, sessionsOfNodes } from './sessionPicker';
import { tickSessions } from './tickSessions';

export interface SeveralWish {
  readonly title: string;
  readonly action: SessionAction;
}

/**
 * The sessions an action is meant for, as they are now, with their tags: of the rows it was called on, else ticked in a
 * list that begins with the filter of the view. @returns undefined when cancelled, or when there is none
 */
export async function severalSessions(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
  { title, action }: SeveralWish,
): Promise<readonly ListedSession[] | undefined> {
  const given = sessionsOfNodes(node, nodes);
  if (given.length > 0) return withTags(context, latest(context, given));
  const found = () => context.inventory.allSessions().filter((listed) => isActionTaken(action, listed));
  await readSessions(context, () => found().length > 0);
  const candidates = found();
  if (candidates.length === 0) {
    sayNoSession(context);
    return undefined;
  }
  const ticked = await tickSessions(context, {
    title,
    sessions: candidates,
    filter: context.viewFilter(),
    lacking: sayUnread(context),
  });
  return ticked === undefined || ticked.length === 0 ? undefined : withTags(context, ticked);
}

/** What the action would do to these sessions. */
export function preview(
  context: CommandContext,
  action: SessionAction,
  sessions: readonly ListedSession[],
): ActionPreview {
  return previewAction(action, sessions, context.myself(), readSettings.pricePerDpuHour());
}

/** As the inventory has them now: a row may have been drawn a while ago. */
export function latest(
  { inventory }: CommandContext,
  sessions: readonly ListedSession[],
): readonly ListedSession[] {
  const known = new Map(inventory.allSessions().map((listed) => [sessionKey(listed), listed]));
  return sessions.map((listed) => known.get(sessionKey(listed)) ?? listed);
}

/** Whose a session is, its tags tell: those not read yet are read now. */
async function withTags(
  context: CommandContext,
  sessions: readonly ListedSession[],
): Promise<readonly ListedSession[]> {
  const unread = sessions.filter(({ tags }) => tags === undefined);
  if (unread.length === 0) return sessions;
  const { inventory } = context;
  await withProgress(vscode.l10n.t('Reading the tags'), async (signal) => {
    await Promise.race([inventory.readTagsOfAll(unread), aborted(signal)]);
  });
  return latest(context, sessions);
}

/** Rejects when the person cancels: the reading itself can't be cut off, and does no harm. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new vscode.CancellationError());
    });
  });
}
