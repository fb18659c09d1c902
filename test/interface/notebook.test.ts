import { afterAll, beforeAll, expect, it } from 'vitest';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

const creationRole = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
const allowed = `%%assume_role\n${creationRole}`;
const settings = `%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog\n%region us-east-1\n%connections session_vpc`;

let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    settings: { 'glueSessions.notebook.sessionsOnClose': 'keep' },
    files: { 'work.ipynb': officialNotebook(allowed, settings, 'kept = 6 * 7\nkept', 'kept + 1') },
  });
}, 300_000);
afterAll(() => opened.close());

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
  await workbench.page.locator('.code-cell-row').first().waitFor({ timeout: 60_000 });
  await workbench.page
    .locator('.kernel-label, .notebook-toolbar-right')
    .filter({ hasText: 'Glue PySpark' })
    .first()
    .waitFor({ timeout: 60_000 });
  await workbench.runCell('kept + 1');
  await workbench.see(/^43$/m, 60_000);
});
