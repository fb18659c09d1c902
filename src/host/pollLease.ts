import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Role } from '../glue/inventory/sharedInventory';

/** So often the holder says that it is there; a lease of which nothing was heard for so long is free (milliseconds). */
const heartbeat = { everyMs: 2000, staleMs: 6000 };

interface Lease {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Last heartbeat (milliseconds since the epoch). */
  readonly at: number;
  /** When the holder last read the service (milliseconds since the epoch). */
  readonly asOf?: number;
}

/**
 * A lease that one process holds at a time, in a file. It is made so that it fails if the file is there; a stale one is
 * first renamed, which only one of those who want it can do. Whoever finds that the file is not his any more, holds it no
 * longer: so two hold it for a heartbeat at most.
 */
export class PollLease {
  private readonly id = randomUUID();
  private beatAt = -Infinity;
  private toldAsOf: number | undefined;
  private isHeld = false;

  constructor(
    private readonly file: string,
    private readonly now: () => number,
  ) {}

  /** Keeps the lease, or takes it when it may and it is free. @param asOf is told to the others */
  async step(asOf: number | undefined, mayTake: boolean): Promise<Role> {
    const found = await this.read();
    if (found?.id === this.id) {
      this.isHeld = true;
      await this.beat(asOf);
      return { isLeader: true };
    }
    this.isHeld = false;
    const isFree = found === undefined || this.isStale(found);
    const role: Role = { isLeader: false, asOf: isFree ? undefined : found.asOf };
    if (!isFree || !mayTake) return role;
    if (found !== undefined && !(await this.clear(found))) return role;
    return (await this.make(asOf)) ? { isLeader: true } : role;
  }

  /** Lets another one take it at once. */
  async release(): Promise<void> {
    if (!this.isHeld) return;
    this.isHeld = false;
    if ((await this.read())?.id === this.id) await rm(this.file, { force: true });
  }

  private async make(asOf: number | undefined): Promise<boolean> {
    try {
      const handle = await open(this.file, 'wx', 0o600);
      try {
        await handle.writeFile(this.content(asOf));
      } finally {
        await handle.close();
      }
    } catch (error) {
      // Another one was quicker.
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
    this.isHeld = true;
    return true;
  }

  private async beat(asOf: number | undefined): Promise<void> {
    if (this.now() - this.beatAt < heartbeat.everyMs && asOf === this.toldAsOf) return;
    const temporary = `${this.file}.${this.id}`;
    await writeFile(temporary, this.content(asOf), { mode: 0o600 });
    await rename(temporary, this.file);
  }

  private content(asOf: number | undefined): string {
    this.beatAt = this.now();
    this.toldAsOf = asOf;
    const lease: Lease = {
      id: this.id,
      pid: process.pid,
      host: hostname(),
      at: this.beatAt,
      ...(asOf !== undefined && { asOf }),
    };
    return JSON.stringify(lease);
  }

  /** Takes a stale lease away. @returns false when another one was quicker */
  private async clear(stale: Lease): Promise<boolean> {
    const aside = `${this.file}.${randomUUID()}`;
    try {
      await rename(this.file, aside);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    }
    const taken = parseLease(await readFile(aside, 'utf8'));
    const isSame = taken === undefined ? stale.id === '' : taken.id === stale.id && taken.at === stale.at;
    // Between the look and the rename another one took it: it is his.
    if (!isSame) await link(aside, this.file).catch(() => undefined);
    await rm(aside, { force: true });
    return isSame;
  }

  /** The lease as it is on disk; undefined when there is none. */
  private async read(): Promise<Lease | undefined> {
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(this.file, 'utf8'), stat(this.file)]);
      // Being written this moment, or no lease at all: it holds as long as one does.
      return parseLease(text) ?? { id: '', pid: 0, host: '', at: mtimeMs };
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  private isStale({ at, pid, host }: Lease): boolean {
    return Math.abs(this.now() - at) > heartbeat.staleMs || (host === hostname() && !isAlive(pid));
  }
}

function parseLease(text: string): Lease | undefined {
  try {
    const { id, pid, host, at, asOf } = JSON.parse(text) as Partial<Lease>;
    if (typeof id !== 'string' || typeof pid !== 'number' || typeof host !== 'string') return undefined;
    if (typeof at !== 'number') return undefined;
    return { id, pid, host, at, ...(typeof asOf === 'number' && { asOf }) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
