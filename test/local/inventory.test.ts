import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInventory, type InventoryProcess } from '../../scripts/bench/inventoryProcess.mjs';
import { startLocalGlue, until, type LocalGlue } from './localGlue';

const world = `
accounts:
  '444455556666':
    users: { admin: { profile: admin, managedPolicies: [AdministratorAccess] } }
    regions:
      us-east-1:
        sessions:
          - { id: live-, count: 20, status: READY, tags: { team: [x, y] } }
          - { id: ended-, count: 30, tags: { team: x } }`;

let local: LocalGlue;
let remembered: string;
const running: InventoryProcess[] = [];
beforeAll(async () => {
  local = await startLocalGlue({ args: ['--engine', 'python'], world });
  remembered = await mkdtemp(path.join(tmpdir(), 'inventory-'));
});
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await local.stop();
  await rm(remembered, { recursive: true, force: true });
});

function open(): InventoryProcess {
  const { configFile, credentialsFile } = local;
  const opened = startInventory({ profile: 'admin', configFile, credentialsFile, remembered });
  running.push(opened);
  return opened;
}

const holds = ({ moments }: InventoryProcess, live: number) => {
  const last = moments.at(-1);
  return last?.state === 'ready' && last.live === live && last.grouped === live;
};
const looks = () => local.journal().filter(({ operation }) => operation === 'glue:ListSessions').length;

async function holder(): Promise<number | undefined> {
  const name = (await readdir(remembered)).find((file) => file.endsWith('.lease'));
  const text = name && (await readFile(path.join(remembered, name), 'utf8').catch(() => undefined));
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as { pid: number }).pid;
}

it(
  'looks from one process of two, and from the other soon after the first was killed',
  { timeout: 90_000 },
  async () => {
    const first = open();
    await until('the first holds all', () => holds(first, 20));
    await until('what it read is on disk', async () =>
      (await readdir(remembered)).some((file) => file.endsWith('.jsonl')),
    );
    const second = open();
    await until('the second holds all', () => holds(second, 20));
    const before = looks();
    expect(await holder()).toBe(first.child.pid);
    first.child.kill('SIGKILL');
    const killedAt = Date.now();
    await until('the second holds the lease', async () => (await holder()) === second.child.pid, 10_000);
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    await local.api('admin').stopSession('live-01');
    await until('the second shows what was stopped elsewhere', () => holds(second, 19), 60_000);
    expect(looks()).toBeGreaterThan(before);
    const shown = second.moments.find(({ live }) => live > 0);
    expect(shown?.live, 'remembered ones came whole').toBe(20);
    await second.end();
  },
);
