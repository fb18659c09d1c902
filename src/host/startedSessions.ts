import type * as vscode from 'vscode';

/** A session lives seven days at most without work (milliseconds). */
const keepMs = 8 * 24 * 3600_000;

/** Which sessions this extension started, in whichever window: their ids, and nothing else. */
export class StartedSessions {
  /** @param memory for all windows */
  constructor(private readonly memory: vscode.Memento) {}

  has(sessionId: string): boolean {
    return this.memory.get(keyOf(sessionId)) !== undefined;
  }

  async keep(sessionId: string): Promise<void> {
    if (this.has(sessionId)) return;
    await this.memory.update(keyOf(sessionId), Date.now());
    const old = this.memory
      .keys()
      .filter((key) => key.startsWith(keyOf('')))
      .filter((key) => Date.now() - this.memory.get(key, 0) > keepMs);
    for (const key of old) await this.memory.update(key, undefined);
  }
}

function keyOf(sessionId: string): string {
  return `started:${sessionId}`;
}
