/** Runs VS Code's own server, with its workbench for a browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { coverageVariables } from '../bundleCoverage.mjs';
import { keepFolder } from '../leftBehind.mjs';
import type { VscodeHost } from './install.mjs';

export interface ServerOptions {
  readonly host: VscodeHost;
  /** Folder that is opened. */
  readonly workspace: string;
  /** File of that folder that is open at first. */
  readonly open?: string;
  /** What runs: the sources' build, or a packaged extension as people install it. */
  readonly extension: { readonly development: string } | { readonly vsix: string };
  /** Bundle with `run()`, for a suite inside VS Code. */
  readonly tests?: string;
  /** Settings of the machine: what a person would have in their user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables that reach the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly port?: number;
  /**
   * Display language besides English, such as `de`. Its pack translates nothing of VS Code itself, which stays English: what
   * it does is make VS Code take the texts that extensions bring in that language.
   */
  readonly language?: string;
  /** Let the workspace be untrusted until somebody trusts it. */
  readonly workspaceTrust?: boolean;
  /** For how long the extension host of a window that is gone waits for it (seconds); by itself VS Code takes hours. */
  readonly reconnectionSeconds?: number;
}

export interface RunningServer {
  /** Address of the workbench with everything it needs. */
  readonly url: string;
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

const settingsForEveryone = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.editor.languageDetection': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'notebook.output.textLineLimit': 60,
};

/** Starts the server and resolves once it accepts browsers. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, workspace } = options;
  const data = await mkdtemp(path.join(tmpdir(), 'glue-sessions-vscode-'));
  const machine = path.join(data, 'data', 'Machine');
  await mkdir(machine, { recursive: true });
  await writeFile(
    path.join(machine, 'settings.json'),
    JSON.stringify({ ...settingsForEveryone, ...options.settings }, undefined, 2),
  );
  const common = ['--server-data-dir', data, '--accept-server-license-terms'];
  if ('vsix' in options.extension) {
    await runToEnd(spawn(host.node, [host.server, '--install-extension', options.extension.vsix, ...common]));
  }
  if (options.language !== undefined) await addLanguage(path.join(data, 'data'), options.language);
  const port = options.port ?? (await freePort());
  const child = spawn(
    host.node,
    [
      host.server,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--disable-telemetry',
      // Without it the development keys of the address are ignored; with it there are no notifications.
      ...('development' in options.extension ? ['--enable-smoke-test-driver'] : []),
      ...(options.language === undefined ? [] : ['--locale', options.language]),
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.reconnectionSeconds === undefined
        ? []
        : ['--reconnection-grace-time', String(options.reconnectionSeconds)]),
      ...common,
    ],
    {
      env: {
        ...process.env,
        // Of a packaged extension nothing leads back to the sources.
        ...('development' in options.extension ? coverageVariables() : {}),
        ...options.environment,
      },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  // Whoever ends while it still comes up leaves nothing behind.
  const endNow = () => {
    endGroup(child);
  };
  process.once('exit', endNow);
  await untilItPrints(child, 'Extension host agent listening');
  return {
    url: workbenchUrl(port, workspace, options),
    pid: child.pid,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      endGroup(child);
      await ended;
      process.removeListener('exit', endNow);
      await keepFolder('vscode', data);
      await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Tells VS Code of a language pack, in the form in which it remembers installed ones. */
async function addLanguage(userData: string, language: string): Promise<void> {
  const translation = path.join(userData, `${language}.i18n.json`);
  await writeFile(translation, JSON.stringify({ version: '1.0.0', contents: {} }));
  // Without an extension VS Code looks for one in its gallery, and waits for that before it loads any other.
  const extensions = [{ extensionIdentifier: { id: `none.${language}` }, version: '1.0.0' }];
  const pack = { hash: language, extensions, translations: { vscode: translation }, label: language };
  await writeFile(path.join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function workbenchUrl(port: number, workspace: string, { extension, tests, open }: ServerOptions): string {
  const remote = (file: string) => `vscode-remote://127.0.0.1:${String(port)}${file}`;
  const payload: (readonly [string, string])[] = [['skipWelcome', 'true']];
  if ('development' in extension) payload.push(['extensionDevelopmentPath', remote(extension.development)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
  if (open !== undefined) payload.push(['openFile', remote(path.posix.join(workspace, open))]);
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${String(port)}/?${query.toString()}`;
}

/** The server has children: its whole group is ended. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, 'SIGTERM');
}

async function untilItPrints(child: ChildProcess, text: string): Promise<void> {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes(text)) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => {
      reject(new Error(`the VS Code server ended with ${String(code)}:\n${printed.slice(-2000)}`));
    });
  });
}

async function runToEnd(child: ChildProcess): Promise<void> {
  let printed = '';
  const take = (chunk: Buffer) => (printed += chunk.toString());
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}:\n${printed.slice(-2000)}`);
}
