import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultyProxy, type FaultyProxy } from '../faults/faultyProxy';
import { openWindow, shootFailures, withSession, type TestWindow } from './window';

/** What is underway outlives its window: every way to lose one is tried on a real one. */
const signals = mkdtempSync(path.join(tmpdir(), 'glue-sessions-signals-'));
let opened: TestWindow;
let proxy: FaultyProxy;
/** While it holds, no look at a statement is answered: the token in use has ended, and a new one does not help. */
let isExpired = false;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    proxy: async (endpoint) => {
      proxy = await startFaultyProxy(endpoint, ({ operation }) =>
        isExpired && /(Get|List)Statement/.test(operation) ? 'expiredToken' : undefined,
      );
      return proxy.url;
    },
    settings: {
      'glueSessions.notebook.allowedRoles': ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'],
    },
    files: {
      'work.ipynb': withSession(
        'print("warm")',
        until('slept', 'print("sl" + "ept")'),
        'print("qu" + "eued")',
        until('crashed', 'print("cra" + "shed")'),
        'import time\ntime.sleep(4)\nprint("sign" + "ed")',
      ),
    },
  });
  const { workbench } = opened;
  await workbench.openFile('work.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.runCell('%%assume_role');
  await workbench.see(/444455556666 until/);
  await workbench.runCell('%iam_role');
  await workbench.see(/session_vpc/);
  await workbench.runCell('print("warm")');
  await workbench.see(/^warm$/m, 60_000);
}, 300_000);
afterAll(async () => {
  await opened.close();
  await proxy.stop();
  await rm(signals, { recursive: true, force: true });
});

shootFailures(() => opened.workbench);

it(
  'goes on after a reload: a running cell shows as running and gets its output, a queued one was not sent',
  { timeout: 120_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('"sl"');
    await workbench.see(/Running/);
    await workbench.runCell('"qu"');
    await workbench.page.waitForTimeout(1500);
    await workbench.page.reload();
    await untilBack();
    await workbench.see(/Running/);
    expect(await workbench.isRunning('"sl"')).toBe(true);
    await release('slept');
    await workbench.see(/^slept$/m);
    expect(await workbench.isRunning('"sl"')).toBe(false);
    await workbench.see(/Not sent: run it again/);
  },
);

it('goes on after the extension host was killed', { timeout: 120_000 }, async () => {
  const { workbench, crashExtensionHost } = opened;
  const { page } = workbench;
  await workbench.runCell('"cra"');
  await workbench.see(/Running/);
  const sent = runStatements();
  await crashExtensionHost();
  // VS Code offers to load the window anew, or starts the host again by itself.
  const reload = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Reload Window' });
  await reload.click({ timeout: 8000 }).catch(() => page.reload());
  await untilBack();
  await workbench.see(/Running/);
  expect(await workbench.isRunning('"cra"')).toBe(true);
  await release('crashed');
  await workbench.see(/^crashed$/m);
  expect(runStatements()).toBe(sent);
});

it(
  'waits while the credentials have ended, says what is needed, and goes on by one button',
  { timeout: 120_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('time.sleep(4)');
    await workbench.see(/Running/);
    const sent = runStatements();
    isExpired = true;
    const button = workbench.page
      .locator('.cell-statusbar-container')
      .getByText(/credentials have ended: renew them/)
      .first();
    await button.waitFor();
    // The statement has ended meanwhile; nobody could be told.
    await workbench.page.waitForTimeout(5000);
    expect(await workbench.isRunning('time.sleep(4)')).toBe(true);
    isExpired = false;
    await button.click();
    await workbench.see(/^signed$/m);
    expect(runStatements()).toBe(sent);
  },
);

it(
  'asks once what becomes of the session when its last notebook is closed',
  { timeout: 60_000 },
  async () => {
    const { workbench } = opened;
    const { page } = workbench;
    await page.keyboard.press('ControlOrMeta+S');
    await page.waitForTimeout(500);
    await workbench.command('View: Close Editor');
    const question = page.locator('.notification-list-item', {
      hasText: /still runs and costs \$0\.88 an hour/,
    });
    await question.waitFor();
    await question.locator('.monaco-button', { hasText: 'Stop Now' }).click();
    await expect
      .poll(() => proxy.calls.some(({ operation }) => operation.includes('StopSession')))
      .toBe(true);
  },
);

function runStatements(): number {
  return proxy.calls.filter(({ operation }) => operation.includes('RunStatement')).length;
}

/** Code that ends when the test says so, however slow the machine is: Local Glue's engine runs on it. */
function until(name: string, then: string): string {
  return `import os, time\nwhile not os.path.exists(${JSON.stringify(path.join(signals, name))}):\n    time.sleep(0.1)\n${then}`;
}

async function release(name: string): Promise<void> {
  await writeFile(path.join(signals, name), '');
}

async function untilBack(): Promise<void> {
  await opened.workbench.untilBack('work.ipynb');
}
