import type { CreateSessionRequest, Session, Tags } from './glueApi';
import { sessionState } from './sessionStatus';

/**
 * How a session ended, and why, as far as the service tells.
 * @param session as it is now; undefined when it does not exist any more
 * @returns a sentence; undefined when it hasn't ended
 */
export function endingOf(id: string, session: Session | undefined): string | undefined {
  if (session === undefined) return `The session ${id} does not exist any more.`;
  const { status, errorMessage, idleTimeout } = session;
  if (sessionState(status).isLive && status !== 'STOPPING') return undefined;
  const because = errorMessage === undefined ? '' : ` The service says: ${errorMessage}`;
  switch (status) {
    case 'TIMEOUT':
      return `The session ${id} has timed out${idleTimeout === undefined ? '' : ` (it ends after ${idleTimeout} minutes without work)`}.${because}`;
    case 'FAILED':
      return `The session ${id} has failed.${because}`;
    default:
      return `The session ${id} was stopped: somebody or something called StopSession.${because}`;
  }
}

/**
 * Asks for a session like one that has ended, under another id.
 * @param timeout minutes: the service does not tell it of a session
 * @param randomId makes the part of the id behind the prefix
 */
export function equalRequest(
  session: Session,
  tags: Tags,
  timeout: number | undefined,
  randomId: () => string,
): CreateSessionRequest {
  const { role, command, workerType, numberOfWorkers, maxCapacity } = session;
  return {
    id: `${session.id.replace(/-?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '')}-${randomId()}`.replace(
      /^-/,
      '',
    ),
    role: role ?? '',
    command: command ?? { name: 'glueetl', pythonVersion: '3' },
    defaultArguments: session.defaultArguments,
    connections: session.connections,
    // A capacity that follows from the workers must not be asked for beside them.
    ...(workerType !== undefined && numberOfWorkers !== undefined
      ? { workerType, numberOfWorkers }
      : maxCapacity !== undefined && { maxCapacity }),
    ...(session.description !== undefined && { description: session.description }),
    ...(session.idleTimeout !== undefined && { idleTimeout: session.idleTimeout }),
    ...(timeout !== undefined && { timeout }),
    ...(session.securityConfiguration !== undefined && {
      securityConfiguration: session.securityConfiguration,
    }),
    ...(session.glueVersion !== undefined && { glueVersion: session.glueVersion }),
    tags,
    requestOrigin: 'GlueSessionsForVSCode',
  };
}
