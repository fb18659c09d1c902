import type { Clock } from './clock';

/**
 * More than passes between two tries of a call while the machine is awake: a time-out and the longest pause
 * (milliseconds). What is longer, the machine slept, or was held up as if it had.
 */
const mostBetweenTriesMs = 60_000;

/**
 * A stopwatch for patience: to be read at each try. It leaves out the time that the machine slept, or the first failure
 * after a night, before the network is back, would count as the last of hours of them.
 * @returns reads it (milliseconds)
 */
export function awakeTime(clock: Clock): () => number {
  let last = clock.now();
  let awake = 0;
  return () => {
    const now = clock.now();
    // The clock may be set back, too.
    awake += Math.min(Math.max(0, now - last), mostBetweenTriesMs);
    last = now;
    return awake;
  };
}
