import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeScaleWorld } from '../../scripts/bench/scaleWorld.mjs';
import { openWindow, shootFailures, type TestWindow } from './window';

let opened: TestWindow;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scale-world-'));
  const world = path.join(folder, 'world.json');
  await writeFile(world, makeScaleWorld(true).text);
  opened = await openWindow({
    settings: { 'glueSessions.targets': [{ profile: 'admin' }] },
    localGlue: ['--world', world, '--engine', 'python', '--latency', '80', '--rate', '20'],
  });
}, 300_000);
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});
shootFailures(() => opened.workbench);

it('shows ten thousand sessions by team, the ended ones when asked', { timeout: 240_000 }, async () => {
  const { workbench } = opened;
  await workbench.page.locator('.activitybar [aria-label^="Glue Sessions"]').first().click();
  await workbench.row(/200 live of 10000/).waitFor({ timeout: 60_000 });
  await workbench.row('analytics').waitFor({ timeout: 30_000 });
  await workbench.row(/^(?!.*reading).*admin/s).waitFor({ timeout: 30_000 });
  await workbench.commandByKeys('Glue: Show or Hide Ended Sessions');
  // The tags of ten thousand come by the hundred, at twenty calls a second.
  await workbench.row(/analytics.*of 2086 live/).waitFor({ timeout: 120_000 });
  await workbench.commandByKeys('Glue: Show or Hide Ended Sessions');
});

it(
  'has them again at once after a reload, with their tags and the details',
  { timeout: 180_000 },
  async () => {
    const { workbench } = opened;
    await workbench.commandByKeys('Glue: Show Session Details');
    await workbench.pickByKeys('Show Details', 'ready');
    await workbench.output('h2', 'Cost');
    const title = await (await workbench.output('h1', '')).innerText();
    // Orderly, as people do it: a tab that was opened a moment ago is kept.
    const loaded = workbench.page.waitForEvent('load');
    await workbench.commandByKeys('Developer: Reload Window');
    await loaded;
    await workbench.row(/200 live of 10000/).waitFor({ timeout: 60_000 });
    await workbench.row('analytics').waitFor({ timeout: 2000 });
    expect(await workbench.row('untagged').count()).toBe(0);
    await workbench.output('h1', title);
    await workbench.output('td', /role\//);
  },
);
