/** `npm start [-- --port N] [--browser]`: VS Code on the samples, with Local Glue running. Ends with Ctrl+C. */
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';
import { startLocalGlue } from './localGlue.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' }, browser: { type: 'boolean' } } });
const say = (line: string) => {
  console.log(line);
};
await buildAll(false);
const local = await startLocalGlue([], say);
say(`Local Glue runs at ${local.endpoint}, with the profiles ${local.profiles.join(' and ')}`);

const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-'));
await cp('samples', workspace, { recursive: true });
const hasDesktop = values.browser !== true && spawnSync('code', ['--version']).status === 0;
let stop: () => Promise<void> = () => Promise.resolve();
if (hasDesktop) {
  const profile = await mkdtemp(path.join(tmpdir(), 'glue-sessions-profile-'));
  const args = [
    workspace,
    `--extensionDevelopmentPath=${process.cwd()}`,
    `--user-data-dir=${profile}`,
    '--wait',
  ];
  const code = spawn('code', args, { env: { ...process.env, ...local.environment }, stdio: 'inherit' });
  code.on('close', () => void end());
  say('VS Code opens. Open assume-role-tags-vpc.ipynb and run its cells.');
  stop = async () => {
    code.kill();
    await rm(profile, { recursive: true, force: true });
  };
} else {
  const host = await ensureVscodeHost(say);
  const server = await startServer({
    host,
    workspace,
    extension: { development: process.cwd() },
    environment: local.environment,
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  stop = server.stop;
  say(
    `Open this address in a browser, then assume-role-tags-vpc.ipynb, and run its cells:\n\n  ${server.url}\n`,
  );
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await stop();
  await local.stop();
  await rm(workspace, { recursive: true, force: true });
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
