/** The figures for people: a table in Markdown, and the goals. */
import { cpus, loadavg, totalmem } from 'node:os';
import {
  comparisonGoals,
  figures,
  goal,
  mean,
  median,
  verdict,
  type CellRun,
  type ClassFigures,
  type Goal,
  type JournalLine,
} from './arithmetic.mjs';
import type { ExtensionRun, PageReport } from './extension.mjs';

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
  readonly classes: Readonly<Record<'extension' | 'again' | 'kernel' | 'bare', readonly ClassFigures[]>>;
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
    again: figures(runs.extension?.again ?? [], journal),
    kernel: figures(runs.kernel ?? [], journal),
    bare: figures(runs.bare ?? [], journal),
  };
  const more = runs.extension === undefined ? {} : moreOf(runs.extension);
  const goals = [
    ...comparisonGoals(classes.extension, classes.kernel, classes.bare),
    ...(runs.extension === undefined ? [] : ownGoals(runs.extension)),
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

function moreOf({ activationMs, memory, seenMs, plainRequestsMs, soak, printed, page }: ExtensionRun) {
  const megabytes = (bytes: number) => round(bytes / 1e6);
  return {
    activationMs: round(activationMs),
    heapByActivationMB: megabytes(memory.afterActivation.heapUsed - memory.before.heapUsed),
    heapAtEndMB: megabytes(memory.atEnd.heapUsed),
    rssAtEndMB: megabytes(memory.atEnd.rss),
    seenFromOutsideAt0sMs: round(median(seenMs.filter(({ from }) => from === 0).map(({ ms }) => ms))),
    ...(plainRequestsMs.length > 0 && { cellOfTwoPlainRequestsMs: round(median(plainRequestsMs)) }),
    ...(soak.length > 0 && soakOf(soak)),
    ...(printed !== undefined && page !== undefined && printedOf(printed, page)),
  };
}

function soakOf([first, second]: ExtensionRun['soak']) {
  const times = second?.ms ?? [];
  const part = Math.ceil(times.length / 5);
  return {
    soakCells: times.length,
    soakFirstFifthMs: round(median(times.slice(0, part))),
    soakLastFifthMs: round(median(times.slice(-part))),
    soakMeanMs: round(mean(times)),
    soakHeapPerCellKB: round(((second?.heapAfter ?? 0) - (first?.heapAfter ?? 0)) / times.length / 1000),
  };
}

function printedOf(printed: NonNullable<ExtensionRun['printed']>, page: PageReport) {
  return {
    printedFirstOutputMs: round(printed.outputAt - printed.start),
    printedSeenInPageMs: round((page.firstLineAt ?? NaN) - printed.start),
    printedCellMs: round(printed.end - printed.start),
    printedShownKB: round(printed.shownBytes / 1000),
    hostBlockedMs: round(printed.hostBlockedMs),
    hostBlockedByAWordMs: round(printed.hostUsualMs),
    // A page that never showed the text has not shown that it bears it.
    pageLongestTaskMs: page.firstLineAt === undefined ? NaN : round(page.longTasks[0] ?? 0),
    pageLongestTaskByAWordMs: round(page.usualLongTasks[0] ?? 0),
    pageLongestFrameGapMs: round(page.frameGap),
  };
}

function ownGoals({ soak, printed, page }: ExtensionRun): Goal[] {
  const inARow = soak.length > 0 ? soakOf(soak) : undefined;
  const text = printed !== undefined && page !== undefined ? printedOf(printed, page) : undefined;
  return [
    ...(text === undefined
      ? []
      : [
          goal('10 MB text: extension host blocked, ms', text.hostBlockedMs, 50),
          goal('10 MB text: longest task of the page, ms', text.pageLongestTaskMs, 50),
        ]),
    ...(inARow === undefined
      ? []
      : [
          goal(
            'cells in a row: median of the last fifth, ms, at most a tenth over that of the first',
            inARow.soakLastFifthMs,
            inARow.soakFirstFifthMs * 1.1 + 1,
          ),
          goal('cells in a row: heap kept for each cell run again, KB', inARow.soakHeapPerCellKB, 1),
        ]),
  ];
}

/** The figures for people: a table for the README, and all of them. */
export interface BenchText {
  readonly readme: string;
  readonly whole: string;
}

/** What `npm run bench` found of cells. */
export function markdown(report: Report): BenchText {
  const { classes, more } = report;
  const again = classes.again.length > 0;
  const columns = [
    ['This extension', classes.extension],
    ...(again ? ([['The same cell run again', classes.again]] as const) : []),
    ['Official kernel 1.0.9', classes.kernel],
    ['Bare SDK loop', classes.bare],
  ] as const;
  const all = [...new Set(columns.flatMap(([, of]) => of.map(({ from }) => from)))];
  const cell = (of: readonly ClassFigures[], from: number) => {
    const found = of.find((candidate) => candidate.from === from);
    return found === undefined ? '–' : `${number(found.overMs)} ms · ${number(found.calls)} calls`;
  };
  const rows = all
    .sort((a, b) => a - b)
    .map((from) => {
      const lasts = from < 5 ? `${String(from)} s` : `${String(from)}–${String(from * 1.5)} s`;
      return `| ${lasts} | ${columns.map(([, of]) => cell(of, from)).join(' | ')} |`;
    });
  const measured = [
    `Median overhead of a cell: its time minus its statement's, and mean of the calls to AWS, measured ${report.date} on ${report.machine} (load ${report.load.join(' to ')}):`,
    '',
    `| Statement lasts | ${columns.map(([name]) => name).join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...rows,
  ];
  const plain = more.cellOfTwoPlainRequestsMs;
  const floor =
    plain === undefined
      ? []
      : [
          '',
          `A cell of 0 s makes two calls. A controller that makes two plain requests to the same endpoint and does nothing else takes ${number(plain)} ms in this VS Code: less can't be had there.`,
        ];
  const details = Object.entries(more).map(([name, value]) => `| ${words(name)} | ${number(value)} |`);
  return {
    readme: [...measured, '', goalsInShort(report.goals), ...floor].join('\n'),
    whole: [
      ...measured,
      ...floor,
      ...(details.length > 0 ? ['', '| This extension also | |', '| --- | --- |', ...details] : []),
      ...goalTable(report.goals),
    ].join('\n'),
  };
}

/** All goals with what was measured. */
export function goalTable(goals: readonly Goal[]): readonly string[] {
  if (goals.length === 0) return [];
  const rows = goals.map(
    (goal) => `| ${goal.name} | ${number(goal.measured)} | ${number(goal.most)} | ${verdict(goal)} |`,
  );
  return ['', '| Goal | Measured | At most | |', '| --- | --- | --- | --- |', ...rows];
}

/** How many goals are met, and by how much the others are not. */
export function goalsInShort(goals: readonly Goal[]): string {
  const missed = goals.filter(({ isMet }) => !isMet);
  const met = `${String(goals.length - missed.length)} of ${String(goals.length)} goals are met`;
  if (missed.length === 0) return `${met}.`;
  const told = missed.map(({ name, measured, most }) => `${name}: ${number(measured)}, not ${number(most)}`);
  return `${met}. Missed: ${told.join('; ')}.`;
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
  if (value === null || Number.isNaN(value)) return 'not measured';
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
