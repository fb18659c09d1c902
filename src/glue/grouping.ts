import { costSoFar, dollarsPerHour } from './cost';
import type { ListedSession } from './listedSession';
import { sessionState } from './sessionStatus';

/** By a tag key, or by status. */
export type GroupBy = { readonly kind: 'status' } | { readonly kind: 'tag'; readonly key: string };

export interface SessionGroup {
  /** Equal for the same group, whenever it was made. */
  readonly key: string;
  /** Tag value or status; undefined for the sessions without the tag. */
  readonly value?: string;
  readonly sessions: readonly ListedSession[];
  readonly live: number;
  /** Of the live ones. */
  readonly dollarsPerHour: number;
  readonly dollarsSoFar: number;
}

/**
 * Puts sessions into groups, by name, those without the tag last; live sessions first, then the newest.
 * @param now milliseconds since the epoch
 */
export function groupSessions(
  sessions: readonly ListedSession[],
  by: GroupBy,
  pricePerDpuHour: number,
  now: number,
): readonly SessionGroup[] {
  const groups = new Map<string | undefined, ListedSession[]>();
  for (const listed of sessions) {
    const value = by.kind === 'status' ? sessionState(listed.session.status).label : tagValue(listed, by.key);
    const group = groups.get(value) ?? [];
    group.push(listed);
    groups.set(value, group);
  }
  const describe = ([value, members]: [string | undefined, ListedSession[]]): SessionGroup => {
    const live = members.filter(({ session }) => sessionState(session.status).isLive);
    return {
      key: JSON.stringify([by, value ?? null]),
      ...(value !== undefined && { value }),
      sessions: members.sort(liveThenNewest),
      live: live.length,
      dollarsPerHour: sum(live.map(({ session }) => dollarsPerHour(session, pricePerDpuHour))),
      dollarsSoFar: sum(members.map(({ session }) => costSoFar(session, pricePerDpuHour, now)?.dollars)),
    };
  };
  return [...groups]
    .map(describe)
    .sort((a, b) =>
      a.value === undefined ? 1 : b.value === undefined ? -1 : a.value.localeCompare(b.value, 'en'),
    );
}

/** Tag keys seen, by name. */
export function tagKeysOf(sessions: readonly ListedSession[]): readonly string[] {
  return [...new Set(sessions.flatMap(({ tags }) => Object.keys(tags ?? {})))].sort();
}

function liveThenNewest(a: ListedSession, b: ListedSession): number {
  const liveness =
    Number(sessionState(b.session.status).isLive) - Number(sessionState(a.session.status).isLive);
  return liveness || (b.session.createdOn ?? 0) - (a.session.createdOn ?? 0);
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

/** Own keys only: a key may be called `constructor`. */
function tagValue({ tags }: ListedSession, key: string): string | undefined {
  return tags !== undefined && Object.hasOwn(tags, key) ? tags[key] : undefined;
}
