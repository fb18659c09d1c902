import { awakeTime } from './awakeTime';
import { retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';

/** For how long a read is tried again when no answer comes or calls are throttled (milliseconds). */
const patienceMs = 10 * 60_000;

export interface Patience {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Tell at once when no answer comes: for what a person waits for, with nothing underway that depends on it. */
  readonly onlyThrottles?: boolean;
}

/**
 * Calls what only reads, again and again while the service throttles or can't be reached: neither says anything about
 * the work underway. Any other failure is thrown.
 */
export async function patiently<T>(
  read: () => Promise<T>,
  { clock, signal, onlyThrottles = false }: Patience,
): Promise<T> {
  const waited = awakeTime(clock);
  for (let attempt = 0; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const isPassing =
        error instanceof AwsCallError &&
        (error.isThrottle || (!onlyThrottles && (error.outcome === 'unknown' || error.code === 'Network')));
      if (waited() > patienceMs || !isPassing) throw error;
      await clock.sleep(retryDelay(attempt), signal);
    }
  }
}
