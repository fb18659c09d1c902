import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faintTexts, focusShown } from './contrast';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

/** What WCAG asks of texts at its level AAA: the themes of high contrast are for people who need that. */
const leastContrast = 7;
/** VS Code draws what stands beside the label of a row paler, in every theme. */
const leastBesideLabels = 4.5;
const sessions = [
  {
    id: 'at-work',
    status: 'READY',
    ageSeconds: 120,
    tags: { team: 'analytics' },
    connections: ['session_vpc'],
  },
  {
    id: 'broken',
    status: 'FAILED',
    ageSeconds: 600,
    errorMessage: 'Something broke',
    tags: { team: 'risk' },
  },
  { id: 'over', status: 'STOPPED', ageSeconds: 900, executionSeconds: 60 },
];
/** With what stands for pandas, which the Python of Local Glue's small engine need not have. */
const table = `import sys, types
class RangeIndex:
    nlevels, start, step, name = 1, 0, 1, None
class Int64:
    kind = "i"
    def __str__(self): return "int64"
class Series(list):
    dtype, tolist = Int64(), lambda self: list(self)
class DataFrame:
    columns, index = ["amount"], RangeIndex()
    def __init__(self, values): self.values = values
    def __len__(self): return len(self.values)
    def __getitem__(self, at): return Series(self.values) if at[0] == slice(None) else DataFrame(self.values[at[0]])
    shape, iloc = property(lambda self: (len(self), 1)), property(lambda self: self)
pandas = sys.modules["pandas"] = types.ModuleType("pandas")
pandas.DataFrame = DataFrame
DataFrame([4711, 1] * 20)`;

let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    sessions,
    settings: { 'glueSessions.targets': [{ profile: 'session-creator' }] },
    files: { 'tables.ipynb': officialNotebook(table) },
  });
  const { workbench } = opened;
  await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
  await workbench.row('analytics').waitFor();
  await workbench.commandByKeys('Glue: Show or Hide Ended Sessions');
  await workbench.openFile('tables.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.commandByKeys('Glue: Attach Notebook to Session…');
  await workbench.pickByKeys('Attach Notebook to Session', 'at-work');
  await workbench.runCell('import sys');
  await workbench.output('.gs td', '4711', 60_000);
  await workbench.commandByKeys('Glue: Show Cost');
  await workbench.output('h1', 'Cost');
  await workbench.commandByKeys('Glue: Show Session Details');
  await workbench.pickByKeys('Show Details', 'broken');
  await workbench.output('h1', 'broken');
}, 300_000);
afterAll(() => opened.close());
shootFailures(() => opened.workbench);

describe.each([
  ['dark', 'Dark High Contrast'],
  ['light', 'Light High Contrast'],
])('in %s high contrast', (name, theme) => {
  beforeAll(async () => {
    const { workbench } = opened;
    await workbench.command('Preferences: Color Theme');
    // The list draws only what is in sight.
    await workbench.page.locator('.quick-input-widget input').first().fill(theme);
    await workbench.pick(theme);
    await workbench.page.locator(`.monaco-workbench.hc-${name === 'dark' ? 'black' : 'light'}`).waitFor();
    await workbench.commandByKeys('Notifications: Clear All Notifications');
  }, 60_000);

  it('shows every text, and where the focus is, on the page of a session', { timeout: 60_000 }, async () => {
    await looksRight('broken', 'h1', `out/contrast-${name}-details.png`);
  });

  it('shows every text, and where the focus is, on the page of cost', { timeout: 60_000 }, async () => {
    await looksRight('Cost', 'h1', `out/contrast-${name}-cost.png`);
  });

  it('shows every text of a table of a cell, and its borders', { timeout: 60_000 }, async () => {
    const { workbench } = opened;
    await workbench.openFile('tables.ipynb');
    const cell = await workbench.output('.gs td', '4711');
    await workbench.scrollUntil(cell);
    await workbench.screenshot(`out/contrast-${name}-table.png`);
    const frame = await frameOf(cell);
    const { faint, seen } = await faintTexts(frame, '.gs', leastContrast);
    expect(faint).toEqual([]);
    expect(seen).toBeGreaterThan(8);
    const borders = await frame
      .locator('.gs-scroll, .gs input, .gs button')
      .evaluateAll((all) => all.map((element) => getComputedStyle(element).borderTopColor));
    expect(borders.length).toBeGreaterThan(2);
    expect(borders.filter((colour) => colour.endsWith(' 0)'))).toEqual([]);
  });

  it('shows every row of the view with a mark of its state', async () => {
    const { workbench } = opened;
    await workbench.commandByKeys('Glue Sessions: Focus on Sessions View');
    await workbench.row(/at-work|ready/i).waitFor();
    await workbench.screenshot(`out/contrast-${name}-view.png`);
    const { faint, seen } = await faintTexts(
      workbench.page.mainFrame(),
      '.sidebar .pane-body .monaco-list-row:not(.selected):not(.focused)',
      leastBesideLabels,
    );
    expect(faint).toEqual([]);
    expect(seen).toBeGreaterThan(4);
    const marks = await workbench.page
      .locator('.sidebar .pane-body .monaco-list-row[aria-level="3"] .custom-view-tree-node-item-icon')
      .evaluateAll((all) => all.map((icon) => getComputedStyle(icon, '::before').content));
    expect(marks).toHaveLength(3);
    for (const content of marks) expect(content).not.toMatch(/^(none|normal|""|)$/);
  });
});

/** Looks at a page, at every text and at everything that takes the focus. */
async function looksRight(title: string, selector: string, picture: string): Promise<void> {
  const { workbench } = opened;
  await workbench.page.locator('.tab', { hasText: title }).first().click();
  const frame = await frameOf(await workbench.output(selector, title));
  await workbench.page.waitForTimeout(1500);
  await workbench.screenshot(picture);
  const { faint, seen } = await faintTexts(frame, 'main', leastContrast);
  expect(faint).toEqual([]);
  expect(seen).toBeGreaterThan(20);
  await frame.locator('button').first().focus();
  const shown: string[] = [];
  for (let key = 0; key < 12; key++) {
    await workbench.page.keyboard.press('Tab');
    const { what, outline } = await focusShown(frame);
    if (what === '') break;
    shown.push(what);
    expect(outline, what).toMatch(/^(solid|auto|dashed) [1-9]/);
  }
  expect(shown.length).toBeGreaterThan(2);
}

async function frameOf(element: Awaited<ReturnType<TestWindow['workbench']['output']>>): Promise<Frame> {
  return (await (await element.elementHandle()).ownerFrame())!;
}
