import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { WindowPresence } from '../../../src/notebook/windowPresence';

const windows: WindowPresence[] = [];
afterEach(() => {
  for (const window of windows.splice(0)) window.dispose();
});

function openWindow(): WindowPresence {
  const window = new WindowPresence();
  windows.push(window);
  return window;
}

it('is alive for others while it lives, and only then', async () => {
  const [first, second] = [openWindow(), openWindow()];
  expect(await second.isAlive(first.id)).toBe(false);
  await first.show();
  expect(await second.isAlive(first.id)).toBe(true);
  first.dispose();
  await expect.poll(() => second.isAlive(first.id)).toBe(false);
});

it.skipIf(platform() === 'win32')('clears away what crashed windows left, and nothing else', async () => {
  const socket = () => `/tmp/glue-sessions-${randomUUID()}.sock`;
  const [dead, fresh, busy] = [socket(), socket(), socket()];
  const long = new Date(Date.now() - 3600_000);
  // As a crash leaves it: a file where nobody listens.
  for (const file of [dead, fresh]) await writeFile(file, '');
  await utimes(dead, long, long);
  const server = createServer().listen(busy);
  await expect.poll(() => server.listening).toBe(true);
  await utimes(busy, long, long);
  await openWindow().show();
  await expect.poll(() => existsSync(dead)).toBe(false);
  expect([existsSync(fresh), existsSync(busy)]).toEqual([true, true]);
  server.close();
  await writeFile(fresh, '');
  await utimes(fresh, long, long);
  await openWindow().show();
  await expect.poll(() => existsSync(fresh)).toBe(false);
});
