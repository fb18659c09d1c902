import { pollDelay, retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { CreateSessionRequest, GlueApi, Session } from './glueApi';
import { patiently } from './patience';
import { inEnglish, saidBy, sentence, type Sentence } from './sentence';
import { sessionState } from './sessionStatus';

/** A session that was created but did not become ready. */
export class SessionStartError extends Error {
  override readonly name = 'SessionStartError';

  readonly sentence: Sentence;

  constructor(readonly session: Session) {
    const said = sentence(
      'The session {0} is {1} and did not become ready: {2}',
      session.id,
      sessionState(session.status).word,
      session.errorMessage ?? sentence('the service gave no reason.'),
    );
    super(inEnglish(said));
    this.sentence = said;
  }
}

export interface SessionProgress {
  readonly clock: Clock;
  /** Ends the waiting, not the session. */
  readonly signal?: AbortSignal;
  readonly onStatus?: (session: Session) => void;
}

/** No answer came to the creation of a session, again and again, and the session can't be found: it may yet appear. */
export class SessionUnknownError extends Error {
  override readonly name = 'SessionUnknownError';

  readonly sentence: Sentence;

  constructor(
    readonly sessionId: string,
    override readonly cause: AwsCallError,
  ) {
    const said = sentence(
      "It is not known whether the session {0} was started: no answer came ({1}), and it can't be found. Should it appear among the sessions, stop it there, or use it with %session_id {0}.",
      sessionId,
      saidBy(cause),
    );
    super(inEnglish(said), { cause });
    this.sentence = said;
  }
}

/** Attempts at CreateSession when no answer comes, or the service says that it is short of something for the moment. */
const createAttempts = 5;

/** Refusals of GetSession in a row that are borne: some come at random (glue.md, "The API"). */
const mostRefusals = 2;

export interface SessionStart extends SessionProgress {
  /** Has the last word before anything is asked of the service: the rules of the project. Rejects when they are against it. */
  readonly permit: (request: CreateSessionRequest) => Promise<void>;
}

/**
 * Creates a session, once whatever is lost on the way, and waits until it is ready.
 * @throws AwsCallError when it can't be created, SessionUnknownError when that can't be told, SessionStartError when it
 *   ends before it is ready, GuardrailError when it is not permitted
 */
export async function startSession(
  api: GlueApi,
  request: CreateSessionRequest,
  { permit, ...progress }: SessionStart,
): Promise<Session> {
  await permit(request);
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
  let refusals = 0;
  for (;;) {
    onStatus?.(current);
    const state = sessionState(current.status);
    if (state.canRun) return current;
    if (!state.isLive || current.status === 'STOPPING') throw new SessionStartError(current);
    await clock.sleep(Math.max(200, pollDelay(clock.now() - started)), signal);
    try {
      current = await patiently(() => api.getSession(session.id, signal), { clock, signal });
      refusals = 0;
    } catch (error) {
      refusals += 1;
      if (!(error instanceof AwsCallError && error.isAccessDenied) || refusals > mostRefusals) throw error;
    }
  }
}

async function create(
  api: GlueApi,
  request: CreateSessionRequest,
  { clock, signal }: SessionProgress,
): Promise<Session> {
  let lost: AwsCallError | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await api.createSession(request, signal);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.outcome === 'unknown') lost = error;
      // The id is ours and random: what has it after a lost answer, the lost call made.
      const mayBeThere = error === lost || (lost !== undefined && error.code === 'AlreadyExists');
      const made = mayBeThere
        ? await lookFor(request.id, api, { clock, ...(signal && { signal }) })
        : undefined;
      if (made !== undefined) return made;
      const isPassing =
        mayBeThere ||
        error.isThrottle ||
        (lost !== undefined && error.code === 'Network') ||
        isShortage(error);
      if (!isPassing) throw error;
      if (attempt + 1 >= createAttempts)
        throw lost === undefined ? error : new SessionUnknownError(request.id, lost);
      await clock.sleep(retryDelay(attempt), signal);
    }
  }
}

function isShortage({ code }: AwsCallError): boolean {
  return code === 'ResourceNumberLimitExceeded' || code === 'OperationTimeout' || code === 'InternalService';
}

/** The session of that id; undefined when there is none, or it may not be seen. */
async function lookFor(
  id: string,
  api: GlueApi,
  { clock, signal }: SessionProgress,
): Promise<Session | undefined> {
  try {
    return await patiently(() => api.getSession(id, signal), { clock, signal });
  } catch (error) {
    if (error instanceof AwsCallError && (error.code === 'EntityNotFound' || error.isAccessDenied))
      return undefined;
    throw error;
  }
}
