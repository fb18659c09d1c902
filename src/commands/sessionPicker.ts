import * as vscode from 'vscode';
import { ownerOf, type ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { formatTagList } from '../glue/tags';
import { withProgress } from '../host/cancellation';
import { targetLabel } from '../host/targets';
import type { Target } from '../glue/target';
import type { CommandContext } from './commandContext';

interface SessionItem extends vscode.QuickPickItem {
  readonly listed: ListedSession;
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
  const items = await sessionItems(context, wish);
  if (items === undefined) return undefined;
  const picked = await vscode.window.showQuickPick(items, {
    title: wish.title,
    placeHolder: vscode.l10n.t('Choose a session'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.listed;
}

/** Several sessions: of the rows the command was called on, else ticked in a list. */
export async function manySessions(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
  wish: SessionWish,
): Promise<readonly ListedSession[]> {
  const given = sessionsOfNodes(node, nodes).filter(wish.filter ?? (() => true));
  if (given.length > 0) return given;
  const items = await sessionItems(context, wish);
  if (items === undefined) return [];
  const picked = await vscode.window.showQuickPick(items, {
    title: wish.title,
    placeHolder: vscode.l10n.t('Tick sessions'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return (picked ?? []).map(({ listed }) => listed);
}

async function sessionItems(
  { inventory }: CommandContext,
  { filter = () => true }: SessionWish,
): Promise<readonly SessionItem[] | undefined> {
  await withProgress(vscode.l10n.t('Reading the sessions'), () => inventory.refresh());
  const sessions = inventory.allSessions().filter(filter);
  if (sessions.length > 0) return sessions.map(sessionItem);
  const failed = inventory.targets.filter((target) => inventory.snapshot(target).state === 'failed');
  const first = failed[0] && inventory.snapshot(failed[0]).error;
  void vscode.window.showInformationMessage(
    first === undefined
      ? vscode.l10n.t('There is no such session in the places looked at.')
      : vscode.l10n.t(
          'There is no such session. {0} could not be read: {1}',
          targetLabel(failed[0] ?? { roles: [] }),
          first.message,
        ),
  );
  return undefined;
}

function sessionItem(listed: ListedSession): SessionItem {
  const { session, tags, target } = listed;
  const state = sessionState(session.status);
  return {
    listed,
    label: `$(${state.icon.replace('~spin', '')}) ${session.id}`,
    description: [state.label, ownerOf(listed)].filter((part) => part !== undefined).join(' · '),
    detail: [targetLabel(target), tags && formatTagList(tags)].filter(Boolean).join(' · '),
  };
}
