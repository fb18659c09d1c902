import type { CreateSessionRequest } from './glueApi';

/** What starts in one account and Region have met: what is known of its rule. */
export interface StartOutcomes {
  /** By connection; the empty name stands for none. */
  readonly connections: Readonly<Record<string, StartOutcome>>;
  /** By ARN of the runtime role. */
  readonly roles: Readonly<Record<string, StartOutcome>>;
  /** By key of the tag: `denied` where a start without it, or with an odd value, was denied. */
  readonly tags: Readonly<Record<string, 'denied'>>;
}

export type StartOutcome = 'started' | 'denied';

/** What of a start was denied, as far as that is known: all of it that may have been the cause. */
export interface DeniedParts {
  readonly connection: boolean;
  /** The tag that was wanted. */
  readonly tag?: { readonly key: string };
  readonly role?: unknown;
}

export const noOutcomes: StartOutcomes = { connections: {}, roles: {}, tags: {} };

/** Adds what a start has met. What has started once and is denied now counts as denied: the newest is true. */
export function withOutcome(
  { connections, roles, tags }: StartOutcomes,
  request: Pick<CreateSessionRequest, 'connections' | 'role' | 'tags'>,
  met: 'started' | DeniedParts,
): StartOutcomes {
  // The network is that of the first connection.
  const connection = request.connections[0] ?? '';
  if (met === 'started') {
    const stillWanted = Object.entries(tags).filter(([key]) => Object.hasOwn(request.tags, key));
    return {
      connections: { ...connections, [connection]: 'started' },
      roles: { ...roles, [request.role]: 'started' },
      tags: Object.fromEntries(stillWanted),
    };
  }
  return {
    connections: met.connection ? { ...connections, [connection]: 'denied' } : connections,
    roles: met.role === undefined ? roles : { ...roles, [request.role]: 'denied' },
    tags: met.tag === undefined ? tags : { ...tags, [met.tag.key]: 'denied' },
  };
}
