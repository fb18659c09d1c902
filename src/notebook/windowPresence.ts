import { randomUUID } from 'node:crypto';
import { chmod, readdir, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { platform } from 'node:os';

/**
 * Tells whether the window that wrote a record still lives. Each window listens on a socket of its own (a named pipe on
 * Windows), which ends with its process, whichever way that ends: unlike a process id it is never used again, and unlike
 * a time stamp it is right after the machine slept.
 */
export class WindowPresence {
  private listening: Promise<Server> | undefined;

  /** @param id part of file names: letters, digits and dashes; never one that was used before */
  constructor(readonly id: string = randomUUID()) {}

  /** Makes this window known; to be awaited before its id is written anywhere. @throws Error when no socket can be had */
  async show(): Promise<void> {
    this.listening ??= listen(addressOf(this.id)).then((server) => {
      // What windows left that crashed; nothing waits for it, and what stays does no harm.
      if (!isWindows) removeDead().catch(() => undefined);
      return server;
    });
    await this.listening;
  }

  /** Whether the window with that id still lives. This one does. */
  async isAlive(id: string): Promise<boolean> {
    if (id === this.id) return true;
    const address = addressOf(id);
    if (await isListening(address)) return true;
    if (!isWindows) await rm(address, { force: true });
    return false;
  }

  dispose(): void {
    void this.listening?.then((server) => server.close());
  }
}

const isWindows = platform() === 'win32';

/** Not the folder of temporary files that the environment names: windows may differ in it. */
const folder = '/tmp';

/** Between a socket's file and its listening lies a moment: one so old has had it (milliseconds). */
const settledMs = 60_000;

function addressOf(id: string): string {
  return isWindows ? `\\\\.\\pipe\\glue-sessions-${id}` : `${folder}/glue-sessions-${id}.sock`;
}

/** Whether a process listens there. One that is too busy to answer does. */
function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(!['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(error.code ?? ''));
    });
  });
}

/** Removes the sockets of this person's windows that are gone. */
async function removeDead(): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((found) => /^glue-sessions-[\da-f-]{36}\.sock$/.test(found))) {
    const address = `${folder}/${name}`;
    const found = await stat(address).catch(() => undefined);
    if (found === undefined || found.uid !== process.getuid?.()) continue;
    const isOld = Date.now() - found.mtimeMs > settledMs;
    if (isOld && !(await isListening(address))) await rm(address, { force: true });
  }
}

async function listen(address: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (!isWindows) await chmod(address, 0o600);
  return server;
}
