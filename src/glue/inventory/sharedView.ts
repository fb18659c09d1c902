import { setImmediate as turn } from 'node:timers/promises';
import type { SessionTable } from './sessionTable';
import type { Clock } from '../clock';
import type {
  RememberedInventory,
  RememberedSession,
  Role,
  SharedInventory,
  ToldSession,
} from './sharedInventory';
import type { TagReader } from './tagReader';

/** What was told here so shortly before a file was written may not be in it yet (milliseconds). */
const onItsWayMs = 5000;
/** Rows taken in before others get their turn: a few milliseconds' worth. */
const rowsAtOnce = 250;
/** Though nothing has changed, the file says at least so often as of when that is (milliseconds). */
const confirmEveryMs = 5 * 60_000;

export interface SharedViewOptions {
  readonly clock: Clock;
  readonly table: SessionTable;
  readonly tags: TagReader;
  /** Whether the table is still that of whose sessions these are. */
  readonly isCurrent: () => boolean;
  /** When what is shown was read (milliseconds since the epoch). */
  readonly asOf: () => number | undefined;
  readonly log: (text: string) => void;
}

/** Keeps the sessions of this window and what all windows share in step: what is known there is shown here, and the reverse. */
export class SharedView {
  private isLeader = false;
  private hasChanged = false;
  private writtenAsOf = 0;

  constructor(
    private readonly files: SharedInventory,
    private readonly options: SharedViewOptions,
  ) {}

  /**
   * Takes in what is remembered, the live ones first.
   * @param onFirst the live ones are there
   * @returns as of when; undefined when nothing is
   */
  async recall(onFirst: () => void): Promise<number | undefined> {
    const remembered = await this.files.read(({ asOf, sessions }) => {
      if (!this.options.isCurrent()) return;
      for (const live of sessions) this.take(live, live.toldAt ?? asOf);
      onFirst();
    });
    return remembered !== undefined && (await this.adopt(remembered)) ? remembered.asOf : undefined;
  }

  /**
   * To be called every second or so: keeps or takes the lease, hears of what other windows did, and hands on what this
   * one knows.
   */
  async step(mayLead: boolean): Promise<Role & { readonly hasNews: boolean }> {
    const role = await this.files.lead(this.options.asOf(), mayLead);
    this.isLeader = role.isLeader;
    let hasNews = false;
    for (const told of await this.files.heard()) hasNews = this.hear(told) || hasNews;
    if (role.isLeader) {
      this.hasChanged ||= hasNews;
      await this.write();
    } else {
      const remembered = await this.files.read();
      if (remembered !== undefined) hasNews = (await this.adopt(remembered)) || hasNews;
    }
    return { ...role, hasNews };
  }

  /** Something shown has changed. */
  changed(): void {
    this.hasChanged = true;
  }

  /** Something was learned of these sessions besides the looks at all of them. */
  learned(ids: readonly string[]): void {
    this.hasChanged = true;
    if (this.isLeader) return;
    this.tell(ids.flatMap((id) => this.remembered(id) ?? []));
  }

  /** A session is no more. */
  gone(goneId: string): void {
    this.hasChanged = true;
    this.tell([{ goneId, toldAt: this.options.clock.now() }]);
  }

  /** Another window may look at the service now. */
  leave(): void {
    this.isLeader = false;
    this.files.release().catch((error: unknown) => {
      this.options.log(`the lease of remembered sessions was not released: ${String(error)}`);
    });
  }

  private tell(told: readonly ToldSession[]): void {
    if (told.length === 0) return;
    this.files.tell(told).catch((error: unknown) => {
      this.options.log(`other windows were not told: ${String(error)}`);
    });
  }

  /** @returns whether anything changed */
  private hear(told: ToldSession): boolean {
    if (!('goneId' in told)) return this.take(told, told.toldAt ?? 0);
    const { table } = this.options;
    if (table.get(told.goneId) === undefined || table.toldAtOf(told.goneId) > told.toldAt) return false;
    table.drop(told.goneId, told.toldAt);
    return true;
  }

  private async write(): Promise<void> {
    const asOf = this.options.asOf();
    if (asOf === undefined) return;
    if (!this.hasChanged && asOf - this.writtenAsOf < confirmEveryMs) return;
    this.hasChanged = false;
    this.writtenAsOf = asOf;
    const { table, tags, clock } = this.options;
    await this.files.write({
      writtenAt: clock.now(),
      asOf,
      avoidTaggingUntil: tags.avoidUntil,
      sessions: table.sessions.flatMap(({ session: { id } }) => this.remembered(id) ?? []),
    });
  }

  private remembered(id: string): RememberedSession | undefined {
    const { table, tags } = this.options;
    const listed = table.get(id);
    if (listed === undefined) return undefined;
    const { session, arn, tags: known } = listed;
    return {
      session,
      toldAt: table.toldAtOf(id),
      ...(known !== undefined && { tags: known, tagsReadAt: tags.readAt(arn) }),
    };
  }

  /** @returns whether it was taken in: not when the table has become somebody else's meanwhile */
  private async adopt({
    asOf,
    writtenAt,
    avoidTaggingUntil,
    sessions,
  }: RememberedInventory): Promise<boolean> {
    const { table, tags, isCurrent } = this.options;
    if (!isCurrent()) return false;
    tags.avoidUntil = Math.max(tags.avoidUntil, avoidTaggingUntil);
    this.writtenAsOf = Math.max(this.writtenAsOf, asOf);
    for (let index = 0; index < sessions.length; index += rowsAtOnce) {
      if (index > 0) await turn();
      if (!isCurrent()) return false;
      for (const row of sessions.slice(index, index + rowsAtOnce)) this.take(row, row.toldAt ?? asOf);
    }
    await turn();
    if (!isCurrent()) return false;
    const seen = new Set(sessions.map(({ session: { id } }) => id));
    table.dropUnseen(seen, writtenAt - onItsWayMs);
    await turn();
    if (!isCurrent()) return false;
    table.arrange(seen);
    await turn();
    return true;
  }

  /** @returns whether anything changed */
  private take({ session, tags, tagsReadAt }: RememberedSession, toldAt: number): boolean {
    const { table, tags: known } = this.options;
    const arn = table.arnOf(session.id);
    const isNews = tags !== undefined && known.note(arn, tags, tagsReadAt ?? toldAt);
    const hasChanged = table.takeRemembered(session, toldAt);
    if (isNews && !hasChanged) table.renew([arn]);
    return isNews || hasChanged;
  }
}
