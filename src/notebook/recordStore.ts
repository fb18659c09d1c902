import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord, type CellRecord } from './cellRecord';
import type { WindowPresence } from './windowPresence';

/** A session lives seven days at most without work: what is older has nothing to find (milliseconds). */
const keepMs = 8 * 24 * 3600_000;

export interface RecordStoreOptions {
  /** Folder of the records; made when the first is written. */
  readonly directory: string;
  readonly presence: WindowPresence;
  readonly now: () => number;
  readonly onUnreadable: (file: string) => void;
}

/**
 * Records on disk, a file each, named `<record>.<window>.json` after the window that looks after it. A file is written
 * under another name and renamed into place; a claim is a rename as well, so that of two windows one gets it.
 */
export class RecordStore {
  constructor(private readonly options: RecordStoreOptions) {}

  /**
   * Not in the background: a statement waits for it. The write takes a fraction of a millisecond, but a turn of Node's
   * threads for each of its steps takes several in a busy extension host.
   */
  async write(record: CellRecord): Promise<void> {
    const { directory, presence } = this.options;
    await presence.show();
    const file = this.fileOf(record.id);
    const temporary = `${file}.writing`;
    const text = JSON.stringify(record);
    try {
      writeFileSync(temporary, text, { mode: 0o600 });
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, text, { mode: 0o600 });
    }
    renameSync(temporary, file);
  }

  async remove(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  /** For the last moment of a window, which waits for nothing. */
  removeNow(id: string): void {
    rmSync(this.fileOf(id), { force: true });
  }

  /**
   * Takes the records that are wanted: those left by windows that are gone, and those this window wrote. Each is given to
   * one window only.
   */
  async claim(isWanted: (record: CellRecord) => boolean): Promise<readonly CellRecord[]> {
    const { directory, presence } = this.options;
    const claimed: CellRecord[] = [];
    for (const name of await this.names()) {
      const [, id, window] = /^([\w-]+)\.([\w-]+)\.json$/.exec(name) ?? [];
      if (id === undefined || window === undefined || (await this.isOfOther(window))) continue;
      const record = await this.read(path.join(directory, name));
      if (record === undefined || !isWanted(record)) continue;
      await presence.show();
      if (await moved(path.join(directory, name), this.fileOf(id))) claimed.push(record);
    }
    return claimed.sort((a, b) => a.queuedAt - b.queuedAt);
  }

  /** The record of a file; what can't be read or is too old is removed, what a later version wrote is left. */
  private async read(file: string): Promise<CellRecord | undefined> {
    const record = await readFile(file, 'utf8').then(parseRecord, (error: unknown) => {
      // Another window was quicker.
      if (isMissing(error)) return 'unknownVersion' as const;
      throw error;
    });
    if (record === 'unknownVersion') return undefined;
    const isOld = record !== 'corrupt' && this.options.now() - record.queuedAt > keepMs;
    if (record !== 'corrupt' && !isOld) return record;
    if (!isOld) this.options.onUnreadable(file);
    await rm(file, { force: true });
    return undefined;
  }

  private async isOfOther(window: string): Promise<boolean> {
    const { presence } = this.options;
    return window !== presence.id && (await presence.isAlive(window));
  }

  private async names(): Promise<readonly string[]> {
    return readdir(this.options.directory).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
  }

  private fileOf(id: string): string {
    return path.join(this.options.directory, `${id}.${this.options.presence.id}.json`);
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  if (from === to) return true;
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // Another window was quicker.
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
