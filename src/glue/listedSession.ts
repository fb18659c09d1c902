import type { Session, Tags } from './glueApi';
import { targetKey, type Target } from './target';

/** A session as it was seen in a target, with what takes further calls to know. */
export interface ListedSession {
  readonly target: Target;
  readonly session: Session;
  readonly arn: string;
  /** Undefined until they have been read. */
  readonly tags?: Tags;
  /** When its last statement ended, or it was created (milliseconds since the epoch); undefined until read, or while one runs. */
  readonly idleSince?: number;
  /** It comes from disk, where arguments are not kept: GetSession tells them. */
  readonly isRemembered?: true;
}

/** Equal for the same session, whenever it was seen. */
export function sessionKey({ target, session }: Pick<ListedSession, 'target' | 'session'>): string {
  return `${targetKey(target)}\n${session.id}`;
}

/** Who started it: the official kernel and this extension tag sessions with it. */
export function ownerOf(listed: ListedSession): string | undefined {
  const owner = listed.tags?.owner;
  // AROA…:name shows the name; what stands before it is the role's id.
  return owner?.includes(':') === true ? owner.slice(owner.indexOf(':') + 1) : owner;
}

/** Milliseconds until the session ends by itself, reckoned; undefined when it can't be told. */
export function idleTimeLeft({ session, idleSince }: ListedSession, now: number): number | undefined {
  if (idleSince === undefined || session.idleTimeout === undefined) return undefined;
  return Math.max(0, idleSince + session.idleTimeout * 60_000 - now);
}
