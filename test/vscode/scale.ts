/** What `npm run bench` runs inside VS Code for 10,000 sessions: opens the view and watches how long nothing else gets its turn. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { HostReport } from '../../scripts/bench/scaleInVscode.mjs';
import { extensionId } from './notebooks';
import { TimerLag } from './timerLag';

/** For so long the view is watched (milliseconds). */
const watchedMs = 12_000;

/**
 * A window that has come up is at rest when its extension host was never held up for so long (milliseconds) in so long,
 * and it is waited for at most so long.
 */
const rest = { heldUpMs: 20, forMs: 2000, mostMs: 30_000 };

/**
 * Opens the view three times, once for each loading of the window: with nothing remembered; with what is remembered; and
 * together with the window. The first two in a window at rest: what else an extension host does as it comes up is not
 * this extension's. Neither are the machine's certificates, which VS Code reads at the first request of any extension: one
 * is made before, and told apart.
 */
export async function run(): Promise<void> {
  const file = process.env.GLUE_SESSIONS_SCALE ?? '';
  const run = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as HostReport).run + 1 : 1;
  await vscode.extensions.getExtension(extensionId)?.activate();
  const certificatesMs = run < 3 ? await restAndFirstRequest() : 0;
  const before = heap();
  const lag = new TimerLag();
  const openedAt = Date.now();
  await vscode.commands.executeCommand('glueSessions.sessions.focus');
  await new Promise((resolve) => setTimeout(resolve, watchedMs));
  const report: HostReport = {
    run,
    openedAt,
    certificatesMs,
    blockedMs: lag.stop(),
    heapMB: (heap() - before) / 1e6,
  };
  writeFileSync(file, JSON.stringify(report));
  // The window that is loaded next comes up without the view.
  if (run === 1) await vscode.commands.executeCommand('workbench.view.explorer');
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

/** @returns for how long the first request of the window held its extension host up (milliseconds) */
async function restAndFirstRequest(): Promise<number> {
  await untilAtRest();
  const lag = new TimerLag();
  // Whoever it answers, and whatever.
  await fetch(process.env.GLUE_SESSIONS_ENDPOINT ?? '').then((answer) => answer.text());
  await new Promise((resolve) => setTimeout(resolve, 100));
  return lag.stop();
}

async function untilAtRest(): Promise<void> {
  const begunAt = Date.now();
  for (let heldUpMs = Infinity; heldUpMs > rest.heldUpMs && Date.now() - begunAt < rest.mostMs;) {
    const lag = new TimerLag();
    await new Promise((resolve) => setTimeout(resolve, rest.forMs));
    heldUpMs = lag.stop();
  }
}

/** Bytes in use once what is not needed is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
