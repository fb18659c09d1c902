import type { Session, Tags } from '../glueApi';
import type { ListedSession } from '../listedSession';
import { sessionArn } from '../roleArn';
import { sessionState } from '../sessionStatus';
import type { Target } from '../target';

/** What of a session takes calls of its own to know. */
export interface SessionExtras {
  readonly tags: (arn: string) => Tags | undefined;
  readonly idleSince: (arn: string) => number | undefined;
}

/** The sessions of one target. A session that is as before stays the same object, so that nothing is drawn anew for it. */
export class SessionTable {
  private rows = new Map<string, ListedSession>();
  /** By id, when it was last told (milliseconds since the epoch): what was asked earlier does not replace it. */
  private readonly toldAt = new Map<string, number>();
  private list: readonly ListedSession[] | undefined;
  private region = '';
  private account = '';

  constructor(
    private readonly target: Target,
    private readonly extras: SessionExtras,
  ) {}

  /** All of them; equal lists are the same one. */
  get sessions(): readonly ListedSession[] {
    this.list ??= [...this.rows.values()];
    return this.list;
  }

  get(id: string): ListedSession | undefined {
    return this.rows.get(id);
  }

  live(): readonly ListedSession[] {
    return this.sessions.filter(({ session }) => sessionState(session.status).isLive);
  }

  inTransit(): readonly ListedSession[] {
    return this.sessions.filter(({ session }) => sessionState(session.status).isInTransit);
  }

  /** Nothing is left; from now on sessions are those of this account and Region. */
  clear(account = '', region = ''): void {
    this.rows.clear();
    this.toldAt.clear();
    this.list = undefined;
    [this.account, this.region] = [account, region];
  }

  arnOf(id: string): string {
    return sessionArn(this.region, this.account, id);
  }

  /**
   * Takes in a session as the service told it to a call sent at that time.
   * @returns whether anything changed
   */
  take(session: Session, askedAt: number): boolean {
    const before = this.rows.get(session.id);
    if (askedAt < (this.toldAt.get(session.id) ?? 0)) return false;
    this.toldAt.set(session.id, askedAt);
    if (before !== undefined && before.isRemembered !== true && isSame(before.session, session)) return false;
    this.set(this.listed(session));
    return true;
  }

  /** The same of a session that comes from disk, whose arguments aren't there. @returns whether anything changed */
  takeRemembered(session: Session, toldAt: number): boolean {
    const before = this.rows.get(session.id);
    const isWhole = before !== undefined && before.isRemembered !== true;
    if (isWhole) {
      return this.take({ ...session, defaultArguments: before.session.defaultArguments }, toldAt);
    }
    const hasChanged = this.take(session, toldAt);
    const row = this.rows.get(session.id);
    if (hasChanged && row !== undefined) this.set({ ...row, isRemembered: true });
    return hasChanged;
  }

  toldAtOf(id: string): number {
    return this.toldAt.get(id) ?? 0;
  }

  /** Puts a session before all others. */
  putFirst(session: Session, toldAt: number): void {
    const before = this.rows.get(session.id);
    const isRemembered = before?.isRemembered === true && before.session === session;
    this.toldAt.set(session.id, toldAt);
    this.rows.delete(session.id);
    const row = { ...this.listed(session), ...(isRemembered && { isRemembered }) };
    this.rows = new Map([[session.id, row], ...this.rows]);
    this.list = undefined;
  }

  /** Those that a whole read has seen come first, in its order, then the rest. @returns whether anything changed */
  arrange(seen: ReadonlySet<string>): boolean {
    if (this.beginsWith(seen)) return false;
    const next = new Map<string, ListedSession>();
    for (const id of seen) {
      const row = this.rows.get(id);
      if (row !== undefined) next.set(id, row);
    }
    for (const [id, row] of this.rows) next.set(id, row);
    this.rows = next;
    this.list = undefined;
    return true;
  }

  private beginsWith(seen: ReadonlySet<string>): boolean {
    const ids = this.rows.keys();
    for (const id of seen) {
      if (this.rows.has(id) && ids.next().value !== id) return false;
    }
    return true;
  }

  /** Takes out those that a whole read begun at that time has not seen. @returns whether there were any */
  dropUnseen(seen: ReadonlySet<string>, begunAt: number): boolean {
    const gone = [...this.rows.keys()].filter((id) => !seen.has(id) && (this.toldAt.get(id) ?? 0) <= begunAt);
    for (const id of gone) this.drop(id, begunAt);
    return gone.length > 0;
  }

  /** Takes out a session that is no more. @param goneAt what was told of it before does not bring it back */
  drop(id: string, goneAt: number): void {
    this.list = undefined;
    this.toldAt.set(id, goneAt);
    this.rows.delete(id);
  }

  /** Looks up again what takes calls of its own, for these. */
  renew(arns: readonly string[]): void {
    for (const arn of arns) {
      const row = this.rows.get(sessionIdOf(arn));
      if (row === undefined) continue;
      this.set({ ...this.listed(row.session), ...(row.isRemembered === true && { isRemembered: true }) });
    }
  }

  private set(row: ListedSession): void {
    this.list = undefined;
    this.rows.set(row.session.id, row);
  }

  private listed(session: Session): ListedSession {
    const arn = this.arnOf(session.id);
    const [tags, idleSince] = [this.extras.tags(arn), this.extras.idleSince(arn)];
    return {
      target: this.target,
      session,
      arn,
      ...(tags !== undefined && { tags }),
      ...(idleSince !== undefined && { idleSince }),
    };
  }
}

/** The id in a session's ARN. */
export function sessionIdOf(arn: string): string {
  return arn.slice(arn.indexOf(':session/') + ':session/'.length);
}

/** Whether two plain values say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const entries = Object.entries(one);
  if (entries.length !== Object.keys(other).length) return false;
  const values = other as Readonly<Record<string, unknown>>;
  return entries.every(([key, value]) => isSame(value, values[key]));
}
