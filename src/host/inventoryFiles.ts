import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isRecord, parseRow, toRow } from '../glue/inventory/rememberedRow';
import type {
  InventoryOwner,
  InventoryStore,
  RememberedInventory,
  RememberedSession,
  Role,
  SharedInventory,
  ToldSession,
} from '../glue/inventory/sharedInventory';
import { sessionState } from '../glue/sessionStatus';
import { PollLease } from './pollLease';

/** Of a file's first line. A file of another version is written anew. */
const schema = 2;
/** Sessions kept of one owner at most: live ones first, then the newest. */
const mostSessions = 20_000;
/** A larger file is none of ours (bytes). */
const mostBytes = 32 * 1024 * 1024;
/** Lines read or written before others get their turn: a few milliseconds' worth. */
const linesAtOnce = 200;
/** What one window told the others is removed after so long (milliseconds). */
const toldMs = 30_000;
/** Files that nothing was written to for so long are removed, and the oldest above so many. */
const keep = { ms: 30 * 24 * 3_600_000, owners: 64 };
/** What was begun and is not in its place after so long, a process left behind that ended meanwhile (milliseconds). */
const leftBehindMs = 3_600_000;

export interface InventoryFilesOptions {
  /** Made when the first file is written; only this user can read it. */
  readonly directory: string;
  readonly now: () => number;
  /** Takes note of a file that was ignored. */
  readonly log: (text: string) => void;
}

/** Remembered inventories in files of a folder, one for each owner, each written whole and renamed into place. */
export async function openInventoryFiles(options: InventoryFilesOptions): Promise<InventoryStore> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  await prune(options);
  return { open: (owner) => new InventoryFiles(owner, options) };
}

class InventoryFiles implements SharedInventory {
  private readonly key: string;
  private readonly file: string;
  private readonly name: string;
  private readonly lease: PollLease;
  /** Tells one state of the file from another; of the one last read or written here. */
  private seenStamp: string | undefined;
  private readonly heardNames = new Set<string>();

  constructor(
    owner: InventoryOwner,
    private readonly options: InventoryFilesOptions,
  ) {
    const { target, identity, region, endpoint } = owner;
    this.key = JSON.stringify([target, identity.account, identity.arn, identity.userId, region, endpoint]);
    this.name = createHash('sha256').update(this.key).digest('hex').slice(0, 32);
    this.file = path.join(options.directory, `${this.name}.jsonl`);
    this.lease = new PollLease(path.join(options.directory, `${this.name}.lease`), options.now);
  }

  async read(onFirst?: (live: RememberedInventory) => void): Promise<RememberedInventory | undefined> {
    const stamp = await this.stamp();
    if (stamp === undefined || stamp === this.seenStamp) return undefined;
    this.seenStamp = stamp;
    try {
      return await this.parse(onFirst);
    } catch (error) {
      if (!(error instanceof ForeignFileError)) throw error;
      this.options.log(`${this.file} is ignored and will be written anew: ${error.message}`);
      return undefined;
    }
  }

  async write({ sessions, ...header }: RememberedInventory): Promise<void> {
    const kept = sessions.length <= mostSessions ? sessions : mostTelling(sessions);
    // Live ones first, for a reader in a hurry; every row says its place.
    const placed = kept.map((row, at) => ({ row, at }));
    const live = placed.filter(({ row }) => isLive(row));
    const rows = [...live, ...placed.filter(({ row }) => !isLive(row))];
    const counts = { count: kept.length, live: live.length };
    const temporary = `${this.file}.${randomUUID()}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.appendFile(`${JSON.stringify({ schema, key: this.key, ...counts, ...header })}\n`);
      for (let index = 0; index < rows.length; index += linesAtOnce) {
        const lines = rows
          .slice(index, index + linesAtOnce)
          .map(({ row, at }) => `${JSON.stringify({ ...toRow(row), at })}\n`);
        await handle.appendFile(lines.join(''));
        await turn();
      }
    } finally {
      await handle.close();
    }
    await rename(temporary, this.file);
    this.seenStamp = await this.stamp();
  }

  lead(asOf: number | undefined, mayLead: boolean): Promise<Role> {
    return this.lease.step(asOf, mayLead);
  }

  release(): Promise<void> {
    return this.lease.release();
  }

  async tell(sessions: readonly ToldSession[]): Promise<void> {
    const name = `${this.name}.${randomUUID()}.told`;
    this.heardNames.add(name);
    const file = path.join(this.options.directory, name);
    const rows = sessions.map((told) => ('goneId' in told ? told : toRow(told)));
    await writeFile(`${file}.writing`, JSON.stringify({ schema, key: this.key, rows }), { mode: 0o600 });
    await rename(`${file}.writing`, file);
  }

  async heard(): Promise<readonly ToldSession[]> {
    const { directory, now } = this.options;
    const names = await readdir(directory);
    const own = names.filter((name) => name.startsWith(`${this.name}.`) && name.endsWith('.told'));
    for (const name of this.heardNames) if (!own.includes(name)) this.heardNames.delete(name);
    const told: ToldSession[] = [];
    for (const name of own) {
      const file = path.join(directory, name);
      const changed = await stat(file).catch(ifMissing);
      if (changed === undefined) continue;
      if (now() - changed.mtimeMs > toldMs) await rm(file, { force: true });
      else if (!this.heardNames.has(name)) {
        this.heardNames.add(name);
        told.push(...(await this.readTold(file)));
      }
    }
    return told;
  }

  private async readTold(file: string): Promise<readonly ToldSession[]> {
    const text = await readFile(file, 'utf8').catch(ifMissing);
    const value = text === undefined ? undefined : parseJson(text);
    if (!isRecord(value) || value.schema !== schema || value.key !== this.key) return [];
    return (Array.isArray(value.rows) ? value.rows : []).flatMap((row: unknown): readonly ToldSession[] => {
      if (isRecord(row) && typeof row.goneId === 'string' && typeof row.toldAt === 'number') {
        return [{ goneId: row.goneId, toldAt: row.toldAt }];
      }
      const parsed = parseRow(row);
      return parsed === undefined ? [] : [parsed];
    });
  }

  private async stamp(): Promise<string | undefined> {
    const found = await stat(this.file).catch(ifMissing);
    return found && [found.ino, found.size, found.mtimeMs].join();
  }

  /** @throws ForeignFileError */
  private async parse(onFirst?: (live: RememberedInventory) => void): Promise<RememberedInventory> {
    const { size } = await stat(this.file);
    if (size > mostBytes) throw new ForeignFileError(`it has ${size} bytes`);
    const bytes = await readFile(this.file);
    const rows = new Map<number, RememberedSession>();
    let header: Header | undefined;
    let lines = 0;
    for (let start = 0, end: number; start < bytes.length; start = end + 1) {
      end = bytes.indexOf(10, start);
      if (end < 0) throw new ForeignFileError('its last line has no end');
      const value = parseJson(bytes.toString('utf8', start, end));
      lines += 1;
      if (header === undefined) {
        header = this.parseHeader(value);
        continue;
      }
      const row = parseRow(value);
      const at = isRecord(value) ? value.at : undefined;
      if (row === undefined || typeof at !== 'number' || !(at < header.count) || rows.has(at)) {
        throw new ForeignFileError(`line ${lines} holds no session`);
      }
      rows.set(at, row);
      if (rows.size === header.live && rows.size < header.count) {
        onFirst?.({ ...header, sessions: [...rows.values()] });
        await turn();
      } else if (lines % linesAtOnce === 0) await turn();
    }
    if (header === undefined) throw new ForeignFileError('it is empty');
    const { count, live: _, ...rest } = header;
    if (rows.size !== count) throw new ForeignFileError(`it has ${rows.size} of ${count} sessions`);
    const sessions = [...rows].sort(([one], [other]) => one - other).map(([, row]) => row);
    return { ...rest, sessions };
  }

  private parseHeader(value: unknown): Header {
    if (!isRecord(value) || value.schema !== schema) throw new ForeignFileError('it is of another version');
    if (value.key !== this.key) throw new ForeignFileError('it is of somebody else');
    const { count, live, writtenAt, asOf, avoidTaggingUntil } = value;
    if (
      typeof count !== 'number' ||
      typeof live !== 'number' ||
      typeof writtenAt !== 'number' ||
      typeof asOf !== 'number' ||
      typeof avoidTaggingUntil !== 'number'
    ) {
      throw new ForeignFileError('its first line is incomplete');
    }
    return { count, live, writtenAt, asOf, avoidTaggingUntil };
  }
}

/** A file's first line: how many sessions follow, and how many of them, the first ones, are live. */
type Header = Omit<RememberedInventory, 'sessions'> & { readonly count: number; readonly live: number };

/** A file that this version did not write for this owner. */
class ForeignFileError extends Error {
  override readonly name = 'ForeignFileError';
}

function isLive({ session: { status } }: RememberedSession): boolean {
  return sessionState(status).isLive;
}

/** As many as are kept: those that run, then the newest. */
function mostTelling(sessions: readonly RememberedSession[]): readonly RememberedSession[] {
  const weight = ({ session: { completedOn, createdOn } }: RememberedSession) =>
    completedOn === undefined ? Infinity : (createdOn ?? 0);
  return [...sessions].sort((one, other) => weight(other) - weight(one) || 0).slice(0, mostSessions);
}

/** Removes what nobody has used for long, and what processes that ended left half done. */
async function prune({ directory, now }: InventoryFilesOptions): Promise<void> {
  const files = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const file = path.join(directory, name);
      return { file, mtimeMs: (await stat(file).catch(ifMissing))?.mtimeMs ?? 0 };
    }),
  );
  const newest = files.sort((one, other) => other.mtimeMs - one.mtimeMs);
  const inventories = newest.filter(({ file }) => file.endsWith('.jsonl'));
  const surplus = new Set(inventories.slice(keep.owners));
  const old = newest.filter((entry) => {
    // A lease that nobody renews stays: another window may take it over this moment.
    const isInPlace = ['.jsonl', '.lease'].includes(path.extname(entry.file));
    return surplus.has(entry) || now() - entry.mtimeMs > (isInPlace ? keep.ms : leftBehindMs);
  });
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
