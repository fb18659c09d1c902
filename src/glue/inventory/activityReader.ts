import { forEachBounded } from '../boundedConcurrency';
import type { Clock } from '../clock';
import { AwsCallError } from '../errors';
import type { BulkReads } from '../glueApi';
import { lastActivityIn } from '../lastActivity';
import type { ListedSession } from '../listedSession';
import { sessionState } from '../sessionStatus';
import { rank, type BulkPace } from './bulkPace';

/** Sessions whose statements are listed in one round, and the time between rounds (milliseconds): 40 calls a minute at most. */
const round = { most: 20, everyMs: 30_000 };

export interface ActivityReaderOptions {
  readonly bulk: () => BulkReads;
  readonly pace: BulkPace;
  readonly clock: Clock;
}

/**
 * Since when sessions are idle. A session has no last-activity time, so it is reckoned from its statements: a call each,
 * for rows in view alone, some of them at a time, those looked at longest ago first.
 */
export class ActivityReader {
  private readonly known = new Map<
    string,
    { readonly idleSince: number | undefined; readonly readAt: number }
  >();
  private readonly inView = new Map<string, ListedSession>();
  private readonly underway = new Set<string>();
  private roundAt = -Infinity;

  constructor(private readonly options: ActivityReaderOptions) {}

  idleSince(arn: string): number | undefined {
    return this.known.get(arn)?.idleSince;
  }

  clear(): void {
    this.known.clear();
    this.inView.clear();
  }

  /** These rows are in view. */
  see(sessions: readonly ListedSession[]): void {
    for (const listed of sessions) {
      if (sessionState(listed.session.status).canRun) this.inView.set(listed.arn, listed);
      else this.inView.delete(listed.arn);
    }
  }

  /** Reads the next ones, when it is time. @returns ARNs that were read */
  async readNext(signal?: AbortSignal): Promise<readonly string[]> {
    const now = this.options.clock.now();
    const isNewRound = now - this.roundAt >= round.everyMs;
    const readAt = (arn: string) => this.known.get(arn)?.readAt ?? -Infinity;
    const room = round.most - (isNewRound ? 0 : this.readSince(this.roundAt));
    const due = [...this.inView.values()]
      .filter(({ arn }) => !this.underway.has(arn) && now - readAt(arn) >= round.everyMs)
      .sort((a, b) => readAt(a.arn) - readAt(b.arn))
      .slice(0, Math.max(0, room));
    if (due.length === 0) return [];
    if (isNewRound) this.roundAt = now;
    for (const { arn } of due) this.underway.add(arn);
    try {
      await forEachBounded(due, due.length, async ({ session, arn }) => {
        const idleSince = await this.readIdleSince(session.id, session.createdOn, signal);
        this.known.set(arn, { idleSince, readAt: now });
      });
    } finally {
      for (const { arn } of due) this.underway.delete(arn);
    }
    return due.map(({ arn }) => arn);
  }

  private readSince(time: number): number {
    const done = [...this.known.values()].filter(({ readAt }) => readAt >= time).length;
    return done + this.underway.size;
  }

  /** When the last statement ended; undefined while one runs, or where that is not to be read: the row goes without. */
  private async readIdleSince(
    id: string,
    createdOn: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<number | undefined> {
    const { pace, bulk } = this.options;
    try {
      return await lastActivityIn(createdOn, (token) =>
        pace.run(rank.again, () => bulk().listStatements(id, token), signal),
      );
    } catch (error) {
      if (error instanceof AwsCallError) return undefined;
      throw error;
    }
  }
}
