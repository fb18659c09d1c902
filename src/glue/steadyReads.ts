import { retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi } from './glueApi';

/** So long an address may refuse connections before that is told: there is a machine, but no endpoint (milliseconds). */
const refusedMs = 2 * 60_000;

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
 * credentials says anything about it, however long they last. What it asks is read, or may be asked twice.
 */
export function steadyReads(api: GlueApi, options: SteadyOptions): GlueApi {
  return {
    ...api,
    getStatement: (sessionId, id, signal) =>
      persist(() => api.getStatement(sessionId, id, signal), options, signal),
    listStatements: (sessionId, nextToken, signal) =>
      persist(() => api.listStatements(sessionId, nextToken, signal), options, signal),
    cancelStatement: (sessionId, id, signal) =>
      persist(() => api.cancelStatement(sessionId, id, signal), options, signal),
  };
}

async function persist<T>(
  call: () => Promise<T>,
  { clock, onRetry, renewCredentials, untilSignedIn }: SteadyOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  let hasRenewed = false;
  let refusedSince: number | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.needsCredentials) {
        // A provider that failed was asked this moment; keys that the service refused may have been replaced meanwhile.
        if (hasRenewed || error.code === 'Credentials') await untilSignedIn(error, signal);
        hasRenewed = true;
        renewCredentials();
        continue;
      }
      if (!error.isThrottle && error.outcome !== 'unknown' && error.code !== 'Network') throw error;
      refusedSince = isRefused(error) ? (refusedSince ?? clock.now()) : undefined;
      if (refusedSince !== undefined && clock.now() - refusedSince > refusedMs) throw error;
      onRetry(error);
      await clock.sleep(retryDelay(attempt), signal);
    }
  }
}

function isRefused({ cause }: AwsCallError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
