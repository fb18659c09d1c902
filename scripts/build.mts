/** Builds everything that ships (and, with `--tests`, the suite that runs inside VS Code) into `dist`. */
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: true,
  logLevel: 'warning',
  loader: { '.yaml': 'text', '.py': 'text' },
};

/** Bundles and the bytes each may have. */
export const bundles: readonly { readonly entry: string; readonly file: string; readonly limit: number }[] = [
  { entry: 'src/extension.ts', file: 'dist/extension.js', limit: 150_000 },
  { entry: 'src/glue/display/display.ts', file: 'dist/glue/display.js', limit: 60_000 },
  { entry: 'src/aws/glueService.ts', file: 'dist/aws/glueService.js', limit: 450_000 },
  { entry: 'src/aws/ec2Service.ts', file: 'dist/aws/ec2Service.js', limit: 900_000 },
  { entry: 'src/local/main.ts', file: 'dist/localGlue.js', limit: 600_000 },
];

/** Leaves what is loaded late out of the bundle that loads it, as a require of a file of its own. */
const lateFiles: Plugin = {
  name: 'late files',
  setup(host) {
    host.onResolve({ filter: /^\.\/(glueService|ec2Service)$/ }, ({ path, importer }) => ({
      path: importer.endsWith('glueApis.ts') ? `./aws/${path.slice(2)}.js` : `${path}.js`,
      external: true,
    }));
    host.onResolve({ filter: /^\.\.\/glue\/display\/display$/ }, () => ({
      path: './glue/display.js',
      external: true,
    }));
  },
};

/** @throws Error when a bundle is larger than it may be */
export async function buildAll(withTests: boolean): Promise<void> {
  await rm('dist', { recursive: true, force: true });
  for (const { entry, file } of bundles) {
    await build({
      ...common,
      entryPoints: [entry],
      outfile: file,
      external: ['vscode'],
      plugins: [lateFiles],
    });
  }
  await mkdir('dist/runtime', { recursive: true });
  await cp('src/local/runtime', 'dist/runtime', { recursive: true });
  if (withTests) {
    await build({
      ...common,
      minify: false,
      entryPoints: ['test/vscode/index.ts', 'test/vscode/runNotebook.ts'],
      outdir: 'dist/test',
      external: ['vscode', 'mocha'],
      plugins: [lateFiles],
    });
  }
  for (const { file, limit } of bundles) {
    const { size } = await stat(file);
    if (size > limit) throw new Error(`${file} is too large: ${String(size)} of ${String(limit)} bytes`);
    console.log(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  }
}

if (process.argv[1]?.endsWith('build.mts') === true) await buildAll(process.argv.includes('--tests'));
