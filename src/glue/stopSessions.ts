import { actOnAll, isCutOff, type Outcome } from './actOnAll';
import { pollDelay } from './backoff';
import { forEachBounded } from './boundedConcurrency';
import { checkPlace } from './checkPlace';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi, Session } from './glueApi';
import type { ListedSession } from './listedSession';
import { patiently } from './patience';
import { inEnglish, sentence, type Sentence } from './sentence';
import { sessionState } from './sessionStatus';

const callsAtOnce = 5;
/** The service throttles; so much time is left for each session that is asked about (milliseconds). */
const perSessionMs = 60;
/** Refusals of GetSession in a row that are borne: some come at random (glue.md, "The API"). */
const mostRefusals = 2;
/** A session that has not ended after so long is given up on: it is said to be still stopping (milliseconds). */
const patienceMs = 10 * 60_000;

/** The service took the stop, and has the session ready again. */
export class NotStoppedError extends Error {
  override readonly name = 'NotStoppedError';

  readonly sentence: Sentence;

  constructor(session: Session) {
    const said = sentence(
      'The service was stopping it, and now says that it is {0} again. Try once more; should it stay so, it ends with its idle timeout.',
      sessionState(session.status).word,
    );
    super(inEnglish(said));
    this.sentence = said;
  }
}

export interface StopOptions {
  readonly clock: Clock;
  readonly apiOf: (listed: ListedSession) => GlueApi;
  /** No further session is told to stop; those told already are no longer waited for. */
  readonly signal?: AbortSignal;
  /** What the session is now: STOPPING from the moment it is told, then as the service says. */
  readonly onStatus: (listed: ListedSession, session: Session) => void;
  /** How many were told to stop, and how many have ended or failed. */
  readonly onProgress?: (progress: { readonly told: number; readonly ended: number }) => void;
}

/** Tells sessions to stop, a few at a time, and waits until the service says that each has. Never rejects. */
export async function stopSessions(
  sessions: readonly ListedSession[],
  options: StopOptions,
): Promise<Outcome<ListedSession>> {
  const { signal, onProgress } = options;
  const told = await actOnAll(sessions, (listed) => tellToStop(listed, options), {
    atOnce: callsAtOnce,
    ...(signal !== undefined && { signal }),
    onProgress: (count) => onProgress?.({ told: count, ended: 0 }),
  });
  const failedAtOnce = told.failed.length;
  const ends = await untilEnded(told.done, {
    ...options,
    onEnded: (ended) => onProgress?.({ told: sessions.length, ended: failedAtOnce + ended }),
  });
  return { ...ends, failed: [...told.failed, ...ends.failed], untouched: told.untouched };
}

/** Shows it as stopping at once; when the service does not take it, as what it is. */
async function tellToStop(
  listed: ListedSession,
  { clock, apiOf, signal, onStatus }: StopOptions,
): Promise<void> {
  const api = apiOf(listed);
  const { id } = listed.session;
  await checkPlace(api, listed.arn, signal);
  onStatus(listed, { ...listed.session, status: 'STOPPING' });
  try {
    // The call itself is not cut off: then nobody would know whether it was carried out.
    await patiently(() => api.stopSession(id), { clock, signal, onlyThrottles: true });
  } catch (error) {
    // Stopping twice is refused, and an answer may be lost: whether it is on its way to the end, the session tells.
    const isCut = isCutOff(error, signal);
    const now = isCut ? listed.session : await api.getSession(id).catch(() => listed.session);
    onStatus(listed, now);
    if (isCut || sessionState(now.status).canStop) throw error;
  }
}

interface Ends {
  readonly done: readonly ListedSession[];
  readonly failed: readonly { readonly item: ListedSession; readonly error: unknown }[];
  readonly underway: readonly ListedSession[];
}

async function untilEnded(
  told: readonly ListedSession[],
  options: StopOptions & { readonly onEnded: (ended: number) => void },
): Promise<Ends> {
  const { clock, signal, onEnded } = options;
  const done: ListedSession[] = [];
  const failed: { item: ListedSession; error: unknown }[] = [];
  const watches = new Map(told.map((listed) => [listed, new StopWatch(listed, options)]));
  const started = clock.now();
  try {
    while (watches.size > 0 && clock.now() - started < patienceMs) {
      await forEachBounded([...watches], callsAtOnce, async ([listed, watch]) => {
        try {
          if (!(await watch.hasEnded())) return;
          done.push(listed);
        } catch (error) {
          if (signal?.aborted === true) throw error;
          failed.push({ item: listed, error });
        }
        watches.delete(listed);
        onEnded(done.length + failed.length);
      });
      const pause = Math.max(150, pollDelay(clock.now() - started), watches.size * perSessionMs);
      if (watches.size > 0) await clock.sleep(pause, signal);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return { done, failed, underway: [...watches.keys()] };
}

/** Looks at one session that was told to stop. */
class StopWatch {
  private refusals = 0;
  private wasStopping = false;

  constructor(
    private readonly listed: ListedSession,
    private readonly options: StopOptions,
  ) {}

  /** @throws NotStoppedError, or AwsCallError when its state can't be read */
  async hasEnded(): Promise<boolean> {
    const session = await this.look();
    if (session === undefined) return false;
    this.options.onStatus(this.listed, session);
    const state = sessionState(session.status);
    if (this.wasStopping && state.canStop) throw new NotStoppedError(session);
    this.wasStopping ||= session.status === 'STOPPING';
    return !state.isLive;
  }

  private async look(): Promise<Session | undefined> {
    const { clock, signal, apiOf } = this.options;
    const { id } = this.listed.session;
    try {
      const session = await patiently(() => apiOf(this.listed).getSession(id, signal), { clock, signal });
      this.refusals = 0;
      return session;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.code === 'EntityNotFound') {
        await checkPlace(apiOf(this.listed), this.listed.arn, signal);
        // Somebody has deleted it meanwhile.
        return { ...this.listed.session, status: 'STOPPED' };
      }
      this.refusals += 1;
      if (!error.isAccessDenied || this.refusals > mostRefusals) throw error;
      return undefined;
    }
  }
}
