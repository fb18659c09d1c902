import { costSoFar } from '../cost';
import type { GroupBy } from '../groupBy';
import { valueOf } from '../grouping';
import type { ListedSession } from '../listedSession';
import { sessionState } from '../sessionStatus';
import { beginningOf, type Period } from './period';

/** What cost is shown by: as sessions are grouped, or by account and Region. */
export type CostBy = GroupBy | { readonly kind: 'target' };

/** What one group cost. */
export interface CostRow {
  /** Undefined for what has no such tag or fact. */
  readonly value?: string;
  readonly dollars: number;
  readonly dpuHours: number;
  readonly sessions: number;
  readonly live: number;
}

/**
 * What sessions cost within a period, from their DPU-seconds; a session that ran on several days counts by the time of
 * each. The dearest first.
 * @param now milliseconds since the epoch
 */
export function liveCost(
  sessions: readonly ListedSession[],
  by: CostBy,
  period: Period,
  { pricePerDpuHour, now }: { readonly pricePerDpuHour: number; readonly now: number },
): readonly CostRow[] {
  const rows = new Map<string | undefined, CostRow>();
  const seen = new Set<string>();
  for (const listed of sessions) {
    const share = shareIn(listed, period, now);
    // Two targets may show the same session.
    if (share === 0 || seen.has(listed.arn)) continue;
    seen.add(listed.arn);
    const cost = costSoFar(listed.session, pricePerDpuHour, now);
    const value = by.kind === 'target' ? placeOf(listed.arn) : valueOf(listed, by);
    const before = rows.get(value) ?? { dollars: 0, dpuHours: 0, sessions: 0, live: 0 };
    rows.set(value, {
      ...(value !== undefined && { value }),
      dollars: before.dollars + share * (cost?.dollars ?? 0),
      dpuHours: before.dpuHours + (share * (cost?.dpuSeconds ?? 0)) / 3600,
      sessions: before.sessions + 1,
      live: before.live + (sessionState(listed.session.status).isLive ? 1 : 0),
    });
  }
  return [...rows.values()].sort((one, other) => other.dollars - one.dollars);
}

/** Sessions whose tags are not known yet but should be, for a cost by tag within the period. */
export function lackingTags(
  sessions: readonly ListedSession[],
  period: Period,
  now: number,
): readonly ListedSession[] {
  return sessions.filter((listed) => listed.tags === undefined && shareIn(listed, period, now) > 0);
}

/** Account and Region of a session's ARN. */
function placeOf(arn: string): string {
  const [, , , region = '', account = ''] = arn.split(':');
  return `${account} ${region}`;
}

/** Which part of a session's time is within the period, 0 to 1. */
function shareIn({ session }: ListedSession, period: Period, now: number): number {
  const { createdOn } = session;
  // Any price tells whether there is a cost: the service's DPU-seconds are enough for one, without the capacity.
  if (createdOn === undefined || costSoFar(session, 1, now) === undefined) return 0;
  const isLive = sessionState(session.status).isLive;
  const ran = session.executionTime === undefined ? 0 : session.executionTime * 1000;
  const end = isLive ? now : (session.completedOn ?? createdOn + ran);
  const [from, to] = [beginningOf(period.from), beginningOf(period.to)];
  if (end <= createdOn) return createdOn >= from && createdOn < to ? 1 : 0;
  const within = Math.min(end, to) - Math.max(createdOn, from);
  return Math.max(0, within) / (end - createdOn);
}
