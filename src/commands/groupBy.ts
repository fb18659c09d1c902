import * as vscode from 'vscode';
import { formatGroupBy, groupFacts, parseGroupBy, type GroupBy } from '../glue/groupBy';
import { tagKeysOf } from '../glue/grouping';
import { readSettings, writeSetting } from '../host/settings';
import type { CommandContext } from './commandContext';

const usual = ['team', 'billing'];

interface GroupItem extends vscode.QuickPickItem {
  readonly text: string;
}

/** Asks by what the sessions are grouped: a tag key, a fact of the session, or one within the other. */
export async function groupByCommand({ inventory }: CommandContext): Promise<void> {
  const seen = tagKeysOf(inventory.allSessions()).map((key) => formatGroupBy([{ kind: 'tag', key }]));
  const keys = [...usual, ...seen.filter((key) => !usual.includes(key) && key !== 'tag:owner')];
  const current = readSettings.groupBy();
  const choices = new Set([...keys, ...groupFacts, 'team, billing']);
  const items: GroupItem[] = [...choices].map((text) => ({
    label: `$(${iconOf(parseGroupBy(text))}) ${text}`,
    description: text === current ? vscode.l10n.t('now') : '',
    text,
  }));
  const within: GroupItem = { label: vscode.l10n.t('$(list-tree) One within the other…'), text: '' };
  const picked = await vscode.window.showQuickPick([...items, within], {
    title: vscode.l10n.t('Group Sessions By'),
    placeHolder: vscode.l10n.t('Tag key, or fact of the session'),
  });
  if (picked === undefined) return;
  const text =
    picked === within ? await askBoth(items.filter(({ text: one }) => !one.includes(','))) : picked.text;
  if (text !== undefined) await writeSetting('groupBy', text);
}

async function askBoth(items: readonly GroupItem[]): Promise<string | undefined> {
  const first = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Group Sessions First By') });
  if (first === undefined) return undefined;
  const rest = items.filter((item) => item !== first);
  const second = await vscode.window.showQuickPick(rest, {
    title: vscode.l10n.t('Group Sessions By {0}, Then By', first.text),
  });
  return second === undefined ? undefined : `${first.text}, ${second.text}`;
}

function iconOf(keys: readonly GroupBy[]): string {
  if (keys.length > 1) return 'list-tree';
  return keys[0]?.kind === 'tag' ? 'tag' : 'pulse';
}

/** Shows all targets together, or each by itself. */
export async function toggleMergedCommand(): Promise<void> {
  await writeSetting('mergeTargets', !readSettings.mergeTargets());
}
