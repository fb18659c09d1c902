/** What is measured: how long statements last, and how many of each are run. All durations are seconds. */

export interface Plan {
  /** Statements run one after the other in one session, mixed. */
  readonly short: readonly number[];
  /** Statements that take long: a list for each session; the sessions run side by side. */
  readonly long: readonly (readonly { readonly from: number; readonly seconds: number }[])[];
  /** Cells run in a row, twice; 0: not measured. */
  readonly soakCells: number;
  /** Megabytes that one cell prints; 0: not measured. */
  readonly printedMegabytes: number;
}

/** Durations of short statements, each run so many times. */
export const shortDurations = [0, 0.05, 0.3, 1.2] as const;
/** Long statements last from so long to half as long again. */
export const longDurations = [5, 30] as const;

const seed = 20261124;

/** What of the plan is wanted: everything, unless it is said. */
export interface Choice {
  /** Fewer of each, and none of the longest. */
  readonly isQuick: boolean;
  /** Durations in seconds, `soak` and `printed`. */
  readonly cells?: readonly string[];
  /** How many of each short statement. */
  readonly times?: number;
}

/** The same plan at every call, so that all are measured with the same statements. */
export function makePlan({ isQuick, cells, times = isQuick ? 3 : 20 }: Choice): Plan {
  const draw = seededDraws(seed);
  const isWanted = (cell: number | string) => cells?.includes(String(cell)) ?? true;
  const sessions = isQuick ? 2 : 8;
  const from = isQuick ? longDurations.slice(0, 1) : longDurations;
  const rounds = isQuick ? 1 : 2;
  const long = Array.from({ length: sessions }, () =>
    from.flatMap((least) =>
      Array.from({ length: rounds }, () => ({
        from: least,
        seconds: Math.round(least * (1 + draw() / 2) * 1000) / 1000,
      })),
    ),
  );
  return {
    short: Array.from({ length: times }, () => shortDurations.filter(isWanted)).flat(),
    long: longDurations.some(isWanted)
      ? long.map((statements) => statements.filter((statement) => isWanted(statement.from)))
      : [],
    soakCells: !isWanted('soak') ? 0 : isQuick ? 60 : 500,
    printedMegabytes: isWanted('printed') ? 10 : 0,
  };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain). */
export function seededDraws(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Python that lasts so long. */
export function lasting(seconds: number): string {
  return seconds === 0 ? '1' : `import time\ntime.sleep(${String(seconds)})`;
}
