/** Which lines ran of what is built: Local Glue and the extension inside VS Code are processes of their own. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CoverageReport } from 'monocart-coverage-reports';

const folder = 'GLUE_SESSIONS_COVERAGE';

/** Variables that make a Node process leave behind what ran of it; none unless coverage was asked for. */
export function coverageVariables(): Readonly<Record<string, string>> {
  const raw = process.env[folder];
  return raw === undefined || raw === '' ? {} : { NODE_V8_COVERAGE: raw };
}

/** Asks everything started from here on for its coverage. */
export function collectCoverage(): void {
  process.env[folder] = path.resolve('coverage', 'raw');
}

/** Prints the share of lines that ran, by their place in the sources. */
export async function printCoverage(): Promise<void> {
  const dist = pathToFileURL(`${path.resolve('dist')}/`).href;
  const report = new CoverageReport({
    name: 'Of the built programs, run by the tests in processes of their own',
    outputDir: 'coverage/bundles',
    reports: [['console-summary', { metrics: ['lines'] }], 'json'],
    entryFilter: ({ url }) => url.startsWith(dist) && !url.startsWith(`${dist}test/`),
    sourceFilter: (source) => source.startsWith('src/'),
    cleanCache: true,
    logging: 'error',
  });
  await report.addFromDir(process.env[folder] ?? '');
  await report.generate();
}
