/**
 * Runs any notebook in a real VS Code with this extension's kernel, all cells in order:
 * `npm run notebook -- IN.ipynb [--out OUT.ipynb] [--endpoint URL] [--profile NAME] [--region R] [--allow-errors]
 * [--allow-role ARN]… [--allow-profile NAME]… [--allow-endpoint URL]…`
 */
import { access, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandLine, refuse } from './commandLine.mjs';
import { buildAll } from './build.mjs';
import { startLocalGlue } from './localGlue.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';
import { runInWorkbench } from './vscodeHost/testRun.mjs';

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const usage =
  'npm run notebook -- IN.ipynb [--out OUT.ipynb] [--endpoint URL] [--profile NAME] [--region R] [--allow-errors] [--allow-role ARN]… [--allow-profile NAME]… [--allow-endpoint URL]…';
const { values, positionals } = commandLine(usage, {
  allowPositionals: true,
  options: {
    out: text,
    endpoint: text,
    profile: text,
    region: text,
    'allow-errors': { type: 'boolean' },
    'allow-role': many,
    'allow-profile': many,
    'allow-endpoint': many,
  },
});
const [input] = positionals;
if (input === undefined || positionals.length > 1) refuse(usage, 'Name one notebook.');
await access(input).catch(() => refuse(usage, `${input} can't be read.`));

const say = (line: string) => {
  console.error(line);
};
console.log = console.error;
await buildAll(true);
const host = await ensureVscodeHost(say);
const local = values.endpoint === undefined ? await startLocalGlue([], say) : undefined;
const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-notebook-'));
const name = path.basename(input);
await copyFile(input, path.join(workspace, name));

/** With a Local Glue of our own, what its world holds is allowed. */
const ownRoles = ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'];
const server = await startServer({
  host,
  workspace,
  extension: { development: process.cwd() },
  tests: path.resolve('dist/test/runNotebook.js'),
  settings: {
    ...(values.profile !== undefined && { 'glueSessions.profile': values.profile }),
    ...(values.region !== undefined && { 'glueSessions.region': values.region }),
    ...(values.endpoint !== undefined && { 'glueSessions.endpoint': values.endpoint }),
    'glueSessions.notebook.allowedRoles': [...(values['allow-role'] ?? []), ...(local ? ownRoles : [])],
    'glueSessions.notebook.allowedProfiles': [...(values['allow-profile'] ?? []), ...(local?.profiles ?? [])],
    'glueSessions.notebook.allowedEndpoints': [
      ...(values['allow-endpoint'] ?? []),
      ...(local ? [local.endpoint] : []),
    ],
    'glueSessions.notebook.sessionsOnClose': 'stop',
  },
  environment: {
    ...local?.environment,
    GLUE_SESSIONS_NOTEBOOK: path.join(workspace, name),
    GLUE_SESSIONS_ALLOW_ERRORS: values['allow-errors'] === true ? '1' : '',
  },
});
const code = await runInWorkbench({
  chromium: host.chromium,
  url: server.url,
  timeout: 60 * 60_000,
  mark: 'CELL ',
  onLine: (line) => {
    process.stdout.write(`${line}
`);
  },
});
if (values.out !== undefined) await writeFile(values.out, await readFile(path.join(workspace, name)));
await server.stop();
await local?.stop();
await rm(workspace, { recursive: true, force: true });
process.exitCode = code;
