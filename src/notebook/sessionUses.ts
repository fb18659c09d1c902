import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WindowPresence } from './windowPresence';

/**
 * Which sessions the notebooks of each window use, told to the other windows of this machine: a session that is used
 * elsewhere is not stopped here. A file for each window that lives, with the session ids of its notebooks.
 */
export class SessionUses {
  private writing = Promise.resolve();
  private written = '[]';

  constructor(
    private readonly directory: string,
    private readonly presence: WindowPresence,
  ) {}

  /** @param sessionIds one for each notebook that has a session */
  publish(sessionIds: readonly string[]): Promise<void> {
    const text = JSON.stringify(sessionIds);
    if (text === this.written) return this.writing;
    this.written = text;
    this.writing = this.writing.catch(() => undefined).then(() => this.write(text));
    return this.writing;
  }

  /** How many notebooks of other windows use the session. */
  async countElsewhere(sessionId: string): Promise<number> {
    let count = 0;
    for (const name of await readdir(this.directory).catch(() => [] as string[])) {
      const window = /^([\w-]+)\.json$/.exec(name)?.[1];
      if (window === undefined || window === this.presence.id) continue;
      const file = path.join(this.directory, name);
      if (await this.presence.isAlive(window)) {
        count += (await readIds(file)).filter((id) => id === sessionId).length;
      } else {
        await rm(file, { force: true });
      }
    }
    return count;
  }

  private async write(text: string): Promise<void> {
    await this.presence.show();
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = path.join(this.directory, `${this.presence.id}.json`);
    await writeFile(`${file}.writing`, text, { mode: 0o600 });
    await rename(`${file}.writing`, file);
  }
}

async function readIds(file: string): Promise<readonly unknown[]> {
  try {
    const ids: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(ids) ? (ids as readonly unknown[]) : [];
  } catch {
    // Its window has just ended.
    return [];
  }
}
