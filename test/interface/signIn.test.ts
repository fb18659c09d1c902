import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAwsCli, signInAt } from '../../scripts/awsCli.mjs';
import { ask, passwordOf, ssoWorld } from '../local/signIn';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

/** A person whose keys come from IAM Identity Center signs in by the AWS CLI itself, which VS Code runs in its terminal. */
let opened: TestWindow;
let folder: string;
beforeAll(async () => {
  await ensureAwsCli(console.log);
  folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-sign-in-'));
  const world = path.join(folder, 'world.yaml');
  // Keys that hold for seconds: each look at a statement needs new ones, and with them the sign-in.
  await writeFile(world, ssoWorld('', 'sessionSeconds: 20'));
  opened = await openWindow({
    localGlue: ['--engine', 'python', '--world', world, '--journal', path.join(folder, 'journal')],
    // What the CLI keeps of a sign-in is kept for this window alone.
    environment: async (endpoint) => ({ HOME: folder, ...(await signInAt(endpoint, folder)) }),
    settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    files: {
      'work.ipynb': officialNotebook(
        '%region us-east-1\n%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog',
        'print("signed", "in")',
        `import os, time\nwhile not os.path.exists(${JSON.stringify(path.join(folder, 'goOn'))}): time.sleep(0.2)\nprint("went", "on")`,
      ),
    },
  });
  const { workbench } = opened;
  await workbench.openFile('work.ipynb');
  await workbench.page.locator('.code-cell-row').first().waitFor();
}, 300_000);
afterAll(async () => {
  // What was never opened has told why.
  await (opened as TestWindow | undefined)?.close();
  await rm(folder, { recursive: true, force: true });
});
shootFailures(() => opened.workbench);

it(
  'runs a cell that failed for want of a sign-in, once the person has signed in',
  { timeout: 240_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('%iam_role');
    await workbench.runCell('"signed"');
    await button(/Sign in with aws sso login and run again/).click({ timeout: 60_000 });
    await approve(await codeInTerminal());
    await workbench.see(/^signed in$/m, 60_000);
  },
);

it(
  'holds a running cell whose sign-in has ended, and shows its output after another one',
  { timeout: 240_000 },
  async () => {
    const { workbench } = opened;
    await workbench.runCell('"went"');
    await expect.poll(() => callsOf('glue:RunStatement'), { timeout: 60_000 }).toBe(2);
    await signOutElsewhere();
    await button(/sign-in has ended: sign in with aws sso login to go on/).waitFor({ timeout: 60_000 });
    await writeFile(path.join(folder, 'goOn'), '');
    await button(/sign-in has ended/).click();
    await approve(await codeInTerminal());
    await workbench.see(/^went on$/m, 60_000);
    expect(await callsOf('glue:RunStatement')).toBe(2);
  },
);

/** What stands below a cell, and can be pressed. */
function button(text: RegExp) {
  return opened.workbench.page.locator('.cell-statusbar-container').getByText(text).first();
}

/** The code that the CLI shows in the terminal, which goes when it has ended. */
async function codeInTerminal(): Promise<string> {
  const rows = opened.workbench.page.locator('.terminal-wrapper.active .xterm-rows');
  let code: string | undefined;
  await expect
    .poll(
      async () => {
        const texts = await rows.allInnerTexts();
        code = texts.flatMap((text) => text.match(/\b[A-Z]{4}-[A-Z]{4}\b/g) ?? [])[0];
        return code;
      },
      { timeout: 60_000 },
    )
    .toBeDefined();
  return code ?? '';
}

/** Allows the access as a person does, on the page of the sign-in. */
async function approve(code: string): Promise<void> {
  const local = opened.local!;
  const page = await opened.workbench.page.context().newPage();
  await page.goto(`${local.endpoint}/device?user_code=${code}`);
  await page.getByLabel('Password').fill(await passwordOf(local.configFile));
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByText('Access is allowed').waitFor();
  await page.close();
}

/** Ends the sign-in, not here. */
async function signOutElsewhere(): Promise<void> {
  const cache = path.join(folder, '.aws', 'sso', 'cache');
  for (const name of await readdir(cache)) {
    const { accessToken } = JSON.parse(await readFile(path.join(cache, name), 'utf8')) as {
      readonly accessToken?: string;
    };
    if (accessToken === undefined) continue;
    await ask(`${opened.local!.endpoint}/logout`, 'POST', { 'x-amz-sso_bearer_token': accessToken });
  }
}

async function callsOf(operation: string): Promise<number> {
  const lines = (await readFile(path.join(folder, 'journal'), 'utf8')).trim().split('\n');
  return lines.filter((line) => (JSON.parse(line) as { operation?: string }).operation === operation).length;
}
