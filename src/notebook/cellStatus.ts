import * as vscode from 'vscode';

/** What stands under a cell besides its outputs: how far it is, and what can be done about a failure. */
export interface CellNote {
  readonly text: string;
  readonly tooltip?: string;
  readonly command?: vscode.Command;
}

/** Notes under cells. They are of this window only; nothing of them is saved. */
export class CellStatus implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changed.event;
  private readonly notes = new WeakMap<vscode.NotebookCell, readonly CellNote[]>();

  set(cell: vscode.NotebookCell, notes: readonly CellNote[]): void {
    const before = this.notes.get(cell) ?? [];
    if (before.length === 0 && notes.length === 0) return;
    this.notes.set(cell, notes);
    this.changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    return (this.notes.get(cell) ?? []).map(({ text, tooltip, command }) => {
      const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
      if (tooltip !== undefined) item.tooltip = tooltip;
      if (command !== undefined) item.command = command;
      item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, '') };
      return item;
    });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
