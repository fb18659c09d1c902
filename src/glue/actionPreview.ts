import { dollarsPerHour } from './cost';
import { sessionKey, type ListedSession } from './listedSession';
import { ownershipOf, ownerShares, type Myself, type OwnerShare } from './ownership';
import { sessionState, type SessionState } from './sessionStatus';

export type SessionAction = 'stop' | 'delete' | 'tag';

/** In which states the service takes the action: it deletes what has ended only, and stops what has not. */
const takes: Readonly<Record<SessionAction, (state: SessionState) => boolean>> = {
  stop: ({ canStop }) => canStop,
  delete: ({ isLive }) => !isLive,
  tag: () => true,
};

/** What an action on several sessions would do, told before it is done. */
export interface ActionPreview {
  /** Those it is done to, each once. */
  readonly able: readonly ListedSession[];
  /** Those whose state does not allow it. */
  readonly blocked: readonly ListedSession[];
  /** Dollars that the able ones cost an hour now. */
  readonly dollarsPerHour: number;
  readonly owners: readonly OwnerShare[];
  /** Able ones that are somebody else's, or of whom nobody can tell. */
  readonly notMine: readonly ListedSession[];
}

/** Whether the service takes the action on a session in its state. */
export function isActionTaken(action: SessionAction, { session }: ListedSession): boolean {
  return takes[action](sessionState(session.status));
}

/** @param pricePerDpuHour dollars */
export function previewAction(
  action: SessionAction,
  sessions: readonly ListedSession[],
  myself: Myself,
  pricePerDpuHour: number,
): ActionPreview {
  // A session may be selected by itself and within its group.
  const unique = [...new Map(sessions.map((listed) => [sessionKey(listed), listed])).values()];
  const able = unique.filter((listed) => isActionTaken(action, listed));
  return {
    able,
    blocked: unique.filter((listed) => !isActionTaken(action, listed)),
    dollarsPerHour: able
      .filter(({ session }) => sessionState(session.status).isLive)
      .reduce((sum, { session }) => sum + (dollarsPerHour(session, pricePerDpuHour) ?? 0), 0),
    owners: ownerShares(able, myself),
    notMine: able.filter((listed) => ownershipOf(listed, myself) !== 'mine'),
  };
}
