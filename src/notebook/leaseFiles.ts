import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Target } from '../glue/target';
import type { WindowPresence } from './windowPresence';

/** A session lives seven days at most without work: after so long there is nothing left to stop (milliseconds). */
const keepMs = 8 * 24 * 3600_000;

/** Between the writing of a file and its renaming lies a moment: one so old has had it (milliseconds). */
const writtenMs = 3600_000;

/** A session that is to be stopped unless a window goes on with it. No keys. */
export interface Lease {
  readonly sessionId: string;
  /** Undefined when it was reached with keys from a cell, which are kept nowhere. */
  readonly target?: Target | undefined;
  /** The process that is to do it, as a {@link WindowPresence}: of several for one session, the last one that was named. */
  readonly keeper: string;
  /** When it is to do it (milliseconds since the epoch). */
  readonly dueAt: number;
  /** Whether the person was told that it could not be done. */
  readonly wasTold?: boolean;
}

/**
 * Leases on disk, one for each session, which windows and the processes that outlive them share. A claim is a rename that
 * names who claims, so that of two one gets it, and what a process left that has ended is found again.
 */
export class LeaseFiles {
  /** @param presence of whoever uses it */
  constructor(
    private readonly directory: string,
    private readonly presence: WindowPresence,
  ) {}

  async hasAny(): Promise<boolean> {
    return (await this.names()).length > 0;
  }

  /** In place of what was written of the session before. */
  async write(lease: Lease): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = this.pathOf(nameOf(lease.sessionId));
    const temporary = `${file}.${this.presence.id}.writing`;
    await writeFile(temporary, JSON.stringify(lease), { mode: 0o600 });
    await rename(temporary, file);
  }

  /** A window goes on with the session: whoever is about to stop it finds that. */
  async remove(sessionId: string): Promise<void> {
    const own = nameOf(sessionId);
    for (const name of await this.names()) {
      const isOwn = name === own || (name.startsWith(own) && name.endsWith('.claimed'));
      if (isOwn) await rm(this.pathOf(name), { force: true });
    }
  }

  /** The lease that names this process as its keeper; undefined when a window has gone on with it, or named another. */
  async claimOwn(sessionId: string): Promise<ClaimedLease | undefined> {
    const file = this.pathOf(nameOf(sessionId));
    const isOwn = (lease: Lease | undefined) => lease?.keeper === this.presence.id;
    if (!isOwn(await readLease(file))) return undefined;
    const claimed = await this.claim(file, sessionId);
    if (claimed === undefined || isOwn(claimed.lease)) return claimed;
    // Named another at this very moment.
    await claimed.giveBack();
    return undefined;
  }

  /** What should have been stopped by then, and whose process has ended without doing so; claimed one after the other. */
  async *due(now: number): AsyncGenerator<ClaimedLease> {
    for (const name of await this.names()) {
      const file = this.pathOf(name);
      if (name.endsWith('.writing')) {
        if ((await ageOf(file, now)) > writtenMs) await rm(file, { force: true });
        continue;
      }
      const claimer = /\.([\w-]+)\.claimed$/.exec(name)?.[1];
      if (claimer !== undefined && (await this.presence.isAlive(claimer))) continue;
      const lease = await readLease(file);
      const isLeft = lease === undefined || now - lease.dueAt > keepMs;
      if (isLeft) await rm(file, { force: true });
      if (isLeft || lease.dueAt > now || (await this.presence.isAlive(lease.keeper))) continue;
      const claimed = await this.claim(file, lease.sessionId);
      if (claimed !== undefined) yield claimed;
    }
  }

  private async claim(file: string, sessionId: string): Promise<ClaimedLease | undefined> {
    await this.presence.show().catch(() => undefined);
    const free = this.pathOf(nameOf(sessionId));
    const claimed = `${free}.${this.presence.id}.claimed`;
    const held = await rename(file, claimed).then(
      () => claimed,
      // Where it can't be renamed, stopping twice does no harm, and not at all would cost.
      (error: unknown) => (isMissing(error) ? undefined : file),
    );
    if (held === undefined) return undefined;
    const lease = await readLease(held);
    return lease === undefined ? undefined : new ClaimedLease(lease, held, free);
  }

  private async names(): Promise<readonly string[]> {
    return readdir(this.directory).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
  }

  private pathOf(name: string): string {
    return path.join(this.directory, name);
  }
}

/** A lease that is looked after by this process alone. */
export class ClaimedLease {
  /** @param free its file while nobody claims it */
  constructor(
    readonly lease: Lease,
    private readonly file: string,
    private readonly free: string,
  ) {}

  /** Whether no window has gone on with the session since. */
  async isHeld(): Promise<boolean> {
    return exists(this.file);
  }

  /** There is nothing left to do. */
  async end(): Promise<void> {
    await rm(this.file, { force: true });
  }

  /** It is to be tried again, at the next start of a window. */
  async giveBack(changes: Pick<Lease, 'wasTold'> = {}): Promise<void> {
    if (!(await this.isHeld())) return;
    if (this.file !== this.free && (await exists(this.free))) return this.end();
    if (changes.wasTold !== this.lease.wasTold && changes.wasTold !== undefined)
      await writeFile(this.file, JSON.stringify({ ...this.lease, ...changes }), { mode: 0o600 });
    await rename(this.file, this.free);
  }
}

/** Ids may hold anything, and be longer than the name of a file may be. */
function nameOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}

/** Undefined when it is gone, or is no lease. */
async function readLease(file: string): Promise<Lease | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isLease(read) ? read : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

function isLease(read: unknown): read is Lease {
  const { sessionId, keeper, dueAt } = (read ?? {}) as Partial<Record<keyof Lease, unknown>>;
  const isKeeper = typeof keeper === 'string' && /^[\w-]+$/.test(keeper);
  return typeof sessionId === 'string' && isKeeper && typeof dueAt === 'number';
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function ageOf(file: string, now: number): Promise<number> {
  return now - ((await stat(file).catch(() => undefined))?.mtimeMs ?? now);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
