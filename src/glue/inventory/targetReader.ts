import { setMaxListeners } from 'node:events';
import { Together } from '../boundedConcurrency';
import type { Clock } from '../clock';
import { AwsCallError } from '../errors';
import type { CallerIdentity, GlueApi, GlueApis, Session, Tags } from '../glueApi';
import type { ListedSession } from '../listedSession';
import type { TargetSnapshot } from '../sessionInventory';
import { sessionState } from '../sessionStatus';
import { targetKey, type Target } from '../target';
import { ActivityReader } from './activityReader';
import { BulkPace, rank } from './bulkPace';
import { sessionIdOf, SessionTable } from './sessionTable';
import type { InventoryStore, SharedInventory } from './sharedInventory';
import { SharedView } from './sharedView';
import { TagReader } from './tagReader';

/** How often it is looked whether something is to be done: without a call (milliseconds). */
const stepMs = 1000;
/** The most that ListSessions gives at once. Source: botocore's public model. */
const pageSize = 1000;
/**
 * Time from one look at all sessions to the next (milliseconds): so long for each page, up to a bound that keeps a change
 * within a minute. One page takes 4 calls a minute, ten take 13; live ones alone would take a call each, and new ones
 * would not be seen, since the order of the pages is not documented.
 */
const wholeRead = { perPageMs: 15_000, mostMs: 45_000 };
/** Time between looks at sessions that will change soon: so long for each of them, within these bounds (milliseconds). */
const transit = { perSessionMs: 500, leastMs: 1500, mostMs: 8000 };
/** After a failure it is tried again so much later, then twice that, up to a bound (milliseconds). */
const afterFailure = { firstMs: 15_000, mostMs: 60_000 };
/** A disk that failed, such as under a virus scanner, is tried again after so long (milliseconds). */
const sharedAgainMs = 60_000;
/** Tags of live sessions are read again after so long; one by one not more than so many with each look at all. */
const tagsAgain = { liveMs: 40_000, oneByOne: 30 };
/** Tags of ended sessions in view are read again after so long (milliseconds). */
const endedTagsMs = 3_600_000;

export interface TargetReaderOptions {
  readonly target: Target;
  readonly apis: GlueApis;
  readonly clock: Clock;
  /** Undefined: nothing is remembered, and nothing shared with other windows. */
  readonly store: InventoryStore | undefined;
  readonly log: (text: string) => void;
  readonly onChange: (snapshot: TargetSnapshot, before: TargetSnapshot) => void;
}

/** Whose sessions are shown. */
interface Owner {
  readonly identity: CallerIdentity;
  readonly region: string;
  readonly shared: SharedView | undefined;
}

/**
 * Reads one target's sessions: at once from what is remembered, then from the service, by itself only while watched, and
 * only in one window of all that show the same. Sessions are shown only while it is known whose they are.
 */
export class TargetReader {
  private shown: TargetSnapshot;
  private readonly table: SessionTable;
  private readonly pace: BulkPace;
  private readonly tags: TagReader;
  private sharedAgainAt = 0;
  private readonly activity: ActivityReader;
  private owner: Owner | undefined;
  /** What is underway for an earlier one is not taken in. */
  private era = newEra();
  private watching: AbortController | undefined;
  private reading: Promise<void> | undefined;
  private checking: Promise<void> | undefined;
  private isStepping = false;
  private isLookingAtTransit = false;
  private transitAt = -Infinity;
  private pages = 1;
  private failures = 0;
  private tryAt = -Infinity;
  /** People who wait for a whole read: it goes on when nobody watches. */
  private waiting = 0;

  constructor(private readonly options: TargetReaderOptions) {
    const { target, clock } = options;
    const bulk = () => this.api.bulk;
    this.pace = new BulkPace(clock);
    this.tags = new TagReader({
      bulk,
      pace: this.pace,
      clock,
      onRead: (arns) => {
        this.table.renew(arns);
        this.owner?.shared?.learned(arns.map(sessionIdOf));
        this.show({});
      },
    });
    this.activity = new ActivityReader({ bulk, pace: this.pace, clock });
    this.table = new SessionTable(target, {
      tags: (arn) => this.tags.get(arn),
      idleSince: (arn) => this.activity.idleSince(arn),
    });
    this.shown = { target, state: 'loading', sessions: [] };
  }

  get snapshot(): TargetSnapshot {
    return this.shown;
  }

  setWatched(isWatched: boolean): void {
    if (isWatched === (this.watching !== undefined)) return;
    this.watching?.abort(new Error('not watched'));
    this.watching = undefined;
    if (!isWatched) {
      // Nobody looks: what is underway ends, unless somebody waits for it.
      if (this.waiting === 0) this.beginEra();
      this.owner?.shared?.leave();
      return;
    }
    const watching = new AbortController();
    this.watching = watching;
    void this.watch(watching.signal);
  }

  /** Reads all sessions now, and the tags of live ones; a failure is kept in the snapshot. */
  async refresh(): Promise<void> {
    this.waiting += 1;
    try {
      await this.readWhole();
    } finally {
      this.waiting -= 1;
    }
  }

  /** Nothing read holds any more: the profile says something else now, perhaps another account. */
  forget(): void {
    this.beginEra();
    this.failures = 0;
    this.tryAt = -Infinity;
    this.disown();
    const before = this.shown;
    this.shown = { target: this.options.target, state: 'loading', sessions: [] };
    this.options.onChange(this.shown, before);
    if (this.watching !== undefined) void this.step();
  }

  /** Takes in what another part has just learned of a session, and tells the other windows. */
  note(session: Session, tags?: Tags): void {
    if (this.owner === undefined) return;
    if (tags !== undefined) this.tags.note(this.table.arnOf(session.id), tags, undefined, true);
    this.table.putFirst(session, this.options.clock.now());
    this.owner.shared?.learned([session.id]);
    this.show({});
  }

  /** Takes in that a session is no more. */
  noteDeleted(id: string): void {
    this.table.drop(id, this.options.clock.now());
    this.owner?.shared?.gone(id);
    this.show({});
  }

  /** Reads the tags of these sessions when they aren't known, or were read long ago. */
  async readTagsOf(sessions: readonly ListedSession[]): Promise<void> {
    const now = this.options.clock.now();
    const isDue = ({ arn, session }: ListedSession) => {
      const readAt = this.tags.readAt(arn);
      return readAt === 0 || (!sessionState(session.status).isLive && now - readAt > endedTagsMs);
    };
    await this.readTags(sessions.filter(isDue), rank.rowsInView);
  }

  /** Reckons since when these live sessions are idle: some now, the rest while it is watched. */
  async readActivityOf(sessions: readonly ListedSession[]): Promise<void> {
    this.activity.see(sessions);
    await this.readNextActivity();
  }

  dispose(): void {
    this.setWatched(false);
    this.era.abort(new Error('disposed'));
  }

  private get api(): GlueApi {
    return this.options.apis.of(this.options.target);
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.step();
      await this.options.clock.sleep(stepMs, signal).catch(() => undefined);
    }
  }

  /** Does what is due, and waits for no call: whatever hangs, the lease is kept. */
  private async step(): Promise<void> {
    if (this.isStepping || this.watching === undefined) return;
    this.isStepping = true;
    try {
      await this.doWhatIsDue(this.watching.signal);
    } catch (error) {
      // The disk: without it, this window looks for itself, for a while.
      this.options.log(`remembered sessions: ${String(error)}`);
      this.owner?.shared?.leave();
      this.sharedAgainAt = this.options.clock.now() + sharedAgainMs;
    } finally {
      this.isStepping = false;
    }
  }

  private async doWhatIsDue(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const mayCall = clock.now() >= this.tryAt;
    // It was hidden, or the service hangs: what is shown is not as fresh as promised any more.
    const { state, asOf } = this.shown;
    if (state === 'ready' && !this.isFresh(asOf)) this.show({ state: 'loading' });
    if (this.owner === undefined) {
      if (mayCall) this.check();
      return;
    }
    const { shared } = this.owner;
    if (shared !== undefined && clock.now() >= this.sharedAgainAt) {
      const role = await shared.step(mayCall);
      if (signal.aborted) return;
      if (role.hasNews) this.show({});
      if (!role.isLeader) {
        // It was this window's before, and it was away for too long: the other one goes on.
        if (this.reading !== undefined && this.waiting === 0) this.beginEra();
        this.follow(role.asOf, mayCall);
        return;
      }
    }
    if (!mayCall || this.reading !== undefined) return;
    if (clock.now() >= this.wholeReadAt()) void this.readWhole();
    else this.lookAtTransit(signal);
    this.readActivity();
  }

  /** Another window looks at the service: what it found is as good, as long as it goes on. */
  private follow(asOf: number | undefined, mayCall: boolean): void {
    if (asOf !== undefined && this.isFresh(asOf)) this.show({ state: 'ready', asOf });
    else if (this.failures === 0) this.show({ state: 'loading' });
    if (!mayCall) return;
    this.readActivity();
    // Whose keys these are costs no call until they are renewed.
    this.check();
  }

  private isFresh(asOf: number | undefined): boolean {
    return asOf !== undefined && this.options.clock.now() - asOf < wholeRead.mostMs + 15_000;
  }

  /** Finds out whose sessions are asked for, when nothing else does. */
  private check(): void {
    if (this.reading !== undefined || this.checking !== undefined) return;
    const hadOwner = this.owner !== undefined;
    const checking = this.run(async (isCurrent) => {
      await this.identify(isCurrent);
    }).finally(() => {
      if (this.checking === checking) this.checking = undefined;
      if (!hadOwner && this.owner !== undefined) void this.step();
    });
    this.checking = checking;
  }

  private wholeReadAt(): number {
    return (this.shown.asOf ?? -Infinity) + this.wholeReadEveryMs();
  }

  private wholeReadEveryMs(): number {
    const all = Math.min(wholeRead.mostMs, this.pages * wholeRead.perPageMs);
    const moving = this.table.inTransit().length;
    // So many that looking at each would take more calls than looking at all.
    return moving > this.pages ? Math.min(all, transit.mostMs) : all;
  }

  private readWhole(): Promise<void> {
    if (this.reading !== undefined) return this.reading;
    const reading = this.run((isCurrent, signal) => this.readPages(isCurrent, signal)).finally(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  /** What is underway is not taken in any more. */
  private beginEra(): void {
    this.era.abort(new Error('not wanted any more'));
    this.era = newEra();
    this.reading = undefined;
    this.checking = undefined;
  }

  /** Does something that calls the service; how it fails is kept in the snapshot. */
  private async run(work: (isCurrent: () => boolean, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.era;
    try {
      await work(() => !signal.aborted, signal);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const { clock } = this.options;
    // Whose keys are used now is not known: another account's sessions must not stay.
    if (error instanceof AwsCallError && error.needsCredentials) this.disown();
    this.tryAt = clock.now() + Math.min(afterFailure.mostMs, afterFailure.firstMs * 2 ** this.failures);
    this.failures += 1;
    this.owner?.shared?.leave();
    this.show({ state: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }

  /** Finds out whose sessions are asked for; others' go from the view, and what is remembered of these comes. */
  private async identify(isCurrent: () => boolean): Promise<Owner | undefined> {
    const { api } = this;
    const [identity, region, endpoint] = await Promise.all([
      api.callerIdentity(),
      api.region(),
      api.endpoint(),
    ]).catch((error: unknown) => {
      if (isCurrent()) this.disown();
      throw error;
    });
    if (!isCurrent()) return undefined;
    const place = { identity, region, ...(endpoint !== undefined && { endpoint }) };
    if (this.owner?.identity.arn === identity.arn && this.owner.region === region) {
      // Where nobody looked any more while what is remembered was read, it has not been told.
      this.show({ ...place, identity: this.owner.identity });
      return this.owner;
    }
    this.disown();
    const { target, store } = this.options;
    this.table.clear(identity.account, region);
    const files =
      target.credentials === undefined ? this.open(store, { identity, region, endpoint }) : undefined;
    const owner = { identity, region, shared: files };
    this.owner = owner;
    // Told together with the first of its sessions: the view is drawn once.
    const told = () => {
      this.show({ state: 'loading', ...place });
    };
    const asOf = await files?.recall(told).catch((error: unknown) => {
      this.options.log(`remembered sessions: ${String(error)}`);
      return undefined;
    });
    if (!isCurrent()) return undefined;
    told();
    if (asOf === undefined) return owner;
    this.pages = Math.max(1, Math.ceil(this.table.sessions.length / pageSize));
    const isFresh = this.options.clock.now() < asOf + this.wholeReadEveryMs();
    this.show({ asOf, ...(isFresh && { state: 'ready' }) });
    return owner;
  }

  private open(
    store: InventoryStore | undefined,
    owner: {
      readonly identity: CallerIdentity;
      readonly region: string;
      readonly endpoint: string | undefined;
    },
  ): SharedView | undefined {
    if (store === undefined) return undefined;
    const files: SharedInventory = store.open({ target: targetKey(this.options.target), ...owner });
    const view: SharedView = new SharedView(files, {
      isCurrent: () => this.owner?.shared === view,
      clock: this.options.clock,
      tags: this.tags,
      table: this.table,
      asOf: () => this.shown.asOf,
      log: this.options.log,
    });
    return view;
  }

  private disown(): void {
    this.owner?.shared?.leave();
    this.owner = undefined;
    this.table.clear();
    this.tags.clear();
    this.activity.clear();
    const { target, state } = this.shown;
    this.shown = { target, state, sessions: [] };
  }

  /** Shows each page as it comes, and reads the tags of its live sessions while the next one is on its way. */
  private async readPages(isCurrent: () => boolean, signal: AbortSignal): Promise<void> {
    const owner = await this.identify(isCurrent);
    if (owner === undefined) return;
    const { clock } = this.options;
    const begunAt = clock.now();
    const before = this.table.sessions;
    const seen = new Set<string>();
    const tagReads = new Together();
    let pages = 0;
    let nextToken: string | undefined;
    do {
      const request = { maxResults: pageSize, ...(nextToken !== undefined && { nextToken }) };
      const askedAt = clock.now();
      const page = await this.pace.run(rank.pages, () => this.api.bulk.listSessions(request), signal);
      // Keys that ended on the way may have been followed by somebody else's: the page is theirs then.
      const { arn } = await this.api.callerIdentity();
      if (!isCurrent()) return;
      if (arn !== owner.identity.arn) {
        await this.readPages(isCurrent, signal);
        return;
      }
      pages += 1;
      nextToken = page.nextToken;
      tagReads.add(this.takePage(page.sessions, askedAt, seen));
      // Until the last page is here, what was known before may still be there.
      if (nextToken !== undefined) this.show({});
    } while (nextToken !== undefined);
    this.table.dropUnseen(seen, begunAt);
    this.tags.keepOnly((arn) => this.table.get(sessionIdOf(arn)) !== undefined);
    this.pages = pages;
    this.show({ state: 'ready', asOf: begunAt });
    if (this.table.sessions !== before) owner.shared?.changed();
    await tagReads.ended();
    if (!isCurrent()) return;
    this.failures = 0;
    this.readTagsAgain();
  }

  private takePage(sessions: readonly Session[], askedAt: number, seen: Set<string>): Promise<void> {
    for (const session of sessions) {
      seen.add(session.id);
      this.table.take(session, askedAt);
    }
    this.table.arrange(seen);
    const live = sessions.flatMap(({ id, status }) => {
      const listed = sessionState(status).isLive ? this.table.get(id) : undefined;
      return listed === undefined || this.tags.readAt(listed.arn) > 0 ? [] : [listed];
    });
    return this.readTags(live, rank.liveTags);
  }

  private async readTags(
    sessions: readonly ListedSession[],
    order: Parameters<TagReader['read']>[1],
  ): Promise<void> {
    const wanted = sessions.map(({ arn, session }) => ({ arn, createdOn: session.createdOn }));
    if (wanted.length > 0) await this.tags.read(wanted, order, this.era.signal);
  }

  /** Tags of live sessions that were read a while ago: all where they come by the hundred, else the oldest. */
  private readTagsAgain(): void {
    const now = this.options.clock.now();
    const readAt = ({ arn }: ListedSession) => this.tags.readAt(arn);
    const due = this.table
      .live()
      .filter((listed) => now - readAt(listed) > tagsAgain.liveMs)
      .sort((one, other) => readAt(one) - readAt(other));
    this.inBackground(this.readTags(this.tags.isCheap ? due : due.slice(0, tagsAgain.oneByOne), rank.again));
  }

  private readActivity(): void {
    this.inBackground(this.readNextActivity());
  }

  private async readNextActivity(): Promise<void> {
    const arns = await this.activity.readNext(this.era.signal);
    if (arns.length === 0) return;
    this.table.renew(arns);
    this.show({});
  }

  /** Asks about each session that will change soon, when it is time. */
  private lookAtTransit(signal: AbortSignal): void {
    const moving = this.table.inTransit();
    if (moving.length === 0 || moving.length > this.pages || this.isLookingAtTransit) return;
    const now = this.options.clock.now();
    const interval = Math.max(
      transit.leastMs,
      Math.min(transit.mostMs, moving.length * transit.perSessionMs),
    );
    if (now - this.transitAt < interval) return;
    this.transitAt = now;
    this.isLookingAtTransit = true;
    const looks = moving.map(({ session }) => this.lookAt(session.id, signal));
    this.inBackground(
      Promise.all(looks).then((changes) => {
        if (!changes.includes(true)) return;
        this.owner?.shared?.changed();
        this.show({});
      }),
      () => (this.isLookingAtTransit = false),
    );
  }

  /** @returns whether it has changed */
  private async lookAt(id: string, signal: AbortSignal): Promise<boolean> {
    const { era } = this;
    const askedAt = this.options.clock.now();
    try {
      const session = await this.pace.run(rank.transit, () => this.api.bulk.getSession(id), signal);
      return !era.signal.aborted && this.table.take(session, askedAt);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // Any other refusal says nothing of the session: the next look at all does (glue.md: AccessDenied at random).
      if (error.code !== 'EntityNotFound' || era.signal.aborted) return false;
      this.table.drop(id, askedAt);
      return true;
    }
  }

  /** What fails here is not what was asked for: it is logged, and comes again with the next look. */
  private inBackground(work: Promise<unknown>, ended: () => void = () => undefined): void {
    const { signal } = this.era;
    work
      .catch((error: unknown) => {
        if (!signal.aborted) this.options.log(String(error));
      })
      .finally(ended);
  }

  /** Shows the sessions as they are now; says nothing when nothing has changed. */
  private show(change: Partial<Omit<TargetSnapshot, 'target' | 'sessions'>>): void {
    const { error, ...rest } = this.shown;
    const next: TargetSnapshot = {
      ...rest,
      ...change,
      ...(change.error === undefined && change.state === undefined && error !== undefined && { error }),
      sessions: this.table.sessions,
    };
    const isAsBefore = (Object.keys(next) as (keyof TargetSnapshot)[]).every(
      (key) => next[key] === this.shown[key],
    );
    if (isAsBefore && Object.keys(next).length === Object.keys(this.shown).length) return;
    const before = this.shown;
    this.shown = next;
    this.options.onChange(next, before);
  }
}

/** By the hundred, calls wait for their turn or for the end of the era. */
function newEra(): AbortController {
  const era = new AbortController();
  setMaxListeners(0, era.signal);
  return era;
}

/** From a file of its own, whose class the caller doesn't know. */
export function createTargetReader(options: TargetReaderOptions): TargetReader {
  return new TargetReader(options);
}
