import * as vscode from 'vscode';
import { costSoFar, formatDollars } from '../glue/cost';
import type { ForgottenLimits } from '../glue/forgotten';
import type { GroupBy } from '../glue/groupBy';
import { idleTimeLeft, ownerOf, sessionKey, type ListedSession } from '../glue/listedSession';
import { sessionState, wordOf } from '../glue/sessionStatus';
import { formatDuration, sessionFacts, workers } from '../host/sessionFacts';
import { forgottenLimits, readSettings } from '../host/settings';
import { commands } from '../manifest';
import type { GroupNode, TreeNode } from './nodes';
import { badgeUri } from './rowBadges';
import { translated } from '../host/translated';

/** A group: the value of the tag or fact, with what its sessions cost. */
export function groupItem({ group, groupKey }: GroupNode): vscode.TreeItem {
  const label = groupLabel(group);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = groupKey;
  item.contextValue = `group${group.live > 0 ? '.live' : ''}${group.live < group.sessions.length ? '.ended' : ''}`;
  const hourly = group.live > 0 ? vscode.l10n.t(' · {0}/h', formatDollars(group.dollarsPerHour)) : '';
  item.description =
    vscode.l10n.t(
      '{0} of {1} live · {2}',
      group.live,
      group.sessions.length,
      formatDollars(group.dollarsSoFar),
    ) + hourly;
  item.iconPath = new vscode.ThemeIcon(
    group.value === undefined ? 'circle-slash' : groupIcons[group.by.kind],
  );
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

const groupIcons: Readonly<Record<GroupBy['kind'], string>> = {
  tag: 'tag',
  status: 'pulse',
  owner: 'person',
  role: 'key',
  connection: 'plug',
  version: 'versions',
};

function groupLabel({ value, by }: GroupNode['group']): string {
  if (value === undefined) return withoutValue(by);
  return by.kind === 'status' ? translated(wordOf(value)) : value;
}

/** Name of the group of those without the value. */
function withoutValue(by: GroupBy): string {
  switch (by.kind) {
    case 'tag':
      return vscode.l10n.t('untagged');
    case 'owner':
      return vscode.l10n.t('no owner');
    case 'role':
      return vscode.l10n.t('no runtime role');
    case 'connection':
      return vscode.l10n.t('no connection');
    case 'version':
    case 'status':
      return vscode.l10n.t('not told');
  }
}

/** Something to say where no session is, or why none is. */
export function messageItem({
  key,
  text,
  isProblem,
}: Extract<TreeNode, { kind: 'message' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.id = key;
  item.iconPath = new vscode.ThemeIcon(isProblem ? 'warning' : 'info');
  item.tooltip = text;
  return item;
}

/** Leads to more rows of a group. */
export function moreItem(groupKey: string, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show {0} more', count));
  item.id = `${groupKey}\nmore`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    command: commands.showMore,
    title: vscode.l10n.t('Show more sessions'),
    arguments: [groupKey],
  };
  return item;
}

/** Leads to the ended sessions that are left out. */
export function endedItem(key: string, hidden: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show {0} ended', hidden));
  item.id = `${key}\nended`;
  item.iconPath = new vscode.ThemeIcon('history');
  item.command = { command: commands.toggleEnded, title: vscode.l10n.t('Show ended sessions') };
  return item;
}

/** A pause between two cells is not worth a word (milliseconds). */
const shownIdleMs = 10 * 60_000;

/** What rows need of the settings: read once for all of them, since each reading takes a while. */
export interface RowSettings {
  /** Dollars. */
  readonly pricePerDpuHour: number;
  readonly limits: ForgottenLimits;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function rowSettings(): RowSettings {
  return {
    pricePerDpuHour: readSettings.pricePerDpuHour(),
    limits: forgottenLimits(),
    now: Date.now(),
  };
}

/** A session: its state as icon, what tells it from others as text. */
export function sessionItem(listed: ListedSession, groupKey: string, settings: RowSettings): vscode.TreeItem {
  const { session } = listed;
  const state = sessionState(session.status);
  const item = new vscode.TreeItem(shortId(session.id), vscode.TreeItemCollapsibleState.None);
  item.id = `${sessionKey(listed)}\n${groupKey}`;
  item.contextValue = `session.${state.canStop ? 'stoppable' : 'ended'}${state.canRun ? '.ready' : ''}`;
  item.iconPath = new vscode.ThemeIcon(state.icon, new vscode.ThemeColor(state.color));
  item.description = description(listed, settings);
  const badge = badgeUri(listed, settings.limits, settings.pricePerDpuHour, settings.now);
  if (badge !== undefined) item.resourceUri = badge;
  item.accessibilityInformation = { label: `${session.id}, ${item.description}` };
  item.command = {
    command: commands.showDetails,
    title: vscode.l10n.t('Show Details'),
    arguments: [{ kind: 'session', listed, groupKey }],
  };
  return item;
}

/** All there is to say of a session, made when it is asked for. */
export function sessionTooltip(listed: ListedSession): vscode.MarkdownString {
  const now = Date.now();
  const facts = sessionFacts(
    listed.session,
    { arn: listed.arn, tags: listed.tags },
    readSettings.pricePerDpuHour(),
    now,
  );
  const text = new vscode.MarkdownString();
  const left = idleTimeLeft(listed, now);
  const all =
    left === undefined
      ? facts
      : [...facts, [vscode.l10n.t('Idle time left (reckoned)'), formatDuration(left)] as const];
  for (const [index, [name, value]] of all.entries()) {
    if (index > 0) text.appendMarkdown('  \n');
    text.appendMarkdown(`**${name}:** `).appendText(value);
  }
  return text;
}

function description(listed: ListedSession, { pricePerDpuHour, now }: RowSettings): string {
  const { session } = listed;
  const state = sessionState(session.status);
  const cost = costSoFar(session, pricePerDpuHour, now);
  const left = idleTimeLeft(listed, now);
  const parts = [
    translated(state.word),
    session.createdOn === undefined ? undefined : formatDuration(now - session.createdOn),
    ownerOf(listed),
    session.connections.join(', ') || undefined,
    workers(session),
    state.isLive && listed.idleSince !== undefined && now - listed.idleSince > shownIdleMs
      ? vscode.l10n.t('idle for {0}', formatDuration(now - listed.idleSince))
      : undefined,
    state.isLive && left !== undefined ? vscode.l10n.t('{0} idle left', formatDuration(left)) : undefined,
    cost === undefined ? undefined : formatDollars(cost.dollars),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** An id without the end of its UUID, which tells people nothing and takes the place of what does. */
function shortId(id: string): string {
  return id.replace(/(^|-)([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '$1$2…');
}
