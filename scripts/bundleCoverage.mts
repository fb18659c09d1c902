/** Which lines ran of what is built: Local Glue and the extension inside VS Code are processes of their own. */
import path from 'node:path';
import { Report } from 'c8';

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
  console.log('\nOf the built programs, run by the tests in processes of their own:');
  await new Report({
    tempDirectory: process.env[folder] ?? '',
    reportsDirectory: 'coverage/bundles',
    reporter: ['text-summary', 'json'],
    include: ['src/**'],
    exclude: [],
    excludeAfterRemap: true,
  }).run();
}
