import * as vscode from 'vscode';
import { cutText } from '../glue/cutText';
import { commands } from '../manifest';
import type { CellNote } from './cellStatus';

const scheme = 'glue-output';
const stdoutMime = 'application/vnd.code.notebook.stdout';

/** Texts too long to show in a cell: the cell shows beginning and end, an editor the whole, until the cell runs again. */
export class WholeTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly kept = new Map<vscode.NotebookCell, Uint8Array>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        for (const cell of notebook.getCells()) this.kept.delete(cell);
      }),
    ];
  }

  /**
   * Outputs with their long texts cut, each saying so, and a note that leads to the whole.
   * @param outputs of one run of the cell
   */
  shorten(
    cell: vscode.NotebookCell,
    outputs: readonly vscode.NotebookCellOutput[],
  ): { readonly outputs: readonly vscode.NotebookCellOutput[]; readonly notes: readonly CellNote[] } {
    const whole: Uint8Array[] = [];
    const shortened = outputs.map((output) => {
      const items = output.items.map((item) => {
        const cut = item.mime === stdoutMime ? cutText(item.data) : undefined;
        if (cut === undefined) return item;
        whole.push(item.data);
        const gap = vscode.l10n.t(
          '… {0} MB are not shown here: "Show whole text" below this cell opens all of it. …',
          megabytes(cut.omitted),
        );
        const data = Buffer.concat([cut.first, Buffer.from(`\n${gap}\n\n`), cut.last]);
        return new vscode.NotebookCellOutputItem(data, item.mime);
      });
      return whole.length === 0 ? output : new vscode.NotebookCellOutput(items, output.metadata);
    });
    if (whole.length === 0) return { outputs, notes: [] };
    const text = whole.length === 1 && whole[0] !== undefined ? whole[0] : Buffer.concat(whole);
    this.kept.set(cell, text);
    return { outputs: shortened, notes: [this.note(cell, text)] };
  }

  /** What the cell gave before is of no use any more. */
  forget(cell: vscode.NotebookCell): void {
    this.kept.delete(cell);
  }

  /** Opens the whole text of a cell's last run in an editor that only reads. */
  async show(cell: vscode.NotebookCell): Promise<void> {
    const name = cell.notebook.uri.path.split('/').at(-1) ?? '';
    // The number makes another run another document.
    const path = `/${name} cell ${cell.index + 1} ${Date.now()}.txt`;
    const uri = vscode.Uri.from({ scheme, path, query: cell.document.uri.toString() });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    const found = [...this.kept].find(([cell]) => cell.document.uri.toString() === query)?.[1];
    return found === undefined
      ? vscode.l10n.t('This text is gone: the cell was run again, or its notebook was closed.')
      : new TextDecoder().decode(found);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.kept.clear();
  }

  private note(cell: vscode.NotebookCell, text: Uint8Array): CellNote {
    return {
      text: vscode.l10n.t('$(file-text) Show whole text ({0} MB)', megabytes(text.length)),
      tooltip: vscode.l10n.t(
        'Opens what this cell printed in an editor. It is kept until the cell runs again.',
      ),
      command: { command: commands.showWholeText, title: '', arguments: [cell] },
    };
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
