import { awakeTime } from './awakeTime';
import { retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi } from './glueApi';

/** So long an address may refuse connections before that is told: there is a machine, but no endpoint (milliseconds). */
const refusedMs = 2 * 60_000;

/** What isn't Glue may be out of reach for good: after so many attempts that is told. */
const objectAttempts = 4;

export interface SteadyOptions {
  readonly clock: Clock;
  /** A throttle, or no answer: it is read again. */
  readonly onRetry: (error: AwsCallError) => void;
  /** Has profile, files and keys read again at the next call. */
  readonly renewCredentials: () => void;
  /** The credentials don't hold any more, and reading them again did not help; resolves when it is worth another try. */
  readonly untilSignedIn: (error: AwsCallError, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * The same API, with patience for a statement that runs: neither a throttle nor a dead network nor the end of the
 * credentials says anything about it, however long they last. What it asks is read, or may be asked twice. Sending a
 * statement waits for credentials alone: who refused it for them has not executed it.
 */
export function steadyReads(api: GlueApi, options: SteadyOptions): GlueApi {
  return {
    ...api,
    runStatement: (sessionId, code, signal) =>
      onceSignedIn(() => api.runStatement(sessionId, code, signal), options, signal),
    getStatement: (sessionId, id, signal) =>
      persist(() => api.getStatement(sessionId, id, signal), options, signal),
    listStatements: (sessionId, nextToken, signal) =>
      persist(() => api.listStatements(sessionId, nextToken, signal), options, signal),
    cancelStatement: (sessionId, id, signal) =>
      persist(() => api.cancelStatement(sessionId, id, signal), options, signal),
    getObject: (address, maxBytes, signal) =>
      fewTimes(() => api.getObject(address, maxBytes, signal), options, signal),
  };
}

async function fewTimes<T>(
  call: () => Promise<T>,
  options: SteadyOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await onceSignedIn(call, options, signal);
    } catch (error) {
      if (!(error instanceof AwsCallError) || !isPassing(error) || attempt === objectAttempts) throw error;
      options.onRetry(error);
      await options.clock.sleep(retryDelay(attempt - 1), signal);
    }
  }
}

async function persist<T>(
  call: () => Promise<T>,
  options: SteadyOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { clock, onRetry } = options;
  let refused: (() => number) | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await onceSignedIn(call, options, signal);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (!isPassing(error)) throw error;
      refused = isRefused(error) ? (refused ?? awakeTime(clock)) : undefined;
      if (refused !== undefined && refused() > refusedMs) throw error;
      onRetry(error);
      await clock.sleep(retryDelay(attempt), signal);
    }
  }
}

/** Calls again while the credentials don't hold, however often and long a person has to be asked. */
async function onceSignedIn<T>(
  call: () => Promise<T>,
  { renewCredentials, untilSignedIn }: SteadyOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  let hasRenewed = false;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsCallError) || !error.needsCredentials) throw error;
      // A provider that failed was asked this moment; keys that the service refused may have been replaced meanwhile.
      if (hasRenewed || error.code === 'Credentials') await untilSignedIn(error, signal);
      hasRenewed = true;
      renewCredentials();
    }
  }
}

function isPassing({ isThrottle, outcome, code }: AwsCallError): boolean {
  return isThrottle || outcome === 'unknown' || code === 'Network';
}

function isRefused({ cause }: AwsCallError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
