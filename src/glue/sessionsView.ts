import type { GroupBy } from './groupBy';
import { groupSessions, type SessionGroup } from './grouping';
import type { ListedSession } from './listedSession';
import type { SessionFilter } from './sessionFilter';
import type { TargetSnapshot } from './sessionInventory';
import { sessionState } from './sessionStatus';
import type { Target } from './target';

/** How a person wants the sessions shown. */
export interface ViewSettings {
  readonly groupBy: readonly GroupBy[];
  /** All targets together, not each by itself. */
  readonly isMerged: boolean;
  readonly filter: SessionFilter;
  readonly showsEnded: boolean;
  /** Dollars. */
  readonly pricePerDpuHour: number;
}

/** Sessions of one place, or of all of them, as they are shown. */
export interface ViewPart {
  /** Undefined: of all targets. */
  readonly target?: Target;
  readonly groups: readonly SessionGroup[];
  /** Sessions in the groups. */
  readonly shown: number;
  /** Live ones in the groups. */
  readonly live: number;
  /** Ended sessions that pass the filter and are left out. */
  readonly endedHidden: number;
  /** Sessions that don't pass the filter. */
  readonly filteredOut: number;
  /** Of those, such as would be shown and have tags that were not read: they may pass it after all. */
  readonly unread: number;
}

/**
 * What the view shows: a pure function of the sessions, the settings and the time.
 * @param now milliseconds since the epoch
 */
export function sessionsView(
  snapshots: readonly TargetSnapshot[],
  settings: ViewSettings,
  now: number,
): readonly ViewPart[] {
  const myUserIds = new Set(snapshots.flatMap(({ identity }) => identity?.userId ?? []));
  const part = (sessions: readonly ListedSession[]) => {
    const passing: ListedSession[] = [];
    let unread = 0;
    for (const listed of sessions) {
      if (settings.filter(listed, { now, myUserIds })) passing.push(listed);
      else if (listed.tags === undefined && (settings.showsEnded || isLive(listed))) unread += 1;
    }
    const shown = settings.showsEnded ? passing : passing.filter(isLive);
    return {
      groups: groupSessions(shown, settings.groupBy, settings.pricePerDpuHour, now),
      shown: shown.length,
      live: shown.filter(isLive).length,
      endedHidden: passing.length - shown.length,
      filteredOut: sessions.length - passing.length,
      unread,
    };
  };
  if (!settings.isMerged) return snapshots.map(({ target, sessions }) => ({ target, ...part(sessions) }));
  return [part(snapshots.flatMap(({ sessions }) => sessions))];
}

function isLive({ session }: ListedSession): boolean {
  return sessionState(session.status).isLive;
}
