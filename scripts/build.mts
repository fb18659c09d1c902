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
  { entry: 'src/glue/heldResult.ts', file: 'dist/glue/heldResult.js', limit: 10_000 },
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

/**
 * What calls AWS: modules, a file for each service and for whatever of the SDK several of them need or is imported in there
 * when it is needed. In one file for each service the extension host stood still for 50 ms to load one, and the SDK's own
 * parts shipped with every one of them; a module is read beside all else, and compiled part by part.
 */
const aws = {
  entries: [
    'src/aws/credentials.ts',
    'src/aws/glueService.ts',
    'src/aws/iamService.ts',
    'src/aws/costService.ts',
    'src/aws/quotaService.ts',
    'src/aws/taggingService.ts',
    'src/aws/s3Object.ts',
    'src/aws/ec2Service.ts',
  ],
  folder: 'dist/aws',
  /** Bytes that all of them may have: half of it is EC2. */
  limit: 1_200_000,
  options: {
    format: 'esm',
    splitting: true,
    chunkNames: 'sdk-[hash]',
    outExtension: { '.js': '.mjs' },
  } satisfies BuildOptions,
};

/**
 * Leaves what is imported dynamically out of the bundle that does so. Another bundle is loaded by require(): for an
 * import() Node would first look through the whole text of a CommonJS file for what it exports.
 * @param file the bundle
 */
function lazyFiles(file: string): Plugin {
  const from = (lazy: string) => {
    const relative = path.posix.relative(path.posix.dirname(file), lazy);
    return relative.startsWith('.') ? relative : `./${relative}`;
  };
  return {
    name: 'lazy files',
    setup(host) {
      host.onResolve({ filter: /^\.\.?\// }, ({ path: wanted, resolveDir, kind, namespace }) => {
        if (namespace === 'bundle') return { path: wanted, external: true };
        if (kind !== 'dynamic-import' || !resolveDir.startsWith(path.resolve('src'))) return undefined;
        const entry = path.relative('.', path.resolve(resolveDir, `${wanted}.ts`)).replaceAll('\\', '/');
        if (aws.entries.includes(entry)) {
          return { path: from(`${aws.folder}/${path.posix.basename(wanted)}.mjs`), external: true };
        }
        const lazy = bundles.find((bundle) => bundle.entry === entry);
        if (lazy === undefined) throw new Error(`${entry} is imported dynamically: give it a row in bundles`);
        return { path: from(lazy.file), namespace: 'bundle' };
      });
      host.onLoad({ filter: /.*/, namespace: 'bundle' }, ({ path: bundle }) => ({
        contents: `module.exports = require(${JSON.stringify(bundle)});`,
      }));
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
  const { metafile } = await build({
    ...common,
    ...aws.options,
    entryPoints: [...aws.entries],
    outdir: aws.folder,
    metafile: true,
  });
  made.push(metafile);
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
  const modules = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.mjs'));
  const size = modules.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  if (size > aws.limit) {
    throw new Error(`${aws.folder} is too large: ${String(size)} of ${String(aws.limit)} bytes`);
  }
  say(
    `${aws.folder} ${size.toLocaleString('en')} of ${aws.limit.toLocaleString('en')} bytes in ${String(modules.length)} files`,
  );
  return made;
}

if (process.argv[1]?.endsWith('build.mts') === true) {
  await buildAll(process.argv.includes('--tests'), console.log);
}
