import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InventoryOwner, RememberedInventory } from '../../../src/glue/inventory/sharedInventory';
import { openInventoryFiles } from '../../../src/host/inventoryFiles';
import { PollLease } from '../../../src/host/pollLease';
import { session } from '../scriptedApi';

const owner: InventoryOwner = {
  target: '["p"]',
  identity: { account: '444455556666', arn: 'arn:a', userId: 'AROA1:ada' },
  region: 'us-east-1',
  endpoint: undefined,
};
const inventory: RememberedInventory = {
  writtenAt: 6,
  asOf: 5,
  avoidTaggingUntil: 0,
  sessions: [
    { session: session({ id: 'live', role: 'arn:r' }), toldAt: 5, tags: { team: 'x' }, tagsReadAt: 5 },
    { session: session({ id: 'ended', status: 'STOPPED', errorMessage: 'e'.repeat(9000) }) },
  ],
};

let directory: string;
let said: string[];
let now: number;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'inventory-')), 'made');
  said = [];
  now = Date.now();
});
afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

const open = () => openInventoryFiles({ directory, now: () => now, log: (text) => void said.push(text) });

async function onlyFile(): Promise<string> {
  const [name] = (await readdir(directory)).filter((file) => file.endsWith('.jsonl'));
  return path.join(directory, name!);
}

describe('remembered sessions', () => {
  it('come back as they were, but for arguments, which may hold secrets', async () => {
    const secret = { '--password': 'very-secret' };
    const [live, ended] = inventory.sessions;
    const withSecret = { ...live!, session: { ...live!.session, defaultArguments: secret } };
    await (await open()).open(owner).write({ ...inventory, sessions: [withSecret, ended!] });
    const read = await (await open()).open(owner).read();
    expect(read).toMatchObject({ asOf: 5, sessions: [live, { session: { id: 'ended' } }] });
    expect(read?.sessions[1]?.session.errorMessage).toHaveLength(500);
    const file = await onlyFile();
    expect(await readFile(file, 'utf8')).not.toContain('very-secret');
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await stat(directory)).mode & 0o077).toBe(0);
  });

  it.each([
    ['account', { identity: { ...owner.identity, account: '111122223333' } }],
    ['caller', { identity: { ...owner.identity, arn: 'arn:b' } }],
    ['Region', { region: 'eu-west-1' }],
    ['endpoint', { endpoint: 'http://127.0.0.1:1' }],
    ['target', { target: '["q"]' }],
  ])('of another %s are not found', async (_, change) => {
    await (await open()).open(owner).write(inventory);
    expect(await (await open()).open({ ...owner, ...change }).read()).toBeUndefined();
  });

  it('are read once as long as nothing changes', async () => {
    const store = await open();
    const [one, other] = [store.open(owner), store.open(owner)];
    await one.write(inventory);
    expect(await one.read()).toBeUndefined();
    expect(await other.read()).toBeDefined();
    expect(await other.read()).toBeUndefined();
    await one.write({ ...inventory, asOf: 7 });
    expect(await other.read()).toMatchObject({ asOf: 7 });
  });

  it.each([
    ['is no JSON', () => 'not json\n'],
    ['is cut off', (text: string) => text.slice(0, -20)],
    ['lacks a session', (text: string) => `${text.split('\n').slice(0, 2).join('\n')}\n`],
    ['has a status that is no text', (text: string) => text.replace('"READY"', '7')],
    ['has tags that are no texts', (text: string) => text.replace('"x"', '{}')],
    ['has a session without its place', (text: string) => text.replace('"at":1', '"at":7')],
    ['has two sessions in one place', (text: string) => text.replace('"at":1', '"at":0')],
    ['is of another version', (text: string) => text.replace('"schema":2', '"schema":1')],
    ['is of somebody else', (text: string) => text.replace('arn:a', 'arn:z')],
    ['is huge', () => 'x'.repeat(33 * 1024 * 1024)],
    ['is empty', () => ''],
  ])('are ignored, said so and written anew when the file %s', async (_, spoil) => {
    await (await open()).open(owner).write(inventory);
    const file = await onlyFile();
    await writeFile(file, spoil(await readFile(file, 'utf8')));
    const files = (await open()).open(owner);
    expect(await files.read()).toBeUndefined();
    expect(said.join()).toContain('is ignored and will be written anew');
    await files.write(inventory);
    expect(await (await open()).open(owner).read()).toMatchObject({ asOf: 5 });
  });

  it('of ten thousand sessions take a few megabytes', { timeout: 60_000 }, async () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) => ({
      session: session({ id: `s${index}`, role: 'arn:aws:iam::444455556666:role/R', createdOn: index }),
      tags: { team: 'x', billing: 'y' },
    }));
    const files = (await open()).open(owner);
    await files.write({ ...inventory, sessions });
    expect((await (await open()).open(owner).read())?.sessions).toHaveLength(10_000);
    expect((await stat(await onlyFile())).size).toBeLessThan(5_000_000);
  });

  it('give the live ones first, and all in the order in which they were', async () => {
    const sessions = Array.from({ length: 1000 }, (_, index) => ({
      session: session({ id: `s${index}`, status: index % 100 === 7 ? 'READY' : 'STOPPED' }),
    }));
    await (await open()).open(owner).write({ ...inventory, sessions });
    const first: string[] = [];
    const read = await (await open()).open(owner).read((live) => {
      first.push(...live.sessions.map((row) => row.session.id));
    });
    expect(first).toEqual(['s7', 's107', 's207', 's307', 's407', 's507', 's607', 's707', 's807', 's907']);
    expect(read?.sessions.map((row) => row.session.id)).toEqual(sessions.map((row) => row.session.id));
  });

  it('are bounded: those that run and the newest stay', async () => {
    const sessions = Array.from({ length: 20_001 }, (_, index) => ({
      session: session({ id: `s${index}`, createdOn: index, ...(index > 0 && { completedOn: index }) }),
    }));
    await (await open()).open(owner).write({ ...inventory, sessions });
    const ids = (await (await open()).open(owner).read())?.sessions.map((row) => row.session.id);
    expect(ids).toHaveLength(20_000);
    expect(ids).toContain('s0');
    expect(ids).not.toContain('s1');
  });

  it('that nobody has used for a month go', async () => {
    await (await open()).open(owner).write(inventory);
    const old = new Date(now - 31 * 24 * 3_600_000);
    await utimes(await onlyFile(), old, old);
    await open();
    expect(await readdir(directory)).toEqual([]);
  });

  it('leave nothing half done behind: what a process that ended had begun goes after an hour', async () => {
    await (await open()).open(owner).write(inventory);
    const [inPlace] = await readdir(directory);
    const begun = ['x.jsonl.0c1', 'x.lease.0c2', 'x.0c3.told.writing', 'x.0c4.told'];
    const age = async (minutes: number) => {
      const then = new Date(now - minutes * 60_000);
      for (const name of [inPlace!, 'x.lease', ...begun])
        await utimes(path.join(directory, name), then, then);
    };
    for (const name of ['x.lease', ...begun]) await writeFile(path.join(directory, name), '{}');
    await age(50);
    await open();
    expect(await readdir(directory)).toHaveLength(6);
    await age(70);
    await open();
    expect((await readdir(directory)).sort()).toEqual([inPlace!, 'x.lease'].sort());
  });
});

describe('what windows tell each other', () => {
  it('is heard once by each other one, and goes', async () => {
    const store = await open();
    const [one, two, three] = [store.open(owner), store.open(owner), store.open(owner)];
    await one.tell([{ goneId: 'a', toldAt: 3 }, inventory.sessions[0]!]);
    const heard = [{ goneId: 'a', toldAt: 3 }, inventory.sessions[0]];
    expect(await one.heard()).toEqual([]);
    expect(await two.heard()).toEqual(heard);
    expect(await two.heard()).toEqual([]);
    expect(await three.heard()).toEqual(heard);
    expect(await store.open({ ...owner, region: 'eu-west-1' }).heard()).toEqual([]);
    now += 40_000;
    await one.heard();
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('the lease', () => {
  const lease = () => new PollLease(path.join(directory, 'x.lease'), () => now);
  beforeEach(() => mkdir(directory, { recursive: true }));

  it('is held by one, who tells as of when he knows', async () => {
    const [one, other] = [lease(), lease()];
    expect(await one.step(1, true)).toEqual({ isLeader: true });
    expect(await other.step(undefined, true)).toEqual({ isLeader: false, asOf: 1 });
    await one.step(2, true);
    expect(await other.step(undefined, true)).toEqual({ isLeader: false, asOf: 2 });
    await one.release();
    expect(await other.step(undefined, false)).toEqual({ isLeader: false, asOf: undefined });
    expect(await other.step(undefined, true)).toEqual({ isLeader: true });
    expect(await one.step(2, true)).toMatchObject({ isLeader: false });
  });

  it('is taken within ten seconds from one that says nothing, who then knows', async () => {
    const [one, other] = [lease(), lease()];
    await one.step(1, true);
    now += 5000;
    expect(await other.step(1, true)).toMatchObject({ isLeader: false });
    now += 2000;
    expect(await other.step(1, true)).toEqual({ isLeader: true });
    expect(await one.step(1, true)).toMatchObject({ isLeader: false });
    expect(await other.step(1, true)).toEqual({ isLeader: true });
  });

  it('is taken at once from a process that is gone', async () => {
    const gone = { id: 'gone', pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), at: now };
    await writeFile(path.join(directory, 'x.lease'), JSON.stringify(gone));
    expect(await lease().step(1, true)).toEqual({ isLeader: true });
  });

  it('that is no lease holds as long as one does', async () => {
    const file = path.join(directory, 'x.lease');
    await writeFile(file, 'nonsense');
    const one = lease();
    expect(await one.step(1, true)).toMatchObject({ isLeader: false });
    now += 7000;
    expect(await one.step(1, true)).toMatchObject({ isLeader: true });
  });

  it('is got by one of many who want a stale one', async () => {
    for (let round = 0; round < 20; round++) {
      const before = lease();
      await before.step(1, true);
      now += 7000;
      const many = Array.from({ length: 8 }, lease);
      const roles = await Promise.all(many.map((one) => one.step(1, true)));
      expect(roles.filter(({ isLeader }) => isLeader).length).toBeLessThanOrEqual(1);
      const after = await Promise.all(many.map((one) => one.step(1, true)));
      expect(after.filter(({ isLeader }) => isLeader)).toHaveLength(1);
      await Promise.all(many.map((one) => one.release()));
    }
    expect(await readdir(directory)).toEqual([]);
  });
});
