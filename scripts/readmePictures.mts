/** The README's pictures of the story, taken anew in light and dark: `npm run pictures`. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Screenshot of the story (scripts/story.mts) → picture of the README, numbered as the README shows them. */
const pictures: Readonly<Record<string, string>> = {
  '5-by-team': '0-by-team',
  '1-denied': '1-denied',
  '2-connections': '2-connections',
  '3-status': '3-status',
  '4-work': '4-work',
  '8-stopped': '5-stopped',
};

const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-pictures-'));
try {
  for (const theme of ['light', 'dark']) {
    const packaged = theme === 'dark' ? ['--packaged'] : [];
    const args = ['run', 'demo', '--', '--screenshots', folder, '--theme', theme, ...packaged];
    const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) throw new Error(`the story in ${theme} did not get through: no picture was replaced`);
  }
  for (const [shot, picture] of Object.entries(pictures))
    for (const theme of ['light', 'dark'])
      await copyFile(
        path.join(folder, `${shot}-${theme}.png`),
        path.join('media', 'readme', `${picture}-${theme}.png`),
      );
  console.log(
    `${String(Object.keys(pictures).length)} pictures, each in light and dark, are in media/readme`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
