/** Builds and makes the VSIX: `out/glue-sessions.vsix`; with `--tests` the suites inside VS Code too. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';
import { noticesOf, packagesIn } from './notices.mjs';

/** Bytes that the VSIX may have, README images aside: they stay on the page, not in the file. */
const limit = 1_500_000;

/** Where the VSIX lands. */
export const vsixFile = 'out/glue-sessions.vsix';

/** What people read of the installed extension: nothing in it leads to files that are not installed. */
const packagedReadme = 'README.extension.md';

/** Made anew for each VSIX, and part of it. */
const noticesFile = 'ThirdPartyNotices.txt';

/**
 * @param withTests builds the suites as well; they are not part of the VSIX
 * @param say gets sizes
 * @throws Error when something is too large, or may not ship by its licence
 */
export async function packageExtension(
  withTests: boolean,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const packages = packagesIn(await buildAll(withTests, say));
  await writeFile(noticesFile, await noticesOf(packages, await readFile('LICENSE', 'utf8')));
  say(`${noticesFile}: ${packages.length} packages ship bundled, all under licences that allow it`);
  const [missing] = relativeLinks(await readFile(packagedReadme, 'utf8'));
  if (missing !== undefined) throw new Error(`${packagedReadme} leads to ${missing}, which is not installed`);
  await mkdir('out', { recursive: true });
  const file = vsixFile;
  await createVSIX({
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: false,
    rewriteRelativeLinks: false,
    readmePath: packagedReadme,
  });
  const { size } = await stat(file);
  say(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  if (size > limit) throw new Error(`the VSIX is too large: ${String(size)} bytes`);
}

/** What a page of Markdown leads to beside itself. */
function relativeLinks(markdown: string): readonly string[] {
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  );
  return targets.filter((target) => !/^(https?:|#)/.test(target));
}

if (process.argv[1]?.endsWith('package.mts') === true)
  await packageExtension(process.argv.includes('--tests'), console.log);
