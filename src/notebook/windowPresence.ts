import { randomUUID } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { platform } from 'node:os';

/**
 * Tells whether the window that wrote a record still lives. Each window listens on a socket of its own (a named pipe on
 * Windows), which ends with its process, whichever way that ends: unlike a process id it is never used again, and unlike
 * a time stamp it is right after the machine slept.
 */
export class WindowPresence {
  /** Part of file names: letters, digits and dashes. */
  readonly id = randomUUID();
  private listening: Promise<Server> | undefined;

  /** Makes this window known; to be awaited before its id is written anywhere. @throws Error when no socket can be had */
  async show(): Promise<void> {
    this.listening ??= listen(addressOf(this.id));
    await this.listening;
  }

  /** Whether the window with that id still lives. This one does. */
  async isAlive(id: string): Promise<boolean> {
    if (id === this.id) return true;
    const address = addressOf(id);
    const isAnswered = await new Promise<boolean>((resolve) => {
      const socket = connect(address);
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (!isAnswered && !isWindows) await rm(address, { force: true });
    return isAnswered;
  }

  dispose(): void {
    void this.listening?.then((server) => server.close());
  }
}

const isWindows = platform() === 'win32';

/** Not in the folder of temporary files that the environment names: windows may differ in it. */
function addressOf(id: string): string {
  return isWindows ? `\\\\.\\pipe\\glue-sessions-${id}` : `/tmp/glue-sessions-${id}.sock`;
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
