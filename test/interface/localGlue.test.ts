import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, it } from 'vitest';
import { openWindow, shootFailures, type TestWindow } from './window';

let opened: TestWindow;
let taken: Server;
beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  opened = await openWindow({ settings: { 'glueSessions.local.port': port } });
}, 300_000);
afterAll(async () => {
  await opened.close();
  taken.close();
});

shootFailures(() => opened.workbench);

it('says in words that the port is taken, and which setting helps', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  await workbench.commandByKeys('Glue: Start Local Glue');
  await workbench.page
    .locator('.notification-list-item', { hasText: /port \d+ is (?:already )?taken/i })
    // The progress that ends may still say it too.
    .first()
    .waitFor({ timeout: 20_000 });
});
