import { spawnSync } from 'node:child_process';

/** So often it is looked whether npm is there (milliseconds). */
const lookMs = 1000;

/**
 * Ends a script that runs until it is told to, when the npm that runs it is killed: npm can't tell it then, and the shell
 * between them waits for the script. Does nothing without npm, or on Windows, which has no `ps`.
 */
export function endWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(process.ppid)], { encoding: 'utf8' });
  const npm = Number(stdout);
  if (!(npm > 1)) return;
  setInterval(() => {
    if (!isThere(npm)) end();
  }, lookMs).unref();
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
