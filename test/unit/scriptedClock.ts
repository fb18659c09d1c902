import type { Clock } from '../../src/glue/clock';

/** A clock whose time passes only when a test says so. */
export interface ScriptedClock extends Clock {
  /** Lets so many milliseconds pass, waking each sleeper in its turn and letting what it starts go on. */
  readonly pass: (ms: number) => Promise<void>;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export function scriptedClock(start = 1_000_000_000): ScriptedClock {
  let now = start;
  let sleepers: Sleeper[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper = {
          until: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', abort);
      }),
    pass: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = Math.max(now, next.until);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
