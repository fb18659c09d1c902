import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hashOf,
  newRecord,
  parseRecord,
  recordedStatement,
  type CellRecord,
} from '../../../src/notebook/cellRecord';
import { RecordStore } from '../../../src/notebook/recordStore';
import { WindowPresence } from '../../../src/notebook/windowPresence';

const notebook = 'file:///work/a.ipynb';
const cell = { id: 'c1', index: 2, textHash: hashOf('secret_code()') };
const sent = recordedStatement({
  target: { roles: [], credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'hush' } },
  sessionId: 's1',
  marker: '# glue-sessions:m1',
  linesBefore: 0,
  sentAt: 5,
});
const record = (id: string, change: Partial<CellRecord> = {}): CellRecord => ({
  ...newRecord(id, notebook, cell, 1000),
  statement: sent,
  ...change,
});

let directory: string;
let windows: WindowPresence[];
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'glue-sessions-records-')), 'records');
  windows = [];
});
afterEach(async () => {
  for (const window of windows) window.dispose();
  await rm(path.dirname(directory), { recursive: true, force: true });
});

interface TestWindow {
  readonly store: RecordStore;
  readonly presence: WindowPresence;
  readonly unreadable: string[];
}

function openWindow(now = 2000): TestWindow {
  const presence = new WindowPresence();
  windows.push(presence);
  const unreadable: string[] = [];
  const store = new RecordStore({
    directory,
    presence,
    now: () => now,
    onUnreadable: (file) => unreadable.push(path.basename(file)),
  });
  return { store, presence, unreadable };
}

/** Ends a window as a crash does: its socket is gone, its files stay. */
async function crash({ presence }: TestWindow): Promise<void> {
  presence.dispose();
  await expect.poll(() => openWindow().presence.isAlive(presence.id)).toBe(false);
}

const all = () => true;

describe('a record', () => {
  it('holds neither code nor keys', async () => {
    const window = openWindow();
    await window.store.write(record('r1'));
    const [name] = await readdir(directory);
    const text = await readFile(path.join(directory, name!), 'utf8');
    expect(text).not.toMatch(/hush|AKIA1|secret_code/);
    expect(parseRecord(text)).toMatchObject({
      id: 'r1',
      statement: { hadKeys: true, target: { roles: [] } },
    });
  });

  it('is written whole: no other file is left, and a second write replaces the first', async () => {
    const window = openWindow();
    await window.store.write(newRecord('r1', notebook, cell, 1000));
    await window.store.write(record('r1'));
    expect(await readdir(directory)).toEqual([`r1.${window.presence.id}.json`]);
    expect(await window.store.claim(all)).toEqual([record('r1')]);
  });

  it('is gone once removed, and removing it twice does no harm', async () => {
    const { store } = openWindow();
    await store.write(record('r1'));
    await store.remove('r1');
    await store.remove('r1');
    store.removeNow('r1');
    expect(await store.claim(all)).toEqual([]);
  });
});

describe('a claim', () => {
  it('finds nothing where nothing was written', async () => {
    expect(await openWindow().store.claim(all)).toEqual([]);
  });

  it('leaves what a living window looks after', async () => {
    const [first, second] = [openWindow(), openWindow()];
    await first.store.write(record('r1'));
    expect(await second.store.claim(all)).toEqual([]);
    expect(await first.store.claim(all)).toHaveLength(1);
  });

  it('takes over from a window that is gone, oldest first, only what is wanted', async () => {
    const [first, second] = [openWindow(), openWindow()];
    await first.store.write(record('late', { queuedAt: 1200 }));
    await first.store.write(record('early', { queuedAt: 1100 }));
    await first.store.write(record('other', { notebook: 'file:///other.ipynb' }));
    await crash(first);
    const claimed = await second.store.claim((found) => found.notebook === notebook);
    expect(claimed.map(({ id }) => id)).toEqual(['early', 'late']);
    const third = openWindow();
    expect((await third.store.claim(all)).map(({ id }) => id)).toEqual(['other']);
  });

  it('is given to one of many windows', async () => {
    const first = openWindow();
    const ids = Array.from({ length: 20 }, (_, index) => `r${String(index)}`);
    for (const id of ids) await first.store.write(record(id));
    await crash(first);
    const others = Array.from({ length: 5 }, () => openWindow());
    const claims = await Promise.all(others.map(({ store }) => store.claim(all)));
    expect(
      claims
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });
});

describe('a file that is no record of ours', () => {
  it.each([
    ['half a file', '{"version": 1, "id": "r1"'],
    ['no object', '[1]'],
    ['a member of another type', JSON.stringify({ ...record('r1'), cell: { index: 'two' } })],
    [
      'a statement without its marker',
      JSON.stringify({ ...record('r1'), statement: { target: { roles: [] } } }),
    ],
  ])('is told and removed: %s', async (_, text) => {
    const first = openWindow();
    await first.store.write(record('good'));
    await writeFile(path.join(directory, 'r1.gone.json'), text);
    await crash(first);
    const { store, unreadable } = openWindow();
    expect((await store.claim(all)).map(({ id }) => id)).toEqual(['good']);
    expect(unreadable).toEqual(['r1.gone.json']);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('is left alone when a later version wrote it', async () => {
    const window = openWindow();
    await window.store.write(record('r1'));
    const [name] = await readdir(directory);
    await writeFile(path.join(directory, name!), JSON.stringify({ ...record('r1'), version: 2 }));
    expect(await window.store.claim(all)).toEqual([]);
    expect(window.unreadable).toEqual([]);
    expect(await readdir(directory)).toEqual([name]);
  });

  it('is removed when it is older than any session can be', async () => {
    const first = openWindow();
    await first.store.write(record('r1'));
    await crash(first);
    const later = openWindow(9 * 24 * 3600_000);
    expect(await later.store.claim(all)).toEqual([]);
    expect(later.unreadable).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });
});
