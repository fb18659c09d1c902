/** The README's pictures of the view at ten thousand sessions: `npm run pictures:scale -- DIR`, after `npm run package`. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeScaleWorld } from './bench/scaleWorld.mjs';
import { startLocalGlue } from './localGlue.mjs';
import { vsixFile } from './package.mjs';
import { ensureVscodeHost } from './vscodeHost/install.mjs';
import { startServer } from './vscodeHost/server.mjs';
import { Workbench } from './vscodeHost/workbench.mjs';

const [folder = 'media/readme'] = process.argv.slice(2);
const say = (line: string) => {
  console.log(line);
};
const host = await ensureVscodeHost(say);
const workspace = await mkdtemp(path.join(tmpdir(), 'glue-sessions-scale-'));
const world = path.join(workspace, '.world.json');
await writeFile(world, makeScaleWorld(true).text);
await mkdir(folder, { recursive: true });
const local = await startLocalGlue(['--world', world, '--engine', 'python'], say);
try {
  for (const [name, theme] of Object.entries({ light: 'Default Light Modern', dark: 'Default Dark Modern' }))
    await shoot(theme, path.join(folder, `9-ten-thousand-${name}.png`));
} finally {
  await local.stop();
  await rm(workspace, { recursive: true, force: true });
}

/** The live sessions of a team, and how many have ended, beside one of them. */
async function shoot(theme: string, file: string): Promise<void> {
  const server = await startServer({
    host,
    workspace,
    extension: { vsix: path.resolve(vsixFile) },
    environment: local.environment,
    settings: {
      'workbench.colorTheme': theme,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'glueSessions.targets': [{ profile: 'admin' }],
      'glueSessions.groupBy': 'team, billing',
    },
  });
  const workbench = await Workbench.open({
    chromium: host.chromium,
    url: server.url,
    width: 1440,
    height: 900,
  });
  try {
    await workbench.page.locator('.activitybar [aria-label^="Glue Sessions"]').first().click();
    await workbench.row(/200 live of 10000/).waitFor({ timeout: 60_000 });
    await workbench.row('analytics').waitFor({ timeout: 30_000 });
    await workbench.row(/^(?!.*reading).*admin/s).waitFor({ timeout: 30_000 });
    await workbench.widenSideBar(660);
    for (const group of ['analytics', /b2/]) await workbench.row(group).click();
    await workbench.row(/ready/).click();
    await workbench.output('h2', 'Statements');
    await workbench.page.waitForTimeout(1500);
    await workbench.screenshot(file);
    say(file);
  } finally {
    await workbench.close();
    await server.stop();
  }
}
