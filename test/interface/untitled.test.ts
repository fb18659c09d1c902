import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultyProxy, type FaultyProxy } from '../faults/faultyProxy';
import { openWindow, shootFailures, type TestWindow } from './window';

/** A notebook that has no file yet, on a session that runs. */
const session = { id: 'of-analytics', status: 'READY', ageSeconds: 120, idleTimeoutMinutes: 600 };
let opened: TestWindow;
let proxy: FaultyProxy;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    sessions: [session],
    proxy: async (endpoint) => {
      proxy = await startFaultyProxy(endpoint, () => undefined);
      return proxy.url;
    },
    settings: { 'glueSessions.targets': [{ profile: 'session-creator' }] },
  });
}, 300_000);
afterAll(async () => {
  await opened.close();
  await proxy.stop();
});
shootFailures(() => opened.workbench);

it('opens with the cursor in a cell, whose code runs in the session', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Open Notebook on this Session');
  await workbench.pickByKeys('Open Notebook on this Session', session.id);
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.page.locator('.code-cell-row .monaco-editor.focused').waitFor();
  await workbench.page.keyboard.insertText('kept = 6 * 7\nprint("kept", kept)');
  await workbench.page.keyboard.press('Shift+Enter');
  await workbench.see(/^kept 42$/m);
});

it('keeps its session and its outputs when it is saved as a file', { timeout: 60_000 }, async () => {
  const { workbench, workspace } = opened;
  const { page } = workbench;
  await workbench.commandByKeys('File: Save As...');
  const box = page.locator('.quick-input-widget input[type="text"]').first();
  // The name it offers comes a moment after the box.
  await expect.poll(() => box.inputValue()).toContain('Untitled');
  await box.fill(path.join(workspace, 'saved.ipynb'));
  await page.keyboard.press('Enter');
  await page.locator('.tab', { hasText: 'saved.ipynb' }).waitFor();
  await page.locator('.tab', { hasText: 'Untitled' }).waitFor({ state: 'hidden' });
  await workbench.see(/^kept 42$/m);
  await workbench.addAndRunCell('kept = 6', 'print("still", kept)');
  await workbench.see(/^still 42$/m);
  const operations = new Set(proxy.calls.map(({ operation }) => operation));
  expect(operations).not.toContain('CreateSession');
  expect(operations).not.toContain('StopSession');
  const ran = proxy.calls.filter(({ operation }) => operation === 'RunStatement');
  const sessions = ran.map(({ body }) => (JSON.parse(body) as { SessionId: string }).SessionId);
  expect(sessions.length).toBeGreaterThanOrEqual(2);
  expect(new Set(sessions)).toEqual(new Set([session.id]));
});
