import { costSoFar, dollarsPerHour } from './cost';
import type { GroupBy } from './groupBy';
import { ownerOf, type ListedSession } from './listedSession';
import { sessionState } from './sessionStatus';

export interface SessionGroup {
  /** Equal for the same group, whenever it was made. */
  readonly key: string;
  readonly by: GroupBy;
  /** Tag value or fact; undefined for the sessions without it. */
  readonly value?: string;
  readonly sessions: readonly ListedSession[];
  /** By the next key; undefined when there is none. */
  readonly groups?: readonly SessionGroup[];
  readonly live: number;
  /** Of the live ones. */
  readonly dollarsPerHour: number;
  readonly dollarsSoFar: number;
}

/**
 * Puts sessions into groups, by name, those without the value last; live sessions first, then the newest.
 * @param keys the second one groups within the groups of the first
 * @param now milliseconds since the epoch
 */
export function groupSessions(
  sessions: readonly ListedSession[],
  keys: readonly GroupBy[],
  pricePerDpuHour: number,
  now: number,
): readonly SessionGroup[] {
  const group = (
    members: readonly ListedSession[],
    [by, ...rest]: readonly GroupBy[],
    path: readonly unknown[],
  ): readonly SessionGroup[] | undefined => {
    if (by === undefined) return undefined;
    const describe = ([value, own]: readonly [string | undefined, ListedSession[]]): SessionGroup => {
      const live = own.filter(({ session }) => sessionState(session.status).isLive);
      const key = [...path, by, value ?? null];
      const groups = group(own, rest, key);
      return {
        key: JSON.stringify(key),
        by,
        ...(value !== undefined && { value }),
        sessions: own.sort(liveThenNewest),
        ...(groups !== undefined && { groups }),
        live: live.length,
        dollarsPerHour: sum(live.map(({ session }) => dollarsPerHour(session, pricePerDpuHour))),
        dollarsSoFar: sum(own.map(({ session }) => costSoFar(session, pricePerDpuHour, now)?.dollars)),
      };
    };
    return [...membersByValue(members, by)]
      .map(describe)
      .sort((one, other) =>
        one.value === undefined
          ? 1
          : other.value === undefined
            ? -1
            : one.value.localeCompare(other.value, 'en'),
      );
  };
  return group(sessions, keys, []) ?? [];
}

function membersByValue(
  sessions: readonly ListedSession[],
  by: GroupBy,
): ReadonlyMap<string | undefined, ListedSession[]> {
  const members = new Map<string | undefined, ListedSession[]>();
  for (const listed of sessions) {
    const value = valueOf(listed, by);
    const group = members.get(value);
    if (group === undefined) members.set(value, [listed]);
    else group.push(listed);
  }
  return members;
}

/** What a session is grouped under; undefined when it has no such value. */
export function valueOf(listed: ListedSession, by: GroupBy): string | undefined {
  const { session } = listed;
  switch (by.kind) {
    case 'tag':
      return tagValue(listed, by.key);
    case 'status':
      return sessionState(session.status).label;
    case 'owner':
      return ownerOf(listed);
    case 'role':
      return session.role?.split('/').at(-1);
    case 'connection':
      // The one whose network the session runs in.
      return session.connections[0];
    case 'version':
      return session.glueVersion;
  }
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
