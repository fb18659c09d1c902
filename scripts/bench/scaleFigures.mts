/** From the journal and what was seen to the figures of 10,000 sessions. Times are milliseconds since the epoch. */
import type { ScaleWorld } from './scaleWorld.mjs';

/** So much is added to every answer (milliseconds). */
export const latencyMs = 80;

/** A call as the journal has it. */
export interface Call {
  readonly at: number;
  readonly operation: string;
  readonly outcome: string;
}

/** From the answer with each page to the moment when its live sessions were seen: the longest (milliseconds). */
export function longestAfterPage(
  calls: readonly Call[],
  { livePerPage }: ScaleWorld,
  seen: readonly { readonly at: number; readonly live: number }[],
): number {
  const pages = calls.filter(
    ({ operation, outcome }) => operation === 'glue:ListSessions' && outcome === 'ok',
  );
  let live = 0;
  const delays = pages.slice(0, livePerPage.length).map(({ at }, page) => {
    live += livePerPage[page] ?? 0;
    const shown = seen.find((moment) => moment.live >= live && moment.at >= at);
    return (shown?.at ?? NaN) - (at + latencyMs);
  });
  return Math.max(0, ...delays);
}

export function byOperation(calls: readonly Call[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
