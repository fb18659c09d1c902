import type * as vscode from 'vscode';
import type { Target } from '../glue/target';
import type { StartedSessions } from '../host/startedSessions';
import type { AttachedSession } from './notebookSession';

export interface RememberedSession {
  readonly target: Target;
  readonly sessionId: string;
  readonly isOwned: boolean;
  /** What the notebook said when it was saved last; see contentOf. */
  readonly content?: string;
}

/** Which session a notebook had, across reloads of the window. No keys: a session reached with keys from a cell isn't kept. */
export class SessionMemory {
  /** @param memory of the workspace: sessions of notebooks */
  constructor(
    private readonly memory: vscode.Memento,
    private readonly started: StartedSessions,
  ) {}

  /** @param content of the notebook */
  async keep(notebook: string, attached: AttachedSession | undefined, content?: string): Promise<void> {
    if (attached?.isOwned === true) await this.started.keep(attached.session.id);
    const kept: RememberedSession | undefined =
      attached === undefined || attached.target.credentials !== undefined
        ? undefined
        : {
            target: attached.target,
            sessionId: attached.session.id,
            isOwned: attached.isOwned,
            ...(content !== undefined && { content }),
          };
    await this.memory.update(keyOf(notebook), kept);
  }

  find(notebook: string): RememberedSession | undefined {
    return this.memory.get(keyOf(notebook));
  }

  /** The notebook was saved. */
  async keepContent(notebook: string, content: string | undefined): Promise<void> {
    const kept = this.find(notebook);
    if (kept === undefined || content === undefined || kept.content === content) return;
    await this.memory.update(keyOf(notebook), { ...kept, content });
  }

  /** Files were moved, perhaps with the folder they are in. */
  async move(from: string, to: string): Promise<void> {
    for (const key of this.memory.keys()) {
      if (key !== keyOf(from) && !key.startsWith(`${keyOf(from)}/`)) continue;
      await this.memory.update(keyOf(to) + key.slice(keyOf(from).length), this.memory.get(key));
      await this.memory.update(key, undefined);
    }
  }

  /** Whether this extension started the session, in whichever window. */
  isStarted(sessionId: string): boolean {
    return this.started.has(sessionId);
  }
}

function keyOf(notebook: string): string {
  return `session:${notebook}`;
}
