import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach } from 'vitest';
import { parseDocument } from 'yaml';
import { keepFolder } from '../../scripts/leftBehind.mjs';
import { startLocalGlue, type LocalGlueProcess } from '../../scripts/localGlue.mjs';
import { ensureVscodeHost } from '../../scripts/vscodeHost/install.mjs';
import { startServer } from '../../scripts/vscodeHost/server.mjs';
import { Workbench } from '../../scripts/vscodeHost/workbench.mjs';

export interface TestWindow {
  readonly workbench: Workbench;
  readonly workspace: string;
  /** The Local Glue that the machine's AWS configuration leads to. */
  readonly local: LocalGlueProcess | undefined;
  /**
   * Leaves the window's page; resolves once its extension host has ended. For windows with `reconnectionSeconds`: else it
   * waits for hours for its page to come back.
   * @returns what brings the window back
   */
  readonly leave: () => Promise<() => Promise<unknown>>;
  /** Ends the extension host as a crash does, without a word. */
  readonly crashExtensionHost: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WindowOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly workspaceTrust?: boolean;
  /** Display language: only this extension has texts in it. */
  readonly language?: string;
  /** Whether the machine has AWS configuration: that of a Local Glue, with these arguments. */
  readonly localGlue?: readonly string[];
  /** Sessions that its account 444455556666 has from the start in us-east-1, as a world file describes them. */
  readonly sessions?: readonly object[];
  /** Stands between the window and that Local Glue: gives the address to call instead of its own. */
  readonly proxy?: (endpoint: string) => Promise<string>;
  readonly reconnectionSeconds?: number;
  /** Variables that reach the extension host, besides those that lead to that Local Glue. */
  readonly environment?: (endpoint: string) => Promise<Readonly<Record<string, string>>>;
}

/** A window of a real VS Code with the packaged extension, as people install it. */
export async function openWindow({
  settings = {},
  files = {},
  workspaceTrust = false,
  language,
  localGlue,
  sessions,
  proxy,
  reconnectionSeconds,
  environment,
}: WindowOptions): Promise<TestWindow> {
  const host = await ensureVscodeHost(() => undefined);
  const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-window-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
    await writeFile(path.join(workspace, name), text);
  }
  const world = sessions === undefined ? [] : ['--world', await storyWith(sessions, workspace)];
  const local =
    localGlue === undefined ? undefined : await startLocalGlue([...localGlue, ...world], () => undefined);
  if (local !== undefined && proxy !== undefined) {
    const text = await readFile(local.configFile, 'utf8');
    await writeFile(local.configFile, text.replaceAll(local.endpoint, await proxy(local.endpoint)));
  }
  const nowhere = path.join(workspace, 'no-aws-configuration');
  const server = await startServer({
    host,
    workspace,
    extension: { vsix: path.resolve('out/glue-sessions.vsix') },
    settings: {
      'glueSessions.local.engine': 'python',
      // A busy browser gives a window its focus back late, and that would close the box that was just opened.
      'workbench.quickOpen.closeOnFocusLost': false,
      ...settings,
    },
    environment: {
      ...(local?.environment ?? { AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere }),
      ...(await environment?.(local?.endpoint ?? '')),
    },
    workspaceTrust,
    ...(language !== undefined && { language }),
    ...(reconnectionSeconds !== undefined && { reconnectionSeconds }),
  });
  const workbench = await Workbench.open({ chromium: host.chromium, url: server.url });
  return {
    workbench,
    workspace,
    local,
    leave: async () => {
      const { page } = workbench;
      const address = page.url();
      await workbench.keepState();
      await page.goto('about:blank');
      while ((await extensionHostOf(server.pid)) !== undefined) await page.waitForTimeout(200);
      return () => page.goto(address, { timeout: 60_000 });
    },
    crashExtensionHost: async () => {
      const pid = await extensionHostOf(server.pid);
      if (pid === undefined) throw new Error('the server has no extension host');
      process.kill(pid, 'SIGKILL');
    },
    close: async () => {
      await workbench.close();
      await server.stop();
      await local?.stop();
      await keepFolder('workspace', workspace);
      await rm(workspace, { recursive: true, force: true });
    },
  };
}

/** Writes the world of the story with more sessions. @returns its file */
async function storyWith(sessions: readonly object[], folder: string): Promise<string> {
  const story = parseDocument(await readFile('src/local/world/story.yaml', 'utf8'));
  story.setIn(['accounts', '444455556666', 'regions', 'us-east-1', 'sessions'], sessions);
  const file = path.join(folder, '.world.yaml');
  await writeFile(file, String(story));
  return file;
}

/** The process that runs the extensions of a server: a child of it. */
async function extensionHostOf(server: number | undefined): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  for (const line of stdout.split('\n')) {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(parent) === server && args?.includes('--type=extensionHost') === true) return Number(pid);
  }
  return undefined;
}

/** A notebook as the official kernel writes it. */
export function officialNotebook(...sources: readonly string[]): string {
  return JSON.stringify({
    cells: sources.map((source) => ({
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: 'Glue PySpark', language: 'python', name: 'glue_pyspark' },
      language_info: { name: 'Python_Glue_Session', file_extension: '.py' },
    },
    nbformat: 4,
    nbformat_minor: 4,
  });
}

/** A notebook of nbformat 4.5, whose cells have ids: two that lead to a session, then these. */
export function withSession(...sources: readonly string[]): string {
  const all = [
    '%%assume_role\narn:aws:iam::444455556666:role/GlueSessionCreationRole',
    '%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog\n%region us-east-1\n%connections session_vpc',
    ...sources,
  ];
  const notebook = JSON.parse(officialNotebook(...all)) as { cells: object[]; nbformat_minor: number };
  notebook.cells = notebook.cells.map((cell, index) => ({ ...cell, id: `cell-${String(index)}` }));
  return JSON.stringify({ ...notebook, nbformat_minor: 5 });
}

/** A test that fails leaves a picture of its window in out/failures. */
export function shootFailures(workbench: () => Workbench): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await mkdir('out/failures', { recursive: true });
    const name = `out/failures/${task.name.replace(/\W+/g, '-').slice(0, 60)}`;
    await workbench().screenshot(`${name}.png`);
    // What hangs open would stand in the way of the next test.
    for (let turn = 0; turn < 3; turn++) await workbench().page.keyboard.press('Escape');
    await workbench().command('Notifications: Show Notifications');
    await workbench().screenshot(`${name}-notifications.png`);
    await workbench().command('Notifications: Hide Notifications');
  });
}
