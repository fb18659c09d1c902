import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

const creationRole = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
const allowed = `%%assume_role\n${creationRole}`;
const settings = `%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog\n%region us-east-1\n%connections session_vpc`;

/** The long cell ends once this file is there. */
const flag = path.join(tmpdir(), `glue-sessions-flag-${randomUUID()}`);
const untilFlag = `import os, time\nwhile not os.path.exists(${JSON.stringify(flag)}): time.sleep(0.1)`;

let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    settings: {
      'glueSessions.notebook.sessionsOnClose': 'keep',
      'glueSessions.notebook.notifyAfterSeconds': 1,
    },
    files: { 'work.ipynb': officialNotebook(allowed, settings, 'kept = 6 * 7\nkept', 'kept + 1', untilFlag) },
  });
}, 300_000);
afterAll(async () => {
  await rm(flag, { force: true });
  await opened.close();
});

shootFailures(() => opened.workbench);

it('asks before a notebook may assume a role, and takes no for an answer', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.openFile('work.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.runCell('%%assume_role');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  expect(await dialog.innerText()).toContain(creationRole);
  await workbench.page.keyboard.press('Escape');
  await workbench.see(/not allowed/i);
});

it('colours the cells of an official notebook as Python', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  const tokens = workbench.page
    .locator('.code-cell-row', { hasText: 'kept = 6' })
    .first()
    .locator('.view-line span span');
  await expect
    .poll(() => tokens.evaluateAll((spans) => new Set(spans.map((span) => span.getAttribute('class'))).size))
    .toBeGreaterThan(1);
});

it('runs with a session, shows it and its cost in the status bar', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  await workbench.runCell('%%assume_role');
  await workbench.dialog('Allow');
  await workbench.see(/444455556666 until/);
  await workbench.runCell('%iam_role');
  await workbench.see(/session_vpc/);
  await workbench.runCell('kept = 6');
  await workbench.see(/^42$/m, 60_000);
  const status = workbench.page.locator('.statusbar-item', { hasText: /Glue/ }).first();
  await status.waitFor();
  expect(await status.locator('a').first().getAttribute('aria-label')).toMatch(/Glue.*\$\d/s);
});

it(
  'tells once that a long cell has ended, of a window that nobody looks at',
  { timeout: 90_000 },
  async () => {
    const { workbench } = opened;
    const { page } = workbench;
    const ended = page.locator('.notification-list-item', { hasText: 'has ended after' });
    // Cells that took longer ended before in a window that was looked at.
    expect(await ended.count()).toBe(0);
    await workbench.runCell('while not');
    await expect.poll(() => workbench.isRunning('while not')).toBe(true);
    // Playwright makes every page believe that it has the focus.
    const browser = await page.context().newCDPSession(page);
    await browser.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    const other = await page.context().newPage();
    await other.bringToFront();
    await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(false);
    // A cell counts as long from a second on.
    await page.waitForTimeout(1500);
    await writeFile(flag, '');
    await ended.first().waitFor({ timeout: 30_000 });
    expect(await ended.count()).toBe(1);
    expect(await ended.first().innerText()).toMatch(/Cell 5 of work\.ipynb has ended after \d/);
    await other.close();
    await page.bringToFront();
    await browser.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    await ended.first().getByText('Show Cell').click();
    await ended.first().waitFor({ state: 'hidden' });
  },
);

it('restarts: stops the session it owns and starts fresh', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Restart Session of this Notebook');
  await workbench.dialog('Restart');
  await workbench.page
    .locator('.notification-list-item')
    .first()
    .waitFor({ state: 'hidden', timeout: 30_000 });
  await workbench.page.waitForTimeout(1000);
  await workbench.runCell('kept + 1');
  await workbench.see(/name 'kept' is not defined/, 60_000);
});

it('finds its session again after the window is reloaded', { timeout: 120_000 }, async () => {
  const { workbench } = opened;
  await workbench.runCell('kept = 6');
  await workbench.see(/^42$/m, 60_000);
  await workbench.page.keyboard.press('ControlOrMeta+S');
  await workbench.page.waitForTimeout(500);
  await workbench.page.reload();
  await workbench.untilBack('work.ipynb');
  await workbench.page
    .locator('.kernel-label, .notebook-toolbar-right')
    .filter({ hasText: 'Glue PySpark' })
    .first()
    .waitFor({ timeout: 60_000 });
  await workbench.runCell('kept + 1');
  await workbench.see(/^43$/m, 60_000);
});

it('adds a target by keyboard alone, tries it first, and says who it is', { timeout: 120_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  await workbench.commandByKeys('Glue: Add Target…');
  await workbench.pickByKeys('whose keys', 'isbloguser');
  await workbench.answer('role to assume', 'arn:aws:iam::4444:role/X');
  await workbench.page.getByText('"4444" is not one').first().waitFor();
  await workbench.answer('role to assume', creationRole.replace('GlueSessionCreationRole', 'Nobody'));
  await workbench.pickByKeys('what Nobody needs', 'Duration');
  await workbench.answer('Duration', '60');
  await workbench.page.getByText('from 900 to 43200').first().waitFor();
  await workbench.answer('Duration', '3600');
  await workbench.pickByKeys('what Nobody needs', 'Go on');
  await workbench.pickByKeys('Region', 'that of the profile');
  await workbench.answer('endpoint');
  // Refused: the answers are there to be changed.
  await workbench.pickByKeys('The role may not be assumed', 'Change the answers');
  await workbench.titled('what Nobody needs');
  await workbench.page.locator('.quick-input-widget [aria-label^="Back"]').first().focus();
  await workbench.page.keyboard.press('Enter');
  await workbench.answer('role to assume', creationRole);
  await workbench.pickByKeys('what GlueSessionCreationRole needs', 'Go on');
  await workbench.pickByKeys('Region', 'that of the profile');
  await workbench.answer('endpoint');
  await workbench.page
    .locator('.notification-list-item', {
      hasText: /You are GlueSessionCreationRole\/ISBlogUser in account 444455556666/,
    })
    .waitFor({ timeout: 30_000 });
  await workbench.row(/444455556666 \(production\)/).waitFor({ timeout: 30_000 });
});
