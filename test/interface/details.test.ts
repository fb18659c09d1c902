import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultyProxy, type FaultyProxy } from '../faults/faultyProxy';
import { openWindow, shootFailures, type TestWindow } from './window';

/** The page of one session, through a connection that fails when the test says so. */
const session = { id: 'of-analytics', status: 'READY', tags: { team: 'analytics' }, ageSeconds: 120 };
let opened: TestWindow;
let proxy: FaultyProxy;
/** While it holds, looks at the session are answered only once nobody waits for them any more. */
let isHeld = false;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    sessions: [{ ...session, connections: ['session_vpc'] }],
    proxy: async (endpoint) => {
      proxy = await startFaultyProxy(endpoint, ({ operation }) =>
        isHeld && operation === 'GetSession' ? 'slow' : undefined,
      );
      return proxy.url;
    },
    settings: { 'glueSessions.targets': [{ profile: 'session-creator' }] },
  });
}, 300_000);
afterAll(async () => {
  await opened.close();
  await proxy.stop();
});
shootFailures(() => opened.workbench);

it('gives up a slow look at the details of a session', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  isHeld = true;
  await workbench.commandByKeys('Glue: Show Session Details');
  await workbench.pickByKeys('Show Details', session.id);
  const cancel = await workbench.output('button', 'Cancel Reading');
  const details = await frameOf(cancel);
  await details.locator('[aria-busy=true]').first().waitFor();
  await cancel.click();
  await details.getByText('This was not read: you cancelled it').first().waitFor();
  // Given up, not only hidden: nothing is awaited any more.
  expect(await details.locator('[aria-busy=true]').count()).toBe(0);
  expect(await details.getByRole('button', { name: 'Cancel Reading' }).count()).toBe(0);
  isHeld = false;
  await details.getByRole('button', { name: 'Refresh', exact: true }).click();
  await details.getByText('subnet-0b10c5e5510000001').first().waitFor();
  await details.getByText('This was not read').first().waitFor({ state: 'hidden' });
  await details.getByText('None has been run.').waitFor();
});

it('asks for the system logs by a button, and says that there are none', { timeout: 60_000 }, async () => {
  const { workbench } = opened;
  const details = await frameOf(await workbench.output('button', 'Download System Logs'));
  await details.getByRole('button', { name: 'Download System Logs' }).click();
  await details.getByText('The system logs could not be fetched: the service has none for this').waitFor();
  const asked = proxy.calls.filter(({ operation }) => operation === 'GetSystemLogsForSession');
  expect(asked.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ Id: session.id }]);
});

it(
  'saves tags of a session that is not mine after one more question, and leads to a row that is wrong',
  {
    timeout: 60_000,
  },
  async () => {
    const { workbench } = opened;
    const details = await frameOf(await workbench.output('button', 'Save Tags'));
    const [key, value] = [details.getByLabel('Key of new tag'), details.getByLabel('Value of new tag')];
    const save = details.getByRole('button', { name: 'Save Tags' });
    await key.fill('aws:team');
    await save.click();
    await expect
      .poll(() => details.evaluate('document.activeElement.getAttribute("aria-invalid")'))
      .toBe('true');
    await details.getByRole('button', { name: 'Discard Changes' }).click();
    await details.locator('[aria-invalid="true"]').waitFor({ state: 'detached' });
    await key.fill('billing');
    await value.fill('b1');
    await save.click();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText(`The session ${session.id} is not yours.`).waitFor();
    await workbench.dialog('Cancel');
    const tagged = () => proxy.calls.filter(({ operation }) => operation === 'TagResource').length;
    expect(tagged()).toBe(0);
    await save.click();
    await workbench.dialog('Change');
    await details.getByText('Saved: team=analytics, billing=b1').waitFor();
    expect(tagged()).toBe(1);
  },
);

async function frameOf(element: Awaited<ReturnType<TestWindow['workbench']['output']>>): Promise<Frame> {
  return (await (await element.elementHandle()).ownerFrame())!;
}
