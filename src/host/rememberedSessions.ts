import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { InventoryOptions } from '../glue/sessionInventory';

/** Remembers sessions in a folder that all windows of this person share. */
export function rememberedSessions(
  storage: vscode.Uri,
  clock: Clock,
  log: vscode.LogOutputChannel,
): InventoryOptions {
  const warn = (text: string) => {
    log.warn(text);
  };
  return {
    store: async () => {
      const { openInventoryFiles } = await import('./inventoryFiles');
      const directory = vscode.Uri.joinPath(storage, 'inventory').fsPath;
      return openInventoryFiles({ directory, now: () => clock.now(), log: warn });
    },
    log: warn,
  };
}
