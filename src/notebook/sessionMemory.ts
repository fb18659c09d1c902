import type * as vscode from 'vscode';
import type { Target } from '../glue/target';
import type { AttachedSession } from './notebookSession';

/** A session lives seven days at most without work (milliseconds). */
const keepMs = 8 * 24 * 3600_000;

export interface RememberedSession {
  readonly target: Target;
  readonly sessionId: string;
  readonly isOwned: boolean;
}

/** Which session a notebook had, across reloads of the window. No keys: a session reached with keys from a cell isn't kept. */
export class SessionMemory {
  /**
   * @param memory of the workspace: sessions of notebooks
   * @param started for all windows: ids of sessions that this extension started
   */
  constructor(
    private readonly memory: vscode.Memento,
    private readonly started: vscode.Memento,
  ) {}

  async keep(notebook: string, attached: AttachedSession | undefined): Promise<void> {
    if (attached?.isOwned === true) await this.keepStarted(attached.session.id);
    const kept: RememberedSession | undefined =
      attached === undefined || attached.target.credentials !== undefined
        ? undefined
        : { target: attached.target, sessionId: attached.session.id, isOwned: attached.isOwned };
    await this.memory.update(keyOf(notebook), kept);
  }

  find(notebook: string): RememberedSession | undefined {
    return this.memory.get(keyOf(notebook));
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
    return this.started.get(startedKey(sessionId)) !== undefined;
  }

  private async keepStarted(sessionId: string): Promise<void> {
    if (this.isStarted(sessionId)) return;
    await this.started.update(startedKey(sessionId), Date.now());
    const old = this.started
      .keys()
      .filter((key) => key.startsWith(startedKey('')))
      .filter((key) => Date.now() - this.started.get(key, 0) > keepMs);
    for (const key of old) await this.started.update(key, undefined);
  }
}

function keyOf(notebook: string): string {
  return `session:${notebook}`;
}

function startedKey(sessionId: string): string {
  return `started:${sessionId}`;
}
