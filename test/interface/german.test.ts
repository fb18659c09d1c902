import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableMime } from '../../src/glue/display/table';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

/** A window in German: the palette, the view, pages, questions and messages of this extension. */
let opened: TestWindow;
let taken: Server;
const folder = mkdtempSync(path.join(tmpdir(), 'glue-sessions-bill-'));
const journal = path.join(folder, 'journal.jsonl');

const allow = (...actions: string[]) => ({
  Rights: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
});
const hour = 3600;
const session = (id: string, tags: object, days: number, hours: number) => ({
  id,
  status: 'STOPPED',
  tags,
  ageSeconds: days * 24 * hour,
  executionSeconds: hours * hour,
  workerType: 'G.1X',
  numberOfWorkers: 5,
});
/** Account A pays; account B is a member whose people may ask for its bill. */
const world = {
  payerAccount: '111122223333',
  accounts: {
    '111122223333': { users: { Payer: { profile: 'payer', inlinePolicies: allow('ce:*') } } },
    '444455556666': {
      users: { Admin: { profile: 'admin', inlinePolicies: allow('glue:*', 'tag:*', 'ce:*', 'iam:*') } },
      regions: {
        'us-east-1': {
          sessions: [
            session('reports', { team: 'analytics', billing: 'data-platform' }, 2, 9),
            session('forecast', { team: 'analytics', billing: 'data-platform' }, 3, 4),
            session('loads', { team: 'ingest', billing: 'data-platform' }, 2, 6),
            session('ledger', { team: 'finance', billing: 'ledger' }, 4, 2),
            session('trial', {}, 2, 1),
            {
              ...session('now', { team: 'research', billing: 'lab' }, 0, 0),
              status: 'READY',
              ageSeconds: 60,
              idleTimeoutMinutes: 2880,
            },
          ],
        },
      },
    },
  },
};

beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const worldFile = path.join(folder, 'world.json');
  writeFileSync(worldFile, JSON.stringify(world));
  opened = await openWindow({
    language: 'de',
    files: {
      'glue-guardrails.json': JSON.stringify({
        presets: { small: { description: 'Zwei Worker', connections: ['session_vpc'], numberOfWorkers: 2 } },
      }),
      'preset.ipynb': officialNotebook('%preset small', '%preset big', '%idle_timeout 30'),
      'tabelle.ipynb': notebookWithTable(),
    },
    localGlue: ['--engine', 'python', '--world', worldFile, '--journal', journal],
    settings: {
      'glueSessions.local.port': port,
      'glueSessions.targets': [{ profile: 'admin', region: 'us-east-1' }],
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
    },
  });
}, 300_000);
afterAll(async () => {
  await opened.close();
  taken.close();
  await rm(folder, { recursive: true, force: true });
});

shootFailures(() => opened.workbench);

it('shows commands and sessions in the language of VS Code', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  await workbench.page.locator('.activitybar [aria-label^="Glue Sessions"]').first().click();
  await workbench.row('research').waitFor({ timeout: 30_000 });
  await workbench.row(/1 von 6 laufen/).waitFor();
  await workbench.commandByKeys('Glue: Sessions filtern…');
  await workbench.answer('Sessions filtern', 'age>soon');
  await workbench.page.getByText('„age>soon“ wird nicht verstanden').first().waitFor();
  await workbench.page.keyboard.press('Escape');
  await workbench.commandByKeys('Glue: Local Glue starten');
  await workbench.page
    .locator('.notification-list-item', { hasText: /port \d+ is (?:already )?taken/i })
    // The progress that ends may still say it too.
    .first()
    .waitFor({ timeout: 20_000 });
  await workbench.commandByKeys('Notifications: Clear All Notifications');
});

it(
  'asks Cost Explorer only after saying what a call costs, and shows both costs',
  { timeout: 90_000 },
  async () => {
    const { workbench } = opened;
    await workbench.commandByKeys('Glue: Kosten zeigen');
    // Whatever day it is: the sessions ran in the last ten.
    await (await workbench.output('select#period', /./)).selectOption('range');
    await (await workbench.output('label', 'Erster Tag')).waitFor();
    const first = new Date(Date.now() - 10 * 24 * hour * 1000).toISOString().slice(0, 10);
    await (await workbench.output('#from', '')).fill(first);
    await (await workbench.output('button', /^Zeigen$/)).click();
    // Those of ended sessions are read when they are wanted.
    await (await workbench.output('button', 'Ihre Tags lesen')).click();
    const analytics = await workbench.output('tbody tr', /^\s*analytics/);
    // 13 hours of 5 DPU.
    expect(await cells(analytics)).toEqual(['2', '0', '65.00', '$28.60']);
    await (await workbench.output('select#by', /./)).selectOption('target');
    await workbench.output('tbody th', /444455556666/);
    const read = await workbench.output('button', 'Berechnete Kosten lesen…');
    await read.click();
    await workbench.pickByKeys('Abrechnungsprofil', 'payer');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toMatch(/AWS berechnet \$0\.01 für jeden Aufruf/);
    await workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await costCalls()).toEqual([]);
    await read.click();
    await workbench.dialog('Für $0.01 lesen');
    await workbench.output('th', 'Von AWS berechnet');
    expect(await costCalls()).toEqual(['ce:GetCostAndUsage']);
    const account = await workbench.output('tbody tr', /444455556666/);
    const [sessions, live, , , billed, difference] = await cells(account);
    expect([sessions, live]).toEqual(['6', '1']);
    // 22 hours of 5 DPU have ended; what the session that runs has cost by now may be on the bill or not.
    expect(billed).toMatch(/^\$48\.4\d$/);
    expect(difference).toMatch(/^[−+]?\$0\.\d+$/);
    await (await workbench.output('summary', 'Warum')).click();
    await workbench.screenshot('out/cost-light.png');
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await workbench.screenshot('out/cost-dark.png');
  },
);

it('lists the keys on the bill and activates one, after asking', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await (await workbench.output('button', 'Schlüssel auflisten')).click();
  await (await workbench.output('button[aria-label="team aktivieren"]', 'Aktivieren')).click();
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  expect(await dialog.innerText()).toMatch(/Kostenzuordnungs-Tag „team“ aktivieren\?/);
  await workbench.dialog('Aktivieren');
  await workbench.output('button[aria-label="team deaktivieren"]', 'Deaktivieren');
});

it('says to a member account whom to ask, and writes the request', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await (await workbench.output('button', 'Abrechnungsprofil: payer')).click();
  await workbench.pickByKeys('Abrechnungsprofil', 'admin');
  await (await workbench.output('button', 'Schlüssel auflisten')).click();
  await workbench.output('p', /Dieses Konto ist Mitglied einer Organisation/);
  await (await workbench.output('button', 'Bitte an den Besitzer kopieren')).click();
  const copied = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');
  await expect.poll(copied).toContain('aws ce update-cost-allocation-tags-status');
  expect(await copied()).toContain('"TagKey":"team"');
  await workbench.screenshot('out/cost-member.png');
});

it('offers the presets of the project, in the wizard and by a magic', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Session starten…');
  const row = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'small' }).first();
  await row.waitFor();
  expect(await row.innerText()).toMatch(/Zwei Worker · glue-guardrails\.json/);
  await workbench.page.keyboard.press('Escape');
  await workbench.openFile('preset.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.runCell('%preset small');
  await workbench.see(/Preset small aus glue-guardrails\.json: connections session_vpc; numberOfWorkers 2/);
  await workbench.runCell('%preset big');
  await workbench.see(/Es gibt kein Preset „big“\. Vorhanden sind: small\./);
});

it('says in German what magics do, and what the renderer shows', { timeout: 90_000 }, async () => {
  const { workbench } = opened;
  await workbench.runCell('%idle_timeout 30');
  await workbench.see(/Leerlauf-Timeout: 30 Minuten/);
  await workbench.openFile('tabelle.ipynb');
  await workbench.output('.gs-count', /^2 Zeilen$/);
  await workbench.output('.gs button', /^Kopieren$/);
  await workbench.output('.gs-note', /^Diese Ausgabe ist keine Tabelle von Glue Sessions/);
});

/** Saved outputs: a table, and what is none. */
function notebookWithTable(): string {
  const columns = [{ name: 'n', type: 'int64', kind: 'integer' }];
  const table = { kind: 'table', source: 'pandas', total: 2, hasMore: false, isCut: false };
  const shown = [{ ...table, columns, rows: [[1], [2]] }, { kind: 'none' }];
  const notebook = JSON.parse(officialNotebook('table', 'none')) as { cells: { outputs: unknown[] }[] };
  shown.forEach((value, at) => {
    notebook.cells[at]!.outputs = [
      { output_type: 'display_data', metadata: {}, data: { [tableMime]: value } },
    ];
  });
  return JSON.stringify(notebook);
}

/** Calls of Cost Explorer, by name. */
async function costCalls(): Promise<readonly string[]> {
  const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => (JSON.parse(line) as { readonly operation?: string }).operation ?? '')
    .filter((operation) => operation.startsWith('ce:'));
}

/** Texts of the cells of a row, but for its name. */
function cells(row: Locator): Promise<(string | null)[]> {
  return row.locator('td').evaluateAll((all) => all.map(({ textContent }) => textContent));
}
