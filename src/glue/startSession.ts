import { pollDelay, retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { CreateSessionRequest, GlueApi, Session } from './glueApi';
import { patiently } from './patience';
import { sessionState } from './sessionStatus';

/** A session that was created but did not become ready. */
export class SessionStartError extends Error {
  override readonly name = 'SessionStartError';

  constructor(readonly session: Session) {
    super(
      `The session ${session.id} is ${sessionState(session.status).label} and did not become ready: ${session.errorMessage ?? 'the service gave no reason.'}`,
    );
  }
}

export interface SessionProgress {
  readonly clock: Clock;
  /** Ends the waiting, not the session. */
  readonly signal?: AbortSignal;
  readonly onStatus?: (session: Session) => void;
}

/** Attempts at CreateSession when the service says that it is short of something for the moment. */
const createAttempts = 5;

/**
 * Creates a session and waits until it is ready.
 * @throws AwsCallError when it can't be created, SessionStartError when it ends before it is ready.
 */
export async function startSession(
  api: GlueApi,
  request: CreateSessionRequest,
  progress: SessionProgress,
): Promise<Session> {
  const created = await create(api, request, progress);
  return waitUntilReady(api, created, progress);
}

/** Waits until a session that is starting is ready. @throws SessionStartError when it ends instead */
export async function waitUntilReady(
  api: GlueApi,
  session: Session,
  { clock, signal, onStatus }: SessionProgress,
): Promise<Session> {
  const started = clock.now();
  let current = session;
  for (;;) {
    onStatus?.(current);
    const state = sessionState(current.status);
    if (state.canRun) return current;
    if (!state.isLive || current.status === 'STOPPING') throw new SessionStartError(current);
    await clock.sleep(Math.max(200, pollDelay(clock.now() - started)), signal);
    current = await patiently(() => api.getSession(session.id, signal), { clock, signal });
  }
}

async function create(
  api: GlueApi,
  request: CreateSessionRequest,
  { clock, signal }: SessionProgress,
): Promise<Session> {
  let mayExist = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await api.createSession(request, signal);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // The id is ours and random: when it exists after a lost answer, the lost call made it.
      if (error.code === 'AlreadyExists' && mayExist) return api.getSession(request.id, signal);
      mayExist ||= error.outcome === 'unknown';
      const isPassing =
        error.isThrottle ||
        error.outcome === 'unknown' ||
        ['ResourceNumberLimitExceeded', 'OperationTimeout', 'InternalService'].includes(error.code);
      if (!isPassing || attempt + 1 >= createAttempts) throw error;
      await clock.sleep(retryDelay(attempt), signal);
    }
  }
}
