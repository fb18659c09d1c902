import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A state folder that another Local Glue works in. */
export class StateInUseError extends Error {
  override readonly name = 'StateInUseError';
}

/**
 * Keeps a second Local Glue out of a state folder: it would write its own keys and port over those of the first.
 * @returns the lock's file
 * @throws StateInUseError when one that lives has it
 */
export async function lockState(state: string): Promise<string> {
  const file = path.join(state, 'pid');
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new StateInUseError(
      `--state ${state} is in use by another Local Glue (process ${String(owner)}). Stop that one, or name another folder.`,
    );
  }
  await writeFile(file, String(process.pid), { mode: 0o600 });
  return file;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
