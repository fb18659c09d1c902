import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WarningMemory } from '../glue/forgottenWatch';

/** A session seldom lives longer; what was said of it is kept so long (milliseconds). */
const keepMs = 30 * 24 * 3_600_000;

/**
 * What was said of which session, as one file each: windows share them, and whoever makes a file first says it. They
 * hold a time at most, and no name of a session.
 */
export class WarningFiles implements WarningMemory {
  constructor(
    private readonly folder: string,
    private readonly now: () => number,
  ) {}

  readonly claim = async (arn: string, what: string): Promise<boolean> => {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    try {
      await writeFile(this.fileOf(arn, what), '', { flag: 'wx' });
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
  };

  readonly snoozedUntil = async (arn: string): Promise<number | undefined> => {
    try {
      const text = await readFile(this.fileOf(arn, 'snoozed'), 'utf8');
      return text === 'never' ? Infinity : Number(text);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  };

  /** Says nothing of a session until then, and then says it again. @param until Infinity: never again */
  async snooze(arn: string, until: number): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(this.fileOf(arn, 'snoozed'), until === Infinity ? 'never' : String(until));
    for (const what of ['before', 'after']) await rm(this.fileOf(arn, what), { force: true });
  }

  /** Removes what is older than any session. */
  async tidy(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const file = path.join(this.folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: this.now() }));
      if (this.now() - mtimeMs > keepMs) await rm(file, { force: true });
    }
  }

  private fileOf(arn: string, what: string): string {
    const name = createHash('sha256').update(arn).digest('hex').slice(0, 32);
    return path.join(this.folder, `${name}.${what}`);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
