import { ownerOf, type ListedSession } from './listedSession';

/** Whose a session is, as far as can be told; without a tag `owner` nobody can. */
export type Ownership = 'mine' | 'someone' | 'unknown';

/** What is known of whoever acts. */
export interface Myself {
  /** User ids of the caller: one for each target. */
  readonly userIds: ReadonlySet<string>;
  /** Whether this extension started the session, in whichever window. */
  readonly isStartedHere: (sessionId: string) => boolean;
}

/** Whose a session is: by whether it was started here, else by its tag `owner`, which holds the starter's user id. */
export function ownershipOf({ session, tags }: ListedSession, myself: Myself): Ownership {
  if (myself.isStartedHere(session.id)) return 'mine';
  const owner = tags?.owner ?? '';
  if (owner === '') return 'unknown';
  return myself.userIds.has(owner) ? 'mine' : 'someone';
}

/** Sessions of one owner. */
export interface OwnerShare {
  readonly ownership: Ownership;
  /** Undefined where nobody can tell. */
  readonly owner?: string;
  readonly count: number;
}

/** Whose sessions these are: mine first, then by number, those of unknown owners last. */
export function ownerShares(sessions: readonly ListedSession[], myself: Myself): readonly OwnerShare[] {
  const shares = new Map<string, OwnerShare>();
  for (const listed of sessions) {
    const ownership = ownershipOf(listed, myself);
    const owner = ownership === 'someone' ? ownerOf(listed) : undefined;
    const key = `${ownership}\n${owner ?? ''}`;
    const count = (shares.get(key)?.count ?? 0) + 1;
    shares.set(key, { ownership, ...(owner !== undefined && { owner }), count });
  }
  const rank = { mine: 0, someone: 1, unknown: 2 };
  return [...shares.values()].sort(
    (one, other) => rank[one.ownership] - rank[other.ownership] || other.count - one.count,
  );
}
