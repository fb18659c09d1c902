import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startLocalGlue, until } from './localGlue';

const execute = promisify(execFile);

async function isThere(text: string): Promise<boolean> {
  const { stdout } = await execute('ps', ['-eo', 'args=']);
  return stdout.split('\n').some((line) => line.includes(text) && !line.includes('ps -eo'));
}

describe('a session', () => {
  it('that nobody looks at times out, and its process with it', { timeout: 100_000 }, async () => {
    const local = await startLocalGlue({
      args: ['--engine', 'python'],
      world: `
accounts:
  '444455556666':
    users: { admin: { profile: admin, managedPolicies: [AdministratorAccess] } }
    regions: { us-east-1: { sessions: [{ id: forgotten, status: READY, ageSeconds: 0, idleTimeoutMinutes: 1 }, { id: young, status: READY }] } }
`,
    });
    const api = local.api('admin');
    expect((await api.getSession('young')).status).toBe('READY');
    await api.runStatement('forgotten', 'import os; os.system("sleep 98767 &")');
    await until('it runs', () => isThere('sleep 98767'));
    await until('it timed out', async () => !(await isThere('sleep 98767')), 75_000);
    expect(await api.getSession('forgotten')).toMatchObject({ status: 'TIMEOUT' });
    await local.stop();
  });
});
