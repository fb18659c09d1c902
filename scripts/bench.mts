/**
 * How much time and how many calls a cell costs: this extension, the official kernel and a bare SDK loop, on one Local
 * Glue: `npm run bench [-- --only extension,kernel,bare,scale] [--cells 0,0.05,0.3,1.2,5,30,soak,printed] [--times N] [--quick]`.
 * scale is what 10,000 sessions cost. It wants a machine that does nothing else.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { JournalLine } from './bench/arithmetic.mjs';
import { runBareLoop } from './bench/bareLoop.mjs';
import { runExtension } from './bench/extension.mjs';
import { runOfficialKernel } from './bench/officialKernel.mjs';
import { makePlan } from './bench/plan.mjs';
import { load, makeReport, markdown, type BenchText, type Runs } from './bench/report.mjs';
import { runScale, scaleMarkdown } from './bench/scale.mjs';
import { buildAll } from './build.mjs';
import { commandLine, refuse } from './commandLine.mjs';
import { startLocalGlue } from './localGlue.mjs';

const usage =
  'npm run bench -- [--only extension,kernel,bare,scale] [--cells 0,0.05,0.3,1.2,5,30,soak,printed] [--times N] [--quick]';
const { values } = commandLine(usage, {
  options: {
    only: { type: 'string' },
    cells: { type: 'string' },
    times: { type: 'string' },
    quick: { type: 'boolean' },
  },
});
const isQuick = values.quick === true;
const isWhole = [values.only, values.cells, values.times, values.quick].every((value) => value === undefined);
const only = values.only?.split(',') ?? [];
const isWanted = (name: keyof Runs | 'scale') => only.length === 0 || only.includes(name);
const say = (line: string) => {
  console.log(line);
};
for (const name of only) {
  if (!['extension', 'kernel', 'bare', 'scale'].includes(name)) {
    refuse(usage, `--only takes extension, kernel, bare and scale, not ${name}`);
  }
}

await buildAll(true);
if (isWanted('scale')) {
  const report = await runScale(say);
  const text = scaleMarkdown(report);
  say(text.whole);
  if (isWhole || values.only === 'scale') await keep('scale', report, text);
  if (values.only === 'scale') process.exit();
}
const loadBefore = load();
const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-bench-journal-'));
const journalFile = path.join(folder, 'journal.jsonl');
const local = await startLocalGlue(['--engine', 'python', '--journal', journalFile], () => undefined);
try {
  const ground = { local, say };
  const plan = makePlan({
    isQuick,
    ...(values.cells !== undefined && { cells: values.cells.split(',') }),
    ...(values.times !== undefined && { times: Number(values.times) }),
  });
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
  say(text.whole);
  const missed = report.goals.filter(({ isMet }) => !isMet).length;
  say(`goals: ${String(report.goals.length - missed)} met, ${String(missed)} missed`);
  if (isWhole) {
    await keep('results', report, text);
  }
} finally {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Writes figures as JSON, and as text into their places in the README and in bench/. */
async function keep(name: 'results' | 'scale', report: object, { readme, whole }: BenchText): Promise<void> {
  const options = { ...(await resolveConfig('package.json')), parser: 'json' };
  await writeFile(`bench/${name}.json`, await format(JSON.stringify(report), options));
  await fill('README.md', name, readme);
  await fill('bench/README.md', name, whole);
}

async function fill(file: string, name: 'results' | 'scale', text: string): Promise<void> {
  const mark = name === 'results' ? 'bench' : 'bench of sessions';
  const between = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  const page = await readFile(file, 'utf8');
  if (!between.test(page)) throw new Error(`${file} has no place for the ${mark}`);
  await writeFile(
    file,
    page.replace(between, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`),
  );
}
