/** Builds everything that ships (and, with `--tests`, the suite that runs inside VS Code) into `dist`. */
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
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

interface Bundle {
  readonly entry: string;
  readonly file: string;
  /** Bytes that it may have. */
  readonly limit: number;
  readonly options?: BuildOptions;
}

/** Runs in the notebook's webview. */
const inWebview: BuildOptions = { platform: 'browser', format: 'esm', target: 'es2022' };

/** Bundles and the bytes each may have. Whatever is imported dynamically is a file of its own, loaded at its first use. */
export const bundles: readonly Bundle[] = [
  { entry: 'src/extension.ts', file: 'dist/extension.js', limit: 150_000 },
  { entry: 'src/glue/display/display.ts', file: 'dist/glue/display.js', limit: 60_000 },
  { entry: 'src/glue/failures.ts', file: 'dist/glue/failures.js', limit: 15_000 },
  { entry: 'src/magics/readCell.ts', file: 'dist/magics/readCell.js', limit: 50_000 },
  { entry: 'src/notebook/languageAnswers.ts', file: 'dist/notebook/languageAnswers.js', limit: 40_000 },
  { entry: 'src/commands/verbs.ts', file: 'dist/commands/verbs.js', limit: 80_000 },
  { entry: 'src/notebook/sessionActions.ts', file: 'dist/notebook/sessionActions.js', limit: 20_000 },
  { entry: 'src/notebook/statusText.ts', file: 'dist/notebook/statusText.js', limit: 20_000 },
  { entry: 'src/notebook/denialExplanation.ts', file: 'dist/notebook/denialExplanation.js', limit: 10_000 },
  { entry: 'src/notebook/tableRequests.ts', file: 'dist/notebook/tableRequests.js', limit: 20_000 },
  { entry: 'src/aws/glueService.ts', file: 'dist/aws/glueService.js', limit: 450_000 },
  { entry: 'src/aws/ec2Service.ts', file: 'dist/aws/ec2Service.js', limit: 900_000 },
  {
    entry: 'src/renderer/results.ts',
    file: 'dist/renderer/results.js',
    limit: 40_000,
    options: inWebview,
  },
  { entry: 'src/local/main.ts', file: 'dist/localGlue.js', limit: 600_000 },
];

/** Leaves what is imported dynamically out of the bundle that does so. @param file the bundle */
function lazyFiles(file: string): Plugin {
  return {
    name: 'lazy files',
    setup(host) {
      host.onResolve({ filter: /^\.\.?\// }, ({ path: wanted, resolveDir, kind }) => {
        if (kind !== 'dynamic-import' || !resolveDir.startsWith(path.resolve('src'))) return undefined;
        const entry = path.relative('.', path.resolve(resolveDir, `${wanted}.ts`)).replaceAll('\\', '/');
        const lazy = bundles.find((bundle) => bundle.entry === entry);
        if (lazy === undefined) throw new Error(`${entry} is imported dynamically: give it a row in bundles`);
        const relative = path.posix.relative(path.posix.dirname(file), lazy.file);
        return { path: relative.startsWith('.') ? relative : `./${relative}`, external: true };
      });
    },
  };
}

/** @throws Error when a bundle is larger than it may be */
export async function buildAll(withTests: boolean): Promise<void> {
  await rm('dist', { recursive: true, force: true });
  for (const { entry, file, options } of bundles) {
    await build({
      ...common,
      ...options,
      entryPoints: [entry],
      outfile: file,
      external: ['vscode'],
      plugins: [lazyFiles(file)],
    });
  }
  await mkdir('dist/runtime', { recursive: true });
  await cp('src/local/runtime', 'dist/runtime', { recursive: true });
  if (withTests) {
    await build({
      ...common,
      minify: false,
      entryPoints: ['test/vscode/index.ts', 'test/vscode/runNotebook.ts', 'test/vscode/bench.ts'],
      outdir: 'dist/test',
      external: ['vscode', 'mocha'],
      plugins: [lazyFiles('dist/test/index.js')],
    });
  }
  for (const { file, limit } of bundles) {
    const { size } = await stat(file);
    if (size > limit) throw new Error(`${file} is too large: ${String(size)} of ${String(limit)} bytes`);
    console.log(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  }
}

if (process.argv[1]?.endsWith('build.mts') === true) await buildAll(process.argv.includes('--tests'));
