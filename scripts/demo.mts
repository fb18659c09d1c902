/**
 * The story without a window: the packaged extension in a real VS Code, driven as a person would drive it.
 * `npm run demo [-- --screenshots DIR] [--theme light|dark] [--packaged]`; `--packaged` takes the VSIX that is there.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandLine, refuse } from './commandLine.mjs';
import { keepFolder } from './leftBehind.mjs';
import { startLocalGlue } from './localGlue.mjs';
import { packageExtension, vsixFile } from './package.mjs';
import { storySteps } from './story.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';
import { Workbench } from './vscodeHost/workbench.mjs';

const usage = 'npm run demo -- [--screenshots DIR] [--theme light|dark] [--packaged]';
const { values } = commandLine(usage, {
  options: {
    screenshots: { type: 'string' },
    theme: { type: 'string', default: 'light' },
    packaged: { type: 'boolean', default: false },
  },
});
const themes: Readonly<Record<string, string>> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
};
const theme = themes[values.theme];
if (theme === undefined) refuse(usage, `--theme ${values.theme}: expected light or dark`);

const say = (line: string) => {
  console.log(line);
};
const host = await ensureVscodeHost(say);
if (!values.packaged) await packageExtension(false);
const vsix = path.resolve(vsixFile);
const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-demo-'));
await cp('samples', workspace, { recursive: true });
if (values.screenshots !== undefined) await mkdir(values.screenshots, { recursive: true });

const local = await startLocalGlue([], say);
const server = await startServer({
  host,
  workspace,
  extension: { vsix },
  environment: local.environment,
  settings: {
    'workbench.colorTheme': theme,
    'notebook.output.wordWrap': true,
    'notebook.markup.fontSize': 13,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  },
});
const workbench = await Workbench.open({
  chromium: host.chromium,
  url: server.url,
  width: 1440,
  height: 900,
});

let done = 0;
let failure: unknown;
const started = Date.now();
const shoot = async (name: string) => {
  if (values.screenshots === undefined) return;
  await workbench.screenshot(path.join(values.screenshots, `${name}-${values.theme}.png`));
};
for (const [index, { name, run }] of storySteps.entries()) {
  try {
    const seen = await run(workbench, shoot);
    done += 1;
    say(
      `${String(index + 1).padStart(2)}. ${name}: ${seen} (${((Date.now() - started) / 1000).toFixed(0)} s)`,
    );
  } catch (error) {
    failure = error;
    say(
      `${String(index + 1).padStart(2)}. ${name}: FAILED: ${error instanceof Error ? error.message : String(error)}`,
    );
    await shoot('failed');
    break;
  }
}
await workbench.close();
await server.stop();
await local.stop();
await keepFolder('workspace', workspace);
await rm(workspace, { recursive: true, force: true });
say(`story: ${String(done)} of ${String(storySteps.length)} steps`);
process.exitCode = failure === undefined ? 0 : 1;
