/** What `npm run bench` runs inside VS Code: cells of the plan, with the times that VS Code keeps of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { CellRun } from '../../scripts/bench/arithmetic.mjs';
import type { ExtensionResults } from '../../scripts/bench/extension.mjs';
import { lasting, type Plan } from '../../scripts/bench/plan.mjs';
import { extensionId, openNotebook } from './notebooks';
import { TimerLag } from './timerLag';

interface Order {
  readonly plan: Plan;
  /** Cells that choose what calls and what the session is like; `PREFIX` stands for the beginning of its id. */
  readonly setup: readonly string[];
  readonly results: string;
  /** Address of Local Glue. */
  readonly endpoint: string;
}

/** The text that the page looks for. */
export const firstLine = 'bench-first-line';

export async function run(): Promise<void> {
  const order = JSON.parse(readFileSync(process.env.GLUE_SESSIONS_BENCH ?? '', 'utf8')) as Order;
  const { plan } = order;
  const before = memory();
  const started = performance.now();
  await vscode.extensions.getExtension(extensionId)?.activate();
  const activationMs = performance.now() - started;
  const afterActivation = memory();

  const plainRequestsMs = plan.short.includes(0) ? await plainRequestsOf(order.endpoint) : [];
  // No two have the same text: what a cell took before is remembered, and each is to be run for the first time.
  const code = plan.short.map((seconds, index) => `${lasting(seconds)}  # ${index}`);
  const short = await notebookWith(order, 'bench-extension-short', code);
  const seenMs: { from: number; ms: number }[] = [];
  const runShort = async (isWanted: (from: number) => boolean) => {
    const cells: CellRun[] = [];
    for (const [index, from] of plan.short.entries()) {
      if (!isWanted(from)) continue;
      const at = performance.now();
      const cell = await runCell(short, index + setupCells(order));
      seenMs.push({ from, ms: performance.now() - at });
      cells.push({ session: 'bench-extension-short', from, ...cell, isAlone: true });
    }
    return cells;
  };
  const cells = await runShort(() => true);
  say('extension: the short statements have run');

  const names = plan.long.map((_, index) => `bench-extension-long-${index}`);
  const long: vscode.NotebookDocument[] = [];
  for (const [index, statements] of plan.long.entries()) {
    const code = statements.map(({ seconds }) => lasting(seconds));
    long.push(await notebookWith(order, names[index] ?? '', code));
  }
  const runLong = async (from: number) => {
    const runs = long.map(async (notebook, index) => {
      const cells: CellRun[] = [];
      for (const [place, statement] of plan.long[index]!.entries()) {
        if (statement.from !== from) continue;
        const cell = await runCell(notebook, place + setupCells(order));
        cells.push({ session: names[index] ?? '', from, ...cell, isAlone: false });
      }
      return cells;
    });
    return (await Promise.all(runs)).flat();
  };
  for (const from of new Set(plan.long.flat().map((statement) => statement.from))) {
    cells.push(...(await runLong(from)));
  }
  say('extension: the long statements have run');
  const again = [...(await runShort((from) => from >= 0.3)), ...(await runLong(5))];
  say('extension: some have run again');

  const soak = plan.soakCells > 0 ? await soakOf(order, plan.soakCells) : [];
  say('extension: the cells in a row have run');
  const printed = plan.printedMegabytes > 0 ? await printedOf(order, plan.printedMegabytes) : undefined;
  const results: ExtensionResults = {
    cells,
    again,
    seenMs,
    plainRequestsMs,
    activationMs,
    memory: { before, afterActivation, atEnd: memory() },
    soak,
    ...(printed && { printed }),
  };
  writeFileSync(order.results, JSON.stringify(results));
}

/**
 * What VS Code itself takes of a cell: those of a controller that makes two plain requests, shows a word and does nothing
 * else, from its handler's entry to the execution's end (milliseconds).
 */
async function plainRequestsOf(endpoint: string): Promise<readonly number[]> {
  const controller = vscode.notebooks.createNotebookController('plain', 'jupyter-notebook', 'Plain');
  const ms: number[] = [];
  const run = async (cell: vscode.NotebookCell) => {
    const entered = performance.now();
    const execution = controller.createNotebookCellExecution(cell);
    execution.start(Date.now());
    for (let request = 0; request < 2; request++) await fetch(endpoint).then((answer) => answer.text());
    const word = new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text('1')]);
    const shown = execution.appendOutput(word);
    execution.end(true, Date.now());
    ms.push(performance.now() - entered);
    await shown;
  };
  controller.executeHandler = (cells) => Promise.all(cells.map(run)).then(() => undefined);
  const notebook = await openNotebook(...Array.from({ length: 30 }, (_, index) => `1 # ${index}`));
  await vscode.commands.executeCommand('notebook.selectKernel', { id: 'plain', extension: extensionId });
  for (const { index } of notebook.getCells()) await runCell(notebook, index);
  controller.dispose();
  return ms;
}

function setupCells({ setup }: Order): number {
  return setup.length + 1;
}

/** A notebook whose session runs, with these cells behind those that set it up. */
async function notebookWith(
  order: Order,
  prefix: string,
  code: readonly string[],
): Promise<vscode.NotebookDocument> {
  const setup = order.setup.map((cell) => cell.replace('PREFIX', prefix));
  const notebook = await openNotebook(...setup, '1', ...code);
  for (let index = 0; index < setupCells(order); index++) await runCell(notebook, index);
  return notebook;
}

interface Timing {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
}

async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<Timing> {
  const cell = notebook.cellAt(index);
  const ended = endOf(cell);
  void vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  return ended;
}

/** The timing of a cell's next execution, once it has ended. */
function endOf(cell: vscode.NotebookCell): Promise<Timing> {
  const before = cell.executionSummary?.timing?.endTime;
  return new Promise((resolve, reject) => {
    const subscription = vscode.workspace.onDidChangeNotebookDocument((change) => {
      if (change.notebook !== cell.notebook) return;
      const timing = cell.executionSummary?.timing;
      if (timing?.endTime === undefined || timing.endTime === before) return;
      subscription.dispose();
      if (cell.executionSummary?.success !== true) reject(new Error(`a cell failed: ${textOf(cell)}`));
      resolve({ start: timing.startTime, end: timing.endTime });
    });
  });
}

function textOf(cell: vscode.NotebookCell): string {
  return cell.outputs
    .flatMap(({ items }) => items.map(({ data }) => Buffer.from(data).toString()))
    .join('\n');
}

/** Many small cells run by one command; then all of them again, so that what grows is not their first outputs. */
async function soakOf(order: Order, count: number): Promise<ExtensionResults['soak']> {
  const first = setupCells(order);
  const code = Array.from({ length: count }, (_, index) => `print(${index})`);
  const notebook = await notebookWith(order, 'bench-extension-soak', code);
  const passes: { ms: number[]; heapAfter: number }[] = [];
  for (let pass = 0; pass < 2; pass++) {
    const ended = endOf(notebook.cellAt(first + count - 1));
    void vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: first, end: first + count }],
      document: notebook.uri,
    });
    await ended;
    const ms = notebook
      .getCells()
      .slice(first)
      .map(({ executionSummary }) => {
        const timing = executionSummary?.timing;
        return timing === undefined ? NaN : timing.endTime - timing.startTime;
      });
    // What is kept for a moment only (records until the notebook is backed up) is not growth.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    passes.push({ ms, heapAfter: memory().heapUsed });
  }
  return passes;
}

/** A cell that prints a lot: for how long the extension host did nothing else, and when the text came. */
async function printedOf(order: Order, megabytes: number): Promise<NonNullable<ExtensionResults['printed']>> {
  const lines = Math.round((megabytes * 1e6) / 80);
  const code = `print("${firstLine}")\nprint(("x" * 79 + "\\n") * ${lines})`;
  const notebook = await notebookWith(order, 'bench-extension-printed', [code, 'print("little")']);
  const cell = notebook.cellAt(setupCells(order));
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  vscode.window.activeNotebookEditor?.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  // What the thousand cells before left behind is collected at the cost of neither.
  memory();
  const usual = new TimerLag();
  const usualStart = Date.now();
  await runCell(notebook, cell.index + 1);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const hostUsualMs = usual.stop();
  const usualUntil = Date.now();
  memory();
  const lag = new TimerLag();
  const shown = new Promise<number>((resolve) => {
    const subscription = vscode.workspace.onDidChangeNotebookDocument(({ notebook: changed }) => {
      if (changed !== notebook || cell.outputs.length === 0) return;
      subscription.dispose();
      resolve(Date.now());
    });
  });
  const { start, end } = await runCell(notebook, cell.index);
  const outputAt = await shown;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const until = Date.now();
  return {
    start,
    end,
    outputAt,
    until,
    hostBlockedMs: lag.stop(),
    hostUsualMs,
    usual: { start: usualStart, until: usualUntil },
    shownBytes: textOf(cell).length,
  };
}

/** Bytes in use once what is not needed is gone. */
function memory(): { readonly rss: number; readonly heapUsed: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

function say(text: string): void {
  console.log(`BENCH ${text}`);
}
