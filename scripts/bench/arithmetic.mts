/** From what the runs and the journal say to the figures of the table. Times are milliseconds since the epoch. */

/** One cell as its runner saw it. */
export interface CellRun {
  /** Beginning of the session's id. */
  readonly session: string;
  /** Seconds: the class that the cell counts in. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  /** Whether no other cell ran meanwhile: then the calls between start and end are its own. */
  readonly isAlone: boolean;
}

/** One line of Local Glue's journal. */
export interface JournalLine {
  readonly kind: string;
  readonly time?: string;
  readonly operation?: string;
  readonly session?: string;
  readonly start?: string;
  readonly end?: string;
}

/** Of one class of statements. */
export interface ClassFigures {
  readonly from: number;
  readonly cells: number;
  /** Median of the time over the statement's own (milliseconds). */
  readonly overMs: number;
  /** Mean of the API calls for a cell. */
  readonly calls: number;
}

/** Middle value; the mean of the two middle ones of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Milliseconds that the statement of a cell took in the session: the longest one between the cell's start and end. */
export function ownMs(cell: CellRun, journal: readonly JournalLine[]): number {
  const own = journal
    .filter(({ kind, session }) => kind === 'statement' && session?.startsWith(cell.session) === true)
    .map(({ start, end }) => ({ start: Date.parse(start ?? ''), end: Date.parse(end ?? '') }))
    .filter(({ start, end }) => start >= cell.start - 5 && end <= cell.end + 5)
    .map(({ start, end }) => end - start);
  if (own.length === 0) throw new Error(`the journal has no statement of a cell of session ${cell.session}`);
  return Math.max(...own);
}

/** Calls for each cell: its own where it was alone, else its share of all between the first start and the last end. */
export function callsPerCell(cells: readonly CellRun[], journal: readonly JournalLine[]): number {
  const times = journal.filter(({ kind }) => kind === 'call').map(({ time }) => Date.parse(time ?? ''));
  const between = (start: number, end: number) => times.filter((time) => time >= start && time <= end).length;
  if (cells.every(({ isAlone }) => isAlone)) {
    return mean(cells.map(({ start, end }) => between(start, end)));
  }
  const first = Math.min(...cells.map(({ start }) => start));
  return between(first, Math.max(...cells.map(({ end }) => end))) / cells.length;
}

/** The figures of each class of statements. */
export function figures(cells: readonly CellRun[], journal: readonly JournalLine[]): ClassFigures[] {
  const classes = [...new Set(cells.map(({ from }) => from))].sort((a, b) => a - b);
  return classes.map((from) => {
    const own = cells.filter((cell) => cell.from === from);
    return {
      from,
      cells: own.length,
      overMs: median(own.map((cell) => cell.end - cell.start - ownMs(cell, journal))),
      calls: callsPerCell(own, journal),
    };
  });
}

export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly most: number;
  readonly isMet: boolean;
}

/** The goals that compare the extension with the official kernel and the bare loop. */
export function comparisonGoals(
  extension: readonly ClassFigures[],
  kernel: readonly ClassFigures[],
  bare: readonly ClassFigures[],
): Goal[] {
  return extension.flatMap((ours) => {
    const theirs = kernel.find(({ from }) => from === ours.from);
    const limit = bare.find(({ from }) => from === ours.from);
    if (theirs === undefined || limit === undefined) return [];
    const [name, most] =
      ours.from === 0
        ? ['at most 3× the bare loop', limit.overMs * 3]
        : ours.from < 0.1
          ? ['at most 1/20 of the kernel', theirs.overMs / 20]
          : ours.from < 5
            ? ['at most 1/5 of the kernel', theirs.overMs / 5]
            : ['at most the kernel', theirs.overMs];
    const more = ours.from < 5 ? 8 : 0;
    return [
      goal(`${String(ours.from)} s: time over its own, ms, ${name}`, ours.overMs, most),
      goal(
        `${String(ours.from)} s: calls, at most the kernel's${more > 0 ? ' and 8' : ''}`,
        ours.calls,
        theirs.calls + more,
      ),
    ];
  });
}

export function goal(name: string, measured: number, most: number): Goal {
  return { name, measured, most, isMet: measured <= most };
}

/** In a word. */
export function verdict({ measured, isMet }: Goal): string {
  if (Number.isNaN(measured)) return 'not measured';
  return isMet ? 'met' : 'missed';
}
