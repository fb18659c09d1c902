import type * as vscode from 'vscode';
import type { Target } from '../glue/target';
import type { AttachedSession } from './notebookSession';

/** Which session a notebook had, across reloads of the window. No keys: a session reached with keys from a cell isn't kept. */
export class SessionMemory {
  constructor(private readonly memory: vscode.Memento) {}

  async keep(notebook: vscode.NotebookDocument, attached: AttachedSession | undefined): Promise<void> {
    const kept =
      attached === undefined || attached.target.credentials !== undefined
        ? undefined
        : { target: attached.target, sessionId: attached.session.id, isOwned: attached.isOwned };
    await this.memory.update(keyOf(notebook), kept);
  }

  find(
    notebook: vscode.NotebookDocument,
  ): { readonly target: Target; readonly sessionId: string; readonly isOwned: boolean } | undefined {
    return this.memory.get(keyOf(notebook));
  }
}

function keyOf(notebook: vscode.NotebookDocument): string {
  return `session:${notebook.uri.toString()}`;
}
