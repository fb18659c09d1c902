/**
 * The suite inside a real VS Code: `npm run test:vscode`.
 * With `--desktop` it runs in the desktop build that @vscode/test-electron downloads, where that can be had.
 */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildAll } from './build.mjs';
import { keepFolder } from './leftBehind.mjs';
import { startLocalGlue } from './localGlue.mjs';
import { makeTestWorld } from './testWorld.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';
import { runInWorkbench } from './vscodeHost/testRun.mjs';

const say = (line: string) => {
  console.log(line);
};
if (!process.argv.includes('--built')) await buildAll(true);
const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-suite-'));
const journal = path.join(workspace, '.journal.jsonl');
const world = path.join(workspace, '.world.yaml');
await writeFile(world, await makeTestWorld());
const local = await startLocalGlue(
  ['--engine', 'python', '--journal', journal, '--world', world],
  () => undefined,
);
await addWrongKeys(local.configFile, local.credentialsFile, local.endpoint);

const settings = {
  'glueSessions.notebook.allowedRoles': ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'],
  'glueSessions.notebook.allowedProfiles': [...local.profiles, 'wrong-keys', 'nobody'],
  'glueSessions.notebook.allowedEndpoints': ['http://127.0.0.1:9'],
  'glueSessions.notebook.sessionsOnClose': 'keep',
  // Language-model tools are tested with every confirmation of VS Code's switched off.
  'chat.tools.global.autoApprove': true,
};
const environment = { ...local.environment, GLUE_SESSIONS_JOURNAL: journal };
process.exitCode = process.argv.includes('--desktop') ? await onDesktop() : await inServer();
await local.stop();
await keepFolder('workspace', workspace);
await rm(workspace, { recursive: true, force: true });

async function inServer(): Promise<number> {
  const host = await ensureVscodeHost(say);
  const server = await startServer({
    host,
    workspace,
    extension: { development: process.cwd() },
    tests: path.resolve('dist/test/index.js'),
    settings,
    environment,
  });
  try {
    return await runInWorkbench({
      chromium: host.chromium,
      url: server.url,
      timeout: 25 * 60_000,
      mark: 'TEST ',
      remembered: { 'chat.tools.global.autoApprove.optIn': 'true' },
      onLine: say,
    });
  } finally {
    await server.stop();
  }
}

async function onDesktop(): Promise<number> {
  const data = path.join(workspace, '.user-data');
  await mkdir(path.join(data, 'User'), { recursive: true });
  await writeFile(path.join(data, 'User', 'settings.json'), JSON.stringify(settings));
  return runTests({
    extensionDevelopmentPath: process.cwd(),
    extensionTestsPath: path.resolve('dist/test/index.js'),
    launchArgs: [workspace, '--user-data-dir', data, '--disable-workspace-trust', '--disable-extensions'],
    extensionTestsEnv: environment,
  });
}

/** A profile whose keys nobody knows. */
async function addWrongKeys(configFile: string, credentialsFile: string, endpoint: string): Promise<void> {
  await appendFile(configFile, `\n[profile wrong-keys]\nregion = us-east-1\nendpoint_url = ${endpoint}\n`);
  await appendFile(
    credentialsFile,
    '\n[wrong-keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wrong\n',
  );
}
