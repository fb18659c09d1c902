/** What 10,000 sessions cost at an endpoint that takes 80 ms and throttles above 20 calls a second. Times are milliseconds. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalGlue, type LocalGlueProcess } from '../localGlue.mjs';
import { goal, type Goal } from './arithmetic.mjs';
import { startInventory } from './inventoryProcess.mjs';
import { byOperation, latencyMs, longestAfterPage, type Call } from './scaleFigures.mjs';
import { runScaleInVscode, type ScreenRun } from './scaleInVscode.mjs';
import { goalsInShort, goalTable, type BenchText } from './report.mjs';
import { makeScaleWorld, type ScaleWorld } from './scaleWorld.mjs';

/** One look from the beginning. */
export interface ScaleRun {
  readonly name: string;
  /** Until the first live session was there to be shown. */
  readonly firstMs: number;
  /** From the answer with a page to its live sessions in the view: the longest. */
  readonly afterPageMs: number;
  /** Until every live session stood in the group of its tag. */
  readonly groupedMs: number;
  readonly blockedMs: number;
  readonly heapMB: number;
  /** Calls by operation until then. */
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export interface ScaleReport {
  readonly runs: readonly ScaleRun[];
  /** Calls of a minute of watching. */
  readonly watchedMinute: Readonly<Record<string, number>>;
  readonly screen: ScreenRun;
  readonly goals: readonly Goal[];
}

export async function runScale(say: (line: string) => void): Promise<ScaleReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-scale-'));
  try {
    const tagging = await onWorld(folder, 'tagging', makeScaleWorld(true), async (ground) => {
      const cold = await look(ground, 'cold, tags by the hundred');
      say(`scale: ${JSON.stringify(cold)}`);
      const remembered = await look(ground, 'remembered');
      say(`scale: ${JSON.stringify(remembered)}`);
      const watchedMinute = await watchForAMinute(ground);
      const screen = await runScaleInVscode(ground.local, ground.world, ground.calls, say);
      return { runs: [cold, remembered], watchedMinute, screen };
    });
    const single = await onWorld(folder, 'single', makeScaleWorld(false), (ground) =>
      look(ground, 'cold, tags one by one'),
    );
    say(`scale: ${JSON.stringify(single)}`);
    const [cold, remembered] = tagging.runs;
    if (cold === undefined || remembered === undefined) throw new Error('a run is missing');
    const { screen } = tagging;
    return {
      ...tagging,
      runs: [cold, single, remembered],
      goals: [
        goal('10,000 sessions: live ones of a page on screen after its arrival, ms', screen.afterPageMs, 500),
        goal('10,000 sessions: remembered ones on screen, ms', screen.rememberedMs, 1000),
        goal('10,000 sessions: live ones grouped by tag, cold, by the hundred, ms', cold.groupedMs, 15_000),
        goal('10,000 sessions: live ones grouped by tag, cold, one by one, ms', single.groupedMs, 15_000),
        goal('10,000 sessions: live ones grouped by tag, remembered, ms', remembered.groupedMs, 1000),
        goal('10,000 sessions: extension host blocked, ms', screen.blockedMs, 50),
        goal('10,000 sessions: more memory, MB', screen.heapMB, 100),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  readonly local: LocalGlueProcess;
  readonly world: ScaleWorld;
  readonly remembered: string;
  readonly calls: () => Promise<readonly Call[]>;
}

async function onWorld<T>(
  folder: string,
  name: string,
  world: ScaleWorld,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const file = path.join(folder, `${name}.json`);
  const journal = path.join(folder, `${name}.jsonl`);
  await writeFile(file, world.text);
  const args = ['--world', file, '--journal', journal, '--engine', 'python'];
  const limits = ['--latency', String(latencyMs), '--rate', '20'];
  const local = await startLocalGlue([...args, ...limits], () => undefined);
  try {
    const calls = async () =>
      (await readFile(journal, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { time: string; operation: string; outcome: string })
        .map(({ time, ...call }) => ({ ...call, at: Date.parse(time) }));
    return await work({ local, world, remembered: path.join(folder, `${name}-remembered`), calls });
  } finally {
    await local.stop();
  }
}

function orderOf({ local, remembered }: Ground) {
  const { configFile, credentialsFile } = local;
  return { profile: 'admin', configFile, credentialsFile, remembered };
}

async function look(ground: Ground, name: string): Promise<ScaleRun> {
  const inventory = startInventory(orderOf(ground));
  const { moments, startedAt } = inventory;
  const { live } = ground.world;
  const isDone = () => {
    const last = moments.at(-1);
    return last?.state === 'ready' && last.grouped >= live;
  };
  for (let waited = 0; waited < 60_000 && !isDone(); waited += 50) await sleep(50);
  const groupedAt = moments.find(({ grouped }) => grouped >= live)?.at ?? NaN;
  const calls = (await ground.calls()).filter(({ at }) => at >= startedAt && at <= groupedAt);
  // What is remembered is written with the next step.
  await sleep(3000);
  const cost = await inventory.end();
  return {
    name,
    firstMs: (moments.find((moment) => moment.live > 0)?.at ?? NaN) - startedAt,
    afterPageMs: longestAfterPage(calls, ground.world, moments),
    groupedMs: groupedAt - startedAt,
    ...cost,
    calls: byOperation(calls),
    throttled: calls.filter(({ outcome }) => outcome.startsWith('Thrott')).length,
  };
}

async function watchForAMinute(ground: Ground): Promise<Readonly<Record<string, number>>> {
  const inventory = startInventory(orderOf(ground));
  await sleep(60_000);
  await inventory.end();
  return byOperation((await ground.calls()).filter(({ at }) => at >= inventory.startedAt));
}

/** What `npm run bench` found of sessions. */
export function scaleMarkdown({ runs, watchedMinute, screen, goals }: ScaleReport): BenchText {
  const number = (value: number) =>
    Number.isNaN(value) ? 'not measured' : value.toLocaleString('en', { maximumFractionDigits: 1 });
  const calls = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([operation, count]) => `${operation.split(':')[1] ?? ''} ${String(count)}`)
      .join(', ') || 'none';
  const columns: readonly (readonly [string, (run: ScaleRun) => string])[] = [
    ['First live sessions, ms', ({ firstMs }) => number(firstMs)],
    ['Live ones of a page after its arrival, ms', ({ afterPageMs }) => number(afterPageMs)],
    ['All live ones grouped by tag, ms', ({ groupedMs }) => number(groupedMs)],
    ['Longest block, ms', ({ blockedMs }) => number(blockedMs)],
    ['More memory, MB', ({ heapMB }) => number(heapMB)],
    ['Calls until then', (run) => calls(run.calls)],
    ['of them throttled', ({ throttled }) => number(throttled)],
  ];
  const ground =
    '10,000 sessions, 200 of them live and shuffled, at an endpoint that takes 80 ms and throttles above 20 calls a second';
  const onScreen = `on screen, in a real VS Code, the first live ones are there after ${number(screen.firstMs)} ms, those of each page at most ${number(screen.afterPageMs)} ms after its arrival, all of them after ${number(screen.allMs)} ms; what is remembered after ${number(screen.rememberedMs)} ms, in a window that is loaded with the view open after ${number(screen.restoredMs)} ms (VS Code comes up meanwhile). The extension host of a window at rest stands still for ${number(screen.blockedMs)} ms at most and takes ${number(screen.heapMB)} MB more; before, and counted for the window that is loaded with the view open alone, the first request of any extension has VS Code read the machine's certificates, ${number(screen.certificatesMs)} ms once a window. A minute of watching takes ${calls(watchedMinute)}; a hidden view takes none.`;
  return {
    readme: `${ground}: ${onScreen} ${goalsInShort(goals)}`,
    whole: [
      `${ground}, without a window:`,
      '',
      `| | ${runs.map(({ name }) => name).join(' | ')} |`,
      `| --- |${' --- |'.repeat(runs.length)}`,
      ...columns.map(([name, value]) => `| ${name} | ${runs.map(value).join(' | ')} |`),
      '',
      `The same ${onScreen}`,
      ...goalTable(goals),
    ].join('\n'),
  };
}
