import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CellRecords } from '../../../src/notebook/cellRecords';
import { RecordStore } from '../../../src/notebook/recordStore';
import { WindowPresence } from '../../../src/notebook/windowPresence';

const cell = {
  metadata: {},
  index: 0,
  document: { getText: () => '1' },
  notebook: { uri: { toString: () => 'file:///work/a.ipynb' } },
} as never;
const statement = { target: { roles: [] }, sessionId: 's1', marker: '# m', linesBefore: 1, sentAt: 5 };

/** A notebook as one window has it: the cells of another window's document are other objects. */
function openNotebook(...texts: readonly string[]) {
  const notebook = { uri: { toString: () => 'file:///work/a.ipynb' }, getCells: () => cells };
  const cells = texts.map((text, index) => ({
    metadata: { id: `cell-${String(index)}` },
    index,
    document: { getText: () => text },
    notebook,
  }));
  return { notebook: notebook as never, cells: cells as never[] };
}

let folder: string;
let presence: WindowPresence;
let store: RecordStore;
let records: CellRecords;
const files = () => readdir(path.join(folder, 'records')).catch(() => []);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-turns-'));
  presence = new WindowPresence();
  store = new RecordStore({
    directory: path.join(folder, 'records'),
    presence,
    now: () => 0,
    onUnreadable: () => undefined,
  });
  records = new CellRecords(store, { warn: () => undefined } as never);
});
afterEach(async () => {
  records.dispose();
  presence.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('the record of a cell', () => {
  it('is written once, before the statement is sent, when that is at once', async () => {
    const writes = vi.spyOn(store, 'write');
    const record = records.open(cell);
    await record.sending(statement, cell);
    expect(await files()).toHaveLength(1);
    await sleep(60);
    expect(writes.mock.calls.map(([{ statement: sent }]) => sent?.marker)).toEqual(['# m']);
    record.close();
  });

  it('is written while the cell waits', async () => {
    records.open(cell);
    expect(await files()).toEqual([]);
    await vi.waitFor(async () => {
      expect(await files()).toHaveLength(1);
    });
  });

  it('is written at once when nobody waits any more, and never when the cell has ended', async () => {
    const left = records.open(cell);
    left.leave();
    left.close();
    await vi.waitFor(
      async () => {
        expect(await files()).toHaveLength(1);
      },
      { interval: 1 },
    );
    records.open(cell).close();
    await sleep(60);
    expect(await files()).toEqual([]);
  });
});

describe('one notebook in two windows', () => {
  const others: { dispose: () => void }[] = [];
  afterEach(() => {
    for (const other of others.splice(0)) other.dispose();
  });
  function openWindow() {
    const own = new WindowPresence();
    const directory = path.join(folder, 'records');
    const options = { directory, presence: own, now: () => 0, onUnreadable: () => undefined };
    const opened = new CellRecords(new RecordStore(options), { warn: () => undefined } as never);
    others.push(opened, own);
    return { presence: own, records: opened, ...openNotebook('first', 'second') };
  }
  const sent = (marker: string) => ({ ...statement, marker });
  const claimed = async ({ records: of, notebook }: ReturnType<typeof openWindow>) =>
    (await of.claim(notebook)).map(({ record, cell: where }) => [record.current.statement?.marker, where]);

  it('leaves to each what it has underway, also of the same cell, and to the other what a crash left', async () => {
    const [one, two] = [openWindow(), openWindow()];
    await one.records.open(one.cells[0]!).sending(sent('one'), one.cells[0]!);
    await two.records.open(two.cells[0]!).sending(sent('two'), two.cells[0]!);
    // As when a kernel is selected in either.
    expect(await Promise.all([one, two].map(claimed))).toEqual([[], []]);
    one.presence.dispose();
    await vi.waitFor(async () => {
      expect(await claimed(two)).toEqual([['one', two.cells[0]]]);
    });
    expect(await claimed(two)).toEqual([]);
  });

  it('gives what a crash left to one of them, in its own document', async () => {
    const gone = openWindow();
    await gone.records.open(gone.cells[1]!).sending(sent('left'), gone.cells[1]!);
    const [one, two] = [openWindow(), openWindow()];
    gone.presence.dispose();
    await vi.waitFor(async () => {
      const all = await Promise.all([one, two].map(claimed));
      expect(all.flat()).toHaveLength(1);
      const [index] = all.flatMap((own, window) => (own.length === 1 ? [window] : []));
      expect(all.flat()).toEqual([['left', [one, two][index!]!.cells[1]]]);
    });
    expect(await Promise.all([one, two].map(claimed))).toEqual([[], []]);
  });
});
