/** Builds and makes the VSIX: `out/glue-sessions.vsix`; with `--tests` the suites inside VS Code too. */
import { mkdir, stat } from 'node:fs/promises';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';

/** Bytes that the VSIX may have, README images aside: they stay on the page, not in the file. */
const limit = 1_500_000;

/** Where the VSIX lands. */
export const vsixFile = 'out/glue-sessions.vsix';

/** @param withTests builds the suites as well; they are not part of the VSIX */
export async function packageExtension(withTests: boolean): Promise<void> {
  await buildAll(withTests);
  await mkdir('out', { recursive: true });
  const file = vsixFile;
  await createVSIX({
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: false,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(file);
  console.log(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  if (size > limit) throw new Error(`the VSIX is too large: ${String(size)} bytes`);
}

if (process.argv[1]?.endsWith('package.mts') === true)
  await packageExtension(process.argv.includes('--tests'));
