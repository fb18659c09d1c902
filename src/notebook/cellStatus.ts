import * as vscode from 'vscode';

/** What stands under a cell besides its outputs: how far it is, and what can be done about a failure. */
export interface CellNote {
  readonly text: string;
  readonly tooltip?: string;
  /** What a screen reader says; the text without its icons when left out. */
  readonly label?: string;
  readonly command?: vscode.Command;
}

/** Notes under cells. They are of this window only; nothing of them is saved. */
export class CellStatus implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changed.event;
  private readonly notes = new WeakMap<vscode.NotebookCell, readonly CellNote[]>();
  private readonly costs = new WeakMap<vscode.NotebookCell, CellNote>();

  set(cell: vscode.NotebookCell, notes: readonly CellNote[]): void {
    const before = this.notes.get(cell) ?? [];
    if (before.length === 0 && notes.length === 0) return;
    this.notes.set(cell, notes);
    this.changed.fire();
  }

  /** What the cell's last run cost: stays until the cell runs again. */
  setCost(cell: vscode.NotebookCell, cost: CellNote): void {
    this.costs.set(cell, cost);
    this.changed.fire();
  }

  /** Nothing of an earlier run any more. */
  clear(cell: vscode.NotebookCell): void {
    const hadCost = this.costs.delete(cell);
    const hadNotes = (this.notes.get(cell) ?? []).length > 0;
    this.notes.delete(cell);
    if (hadCost || hadNotes) this.changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const cost = this.costs.get(cell);
    const notes = [...(this.notes.get(cell) ?? []), ...(cost === undefined ? [] : [cost])];
    return notes.map(({ text, tooltip, label, command }) => {
      const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
      if (tooltip !== undefined) item.tooltip = tooltip;
      if (command !== undefined) item.command = command;
      item.accessibilityInformation = { label: label ?? text.replace(/\$\([^)]*\)\s*/g, '') };
      return item;
    });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
