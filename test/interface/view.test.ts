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
  for (const way of ['Start Local Glue', 'Add Target', 'Open Sample Notebook']) {
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
    await workbench.titled('review');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Start for $0.88 an hour' }).waitFor();
    await rows.filter({ hasText: 'ends after 30 minutes, for $0.44 at most' }).waitFor();
    // An answer is changed from there, which leads back with all the others kept.
    await workbench.pickByKeys('review', 'Worker type');
    await workbench.pickByKeys('Worker type', 'G.2X');
    await workbench.titled('review');
    await rows.filter({ hasText: 'Start for $1.76 an hour' }).waitFor();
    await rows.filter({ hasText: 'team=analytics, owner=ada' }).waitFor();
    await keyboard.press('Escape');
    await rows.first().waitFor({ state: 'hidden' });
  },
);

it(
  'explains in a message why a start was denied, and starts with another connection',
  { timeout: 120_000 },
  async () => {
    const { workbench } = opened;
    await workbench.commandByKeys('Glue: Start Session…');
    await wizard(workbench, 'AWSGlueServiceRole-blog');
    await workbench.answer('review');
    const message = workbench.page.locator('.notification-list-item', {
      hasText: 'glue:CreateSession is denied',
    });
    await message.waitFor({ timeout: 30_000 });
    await message.locator('.monaco-button', { hasText: 'Choose Another Connection' }).press('Enter');
    await workbench.tickByKeys('Connections', 'session_vpc');
    await workbench.answer('review');
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

it('shows the details of a session: edits a tag and copies code there', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  const { page } = workbench;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  await focusRow(workbench, /ready/i);
  await page.keyboard.press('Enter');
  const value = await workbench.output('input[name=value]', '');
  const details = (await (await value.elementHandle()).ownerFrame())!;
  await details.getByText('AWSGlueServiceRole-blog').first().waitFor();
  await details.getByRole('textbox', { name: 'Value of team' }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('risk');
  await page.keyboard.press('Enter');
  await details.getByText(/Saved: .*team=risk/).waitFor();
  await workbench.row('risk').waitFor({ timeout: 20_000 });
  // Button by button to the last ones, as somebody goes who has no mouse.
  const copies: readonly (readonly [string, RegExp])[] = [
    ['Copy as Magics', /%iam_role[\s\S]*"team": "risk"/],
    ['Copy as boto3 Code', /risk[\s\S]*glue\.create_session\(/],
    ['Copy as AWS CLI Command', /aws glue create-session[\s\S]*risk/],
  ];
  for (const [name, code] of copies) {
    const button = details.getByRole('button', { name, exact: true });
    for (let key = 0; key < 60; key++) {
      if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(code);
  }
  await workbench.command('View: Close Editor');
});

it('acts on several sessions that are ticked in the palette', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
  const box = workbench.page.locator('.quick-input-widget input[type="text"]').first();
  await workbench.commandByKeys('Glue: Add or Change Tag…');
  await workbench.titled('Add or Change Tag');
  await rows.filter({ hasText: 'team=risk' }).waitFor();
  await box.fill('team=nobody');
  await rows.first().waitFor({ state: 'hidden' });
  await box.fill('team=risk');
  await workbench.tickByKeys('Add or Change Tag', 'team=risk');
  await workbench.answer('Add or Change a Tag of', 'billing=lab');
  // A message takes the first Escape.
  await workbench.page.getByText('Tags changed on sessions: 1.').first().waitFor();
  await workbench.commandByKeys('Notifications: Clear All Notifications');
  await workbench.commandByKeys('Glue: Stop Sessions…');
  await workbench.titled('Stop Sessions');
  await box.fill('billing=lab owner=me');
  await rows.filter({ hasText: 'billing=lab' }).waitFor();
  await workbench.page.keyboard.press('Enter');
  await workbench.titled('Stop Sessions: none is ticked yet');
  // Escape stops nothing.
  await workbench.page.keyboard.press('Escape');
  await rows.first().waitFor({ state: 'hidden' });
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

it('says after a reload why the details can not be shown, and what to do', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  await focusRow(workbench, /stopped/i);
  await workbench.page.keyboard.press('Enter');
  await workbench.output('h2', 'Cost');
  // Orderly, so that VS Code writes down first what is open.
  await workbench.commandByKeys('Developer: Reload Window');
  await workbench.output('p', /was seen through a profile or role that this window does not know/);
  await workbench.output('button', 'Add Target');
});

/** Goes down the view by arrow keys to a row whose label matches, opening what is closed; gives the label. */
async function focusRow(workbench: TestWindow['workbench'], label: RegExp): Promise<string> {
  const { keyboard } = workbench.page;
  // What is opened is filled in a moment later, and rows may be drawn anew on the way: then it is gone down again.
  for (let turn = 0; turn < 10; turn++) {
    await keyboard.press('Home');
    for (let step = 0; step < 10; step++) {
      const focused = await workbench.focusedRow();
      if (label.test(focused)) return focused;
      if (step > 0 || focused !== '') await keyboard.press('ArrowRight');
      await keyboard.press('ArrowDown');
    }
    await workbench.page.waitForTimeout(500);
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
