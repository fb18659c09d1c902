/**
 * How much time and how many calls a cell costs: this extension, the official kernel and a bare SDK loop, on one Local
 * Glue: `npm run bench [-- --only extension|kernel|bare] [--quick]`. It wants a machine that does nothing else.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { JournalLine } from './bench/arithmetic.mjs';
import { runBareLoop } from './bench/bareLoop.mjs';
import { runExtension } from './bench/extension.mjs';
import { runOfficialKernel } from './bench/officialKernel.mjs';
import { makePlan } from './bench/plan.mjs';
import { load, makeReport, markdown, type Runs } from './bench/report.mjs';
import { buildAll } from './build.mjs';
import { startLocalGlue } from './localGlue.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' } } });
const isQuick = values.quick === true;
const isWanted = (name: keyof Runs) => values.only === undefined || values.only === name;
const say = (line: string) => {
  console.log(line);
};
if (values.only !== undefined && !['extension', 'kernel', 'bare'].includes(values.only)) {
  throw new Error(`--only takes extension, kernel or bare, not ${values.only}`);
}

await buildAll(true);
const loadBefore = load();
const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-bench-journal-'));
const journalFile = path.join(folder, 'journal.jsonl');
const local = await startLocalGlue(['--engine', 'python', '--journal', journalFile], () => undefined);
try {
  const ground = { local, say };
  const plan = makePlan(isQuick);
  const runs: Runs = {
    ...(isWanted('bare') && { bare: await runBareLoop(ground, plan) }),
    ...(isWanted('kernel') && { kernel: await runOfficialKernel(ground, plan) }),
    ...(isWanted('extension') && { extension: await runExtension(ground, plan) }),
  };
  const journal = (await readFile(journalFile, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
  const report = makeReport(runs, journal, loadBefore, isQuick);
  const text = markdown(report);
  say(text);
  const missed = report.goals.filter(({ isMet }) => !isMet).length;
  say(`goals: ${String(report.goals.length - missed)} met, ${String(missed)} missed`);
  if (!isQuick && values.only === undefined) {
    await mkdir('bench', { recursive: true });
    const options = { ...(await resolveConfig('package.json')), parser: 'json' };
    await writeFile('bench/results.json', await format(JSON.stringify(report), options));
    const readme = await readFile('README.md', 'utf8');
    const between = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;
    if (between.test(readme)) {
      const filled = (_: string, start: string, end: string) => `${start}\n${text}\n\n${end}`;
      await writeFile('README.md', readme.replace(between, filled));
    }
  }
} finally {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
}
