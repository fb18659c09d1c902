/** `npm start [-- --port N] [--browser] [--python PATH]`: VS Code on the sample, with Local Glue running. Ends with Ctrl+C. */
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandLine, refuse } from './commandLine.mjs';
import { endWithNpm } from './endWithNpm.mjs';
import { startLocalGlue, type LocalGlueProcess } from './localGlue.mjs';
import { packageExtension, vsixFile } from './package.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';

/** There `code` is a script of the command shell. */
const onWindows = process.platform === 'win32';
const usage = 'npm start -- [--port N] [--browser] [--python PATH]';
const { values } = commandLine(usage, {
  options: { port: { type: 'string' }, browser: { type: 'boolean' }, python: { type: 'string' } },
});
/** What is opened. */
const sample = 'assume-role-tags-vpc.ipynb';
const port = values.port === undefined ? undefined : Number(values.port);
if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
  refuse(usage, `--port ${values.port ?? ''}: expected a number from 1 to 65535`);
}
const say = (line: string) => {
  console.log(line);
};

/** What was started or made, last one last; ended in the opposite order. */
const parts: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;
function end(code: number): void {
  ending ??= (async () => {
    for (const stop of parts.reverse()) await stop();
    process.exit(code);
  })();
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    end(0);
  });
}
endWithNpm(() => {
  end(0);
});

try {
  await open();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  end(1);
}

async function open(): Promise<void> {
  await packageExtension(false);
  const local = await startLocalGlue(values.python === undefined ? [] : ['--python', values.python], say);
  parts.push(local.stop);
  say(`Local Glue runs at ${local.endpoint}, with the profiles ${local.profiles.join(' and ')}`);
  const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-'));
  parts.push(() => rm(workspace, { recursive: true, force: true }));
  await cp('samples', workspace, { recursive: true });
  const hasDesktop =
    values.browser !== true && spawnSync('code', ['--version'], { shell: onWindows }).status === 0;
  await (hasDesktop ? openDesktop : openBrowser)(workspace, local);
}

/** Without them, the view would be empty and offer to start a second Local Glue. */
function targetsOf({ profiles }: LocalGlueProcess): Readonly<Record<string, unknown>> {
  return { 'glueSessions.targets': profiles.map((profile) => ({ profile })) };
}

async function openDesktop(workspace: string, local: LocalGlueProcess): Promise<void> {
  const profile = await mkdtemp(path.join(tmpdir(), 'glue-sessions-profile-'));
  parts.push(() => rm(profile, { recursive: true, force: true }));
  await mkdir(path.join(profile, 'User'));
  await writeFile(path.join(profile, 'User', 'settings.json'), JSON.stringify(targetsOf(local)));
  const args = [
    workspace,
    path.join(workspace, sample),
    `--extensionDevelopmentPath=${process.cwd()}`,
    `--user-data-dir=${profile}`,
    '--wait',
  ];
  const code = spawn('code', args, {
    env: { ...process.env, ...local.environment },
    stdio: 'inherit',
    shell: onWindows,
  });
  parts.push(() => {
    code.kill();
    return Promise.resolve();
  });
  code.on('close', () => {
    end(0);
  });
  say(`VS Code opens on ${sample}: run its cells. Ctrl+C ends it.`);
}

async function openBrowser(workspace: string, local: LocalGlueProcess): Promise<void> {
  const server = await startServer({
    host: await ensureVscodeHost(say),
    workspace,
    // As people install it: a window for development shows no notifications there.
    extension: { vsix: path.resolve(vsixFile) },
    environment: local.environment,
    open: sample,
    settings: {
      ...targetsOf(local),
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      // As VS Code comes up, it does not know yet that it is a notebook.
      'workbench.editorAssociations': { '*.ipynb': 'jupyter-notebook' },
    },
    ...(port !== undefined && { port }),
  });
  parts.push(server.stop);
  say(`Open this address in a browser and run the cells of ${sample}. Ctrl+C ends it.\n\n  ${server.url}\n`);
}
