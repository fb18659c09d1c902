/** Builds everything that ships (and, with `--tests`, the suite that runs inside VS Code) into `dist`. */
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { build, type BuildOptions } from 'esbuild';

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  loader: { '.yaml': 'text' },
};

/** Bundles and the bytes each may have. Zero: not watched. */
export const bundles: readonly { entry: string; file: string; limit: number; external?: string[] }[] = [
  {
    entry: 'src/extension.ts',
    file: 'dist/extension.js',
    limit: 150_000,
    external: ['./aws/glueService', './aws/ec2Service'],
  },
  { entry: 'src/aws/glueService.ts', file: 'dist/aws/glueService.js', limit: 450_000 },
  { entry: 'src/aws/ec2Service.ts', file: 'dist/aws/ec2Service.js', limit: 900_000 },
  { entry: 'src/local/main.ts', file: 'dist/localGlue.js', limit: 600_000 },
];

/** Leaves the lazily loaded service files as requires of their own files beside the entry. */
async function buildAll(withTests: boolean): Promise<void> {
  await rm('dist', { recursive: true, force: true });
  for (const { entry, file, external } of bundles) {
    await build({
      ...common,
      entryPoints: [entry],
      outfile: file,
      external: ['vscode', ...(external ?? [])],
    });
  }
  await mkdir('dist/runtime', { recursive: true });
  await cp('src/local/runtime', 'dist/runtime', { recursive: true });
  if (withTests) {
    await build({
      ...common,
      minify: false,
      entryPoints: ['test/vscode/index.ts'],
      outfile: 'dist/test/index.js',
      external: ['vscode', 'mocha'],
    });
  }
  for (const { file, limit } of bundles) {
    const { size } = await stat(file);
    console.log(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  }
}

await buildAll(process.argv.includes('--tests'));
