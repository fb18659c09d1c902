/** The figures for people: a table in Markdown, and the goals. */
import { cpus, loadavg, totalmem } from 'node:os';
import {
  comparisonGoals,
  figures,
  goal,
  mean,
  median,
  type CellRun,
  type ClassFigures,
  type Goal,
  type JournalLine,
} from './arithmetic.mjs';
import type { ExtensionRun } from './extension.mjs';

/** Cells of each that was measured; of the extension more. */
export interface Runs {
  readonly extension?: ExtensionRun;
  readonly kernel?: readonly CellRun[];
  readonly bare?: readonly CellRun[];
}

export interface Report {
  readonly date: string;
  readonly machine: string;
  /** Processes that waited for a processor, on average over a minute, before and after. */
  readonly load: readonly [number, number];
  readonly isQuick: boolean;
  readonly classes: Readonly<Record<'extension' | 'kernel' | 'bare', readonly ClassFigures[]>>;
  readonly more: Readonly<Record<string, number>>;
  readonly goals: readonly Goal[];
}

export function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${String(cpus().length)} × ${first?.model.trim() ?? 'unknown processor'}, ${String(gigabytes)} GB, ${process.platform}, Node ${process.versions.node}`;
}

export function load(): number {
  return loadavg()[0] ?? NaN;
}

export function makeReport(
  runs: Runs,
  journal: readonly JournalLine[],
  loadBefore: number,
  isQuick: boolean,
): Report {
  const classes = {
    extension: figures(runs.extension?.cells ?? [], journal),
    kernel: figures(runs.kernel ?? [], journal),
    bare: figures(runs.bare ?? [], journal),
  };
  const more = runs.extension === undefined ? {} : moreOf(runs.extension);
  const goals = [
    ...comparisonGoals(classes.extension, classes.kernel, classes.bare),
    ...(runs.extension === undefined ? [] : ownGoals(moreOf(runs.extension))),
  ];
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    load: [round(loadBefore), round(load())],
    isQuick,
    classes,
    more,
    goals,
  };
}

function moreOf(run: ExtensionRun) {
  const [first, second] = run.soak;
  const times = second?.ms ?? [];
  const part = Math.ceil(times.length / 5);
  const megabytes = (bytes: number) => round(bytes / 1e6);
  return {
    activationMs: round(run.activationMs),
    heapByActivationMB: megabytes(run.memory.afterActivation.heapUsed - run.memory.before.heapUsed),
    heapAtEndMB: megabytes(run.memory.atEnd.heapUsed),
    rssAtEndMB: megabytes(run.memory.atEnd.rss),
    seenFromOutsideAt0sMs: round(median(run.seenMs.filter(({ from }) => from === 0).map(({ ms }) => ms))),
    soakCells: times.length,
    soakFirstFifthMs: round(median(times.slice(0, part))),
    soakLastFifthMs: round(median(times.slice(-part))),
    soakMeanMs: round(mean(times)),
    soakHeapPerCellKB: round(((second?.heapAfter ?? 0) - (first?.heapAfter ?? 0)) / times.length / 1000),
    printedFirstOutputMs: round(run.printed.outputAt - run.printed.start),
    printedSeenInPageMs: round((run.page.firstLineAt ?? NaN) - run.printed.start),
    printedCellMs: round(run.printed.end - run.printed.start),
    printedShownKB: round(run.printed.shownBytes / 1000),
    hostBlockedMs: round(run.printed.hostBlockedMs),
    hostBlockedByAWordMs: round(run.printed.hostUsualMs),
    // A page that never showed the text has not shown that it bears it.
    pageLongestTaskMs: run.page.firstLineAt === undefined ? NaN : round(run.page.longTasks[0] ?? 0),
    pageLongestFrameGapMs: round(run.page.frameGap),
  };
}

function ownGoals(more: ReturnType<typeof moreOf>): Goal[] {
  return [
    goal('10 MB text: extension host blocked, ms', more.hostBlockedMs, 50),
    goal('10 MB text: longest task of the page, ms', more.pageLongestTaskMs, 50),
    goal(
      'cells in a row: median of the last fifth, ms, at most a tenth over that of the first',
      more.soakLastFifthMs,
      more.soakFirstFifthMs * 1.1 + 1,
    ),
    goal('cells in a row: heap kept for each cell run again, KB', more.soakHeapPerCellKB, 1),
  ];
}

/** What stands in the README between `<!-- bench -->` and `<!-- /bench -->`. */
export function markdown(report: Report): string {
  const { classes, more } = report;
  const all = [
    ...new Set([...classes.extension, ...classes.kernel, ...classes.bare].map(({ from }) => from)),
  ];
  const cell = (of: readonly ClassFigures[], from: number) => {
    const found = of.find((candidate) => candidate.from === from);
    return found === undefined ? '–' : `${number(found.overMs)} ms · ${number(found.calls)} calls`;
  };
  const rows = all
    .sort((a, b) => a - b)
    .map((from) => {
      const lasts = from < 5 ? `${String(from)} s` : `${String(from)}–${String(from * 1.5)} s`;
      const cells = [classes.extension, classes.kernel, classes.bare].map((of) => cell(of, from));
      return `| ${lasts} | ${cells.join(' | ')} |`;
    });
  const details = Object.entries(more).map(([name, value]) => `| ${words(name)} | ${number(value)} |`);
  const goals = report.goals.map(
    ({ name, measured, most, isMet }) =>
      `| ${name} | ${number(measured)} | ${number(most)} | ${isMet ? 'met' : 'missed'} |`,
  );
  return [
    `Median of the time that a cell takes over its statement's own, and mean of the calls to AWS, measured ${report.date} on ${report.machine} (load ${report.load.join(' to ')}):`,
    '',
    '| Statement lasts | This extension | Official kernel 1.0.9 | Bare SDK loop |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(details.length > 0 ? ['', '| This extension also | |', '| --- | --- |', ...details] : []),
    ...(goals.length > 0
      ? ['', '| Goal | Measured | At most | |', '| --- | --- | --- | --- |', ...goals]
      : []),
  ].join('\n');
}

function words(name: string): string {
  return name
    .replace(/(\d+)s(?=Ms|MB|KB)/, '$1 s')
    .replace(/(Ms|MB|KB)$/, (unit) => `, ${unit === 'Ms' ? 'ms' : unit}`)
    .replace(/([a-z])([A-Z0-9])/g, (_, before: string, next: string) => `${before} ${next.toLowerCase()}`)
    .replace(/, mb$/, ', MB')
    .replace(/, kb$/, ', KB');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** JSON keeps what was not seen as null. */
function number(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
