import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SessionUses } from '../../../src/notebook/sessionUses';
import { WindowPresence } from '../../../src/notebook/windowPresence';

let directory: string;
const windows: WindowPresence[] = [];
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'glue-sessions-uses-')), 'uses');
});
afterEach(async () => {
  for (const window of windows.splice(0)) window.dispose();
  await rm(path.dirname(directory), { recursive: true, force: true });
});

function openWindow(): { readonly uses: SessionUses; readonly presence: WindowPresence } {
  const presence = new WindowPresence();
  windows.push(presence);
  return { uses: new SessionUses(directory, presence), presence };
}

it('counts the notebooks of other windows, not its own', async () => {
  const [first, second] = [openWindow(), openWindow()];
  expect(await first.uses.countElsewhere('s1')).toBe(0);
  await first.uses.publish(['s1', 's1', 's2']);
  await second.uses.publish(['s1']);
  expect(await second.uses.countElsewhere('s1')).toBe(2);
  expect(await second.uses.countElsewhere('s2')).toBe(1);
  expect(await first.uses.countElsewhere('s1')).toBe(1);
  expect(await first.uses.countElsewhere('s3')).toBe(0);
});

it('forgets what a notebook has left', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await first.uses.publish(['s1']);
  await first.uses.publish([]);
  expect(await second.uses.countElsewhere('s1')).toBe(0);
});

it('forgets a window that is gone, whichever way it went', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await first.uses.publish(['s1']);
  first.presence.dispose();
  await expect.poll(() => second.uses.countElsewhere('s1')).toBe(0);
  expect(await readdir(directory)).toEqual([]);
});
