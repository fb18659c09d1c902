/** Python programs of others that tests use, each set in a virtual environment of its own in the cache. */
import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Installs packages where they aren't yet.
 * @param name folder of the environment; ends in a number that grows with every change of the packages
 * @param packages with exact versions
 * @returns folder that holds its programs
 */
export async function pythonTools(name: string, packages: readonly string[]): Promise<string> {
  const cache = process.env.GLUE_SESSIONS_CACHE ?? path.join(homedir(), '.cache', 'glue-sessions');
  const environment = path.join(cache, 'python', name);
  const programs = path.join(environment, 'bin');
  const done = path.join(environment, 'installed');
  const isThere = await access(done).then(
    () => true,
    () => false,
  );
  if (isThere) return programs;
  await mkdir(path.dirname(environment), { recursive: true });
  await execute('python3', ['-m', 'venv', '--clear', environment]);
  await execute(path.join(programs, 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...packages,
  ]);
  await writeFile(done, '');
  return programs;
}
