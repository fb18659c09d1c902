/** The official kernel in a virtual environment of its own, as people have it. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CellRun } from './arithmetic.mjs';
import type { Plan } from './plan.mjs';
import { sessionMagics, type Ground } from './runners.mjs';

const execute = promisify(execFile);
export const kernelPackage = 'aws-glue-sessions==1.0.9';

export async function runOfficialKernel({ local, say }: Ground, plan: Plan): Promise<CellRun[]> {
  const python = await ensureKernel(say);
  const child = spawn(python, [path.resolve('scripts/bench/kernel.py')], {
    env: { ...process.env, ...local.environment, AWS_PROFILE: 'session-creator' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(
    JSON.stringify({
      endpoint: local.endpoint,
      magics: `%endpoint ${local.endpoint}\n${sessionMagics('PREFIX')}`,
      short: plan.short,
      long: plan.long,
    }),
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`measuring the official kernel ended with ${String(code)}`);
  return JSON.parse(printed) as CellRun[];
}

/** @returns the Python of the environment */
async function ensureKernel(say: (line: string) => void): Promise<string> {
  const cache = process.env.GLUE_SESSIONS_CACHE ?? path.join(homedir(), '.cache', 'glue-sessions');
  const folder = path.join(cache, 'python', 'official-kernel-1.0.9-1');
  const python = path.join(folder, 'bin', 'python');
  const isThere = await stat(path.join(folder, 'done')).then(
    () => true,
    () => false,
  );
  if (isThere) return python;
  say(`Installing ${kernelPackage} into ${folder}, once`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  await execute('python3', ['-m', 'venv', folder]);
  await execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', kernelPackage], {
    maxBuffer: 64 * 1024 * 1024,
  });
  await mkdir(path.join(folder, 'installing'));
  await rename(path.join(folder, 'installing'), path.join(folder, 'done'));
  return python;
}
