import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgedNotebook, markup } from './forgedNotebook';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

const allowed = '%%assume_role\narn:aws:iam::444455556666:role/GlueSessionCreationRole';
const settings = `%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog\n%region us-east-1\n%connections session_vpc`;
const people = `import pandas as pd
long_text = "start " + "x" * 10_000 + " end"
people = pd.DataFrame({
    "name": ["Ada", "Grace", "Edsger", "<b onclick='alert(1)'>Bob</b>"],
    "amount": [42.5, 9.0, 210.0, None],
    "born": pd.to_datetime(["1815-12-10", "1906-12-09", "1930-05-11", None]),
    "note": ["=1+1", long_text, "", None]})
people`;

const journal = path.join(mkdtempSync(path.join(tmpdir(), 'glue-sessions-journal-')), 'journal.jsonl');
const rich = `import plotly.graph_objects as go
class Tree:
    def _repr_json_(self): return {"name": "Ada", "nested": {"inner": [1, 2]}}
display(Tree())
go.Figure(go.Bar(x=["a", "b"], y=[3, 1], name="north"), {"title": {"text": "Sales by shop"}})`;

let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--journal', journal],
    settings: {
      'glueSessions.notebook.sessionsOnClose': 'keep',
      'glueSessions.notebook.allowedRoles': ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'],
    },
    files: {
      'tables.ipynb': officialNotebook(
        allowed,
        settings,
        people,
        `frame = spark.range(3).selectExpr('id', "concat('n', id) as name")\nframe`,
        `%%sql\nSELECT id, id * 1.5 AS amount FROM range(250)`,
        rich,
      ),
      // Written anew once there is a nonce to steal; by then the file search must know of it.
      'forged.ipynb': officialNotebook('cell'),
    },
  });
}, 300_000);
afterAll(async () => {
  await opened.close();
  await rm(path.dirname(journal), { recursive: true, force: true });
});

shootFailures(() => opened.workbench);

const texts = (cells: Locator) => cells.evaluateAll((all) => all.map((cell) => cell.textContent));
const column = (table: Locator, position: number) =>
  texts(table.locator(`tbody tr td:nth-child(${String(position)})`));

it('shows a pandas frame as a table that sorts and filters', { timeout: 180_000 }, async () => {
  const { workbench } = opened;
  await workbench.openFile('tables.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.runCell('%%assume_role');
  await workbench.see(/444455556666 until/);
  await workbench.runCell('%iam_role');
  await workbench.see(/session_vpc/);
  await workbench.runCell('people = pd');
  const table = await gridWith(/Edsger/, 'first', 120_000);
  expect(await column(table, 1)).toEqual(['Ada', 'Grace', 'Edsger', "<b onclick='alert(1)'>Bob</b>"]);
  expect(await column(table, 2)).toEqual(['42.5', '9.0', '210.0', 'NaN']);
  const amount = table.locator('th', { hasText: 'amount' });
  await workbench.scrollUntil(table);
  await amount.click();
  expect(await column(table, 1)).toEqual(['Grace', 'Ada', 'Edsger', "<b onclick='alert(1)'>Bob</b>"]);
  expect(await amount.getAttribute('aria-sort')).toBe('ascending');
  await amount.click();
  expect((await column(table, 1))[0]).toBe('Edsger');
  const frame = await frameOf(table);
  await frame.getByLabel('Filter rows').first().fill('gra');
  await expect.poll(() => column(table, 1)).toEqual(['Grace']);
  await frame.getByLabel('Filter rows').first().fill('');
  await frame.getByLabel('Column to filter by').first().selectOption({ label: 'amount' });
  await frame.getByLabel('Filter rows').first().fill('> 40');
  await expect.poll(() => column(table, 1)).toEqual(['Edsger', 'Ada']);
  await frame.getByLabel('Filter rows').first().fill('');
  await frame.getByLabel('Column to filter by').first().selectOption({ label: 'All columns' });
  expect(await frame.locator('svg[role=img]').first().getAttribute('aria-label')).toMatch(
    /Histogram of amount/,
  );
});

it(
  'opens a cell that is cut by keyboard alone, and shows all of it as text',
  { timeout: 60_000 },
  async () => {
    const { workbench } = opened;
    const table = await gridWith(/Edsger/, 'first');
    const frame = await frameOf(table);
    await frame.getByLabel('Filter rows').first().fill('Grace');
    await expect.poll(() => column(table, 1)).toEqual(['Grace']);
    // The keys of VS Code work also from the box, and what is typed stays in it.
    const palette = workbench.page.locator('.quick-input-widget input').first();
    await workbench.page.keyboard.press('F1');
    await palette.waitFor();
    await workbench.page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    const cells = () => workbench.page.locator('.code-cell-row').first().getAttribute('aria-setsize');
    expect(await cells()).toBe('6');
    await frame.getByLabel('Filter rows').first().focus();
    await workbench.page.keyboard.type('ab');
    await expect.poll(() => frame.getByLabel('Filter rows').first().inputValue()).toBe('Graceab');
    expect(await cells()).toBe('6');
    await frame.getByLabel('Filter rows').first().fill('Grace');
    const cut = table.locator('td', { hasText: 'start' });
    expect((await cut.textContent())!.length).toBeLessThan(300);
    await table.locator('[tabindex="0"]').focus();
    const { keyboard } = workbench.page;
    for (const key of ['Home', 'ArrowDown', 'End', 'Enter']) await keyboard.press(key);
    const dialog = frame.locator('[role=dialog]');
    await dialog.waitFor();
    expect(await dialog.locator('pre').textContent()).toBe(`start ${'x'.repeat(10_000)} end`);
    await workbench.screenshot('out/table-cell.png');
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await table.locator(':focus').textContent()).toContain('start');
    expect(await workbench.page.locator('.code-cell-row').count()).toBeGreaterThan(0);
    await frame.getByLabel('Filter rows').first().fill('');
  },
);

it('saves CSV where it is told, as it is filtered, without formulas', { timeout: 60_000 }, async () => {
  const { workbench, workspace } = opened;
  const table = await gridWith(/Edsger/, 'first');
  const frame = await frameOf(table);
  await frame.getByLabel('Filter rows').first().fill('42');
  await expect.poll(() => column(table, 1)).toEqual(['Ada']);
  await frame
    .getByRole('button', { name: /Save the rows/ })
    .first()
    .click();
  const input = workbench.page.locator('.quick-input-widget input').first();
  // The dialog writes its own proposal into the box first.
  await expect.poll(() => input.inputValue()).toMatch(/tables\.csv$/);
  await input.fill(path.join(workspace, 'saved.csv'));
  await workbench.page.keyboard.press('Enter');
  await expect
    .poll(() => readFile(path.join(workspace, 'saved.csv'), 'utf8').catch(() => ''), { timeout: 20_000 })
    .toBe("name,amount,born,note\r\nAda,42.5,1815-12-10 00:00:00,'=1+1\r\n");
  await frame.getByLabel('Filter rows').first().fill('');
});

it('shows the columns of a Spark DataFrame, and its rows when asked', { timeout: 120_000 }, async () => {
  const { workbench } = opened;
  await workbench.runCell('frame = spark');
  const show = await workbench.output('button', /^Show rows$/, 60_000);
  await workbench.scrollUntil(show);
  await workbench.screenshot('out/table-schema.png');
  await show.click();
  const table = await gridWith(/n2/, 'last', 60_000);
  expect(await column(table, 2)).toEqual(['n0', 'n1', 'n2']);
});

it('pages through the rows of a query', { timeout: 120_000 }, async () => {
  const { workbench } = opened;
  await workbench.runCell('SELECT id');
  const table = await gridWith(/148.5/, 'last', 60_000);
  await workbench.scrollUntil(table);
  expect(await table.getAttribute('aria-rowcount')).toBe('251');
  await table.locator('[tabindex="0"]').focus();
  await workbench.page.keyboard.press('PageDown');
  await expect.poll(async () => (await column(table, 1))[0]).toBe('100');
  await workbench.screenshot('out/table-light.png');
});

it('does nothing that a forged output asks for, and shows it as text', { timeout: 120_000 }, async () => {
  const { workbench, workspace } = opened;
  const saved = () => readFile(path.join(workspace, 'tables.ipynb'), 'utf8');
  await workbench.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(saved, { timeout: 20_000 }).toMatch(/"nonce"/);
  const nonce = /"nonce":\s*"([^"]+)"/.exec(await saved())?.[1] ?? '';
  await writeFile(path.join(workspace, 'forged.ipynb'), forgedNotebook(nonce));
  const before = await workOfSessions();
  await workbench.openFile('forged.ipynb');
  const refused = /Run the cell again first/;
  await workbench.output('p', /^pressed$/, 30_000);
  // Nor does it take the focus: from several outputs that do so in turns, no key would get through any more.
  await workbench.page.waitForTimeout(1000);
  expect(await workbench.page.evaluate('document.activeElement.tagName')).not.toBe('IFRAME');
  const table = await workbench.output('table[role=grid]', 'onerror=');
  await workbench.scrollUntil(table);
  expect(await column(table, 1)).toEqual([markup, '=cmd()']);
  const frame = await frameOf(table);
  expect(await frame.locator('.gs-note').filter({ hasText: refused }).count()).toBe(0);
  // Outputs stand in the page in no order.
  const view = frame
    .locator('.gs')
    .filter({ has: frame.locator('table[role=grid]', { hasText: 'onerror=' }) });
  await view.getByRole('button', { name: /Save the rows/ }).click();
  await expect.poll(() => frame.locator('.gs-note').filter({ hasText: refused }).count()).toBe(1);
  const show = await workbench.output('button', /^Show rows$/);
  await workbench.scrollUntil(show);
  await show.click();
  await expect.poll(() => frame.locator('.gs-note').filter({ hasText: refused }).count()).toBe(2);
  await workbench.see(/29,000 more columns are left out/);
  expect(await frame.getByText('is not a table of Glue Sessions').count()).toBe(2);
  expect(await frame.locator('.gs-tree .gs-key').first().textContent()).toBe(markup);
  for (const each of workbench.page.frames()) {
    expect(await each.evaluate('[window.forged, ({}).polluted]')).toEqual([undefined, undefined]);
    expect(await each.locator('.gs img, .gs script').count()).toBe(0);
  }
  expect(await workOfSessions()).toEqual(before);
  await workbench.command('View: Close Editor');
});

it(
  'draws figures of plotly and trees of JSON, with names for who does not see them',
  { timeout: 60_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('import plotly');
    const figure = await workbench.output('svg[role=img]', /Sales by shop/, 40_000);
    expect(await figure.getAttribute('aria-label')).toBe('Sales by shop: bars "north" of 2 values');
    expect(await figure.locator('rect').count()).toBeGreaterThanOrEqual(2);
    expect((await figure.boundingBox())?.width).toBeGreaterThan(200);
    const tree = await workbench.output('[aria-label="JSON tree"]', /nested/);
    expect(await tree.textContent()).not.toContain('inner');
    // Without the focus, which the next test needs in the workbench.
    await tree.locator('summary', { hasText: 'nested' }).evaluate((summary) => {
      (summary as HTMLElement).click();
    });
    await expect.poll(() => tree.textContent()).toContain('inner');
  },
);

it(
  'in a notebook that is opened again sorts, and does nothing that it is asked until run',
  { timeout: 120_000 },
  async () => {
    const { workbench, workspace } = opened;
    await workbench.page.keyboard.press('ControlOrMeta+S');
    await expect
      .poll(() => readFile(path.join(workspace, 'tables.ipynb'), 'utf8'), { timeout: 20_000 })
      .toContain('application/vnd.glue-sessions.table+json');
    await workbench.command('View: Close Editor');
    await expect.poll(() => workbench.page.locator('.tab', { hasText: 'tables.ipynb' }).count()).toBe(0);
    // VS Code lets go of a notebook a moment after its editor: opened again before, it is the one that was never closed.
    await workbench.page.waitForTimeout(2000);
    await workbench.openFile('tables.ipynb');
    const table = await workbench.output('table[role=grid]', /Edsger/, 60_000);
    await workbench.scrollUntil(table);
    await table.locator('th', { hasText: 'amount' }).click();
    expect((await column(table, 1))[0]).toBe('Grace');
    const frame = await frameOf(table);
    // Of this table: which output stands first in the page is VS Code's to say.
    await frame
      .locator('.gs')
      .filter({ hasText: 'Edsger' })
      .getByRole('button', { name: /Save the rows/ })
      .first()
      .click();
    const input = workbench.page.locator('.quick-input-widget input').first();
    await workbench.output('.gs-note', /Run the cell again/).catch(async (cause: unknown) => {
      throw new Error(`asked for a file instead: ${String(await input.isVisible())}`, { cause });
    });
    expect(await input.isVisible()).toBe(false);
  },
);

it('takes the colours of another theme', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.command('Preferences: Toggle between Light/Dark Themes');
  const table = await gridWith(/Edsger/, 'first');
  await workbench.scrollUntil(table);
  const color = () =>
    table
      .locator('th')
      .first()
      .evaluate((cell) => getComputedStyle(cell).backgroundColor);
  await expect.poll(async () => Number(/\d+/.exec(await color())?.[0])).toBeLessThan(80);
  await workbench.screenshot('out/table-dark.png');
});

/** Calls that start sessions, run code in them or read from it. */
async function workOfSessions(): Promise<readonly string[]> {
  const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => (JSON.parse(line) as { readonly operation?: string }).operation ?? 'statement')
    .filter((operation) => /^(?:statement|.*(?:CreateSession|Statements?))$/.test(operation));
}

/** The first or last table of the notebook, once one with this text is there: a filter takes the text away. */
async function gridWith(text: RegExp, which: 'first' | 'last', timeout?: number): Promise<Locator> {
  const frame = await frameOf(await opened.workbench.output('table[role=grid]', text, timeout));
  return frame.locator('table[role=grid]')[which]();
}

async function frameOf(table: Locator): Promise<Frame> {
  const handle = await table.elementHandle();
  return (await handle.ownerFrame())!;
}
