/** This extension, built, in a real VS Code whose page is watched as well. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { ensureVscodeHost } from '../vscodeHost/install.mjs';
import { startServer } from '../vscodeHost/server.mjs';
import type { CellRun } from './arithmetic.mjs';
import type { Plan } from './plan.mjs';
import { creationRole, sessionMagics, type Ground } from './runners.mjs';

interface Memory {
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
}

/** What the bundle inside VS Code reports. */
export interface ExtensionResults {
  readonly cells: readonly CellRun[];
  /** Some of the same cells, run once more. */
  readonly again: readonly CellRun[];
  /** The same short cells as a program in VS Code sees them: from the command that runs one to the news of its end. */
  readonly seenMs: readonly { readonly from: number; readonly ms: number }[];
  /** Cells of a controller in the same VS Code that makes two plain requests to the same endpoint, and nothing else. */
  readonly plainRequestsMs: readonly number[];
  readonly activationMs: number;
  readonly memory: { readonly before: Memory; readonly afterActivation: Memory; readonly atEnd: Memory };
  /** Two passes over the same cells; none when they were not wanted. */
  readonly soak: readonly { readonly ms: readonly number[]; readonly heapAfter: number }[];
  readonly printed?: {
    readonly start: number;
    readonly end: number;
    /** When VS Code had the first of the output. */
    readonly outputAt: number;
    /** So long it was watched. */
    readonly until: number;
    readonly hostBlockedMs: number;
    /** The same with a cell that prints a word: what the machine does to it. */
    readonly hostUsualMs: number;
    readonly usual: { readonly start: number; readonly until: number };
    readonly shownBytes: number;
  };
}

export interface ExtensionRun extends ExtensionResults {
  readonly page?: PageReport;
}

export interface PageReport {
  /** Milliseconds since the epoch; undefined when the text was never seen. */
  readonly firstLineAt: number | undefined;
  /** The longest tasks of the page while the long text came (milliseconds). */
  readonly longTasks: readonly number[];
  /** The same while a cell printed a word: what VS Code and the machine do to the page. */
  readonly usualLongTasks: readonly number[];
  /** The longest time between two frames while the long text came (milliseconds). */
  readonly frameGap: number;
}

export async function runExtension({ local, say }: Ground, plan: Plan): Promise<ExtensionRun> {
  const host = await ensureVscodeHost(say);
  const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-bench-'));
  const results = path.join(workspace, '.results.json');
  const order = path.join(workspace, '.order.json');
  const setup = [`%%assume_role\n${creationRole}`, sessionMagics('PREFIX')];
  await writeFile(order, JSON.stringify({ plan, setup, results, endpoint: local.endpoint }));
  const server = await startServer({
    host,
    workspace,
    extension: { development: process.cwd() },
    tests: path.resolve('dist/test/bench.js'),
    settings: {
      'glueSessions.notebook.allowedRoles': [creationRole],
      'glueSessions.notebook.sessionsOnClose': 'stop',
    },
    environment: { ...local.environment, GLUE_SESSIONS_BENCH: order },
  });
  const browser = await chromium.launch({
    executablePath: host.chromium,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage();
    await page.addInitScript({ path: 'scripts/bench/watchPage.js' });
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const text = args.map(String).join(' ');
      if (text.startsWith('BENCH ')) say(text.slice(6));
      else if (text.includes('Error: ')) say(text.slice(0, 500));
    });
    await page.goto(server.url);
    const code = await ended;
    if (code !== 0) throw new Error('the run inside VS Code failed');
    const reported = JSON.parse(await readFile(results, 'utf8')) as ExtensionResults;
    const { printed } = reported;
    return printed === undefined ? reported : { ...reported, page: await reportOf(page, printed) };
  } finally {
    await browser.close();
    await server.stop();
    await rm(workspace, { recursive: true, force: true });
  }
}

/** What watchPage.js keeps in a frame. Times are milliseconds since the epoch. */
interface Watched {
  readonly tasks: { at: number; ms: number }[];
  readonly gaps: { at: number; ms: number }[];
  firstLineAt?: number;
}

async function reportOf(page: Page, printed: NonNullable<ExtensionResults['printed']>): Promise<PageReport> {
  const watched: Watched[] = [];
  const firstLines: number[] = [];
  for (const frame of page.frames()) {
    const found = await frame
      .evaluate(() => (globalThis as { benchWatched?: Watched }).benchWatched)
      .catch(() => undefined);
    if (found === undefined) continue;
    watched.push(found);
    if (found.firstLineAt !== undefined) firstLines.push(found.firstLineAt);
  }
  const during =
    ({ start, until }: { readonly start: number; readonly until: number }) =>
    ({ at }: { readonly at: number }) =>
      at >= start && at <= until;
  const longest = (when: ReturnType<typeof during>) =>
    watched
      .flatMap((frame) => frame.tasks.filter(when))
      .map(({ ms }) => ms)
      .sort((a, b) => b - a);
  const gaps = watched.flatMap((frame) => frame.gaps.filter(during(printed)));
  return {
    firstLineAt: firstLines.length === 0 ? undefined : Math.min(...firstLines),
    longTasks: longest(during(printed)),
    usualLongTasks: longest(during(printed.usual)),
    frameGap: Math.max(0, ...gaps.map(({ ms }) => ms)),
  };
}
