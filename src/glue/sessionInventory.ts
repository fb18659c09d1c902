import { forEachBounded } from './boundedConcurrency';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { CallerIdentity, GlueApi, GlueApis, Session, Tags } from './glueApi';
import type { ListedSession } from './listedSession';
import { patiently } from './patience';
import { sessionArn } from './roleArn';
import { sessionState } from './sessionStatus';
import { targetKey, type Target } from './target';

const watchingMs = 15_000;
const transitMs = 1500;
const activityMs = 30_000;
const tagReadsAtOnce = 8;
/** Ended sessions whose tags are read unasked, the newest; the others' when they come into view. */
const endedTagsRead = 200;

export interface TargetSnapshot {
  readonly target: Target;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error?: Error;
  readonly identity?: CallerIdentity;
  readonly region?: string;
  readonly sessions: readonly ListedSession[];
}

/** What is known of the sessions of every target; looks again by itself only while someone watches or something moves. */
export class SessionInventory {
  private readonly snapshots = new Map<string, TargetSnapshot>();
  /** By session ARN: a session has no tags in it, so each costs a call, made once. */
  private readonly tags = new Map<string, Tags>();
  /** By session ARN: a session has no last-activity time, so it is reckoned from its statements. */
  private readonly activity = new Map<
    string,
    { readonly idleSince: number | undefined; readonly readAt: number }
  >();
  private readonly refreshing = new Map<string, Promise<void>>();
  private readonly listeners = new Set<() => void>();
  private targetList: readonly Target[] = [];
  private isWatched = false;
  private timer: AbortController | undefined;

  constructor(
    private readonly apis: GlueApis,
    private readonly clock: Clock,
  ) {}

  /** The places looked at, those left out that turned out to be the same: same caller, account and Region. */
  get targets(): readonly Target[] {
    const seen = new Set<string>();
    return this.targetList.filter((target) => {
      const { identity, region } = this.snapshot(target);
      if (identity === undefined) return true;
      const place = `${identity.arn} ${region ?? ''} ${target.endpoint ?? ''}`;
      return !seen.has(place) && seen.add(place).has(place);
    });
  }

  /** The places to look at; what is known of those that stay is kept. */
  setTargets(targets: readonly Target[]): void {
    this.targetList = targets;
    const keys = new Set(targets.map(targetKey));
    for (const key of this.snapshots.keys()) if (!keys.has(key)) this.snapshots.delete(key);
    const added = targets.filter((target) => !this.snapshots.has(targetKey(target)));
    for (const target of added) this.put({ target, state: 'loading', sessions: [] });
    if (this.isWatched) void this.refresh(added);
    this.changed();
  }

  snapshot(target: Target): TargetSnapshot {
    return this.snapshots.get(targetKey(target)) ?? { target, state: 'loading', sessions: [] };
  }

  allSessions(): readonly ListedSession[] {
    return this.targets.flatMap((target) => this.snapshot(target).sessions);
  }

  onDidChange(listener: () => void): { dispose: () => void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Whether anyone looks: then all targets are looked at now, and again every so often. */
  setWatched(isWatched: boolean): void {
    const begins = isWatched && !this.isWatched;
    this.isWatched = isWatched;
    if (begins) void this.refresh();
    else this.schedule();
  }

  /** Looks at these targets now; failures are kept in their snapshots. */
  async refresh(targets: readonly Target[] = this.targetList): Promise<void> {
    await Promise.all(
      targets.map((target) => {
        const key = targetKey(target);
        const underway =
          this.refreshing.get(key) ?? this.read(target).finally(() => this.refreshing.delete(key));
        this.refreshing.set(key, underway);
        return underway;
      }),
    );
    this.schedule();
  }

  /** Takes in what another part has just learned of a session: its own look at it would come later. */
  noteSession(target: Target, session: Session, tags?: Tags): void {
    const { identity, region } = this.snapshot(target);
    if (identity === undefined || region === undefined) return;
    const arn = sessionArn(region, identity.account, session.id);
    if (tags !== undefined) this.tags.set(arn, tags);
    for (const snapshot of this.snapshots.values()) {
      if (snapshot.identity?.arn !== identity.arn || snapshot.region !== region) continue;
      const others = snapshot.sessions.filter((other) => other.session.id !== session.id);
      this.put({ ...snapshot, sessions: [this.listed(snapshot.target, session, arn), ...others] });
    }
    this.changed();
    this.schedule();
  }

  dispose(): void {
    this.timer?.abort(new Error('disposed'));
    this.listeners.clear();
    this.targetList = [];
  }

  private async read(target: Target): Promise<void> {
    const api = this.apis.of(target);
    try {
      const [identity, region] = await Promise.all([api.callerIdentity(), api.region()]);
      const sessions: ListedSession[] = [];
      let nextToken: string | undefined;
      do {
        const request = { maxResults: 1000, ...(nextToken !== undefined && { nextToken }) };
        const page = await patiently(() => api.listSessions(request), {
          clock: this.clock,
          onlyThrottles: true,
        });
        for (const session of page.sessions) {
          sessions.push(this.listed(target, session, sessionArn(region, identity.account, session.id)));
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      if (!this.isListed(target)) return;
      this.put({ target, state: 'ready', identity, region, sessions });
      this.changed();
      await this.readTags(target, sessions);
    } catch (error) {
      const previous = this.snapshot(target);
      this.put({
        ...previous,
        state: 'failed',
        error: error instanceof Error ? error : new Error(String(error)),
      });
      this.changed();
    }
  }

  /** Tags of live sessions first, then of the newest ended ones. */
  private async readTags(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    const unknown = sessions.filter(({ arn }) => !this.tags.has(arn));
    const isLive = ({ session }: ListedSession) => sessionState(session.status).isLive;
    const ended = unknown.filter((listed) => !isLive(listed)).slice(0, endedTagsRead);
    for (const part of [unknown.filter(isLive), ended]) {
      if (part.length === 0) continue;
      await this.readTagsOf(target, part);
    }
  }

  /** Reads the tags of these sessions when they aren't known yet: for rows that come into view. */
  async readTagsOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    const api = this.apis.of(target);
    const wanted = sessions.filter(({ arn }) => !this.tags.has(arn));
    await forEachBounded(wanted, tagReadsAtOnce, async ({ arn }) => {
      try {
        this.tags.set(
          arn,
          await patiently(() => api.getTags(arn), { clock: this.clock, onlyThrottles: true }),
        );
      } catch (error) {
        // Deleted meanwhile, or not to be read by this caller: shown as untagged.
        const isAnswer =
          error instanceof AwsCallError && (error.isAccessDenied || error.code === 'EntityNotFound');
        if (!isAnswer) throw error;
        this.tags.set(arn, {});
      }
    });
    if (wanted.length > 0) this.relist(target);
  }

  /** Reckons since when these live sessions are idle: for rows in view, not more often than every half minute. */
  async readActivityOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    const api = this.apis.of(target);
    const due = sessions.filter(
      ({ session, arn }) =>
        sessionState(session.status).canRun &&
        this.clock.now() - (this.activity.get(arn)?.readAt ?? 0) > activityMs,
    );
    await forEachBounded(due, tagReadsAtOnce, async ({ session, arn }) => {
      const readAt = this.clock.now();
      try {
        this.activity.set(arn, { idleSince: await readIdleSince(api, session, this.clock), readAt });
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        // Not to be read now, or not by this caller: the row goes without.
        this.activity.set(arn, { idleSince: undefined, readAt });
      }
    });
    if (due.length > 0) this.relist(target);
  }

  private relist(target: Target): void {
    const snapshot = this.snapshots.get(targetKey(target));
    if (snapshot === undefined) return;
    const sessions = snapshot.sessions.map(({ session, arn }) => this.listed(target, session, arn));
    this.put({ ...snapshot, sessions });
    this.changed();
  }

  private listed(target: Target, session: Session, arn: string): ListedSession {
    const tags = this.tags.get(arn);
    const idleSince = this.activity.get(arn)?.idleSince;
    return {
      target,
      session,
      arn,
      ...(tags !== undefined && { tags }),
      ...(idleSince !== undefined && { idleSince }),
    };
  }

  /** Plans the next look: soon while something is in transit, at leisure while someone watches, else none. */
  private schedule(): void {
    this.timer?.abort(new Error('replanned'));
    const moving = this.targetList.filter((target) =>
      this.snapshot(target).sessions.some(({ session }) => sessionState(session.status).isInTransit),
    );
    if (moving.length === 0 && !this.isWatched) return;
    const timer = new AbortController();
    this.timer = timer;
    this.clock.sleep(moving.length > 0 ? transitMs : watchingMs, timer.signal).then(
      () => this.refresh(moving.length > 0 ? moving : this.targetList),
      () => undefined,
    );
  }

  private isListed(target: Target): boolean {
    return this.targetList.some((other) => targetKey(other) === targetKey(target));
  }

  private put(snapshot: TargetSnapshot): void {
    this.snapshots.set(targetKey(snapshot.target), snapshot);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** When the last statement ended; undefined while one runs. */
async function readIdleSince(api: GlueApi, session: Session, clock: Clock): Promise<number | undefined> {
  let last = session.createdOn;
  let nextToken: string | undefined;
  do {
    const token = nextToken;
    const page = await patiently(() => api.listStatements(session.id, token), { clock, onlyThrottles: true });
    for (const { completedOn } of page.statements) {
      if (completedOn === undefined) return undefined;
      last = Math.max(last ?? 0, completedOn);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return last;
}
