/** 10,000 sessions in a real VS Code: what its page shows when, and what it costs the extension host. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { LocalGlueProcess } from '../localGlue.mjs';
import { ensureVscodeHost } from '../vscodeHost/install.mjs';
import { startServer } from '../vscodeHost/server.mjs';
import { longestAfterPage, type Call } from './scaleFigures.mjs';
import type { ScaleWorld } from './scaleWorld.mjs';

/** Durations are milliseconds, from the moment when the view was opened. */
export interface ScreenRun {
  readonly firstMs: number;
  /** From the answer with a page to its live sessions on screen: the longest. */
  readonly afterPageMs: number;
  readonly allMs: number;
  /** The view opened in another window, after a reload. */
  readonly rememberedMs: number;
  /** The view open as the window is loaded: from the moment when its extension host is there. */
  readonly restoredMs: number;
  readonly blockedMs: number;
  /** For so long the first request of any extension holds its host up: VS Code reads the machine's certificates. */
  readonly certificatesMs: number;
  readonly heapMB: number;
}

/** What the bundle inside VS Code reports. */
export interface HostReport {
  /** Which loading of the window this was: 1, 2 or 3. */
  readonly run: number;
  /** When the view was opened (milliseconds since the epoch). */
  readonly openedAt: number;
  readonly certificatesMs: number;
  readonly blockedMs: number;
  readonly heapMB: number;
}

interface Moment {
  readonly at: number;
  readonly live: number;
}

export async function runScaleInVscode(
  local: LocalGlueProcess,
  world: ScaleWorld,
  calls: () => Promise<readonly Call[]>,
  say: (line: string) => void,
): Promise<ScreenRun> {
  const host = await ensureVscodeHost(say);
  const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-scale-window-'));
  const results = path.join(workspace, '.results.json');
  const server = await startServer({
    host,
    workspace,
    extension: { development: process.cwd() },
    tests: path.resolve('dist/test/scale.js'),
    settings: { 'glueSessions.targets': [{ profile: 'admin' }] },
    environment: {
      ...local.environment,
      GLUE_SESSIONS_SCALE: results,
      GLUE_SESSIONS_ENDPOINT: local.endpoint,
    },
  });
  const browser = await chromium.launch({
    executablePath: host.chromium,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    let ended: (code: number) => void = () => undefined;
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      ended(code);
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const text = args.map(String).join(' ');
      if (text.includes('Error: ')) say(text.slice(0, 500));
    });
    await page.addInitScript({ path: 'scripts/bench/watchSessions.js' });
    const open = async (load: () => Promise<unknown>) => {
      const code = new Promise<number>((resolve) => (ended = resolve));
      await load();
      if ((await code) !== 0) throw new Error('the run inside VS Code failed');
      const report = JSON.parse(await readFile(results, 'utf8')) as HostReport;
      return { report, seen: await seenOn(page) };
    };
    const begunAt = Date.now();
    const cold = await open(() => page.goto(server.url));
    const first = (await calls()).filter(({ at }) => at >= begunAt);
    const again = await open(() => page.reload());
    const restored = await open(() => page.reload());
    const after = ({ report, seen }: typeof cold, live: number) =>
      (seen.find((moment) => moment.live >= live)?.at ?? NaN) - report.openedAt;
    return {
      firstMs: after(cold, 1),
      afterPageMs: longestAfterPage(first, world, cold.seen),
      allMs: after(cold, world.live),
      rememberedMs: after(again, world.live),
      restoredMs: after(restored, world.live),
      blockedMs: Math.max(cold.report.blockedMs, again.report.blockedMs),
      certificatesMs: Math.max(cold.report.certificatesMs, again.report.certificatesMs),
      heapMB: Math.max(cold.report.heapMB, again.report.heapMB),
    };
  } finally {
    await browser.close();
    await server.stop();
    await rm(workspace, { recursive: true, force: true });
  }
}

async function seenOn(page: Page): Promise<readonly Moment[]> {
  return page.evaluate(() => (globalThis as { scaleWatched?: Moment[] }).scaleWatched ?? []);
}
