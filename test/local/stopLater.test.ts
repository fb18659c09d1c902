import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import { startSession } from '../../src/glue/startSession';
import { SessionLeases } from '../../src/notebook/sessionLeases';
import { SessionUses } from '../../src/notebook/sessionUses';
import { WindowPresence } from '../../src/notebook/windowPresence';
import { permit } from '../unit/scriptedApi';
import { creationRole, runtimeRole, startLocalGlue, until, type LocalGlue } from './localGlue';

/** A window that ends leaves its sessions to a process of its own. */
let local: LocalGlue;
let folder: string;
/** For windows to be closed one after the other on a busy machine (milliseconds). */
const graceMs = 2500;
const windows: WindowPresence[] = [];
beforeAll(async () => {
  local = await startLocalGlue({ args: ['--engine', 'python'] });
  folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-leases-'));
});
afterAll(async () => {
  for (const window of windows) window.dispose();
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A window, which uses these sessions. */
async function openWindow(graceMs: number, ...sessionIds: readonly string[]) {
  const presence = new WindowPresence();
  windows.push(presence);
  const [directory, uses] = [path.join(folder, 'leases'), path.join(folder, 'uses')];
  await new SessionUses(uses, presence).publish(sessionIds);
  const leases = new SessionLeases({
    directory,
    uses,
    presence,
    program: 'dist/stopLater.js',
    graceMs: () => graceMs,
    now: () => Date.now(),
  });
  const leave = (sessionId: string) => leases.leave(target(), sessionId, () => api().reached());
  return {
    leases,
    leave,
    close: async () => {
      for (const sessionId of sessionIds) await leave(sessionId);
      presence.dispose();
    },
  };
}
const leaseFiles = async () =>
  Promise.all(
    (await readdir(path.join(folder, 'leases'))).map((name) =>
      readFile(path.join(folder, 'leases', name), 'utf8').catch(() => ''),
    ),
  );
const isNoLeaseLeft = async () => (await leaseFiles()).length === 0;
const api = () => local.api('isbloguser', [{ roleArn: creationRole }]);
const target = () => ({
  profile: 'isbloguser',
  roles: [{ roleArn: creationRole }],
  files: { configFile: local.configFile, credentialsFile: local.credentialsFile },
});

async function start(id: string): Promise<void> {
  const command = { name: 'glueetl' as const, pythonVersion: '3' };
  const request = {
    id,
    role: runtimeRole,
    command,
    defaultArguments: {},
    connections: ['session_vpc'],
    tags: {},
  };
  await startSession(
    api(),
    { ...request, workerType: 'G.1X', numberOfWorkers: 2 },
    { clock: systemClock, permit },
  );
}
const stops = () => local.journal().filter(({ operation }) => operation === 'glue:StopSession').length;
const statusOf = async (id: string) => (await api().getSession(id)).status;

it('stops, once, what no window uses when its time has come, with the keys in use and none on disk', async () => {
  await Promise.all(['closed', 'reloaded', 'together', 'used'].map(start));
  const { secretAccessKey, sessionToken } = (await api().reached()).credentials!;
  expect(sessionToken).toBeDefined();
  const first = await openWindow(graceMs, 'closed', 'reloaded', 'together', 'used');
  const second = await openWindow(graceMs, 'together');
  await openWindow(graceMs, 'used');
  const before = stops();
  await Promise.all([first.close(), second.close()]);
  const written = await leaseFiles();
  expect(written).toHaveLength(4);
  expect(written.join()).not.toContain(secretAccessKey);
  await (await openWindow(0)).leases.takeOver('reloaded');
  await until('nothing is left', isNoLeaseLeft);
  const ids = ['closed', 'reloaded', 'together', 'used'];
  expect((await Promise.all(ids.map(statusOf))).map((status) => status.includes('STOP'))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(stops() - before).toBe(2);
});

it(
  'leaves it to the last of several windows that were closed; the next one does what that could not',
  { timeout: 60_000 },
  async () => {
    await start('later');
    // Long enough for its process to be seen while it waits: on a busy machine it takes seconds to begin.
    await (await openWindow(8000, 'later')).close();
    const { keeper } = JSON.parse((await leaseFiles())[0]!) as { keeper: string };
    const isAlive = () => new WindowPresence().isAlive(keeper);
    await until('its process runs', isAlive);
    // Perhaps loaded anew just then, its notebooks not back yet.
    const last = await openWindow(0, 'later');
    await expect(
      last.leases.leave(target(), 'later', () => Promise.reject(new Error('no keys'))),
    ).rejects.toThrow('no keys');
    await until('the first process has ended', async () => !(await isAlive()));
    expect(await statusOf('later')).toBe('READY');
    const overdue: unknown[] = [];
    for await (const { lease } of (await openWindow(0)).leases.overdue()) overdue.push(lease);
    expect(overdue).toMatchObject([{ sessionId: 'later', target: target() }]);
  },
);
