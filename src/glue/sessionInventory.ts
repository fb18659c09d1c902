import { forEachBounded, Together } from './boundedConcurrency';
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
/** While tags are read, those there so far are shown so often (milliseconds). */
const showTagsEveryMs = 400;
/** The most that ListSessions gives at once. Source: botocore's public model. */
const pageSize = 1000;

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
  /** ARNs whose tags, or whose activity, are being read: each redraw of the view asks for them again. */
  private readonly tagsUnderway = new Set<string>();
  private readonly activityUnderway = new Set<string>();
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

  /** Shows each page as it comes, and reads the tags of its live sessions while the next one is on its way. */
  private async read(target: Target): Promise<void> {
    const api = this.apis.of(target);
    try {
      const [identity, region] = await Promise.all([api.callerIdentity(), api.region()]);
      const before = this.snapshot(target);
      const known = before.identity?.arn === identity.arn && before.region === region ? before.sessions : [];
      const seen = new Map<string, ListedSession>();
      const tagReads = new Together();
      let nextToken: string | undefined;
      do {
        const request = { maxResults: pageSize, ...(nextToken !== undefined && { nextToken }) };
        const page = await patiently(() => api.listSessions(request), {
          clock: this.clock,
          onlyThrottles: true,
        });
        if (!this.isListed(target)) return;
        const listed = page.sessions.map((session) =>
          this.listed(target, session, sessionArn(region, identity.account, session.id)),
        );
        for (const item of listed) seen.set(item.session.id, item);
        nextToken = page.nextToken;
        // Until the last page is here, what was known before may still be there.
        const rest = nextToken === undefined ? [] : known.filter(({ session }) => !seen.has(session.id));
        const state = nextToken === undefined ? 'ready' : 'loading';
        this.put({ target, state, identity, region, sessions: [...seen.values(), ...rest] });
        this.changed();
        tagReads.add(this.readTagsOf(target, listed.filter(isLive)));
      } while (nextToken !== undefined);
      await tagReads.ended();
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

  /**
   * Reads the tags of these sessions when they aren't known yet: of live ones, and of rows that come into view. What is
   * read shows soon, not only when all is.
   */
  async readTagsOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    const api = this.apis.of(target);
    const wanted = sessions.filter(({ arn }) => !this.tags.has(arn) && !this.tagsUnderway.has(arn));
    for (const { arn } of wanted) this.tagsUnderway.add(arn);
    let shownAt = this.clock.now();
    try {
      await forEachBounded(wanted, tagReadsAtOnce, async ({ arn }) => {
        this.tags.set(arn, await this.readTags(api, arn));
        if (this.clock.now() - shownAt < showTagsEveryMs) return;
        shownAt = this.clock.now();
        this.relist(target);
      });
    } finally {
      for (const { arn } of wanted) this.tagsUnderway.delete(arn);
    }
    if (wanted.length > 0) this.relist(target);
  }

  private async readTags(api: GlueApi, arn: string): Promise<Tags> {
    try {
      return await patiently(() => api.getTags(arn), { clock: this.clock, onlyThrottles: true });
    } catch (error) {
      // Deleted meanwhile, or not to be read by this caller: shown as untagged.
      const isAnswer =
        error instanceof AwsCallError && (error.isAccessDenied || error.code === 'EntityNotFound');
      if (!isAnswer) throw error;
      return {};
    }
  }

  /** Reckons since when these live sessions are idle: for rows in view, not more often than every half minute. */
  async readActivityOf(target: Target, sessions: readonly ListedSession[]): Promise<void> {
    const api = this.apis.of(target);
    const due = sessions.filter(
      ({ session, arn }) =>
        sessionState(session.status).canRun &&
        !this.activityUnderway.has(arn) &&
        this.clock.now() - (this.activity.get(arn)?.readAt ?? 0) > activityMs,
    );
    for (const { arn } of due) this.activityUnderway.add(arn);
    try {
      await forEachBounded(due, tagReadsAtOnce, async ({ session, arn }) => {
        const readAt = this.clock.now();
        this.activity.set(arn, { idleSince: await this.readIdleSince(api, session), readAt });
      });
    } finally {
      for (const { arn } of due) this.activityUnderway.delete(arn);
    }
    if (due.length > 0) this.relist(target);
  }

  /** When the last statement ended; undefined while one runs, or where that is not to be read: the row goes without. */
  private async readIdleSince(api: GlueApi, session: Session): Promise<number | undefined> {
    try {
      return await lastActivity(api, session, this.clock);
    } catch (error) {
      if (error instanceof AwsCallError) return undefined;
      throw error;
    }
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

function isLive({ session }: ListedSession): boolean {
  return sessionState(session.status).isLive;
}

/** When the last statement ended; undefined while one runs. */
async function lastActivity(api: GlueApi, session: Session, clock: Clock): Promise<number | undefined> {
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
