import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, shootFailures, type TestWindow } from './window';

/** Everything here is done by keyboard alone, as somebody without a mouse does it. */
let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({});
}, 300_000);
afterAll(() => opened.close());
shootFailures(() => opened.workbench);

it('shows an empty view with three ways forward', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  for (const way of ['Start Local Glue', 'Add Profile or Role', 'Open Sample Notebook']) {
    await workbench.page.locator('.welcome-view-content .monaco-button', { hasText: way }).waitFor();
  }
});

it('starts Local Glue from there, and shows its places', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.page
    .locator('.welcome-view-content .monaco-button', { hasText: 'Start Local Glue' })
    .press('Enter');
  await workbench.row('isbloguser').waitFor({ timeout: 30_000 });
  await workbench.row('session-creator').waitFor();
});

it(
  'starts a session with the wizard, forth and back, after showing what it costs',
  { timeout: 90_000 },
  async () => {
    const { workbench } = opened;
    const { keyboard } = workbench.page;
    await workbench.commandByKeys('Glue: Start Session…');
    await workbench.pickByKeys('Who starts the session', 'session-creator');
    await workbench.answer('Runtime role', 'AWSGlueServiceRole-blogg');
    await workbench.answer('Connections');
    await workbench.titled('Tags');
    // Back goes to the question before, with what was answered.
    await workbench.page.locator('.quick-input-widget [aria-label^="Back"]').first().focus();
    await keyboard.press('Enter');
    await workbench.answer('Connections');
    await workbench.answer('Tags', 'team');
    await workbench.page.getByText('does not begin with a tag').first().waitFor();
    await workbench.answer('Tags', 'team=analytics, owner=ada');
    await workbench.pickByKeys('Worker type', 'G.1X');
    await workbench.answer('Number of workers', '2');
    await workbench.pickByKeys('Glue version', '5.0');
    await workbench.answer('Idle timeout', 'soon');
    await workbench.answer('Idle timeout', '30');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toMatch(/G\.1X × 2 for \$0\.88 an hour/);
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  },
);

it(
  'explains in a message why a start was denied, and starts with another connection',
  { timeout: 120_000 },
  async () => {
    const { workbench } = opened;
    await workbench.commandByKeys('Glue: Start Session…');
    await wizard(workbench, 'AWSGlueServiceRole-blog');
    await workbench.dialog('Start');
    const message = workbench.page.locator('.notification-list-item', {
      hasText: 'glue:CreateSession is denied',
    });
    await message.waitFor({ timeout: 30_000 });
    await message.locator('.monaco-button', { hasText: 'Choose Another Connection' }).press('Enter');
    await workbench.tickByKeys('Connections', 'session_vpc');
    await workbench.dialog('Start');
    await workbench.page
      .locator('.notification-list-item', { hasText: 'is ready.' })
      .waitFor({ timeout: 30_000 });
  },
);

it('keeps what is open and selected when it refreshes', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Notifications: Clear All Notifications');
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  const { keyboard } = workbench.page;
  await workbench.row('analytics').waitFor();
  const before = await focusRow(workbench, /ready/i);
  const rows = await workbench.rows();
  await keyboard.press('Space');
  await workbench.commandByKeys('Glue: Refresh Sessions');
  await workbench.page.waitForTimeout(1500);
  expect(await workbench.rows()).toHaveLength(rows.length);
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  expect((await workbench.focusedRow()).slice(0, 12)).toBe(before.slice(0, 12));
});

it('filters by words, says what is left out, and clears the filter', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Filter Sessions…');
  await workbench.answer('Filter Sessions', 'age>soon');
  await workbench.page.getByText('is not understood').first().waitFor();
  await workbench.answer('Filter Sessions', 'team=nobody');
  await workbench.row('None of 1 sessions passes the filter').waitFor();
  await workbench.commandByKeys('Glue: Clear the Filter of Sessions');
  await workbench.row('analytics').waitFor();
});

it('groups by one key within another, and by places together', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Group Sessions By…');
  await workbench.pickByKeys('Group Sessions By', 'team, billing');
  await workbench.row('untagged').waitFor();
  await workbench.commandByKeys('Glue: Show Profiles and Roles Together or Each by Itself');
  await workbench.row('session-creator').waitFor({ state: 'hidden' });
  await workbench.row('analytics').waitFor();
  await workbench.commandByKeys('Glue: Show Profiles and Roles Together or Each by Itself');
  await workbench.commandByKeys('Glue: Group Sessions By…');
  await workbench.pickByKeys('Group Sessions By', 'team');
  await workbench.row('session-creator').waitFor();
});

it('edits tags with F2 and stops with Delete, after asking', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  const { keyboard } = workbench.page;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  await focusRow(workbench, /ready/i);
  await keyboard.press('Space');
  await keyboard.press('F2');
  await workbench.answer('Tags of', 'team=marketing');
  await workbench.row('marketing').waitFor({ timeout: 20_000 });
  await focusRow(workbench, /ready/i);
  await keyboard.press('Space');
  await keyboard.press('Delete');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  expect(await dialog.innerText()).toMatch(/saves \$0\.88 an hour/);
  await keyboard.press('Enter');
  await workbench.row('Show 1 ended').waitFor({ timeout: 20_000 });
  await workbench.commandByKeys('Glue: Show or Hide Ended Sessions');
  await workbench.row(/stopped/i).waitFor();
});

it('labels every action and row for a screen reader', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  const nameless = await workbench.page
    .locator('.sidebar .action-label:not(.separator), .sidebar .monaco-list-row')
    .evaluateAll((elements) =>
      elements
        .filter(
          (element) =>
            (element.getAttribute('aria-label') ?? '') === '' &&
            element.textContent.trim() === '' &&
            (element.getAttribute('title') ?? '') === '',
        )
        .map((element) => element.outerHTML.slice(0, 200)),
    );
  expect(nameless).toEqual([]);
  const label = await workbench.row(/stopped/i).getAttribute('aria-label');
  expect(label).toMatch(/stopped/i);
});

/** Goes down the view by arrow keys to a row whose label matches, opening what is closed; gives the label. */
async function focusRow(workbench: TestWindow['workbench'], label: RegExp): Promise<string> {
  const { keyboard } = workbench.page;
  await keyboard.press('Home');
  for (let step = 0; step < 20; step++) {
    const focused = await workbench.focusedRow();
    if (label.test(focused)) return focused;
    if (step > 0 || focused !== '') await keyboard.press('ArrowRight');
    await keyboard.press('ArrowDown');
  }
  throw new Error(`no row ${String(label)}`);
}

/** Answers every question of the wizard by keys. */
async function wizard(workbench: TestWindow['workbench'], runtimeRole: string): Promise<void> {
  await workbench.pickByKeys('Who starts the session', 'session-creator');
  await workbench.answer('Runtime role', runtimeRole);
  await workbench.answer('Connections');
  await workbench.answer('Tags', 'team=analytics');
  await workbench.pickByKeys('Worker type', 'G.1X');
  await workbench.answer('Number of workers', '2');
  await workbench.pickByKeys('Glue version', '5.0');
  await workbench.answer('Idle timeout', '30');
}
