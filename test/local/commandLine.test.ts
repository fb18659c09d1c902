import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import type { CreateSessionRequest } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { startLocalGlue, until } from './localGlue';
import { smallSession } from './smallSession';
import { permit } from '../unit/scriptedApi';

const wish: CreateSessionRequest = { ...smallSession, tags: { team: 'analytics' } };

describe('the command line', () => {
  it('says that a port is taken, and which', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    await expect(startLocalGlue({ args: ['--port', port] })).rejects.toThrow(`Port ${port} is taken`);
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    [['--port', 'many'], '--port many: expected a number'],
    [['--engine', 'flink'], '--engine flink: expected auto, spark or python'],
    [['--world', '/no/such/file'], "--world /no/such/file can't be read"],
    [['--speed', '5'], "Unknown option '--speed'"],
    [['--journal', '/no/such/folder/j'], "--journal /no/such/folder/j can't be written"],
    [['--state', '/dev/null/x'], "--state /dev/null/x can't be used"],
  ])('refuses %j', async (args, reason) => {
    await expect(startLocalGlue({ args })).rejects.toThrow(reason);
  });

  it.each([
    ['accounts: {}', 'must NOT have fewer than 1 properties'],
    ["accounts: { '12': {} }", 'property name must be valid'],
    ["accounts: { '111122223333': { people: {} } }", 'people'],
    ["accounts: { '111122223333': { users: { a: { managedPolicies: [None] } } } }", 'names the policy None'],
    [
      "accounts: { '111122223333': { policies: { p: { Statement: { Effect: Allow, Action: '*', Resource: '*', Condition: { Odd: { 'aws:userid': x } } } } } } }",
      'the condition operator Odd is not known',
    ],
    [
      "accounts: { '111122223333': { regions: { us-east-1: { connections: { c: { type: NETWORK, subnetId: subnet-x } } } } } }",
      'c names subnet-x',
    ],
    ['accounts: [', 'neither YAML nor JSON'],
  ])('does not load the world %#', async (world, reason) => {
    await expect(startLocalGlue({ world })).rejects.toThrow(reason);
  });

  it('keeps S3 in its state folder, and a second one out of it', async () => {
    const state = await mkdtemp(path.join(tmpdir(), 'local-glue-state-'));
    const first = await startLocalGlue({ args: ['--engine', 'python', '--state', state] });
    await writeFile(path.join(state, 's3', 'kept'), 'x');
    await expect(startLocalGlue({ args: ['--state', state] })).rejects.toThrow(
      /is in use by another Local Glue/,
    );
    expect((await first.api('isbloguser').callerIdentity()).account).toBe('111122223333');
    // Killed, it can't tidy up: that must not keep the next one out.
    first.child.kill('SIGKILL');
    await until('it is gone', () => first.child.signalCode !== null);
    const second = await startLocalGlue({ args: ['--engine', 'python', '--state', state] });
    expect((await second.api('isbloguser').callerIdentity()).account).toBe('111122223333');
    await second.stop();
    expect(await stat(path.join(state, 's3', 'kept'))).toBeTruthy();
    await rm(state, { recursive: true });
  });

  it('stops at once while it makes its Python environment, and leaves no half of it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'slow-python-'));
    const python = path.join(folder, 'python3.11');
    // Answers what version it is, and takes for ever to make an environment.
    await writeFile(
      python,
      '#!/bin/sh\n[ "$1" = -m ] && exec sleep 98768\ncase "$2" in *version_info*) echo 3.11;; *) exit 1;; esac\n',
      {
        mode: 0o755,
      },
    );
    const local = await startLocalGlue({
      args: ['--python', python],
      environment: { GLUE_SESSIONS_CACHE: path.join(folder, 'cache') },
    });
    await until('it is at it', () => local.said.some((line) => line.includes('Making a Python environment')));
    const api = local.api('session-creator');
    await api.createSession({ ...wish, id: 'waits' });
    await api.stopSession('waits');
    await until(
      'the session stopped',
      async () => (await api.getSession('waits')).status === 'STOPPED',
      5000,
    );
    const started = Date.now();
    await local.stop();
    expect(Date.now() - started).toBeLessThan(5000);
    expect(await readdir(path.join(folder, 'cache', 'python'))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('ends with its children when it is told to, and when it is killed', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const local = await startLocalGlue({ args: ['--engine', 'python'] });
      const api = local.api('session-creator');
      const session = await startSession(api, wish, { clock: systemClock, permit });
      const ended = await runStatement({
        api,
        sessionId: session.id,
        marked: markCode('import os; os.getpid()', 'python', 'm'),
        clock: systemClock,
      });
      const pid = Number(ended?.output?.textPlain);
      expect(isAlive(pid)).toBe(true);
      await api.runStatement(session.id, 'import time; time.sleep(600)');
      local.child.kill(signal);
      await until('the session process is gone', () => !isAlive(pid), 15_000);
    }
  });

  it('names the Python it needs when there is none', async () => {
    const local = await startLocalGlue({
      args: ['--engine', 'spark'],
      environment: { PATH: '/nonexistent', GLUE_SESSIONS_CACHE: '/nonexistent/cache' },
    });
    await expect(
      startSession(local.api('session-creator'), wish, { clock: systemClock, permit }),
    ).rejects.toThrow(/needs Python 3.9, 3.10 or 3.11.*--python/);
    await local.stop();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
