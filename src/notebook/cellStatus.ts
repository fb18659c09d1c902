import * as vscode from 'vscode';
import type { WholeTexts } from './wholeTexts';

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
  private readonly outcomes = new WeakMap<vscode.NotebookCell, readonly CellNote[]>();

  constructor(readonly wholeTexts: WholeTexts) {}

  set(cell: vscode.NotebookCell, notes: readonly CellNote[]): void {
    const before = this.notes.get(cell) ?? [];
    if (before.length === 0 && notes.length === 0) return;
    this.notes.set(cell, notes);
    this.changed.fire();
  }

  /** What there is to say of the cell's last run: stays until the cell runs again. */
  setOutcome(cell: vscode.NotebookCell, notes: readonly CellNote[]): void {
    if (notes.length === 0) return;
    this.outcomes.set(cell, notes);
    this.changed.fire();
  }

  /** Nothing of an earlier run any more. */
  clear(cell: vscode.NotebookCell): void {
    this.wholeTexts.forget(cell);
    const hadOutcome = this.outcomes.delete(cell);
    const hadNotes = (this.notes.get(cell) ?? []).length > 0;
    this.notes.delete(cell);
    if (hadOutcome || hadNotes) this.changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const notes = [...(this.notes.get(cell) ?? []), ...(this.outcomes.get(cell) ?? [])];
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
