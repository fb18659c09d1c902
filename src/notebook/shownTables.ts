import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';

interface ShownTable {
  readonly notebook: string;
  /** Of a schema: what the session knows the DataFrame by. */
  readonly frame: string | undefined;
}

/** The tables that this window wrote into outputs: only what the renderer asks about these is obeyed. */
export class ShownTables {
  private readonly tables = new Map<string, ShownTable>();

  /** A nonce for a table about to be written. */
  issue(notebook: vscode.NotebookDocument, frame: string | undefined): string {
    const nonce = randomUUID();
    this.tables.set(nonce, { notebook: notebook.uri.toString(), frame });
    return nonce;
  }

  /** The table of that nonce, if this window wrote it into that notebook. */
  find(notebook: vscode.NotebookDocument, nonce: string): ShownTable | undefined {
    const table = this.tables.get(nonce);
    return table?.notebook === notebook.uri.toString() ? table : undefined;
  }

  /** Outputs of a notebook that is opened again can do nothing until they are made again. */
  forget(notebook: vscode.NotebookDocument): void {
    const key = notebook.uri.toString();
    for (const [nonce, table] of this.tables) if (table.notebook === key) this.tables.delete(nonce);
  }
}
