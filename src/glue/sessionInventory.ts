import type { Clock } from './clock';
import type { CallerIdentity, GlueApis, Session, Tags } from './glueApi';
import type { InventoryStore } from './inventory/sharedInventory';
import type { createTargetReader, TargetReader } from './inventory/targetReader';
import { lazy } from './lazy';
import type { ListedSession } from './listedSession';
import { targetKey, type Target } from './target';

export interface TargetSnapshot {
  readonly target: Target;
  /**
   * `loading`: not all of it has been read yet; what is there may be remembered, see `asOf`. `ready`: as fresh as
   * promised. `failed`: the last look failed; what is there was read before.
   */
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error?: Error;
  readonly identity?: CallerIdentity;
  readonly region?: string;
  /** Where its calls go, when that is not AWS's own address. */
  readonly endpoint?: string;
  /** When all the sessions were last read from the service, by this window or another (milliseconds since the epoch). */
  readonly asOf?: number;
  readonly sessions: readonly ListedSession[];
}

export interface InventoryOptions {
  /** What is remembered on disk and shared with other windows; opened at the first look. Undefined: nothing is. */
  readonly store?: () => Promise<InventoryStore>;
  /** Takes note of what failed and nobody waited for. */
  readonly log?: (text: string) => void;
}

/**
 * What is known of the sessions of every target: at once from what is remembered, then read page by page. Looks again by
 * itself only while someone watches: within a minute at all sessions, within ten seconds at those that will change soon;
 * of several windows that show the same, one looks. A target that hangs or fails delays no other.
 */
export class SessionInventory {
  private readonly readers = new Map<string, TargetReader>();
  private readonly listeners = new Set<() => void>();
  private targetList: readonly Target[] = [];
  private isWatched = false;
  private isDisposed = false;
  private readonly parts: () => Promise<Parts>;

  constructor(
    private readonly apis: GlueApis,
    private readonly clock: Clock,
    private readonly options: InventoryOptions = {},
  ) {
    this.parts = lazy(() => loadParts(options));
  }

  /** The places looked at, those left out that turned out to be the same: same caller, account, Region and endpoint. */
  get targets(): readonly Target[] {
    const seen = new Set<string>();
    return this.targetList.filter((target) => {
      const { identity, region, endpoint } = this.snapshot(target);
      if (identity === undefined) return true;
      const place = `${identity.arn} ${region ?? ''} ${endpoint ?? ''}`;
      return !seen.has(place) && seen.add(place).has(place);
    });
  }

  /** All places that were to be looked at, those that turned out to be the same included. */
  get allTargets(): readonly Target[] {
    return this.targetList;
  }

  /** The places to look at; what is known of those that stay is kept. */
  setTargets(targets: readonly Target[]): void {
    this.targetList = targets;
    const keys = new Set(targets.map(targetKey));
    for (const [key, reader] of this.readers) {
      if (keys.has(key)) continue;
      this.readers.delete(key);
      reader.dispose();
    }
    if (this.isWatched) void this.watch();
    this.changed();
  }

  /** Nothing read of these targets holds any more: their profile says something else now, perhaps another account. */
  forget(targets: readonly Target[]): void {
    for (const target of targets) this.readers.get(targetKey(target))?.forget();
  }

  snapshot(target: Target): TargetSnapshot {
    return this.readers.get(targetKey(target))?.snapshot ?? { target, state: 'loading', sessions: [] };
  }

  allSessions(): readonly ListedSession[] {
    return this.targets.flatMap((target) => this.snapshot(target).sessions);
  }

  /** Who calls, in each target that has been read: user ids. */
  userIds(): ReadonlySet<string> {
    return new Set(this.targets.flatMap((target) => this.snapshot(target).identity?.userId ?? []));
  }

  onDidChange(listener: () => void): { dispose: () => void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Whether anyone looks: then all targets are looked at now, and again every so often. Else no call is made. */
  setWatched(isWatched: boolean): void {
    this.isWatched = isWatched;
    void this.watch();
  }

  /** Looks at these targets now, because a person asked; failures are kept in their snapshots. */
  async refresh(targets: readonly Target[] = this.targets): Promise<void> {
    const readers = await this.readersOf(targets);
    await Promise.all(readers.map((reader) => reader.refresh()));
  }

  /** Takes in what another part has just learned of a session: its own look at it would come later. */
  noteSession(target: Target, session: Session, tags?: Tags): void {
    for (const reader of this.readersOfSamePlace(target)) reader.note(session, tags);
  }

  /** Takes in that a session is no more. */
  noteDeleted(target: Target, sessionId: string): void {
    for (const reader of this.readersOfSamePlace(target)) reader.noteDeleted(sessionId);
  }

  /**
   * Reads the tags of these sessions when they aren't known yet, or were read long ago: of rows that come into view.
   * Those of live ones are read with the sessions. What is read shows soon, not only when all is.
   */
  async readTagsOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    await this.readers.get(targetKey(target))?.readTagsOf(sessions);
  }

  /** As {@link readTagsOf}, of sessions wherever they are. */
  async readTagsOfAll(sessions: readonly ListedSession[]): Promise<void> {
    // An equal target may be another object by now.
    const keys = new Map<Target, string>();
    const byTarget = new Map<string, ListedSession[]>();
    for (const listed of sessions) {
      const key = keys.get(listed.target) ?? targetKey(listed.target);
      keys.set(listed.target, key);
      const some = byTarget.get(key);
      if (some === undefined) byTarget.set(key, [listed]);
      else some.push(listed);
    }
    await Promise.all(
      [...byTarget].map(async ([key, some]) => {
        await this.readers.get(key)?.readTagsOf(some);
      }),
    );
  }

  /** Reckons since when these live sessions are idle: for rows in view, some of them now, the rest while it is watched. */
  async readActivityOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    await this.readers.get(targetKey(target))?.readActivityOf(sessions);
  }

  dispose(): void {
    this.isDisposed = true;
    this.listeners.clear();
    this.targetList = [];
    for (const reader of this.readers.values()) reader.dispose();
    this.readers.clear();
  }

  /** Has each place looked at as long as someone watches: a place with two names once. */
  private async watch(): Promise<void> {
    try {
      if (this.isWatched) await this.readersOf(this.targetList);
    } catch (error) {
      this.options.log?.(`sessions are not read until the next look: ${String(error)}`);
    }
    const once = new Set(this.targets.map(targetKey));
    for (const [key, reader] of this.readers) reader.setWatched(this.isWatched && once.has(key));
  }

  private async readersOf(targets: readonly Target[]): Promise<readonly TargetReader[]> {
    const { create, store } = await this.parts();
    const listed = new Set(this.targetList.map(targetKey));
    return targets.flatMap((target) => {
      const key = targetKey(target);
      const present = this.readers.get(key);
      if (present !== undefined) return [present];
      // Taken away, or the window ends, while the file was loaded.
      if (!listed.has(key) || this.isDisposed) return [];
      const reader = create({
        target,
        store,
        apis: this.apis,
        clock: this.clock,
        log: this.options.log ?? (() => undefined),
        onChange: (snapshot, before) => {
          // Only now may it be known that two targets are one place.
          if (snapshot.identity !== before.identity) void this.watch();
          this.changed();
        },
      });
      this.readers.set(key, reader);
      return [reader];
    });
  }

  /** All readers of the place that a target leads to. */
  private readersOfSamePlace(target: Target): readonly TargetReader[] {
    const { identity, region, endpoint } = this.snapshot(target);
    if (identity === undefined) return [];
    return [...this.readers.values()].filter(
      ({ snapshot }) =>
        snapshot.identity?.arn === identity.arn &&
        snapshot.region === region &&
        snapshot.endpoint === endpoint,
    );
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

interface Parts {
  readonly create: typeof createTargetReader;
  readonly store: InventoryStore | undefined;
}

/** Loads what reads when somebody looks for the first time. */
async function loadParts({ store, log }: InventoryOptions): Promise<Parts> {
  const [reader, opened] = await Promise.all([
    import('./inventory/targetReader'),
    store?.().catch((error: unknown) => {
      log?.(`sessions are not remembered: ${String(error)}`);
      return undefined;
    }),
  ]);
  return { create: reader.createTargetReader, store: opened };
}
