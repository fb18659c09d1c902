/** Builds everything that ships (and, with `--tests`, the suite that runs inside VS Code) into `dist`. */
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

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
  // An import() of a CommonJS file has Node look through its text for exports and its format first: of the file with the
  // AWS SDK that took 90 of the 150 ms that the extension host stood still. A require() does not.
  supported: { 'dynamic-import': false },
};

interface Bundle {
  readonly entry: string;
  readonly file: string;
  /** Bytes that it may have. */
  readonly limit: number;
  readonly options?: BuildOptions;
}

/** Runs in the notebook's webview. */
const inWebview: BuildOptions = { platform: 'browser', format: 'esm', target: 'es2022', supported: {} };

/** Bundles and the bytes each may have. Whatever is imported dynamically is a file of its own, loaded at its first use. */
export const bundles: readonly Bundle[] = [
  { entry: 'src/extension.ts', file: 'dist/extension.js', limit: 150_000 },
  { entry: 'src/glue/display/display.ts', file: 'dist/glue/display.js', limit: 60_000 },
  { entry: 'src/glue/failures.ts', file: 'dist/glue/failures.js', limit: 15_000 },
  { entry: 'src/glue/targetSetting.ts', file: 'dist/glue/targetSetting.js', limit: 10_000 },
  { entry: 'src/host/profileWatch.ts', file: 'dist/host/profileWatch.js', limit: 5000 },
  {
    entry: 'src/glue/guardrails/readGuardrails.ts',
    file: 'dist/glue/guardrails/readGuardrails.js',
    limit: 200_000,
  },
  {
    entry: 'src/glue/guardrails/startRules.ts',
    file: 'dist/glue/guardrails/startRules.js',
    limit: 15_000,
  },
  {
    entry: 'src/glue/inventory/targetReader.ts',
    file: 'dist/glue/inventory/targetReader.js',
    limit: 30_000,
  },
  { entry: 'src/host/inventoryFiles.ts', file: 'dist/host/inventoryFiles.js', limit: 15_000 },
  { entry: 'src/magics/readCell.ts', file: 'dist/magics/readCell.js', limit: 50_000 },
  { entry: 'src/notebook/languageAnswers.ts', file: 'dist/notebook/languageAnswers.js', limit: 40_000 },
  { entry: 'src/commands/details/sessionPages.ts', file: 'dist/commands/sessionPages.js', limit: 80_000 },
  { entry: 'src/magics/sessionMagics.ts', file: 'dist/magics/sessionMagics.js', limit: 50_000 },
  { entry: 'src/commands/addTarget.ts', file: 'dist/commands/addTarget.js', limit: 40_000 },
  { entry: 'src/commands/cost/cost.ts', file: 'dist/commands/cost.js', limit: 60_000 },
  { entry: 'src/commands/startSession.ts', file: 'dist/commands/startSession.js', limit: 70_000 },
  { entry: 'src/commands/checkTags.ts', file: 'dist/commands/checkTags.js', limit: 50_000 },
  { entry: 'src/commands/sessionTools.ts', file: 'dist/commands/sessionTools.js', limit: 80_000 },
  { entry: 'src/commands/verbs.ts', file: 'dist/commands/verbs.js', limit: 80_000 },
  { entry: 'src/forgotten/forgotten.ts', file: 'dist/forgotten/forgotten.js', limit: 30_000 },
  {
    entry: 'src/commands/accountSetup/accountSetup.ts',
    file: 'dist/commands/accountSetup.js',
    limit: 40_000,
  },
  { entry: 'src/notebook/sessionActions.ts', file: 'dist/notebook/sessionActions.js', limit: 20_000 },
  { entry: 'src/notebook/statusText.ts', file: 'dist/notebook/statusText.js', limit: 20_000 },
  { entry: 'src/notebook/deniedCell.ts', file: 'dist/notebook/deniedCell.js', limit: 15_000 },
  { entry: 'src/commands/access/checkAccess.ts', file: 'dist/commands/checkAccess.js', limit: 60_000 },
  { entry: 'src/host/denialExplanation.ts', file: 'dist/host/denialExplanation.js', limit: 25_000 },
  { entry: 'src/notebook/overdueStops.ts', file: 'dist/notebook/overdueStops.js', limit: 12_000 },
  { entry: 'src/notebook/tableRequests.ts', file: 'dist/notebook/tableRequests.js', limit: 30_000 },
  { entry: 'src/notebook/cellRunner.ts', file: 'dist/notebook/cellRunner.js', limit: 60_000 },
  { entry: 'src/notebook/recoveredResult.ts', file: 'dist/notebook/recoveredResult.js', limit: 20_000 },
  { entry: 'src/aws/glueService.ts', file: 'dist/aws/glueService.js', limit: 450_000 },
  { entry: 'src/aws/smallServices.ts', file: 'dist/aws/smallServices.js', limit: 550_000 },
  { entry: 'src/aws/s3Object.ts', file: 'dist/aws/s3Object.js', limit: 60_000 },
  { entry: 'src/glue/heldResult.ts', file: 'dist/glue/heldResult.js', limit: 10_000 },
  { entry: 'src/aws/ec2Service.ts', file: 'dist/aws/ec2Service.js', limit: 900_000 },
  {
    entry: 'src/renderer/results.ts',
    file: 'dist/renderer/results.js',
    limit: 40_000,
    options: inWebview,
  },
  { entry: 'src/renderer/page.ts', file: 'dist/renderer/page.js', limit: 20_000, options: inWebview },
  { entry: 'src/stopLater.ts', file: 'dist/stopLater.js', limit: 10_000 },
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

/**
 * @param say gets the size of each bundle
 * @returns what each bundle that ships was made of
 * @throws Error when a bundle is larger than it may be
 */
export async function buildAll(
  withTests: boolean,
  say: (line: string) => void = () => undefined,
): Promise<readonly Metafile[]> {
  await rm('dist', { recursive: true, force: true });
  const made: Metafile[] = [];
  for (const { entry, file, options } of bundles) {
    const { metafile } = await build({
      ...common,
      ...options,
      entryPoints: [entry],
      outfile: file,
      external: ['vscode'],
      plugins: [lazyFiles(file)],
      metafile: true,
    });
    made.push(metafile);
  }
  await mkdir('dist/runtime', { recursive: true });
  await cp('src/local/runtime', 'dist/runtime', { recursive: true });
  if (withTests) {
    await build({
      ...common,
      minify: false,
      entryPoints: [
        'test/vscode/index.ts',
        'test/vscode/runNotebook.ts',
        'test/vscode/bench.ts',
        'test/vscode/scale.ts',
        'test/vscode/inventoryProcess.ts',
      ],
      outdir: 'dist/test',
      external: ['vscode', 'mocha'],
      plugins: [lazyFiles('dist/test/index.js')],
    });
  }
  for (const { file, limit } of bundles) {
    const { size } = await stat(file);
    if (size > limit) throw new Error(`${file} is too large: ${String(size)} of ${String(limit)} bytes`);
    say(`${file} ${size.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes`);
  }
  return made;
}

if (process.argv[1]?.endsWith('build.mts') === true) {
  await buildAll(process.argv.includes('--tests'), console.log);
}
