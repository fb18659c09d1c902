import path from 'node:path';
import * as vscode from 'vscode';
import { elapsedText } from '../glue/elapsed';
import { readSettings } from '../host/settings';

/**
 * Tells once, by a notification, that a cell which took long has ended while nobody looked at the window.
 * @param ms milliseconds that the cell took
 */
export function noticeLongCell(cell: vscode.NotebookCell, ms: number, succeeded: boolean): void {
  if (!isWorthANotice(ms, readSettings.notifyAfterSeconds(), vscode.window.state.focused)) return;
  void tell(cell, ms, succeeded);
}

/** @param after seconds from which on a cell is long; 0: none is */
export function isWorthANotice(ms: number, after: number, isFocused: boolean): boolean {
  return after > 0 && ms >= after * 1000 && !isFocused;
}

async function tell(cell: vscode.NotebookCell, ms: number, succeeded: boolean): Promise<void> {
  const { notebook } = cell;
  const name = path.posix.basename(notebook.uri.path);
  const took = elapsedText(ms);
  const show = vscode.l10n.t('Show Cell');
  const choice = succeeded
    ? await vscode.window.showInformationMessage(
        vscode.l10n.t('Cell {0} of {1} has ended after {2}.', cell.index + 1, name, took),
        show,
      )
    : await vscode.window.showWarningMessage(
        vscode.l10n.t('Cell {0} of {1} failed after {2}.', cell.index + 1, name, took),
        show,
      );
  if (choice !== show || cell.index < 0) return;
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  const editor = await vscode.window.showNotebookDocument(notebook, { selections: [range] });
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
}
