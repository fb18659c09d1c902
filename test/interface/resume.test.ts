import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, shootFailures, withSession, type TestWindow } from './window';

/** What is underway outlives its window: every way to lose one is tried on a real one. */
let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    settings: {
      'glueSessions.notebook.sessionsOnClose': 'keep',
      'glueSessions.notebook.allowedRoles': ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'],
    },
    files: {
      'work.ipynb': withSession(
        'print("warm")',
        'import time\ntime.sleep(10)\nprint("sl" + "ept")',
        'print("qu" + "eued")',
        'print("aft" + "er")',
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
afterAll(() => opened.close());

shootFailures(() => opened.workbench);

it(
  'goes on after a reload: a running cell shows as running and gets its output, a queued one was not sent',
  { timeout: 120_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('time.sleep(10)');
    await workbench.see(/Running/);
    await workbench.runCell('"qu"');
    await workbench.page.waitForTimeout(1500);
    await workbench.page.reload();
    await untilBack();
    await workbench.see(/Running/);
    expect(await workbench.isRunning('time.sleep(10)')).toBe(true);
    await workbench.see(/^slept$/m);
    expect(await workbench.isRunning('time.sleep(10)')).toBe(false);
    await workbench.see(/Not sent: run it again/);
  },
);

async function untilBack(): Promise<void> {
  const { page } = opened.workbench;
  await page.locator('.code-cell-row').first().waitFor({ timeout: 60_000 });
}
