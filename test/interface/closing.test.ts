import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAwsAccess } from '../../src/aws/glueApis';
import type { GlueApi } from '../../src/glue/glueApi';
import { openWindow, officialNotebook, shootFailures, withSession, type TestWindow } from './window';

/**
 * What becomes of sessions when a window is closed. On a desktop its extension host ends with it; for one in a browser VS
 * Code waits whether its page comes back, here for a moment only: what follows is the same.
 */
const stopAfterSeconds = 40;
/** Another person's: this extension only uses it. */
const others = { id: 'of-others', status: 'READY', ageSeconds: 120, idleTimeoutMinutes: 600 };
let opened: TestWindow;
/** Local Glue itself, asked past the window. */
let glue: GlueApi;
beforeAll(async () => {
  opened = await openWindow({
    localGlue: ['--engine', 'python'],
    sessions: [others],
    reconnectionSeconds: 1,
    settings: {
      'glueSessions.targets': [{ profile: 'session-creator' }],
      'glueSessions.notebook.allowedRoles': ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'],
      'glueSessions.notebook.sessionsOnClose': 'stop',
      'glueSessions.notebook.stopAfterSeconds': stopAfterSeconds,
    },
    files: {
      'others.ipynb': officialNotebook('print("the" + "irs")'),
      'work.ipynb': withSession('kept = 6 * 7\nprint("kept", kept)', 'print("still", kept)'),
    },
  });
  const { configFile, credentialsFile } = opened.local!;
  glue = createAwsAccess({
    roleSessionName: () => undefined,
    mfaCode: () => Promise.reject(new Error('no MFA here')),
  }).of({
    profile: 'session-creator',
    region: 'us-east-1',
    roles: [],
    files: { configFile, credentialsFile },
  });
  const { workbench } = opened;
  await workbench.openFile('others.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
  await workbench.commandByKeys('Glue: Attach Notebook to Session…');
  await workbench.pickByKeys('Attach Notebook to Session', others.id);
  await workbench.runCell('"the"');
  await workbench.see(/^theirs$/m);
  await workbench.openFile('work.ipynb');
  await workbench.page.locator('.code-cell-row', { hasText: 'assume_role' }).first().waitFor();
  await workbench.runCell('%%assume_role');
  await workbench.see(/444455556666 until/);
  await workbench.runCell('%iam_role');
  await workbench.see(/session_vpc/);
  await workbench.runCell('kept = 6');
  await workbench.see(/^kept 42$/m, 60_000);
  await workbench.commandByKeys('File: Save All Files');
}, 300_000);
afterAll(async () => {
  await opened.close();
});
shootFailures(() => opened.workbench);

it('goes on with the session when the window comes back in time', { timeout: 180_000 }, async () => {
  const { workbench, leave } = opened;
  const comeBack = await leave();
  const left = Date.now();
  await comeBack();
  await workbench.untilBack('work.ipynb');
  await workbench.page.waitForTimeout(stopAfterSeconds * 1000 + 5000 - (Date.now() - left));
  expect(await liveSessions()).toHaveLength(2);
  await workbench.runCell('"still"');
  await workbench.see(/^still 42$/m, 60_000);
});

it(
  'stops what it started, and nothing else, a while after the window was closed',
  { timeout: 120_000 },
  async () => {
    await opened.leave();
    const left = Date.now();
    await expect.poll(liveSessions, { timeout: 90_000, interval: 500 }).toEqual([others.id]);
    expect(Date.now() - left).toBeGreaterThan((stopAfterSeconds - 5) * 1000);
    // What would be stopped along with it has had its time.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await liveSessions()).toEqual([others.id]);
  },
);

async function liveSessions(): Promise<readonly string[]> {
  const { sessions } = await glue.listSessions({});
  return sessions.filter(({ status }) => status === 'READY').map(({ id }) => id);
}
