import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeaseFiles, type ClaimedLease } from '../../../src/notebook/leaseFiles';
import { WindowPresence } from '../../../src/notebook/windowPresence';

let directory: string;
const opened: WindowPresence[] = [];
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'glue-sessions-lease-files-')), 'leases');
});
afterEach(async () => {
  for (const presence of opened.splice(0)) presence.dispose();
  await rm(path.dirname(directory), { recursive: true, force: true });
});

function open() {
  const presence = new WindowPresence();
  opened.push(presence);
  return { presence, files: new LeaseFiles(directory, presence) };
}
const lease = (sessionId: string, keeper = 'gone', dueAt = 1000) => ({
  sessionId,
  keeper,
  dueAt,
  target: { profile: 'p', roles: [] },
});
async function dueIn({ files }: { files: LeaseFiles }, now = 2000): Promise<readonly ClaimedLease[]> {
  const due: ClaimedLease[] = [];
  for await (const claimed of files.due(now)) due.push(claimed);
  return due;
}
const idsOf = (claimed: readonly ClaimedLease[]) => claimed.map((one) => one.lease.sessionId).toSorted();
const names = () => readdir(directory);

describe('a lease', () => {
  it('is named so that no id leads elsewhere, however long it is', async () => {
    const { files } = open();
    const ids = ['..', 'a/../../b', 'é'.repeat(255), 'C:\\x', 'plain'];
    for (const id of ids) await files.write(lease(id));
    expect(await readdir(path.dirname(directory))).toEqual(['leases']);
    expect(idsOf(await dueIn(open()))).toEqual([...ids].sort());
  });

  it('is claimed by the process that it names, unless a window has gone on with the session', async () => {
    const [first, second, window] = [open(), open(), open()];
    await window.files.write(lease('a', first.presence.id));
    expect(await second.files.claimOwn('a')).toBeUndefined();
    const claimed = await first.files.claimOwn('a');
    expect(await claimed?.isHeld()).toBe(true);
    await window.files.remove('a');
    expect(await claimed?.isHeld()).toBe(false);
    await claimed?.giveBack();
    expect(await names()).toEqual([]);
  });

  it('is left to the process that was named last', async () => {
    const [first, second, window] = [open(), open(), open()];
    await window.files.write(lease('a', first.presence.id));
    await window.files.write(lease('a', second.presence.id));
    expect(await first.files.claimOwn('a')).toBeUndefined();
    expect(await second.files.claimOwn('a')).toBeDefined();
  });

  it('is not put back over one that was written meanwhile', async () => {
    const [first, second] = [open(), open()];
    await first.files.write(lease('a', first.presence.id));
    const claimed = await first.files.claimOwn('a');
    await second.files.write(lease('a', second.presence.id));
    await claimed?.giveBack({ wasTold: true });
    expect((await second.files.claimOwn('a'))?.lease.wasTold).toBeUndefined();
    expect(await names()).toHaveLength(1);
  });
});

describe('what is overdue', () => {
  it('is what is due, and whose process has ended', async () => {
    const [window, keeper] = [open(), open()];
    await keeper.presence.show();
    await window.files.write(lease('left'));
    await window.files.write(lease('early', 'gone', 3000));
    await window.files.write(lease('kept', keeper.presence.id));
    expect(idsOf(await dueIn(window))).toEqual(['left']);
    keeper.presence.dispose();
    await expect.poll(async () => idsOf(await dueIn(open()))).toEqual(['kept']);
  });

  it('is claimed one after the other, each by one window', async () => {
    const [first, second] = [open(), open()];
    for (const id of ['a', 'b', 'c']) await first.files.write(lease(id));
    const one = first.files.due(2000);
    const { value } = (await one.next()) as { value: ClaimedLease };
    // The window is busy with that one; the others are not held up by it.
    expect(await names()).toHaveLength(3);
    expect((await names()).filter((name) => name.endsWith('.claimed'))).toHaveLength(1);
    expect(idsOf(await dueIn(second))).toEqual(['a', 'b', 'c'].filter((id) => id !== value.lease.sessionId));
    expect((await one.next()).done).toBe(true);
  });

  it('is tried again when the stop failed, or the window that was about to do it crashed', async () => {
    const [first, second, third] = [open(), open(), open()];
    await first.files.write(lease('a'));
    const [failed] = await dueIn(first);
    await failed?.giveBack({ wasTold: true });
    const [again] = await dueIn(second);
    expect(again?.lease).toEqual({ ...lease('a'), wasTold: true });
    expect(await dueIn(third)).toEqual([]);
    second.presence.dispose();
    await expect.poll(async () => idsOf(await dueIn(third))).toEqual(['a']);
  });

  it('is forgotten once no session can live any more; what is no lease is removed', async () => {
    const { files } = open();
    await files.write(lease('old'));
    await writeFile(path.join(directory, 'half'), '{"sessionId":"x"');
    await writeFile(path.join(directory, 'hostile'), JSON.stringify(lease('x', '../../x')));
    const [name] = (await names()).filter((found) => found.length === 64);
    await rename(path.join(directory, name!), path.join(directory, `${name!}.crashed.claimed`));
    expect(await dueIn(open(), 9 * 24 * 3600_000)).toEqual([]);
    expect(await names()).toEqual([]);
  });
});
