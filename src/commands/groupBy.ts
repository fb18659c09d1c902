import * as vscode from 'vscode';
import { tagKeysOf } from '../glue/grouping';
import { readSettings, writeSetting } from '../host/settings';
import type { CommandContext } from './commandContext';

const usual = ['team', 'billing', 'owner'];

/** Asks by what the sessions are grouped: status, the usual tag keys, or any key seen. */
export async function groupByCommand({ inventory }: CommandContext): Promise<void> {
  const seen = tagKeysOf(inventory.allSessions());
  const keys = [...usual, ...seen.filter((key) => !usual.includes(key))];
  const current = readSettings.groupBy();
  const mark = (key: string) => (key === current ? vscode.l10n.t('now') : '');
  const items = [
    { label: '$(pulse) status', description: mark('status'), key: 'status' },
    ...keys.map((key) => ({ label: `$(tag) ${key}`, description: mark(key), key })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Group Sessions By'),
    placeHolder: vscode.l10n.t('Tag key or status'),
  });
  if (picked !== undefined) await writeSetting('groupBy', picked.key);
}
