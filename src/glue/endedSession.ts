import type { CreateSessionRequest, Session, Tags } from './glueApi';
import { sessionState } from './sessionStatus';
import { sentence, type Sentence } from './sentence';

/**
 * How a session ended, and why, as far as the service tells.
 * @param session as it is now; undefined when it does not exist any more
 * @returns a sentence; undefined when it hasn't ended
 */
export function endingOf(id: string, session: Session | undefined): Sentence | undefined {
  if (session === undefined) return sentence('The session {0} does not exist any more.', id);
  const { status, errorMessage, idleTimeout } = session;
  if (sessionState(status).isLive && status !== 'STOPPING') return undefined;
  const because = errorMessage === undefined ? '' : sentence(' The service says: {0}', errorMessage);
  switch (status) {
    case 'TIMEOUT':
      return idleTimeout === undefined
        ? sentence('The session {0} has timed out.{1}', id, because)
        : sentence(
            'The session {0} has timed out (it ends after {1} minutes without work).{2}',
            id,
            idleTimeout,
            because,
          );
    case 'FAILED':
      return sentence('The session {0} has failed.{1}', id, because);
    default:
      return sentence(
        'The session {0} was stopped: somebody or something called StopSession.{1}',
        id,
        because,
      );
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
