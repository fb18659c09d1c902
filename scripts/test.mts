/** Everything that has to hold: `npm test`. Its last line is `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { collectCoverage, printCoverage } from './bundleCoverage.mjs';
import { keepWhatIsLeft } from './leftBehind.mjs';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Reads from what it printed how many tests passed and failed; a step without it counts as one. */
  readonly count?: (printed: string) => Promise<Count> | Count;
}

const bin = (name: string) => path.join('node_modules', '.bin', name);

const checks: readonly Step[] = [
  { name: 'types', command: 'npm', args: ['run', '--silent', 'types'] },
  { name: 'lint', command: bin('eslint'), args: ['--max-warnings', '0', '.'] },
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'unused code and dependencies', command: bin('knip'), args: [] },
  { name: 'known weaknesses', command: bin('tsx'), args: ['scripts/audit.mts'] },
];

const suites: readonly Step[] = [
  { name: 'build, package and sizes', command: bin('tsx'), args: ['scripts/package.mts', '--tests'] },
  // More workers than cores: most of their time they wait, for a session or for its idle timeout.
  vitest('unit and Local Glue', 'local', ['--coverage', '--maxWorkers=3', 'test/unit', 'test/local']),
  // By themselves: what they see depends on time-outs.
  vitest('faults', 'faults', ['--no-file-parallelism', 'test/faults']),
  {
    name: 'inside VS Code',
    command: bin('tsx'),
    args: ['scripts/testInVscode.mts', '--built'],
    count: (printed) => counted(printed, /^RUN (\d+) passed, (\d+) failed$/m),
  },
  vitest('by keyboard and screen', 'interface', ['--maxWorkers=2', 'test/interface']),
  {
    name: 'the story',
    command: bin('tsx'),
    args: ['scripts/demo.mts', '--packaged'],
    count: (printed) => {
      const { passed, failed: all } = counted(printed, /^story: (\d+) of (\d+) steps$/m);
      return { passed, failed: all - passed };
    },
  },
];

/** A run of vitest, counted from its own report. */
function vitest(name: string, report: string, args: readonly string[]): Step {
  const file = path.join('out', `vitest-${report}.json`);
  return {
    name,
    command: bin('vitest'),
    args: ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile=${file}`],
    count: async () => {
      const { numPassedTests, numTotalTests, numFailedTestSuites } = JSON.parse(
        await readFile(file, 'utf8'),
      ) as { numPassedTests: number; numTotalTests: number; numFailedTestSuites: number };
      // A suite whose set-up failed has tests that never ran; a skipped one has not passed either.
      const failed = numTotalTests - numPassedTests;
      return { passed: numPassedTests, failed: failed === 0 ? numFailedTestSuites : failed };
    },
  };
}

function counted(printed: string, pattern: RegExp): Count {
  const found = pattern.exec(printed);
  return { passed: Number(found?.[1] ?? 0), failed: Number(found?.[2] ?? 1) };
}

async function run(step: Step): Promise<Count> {
  const started = Date.now();
  const child = spawn(step.command, step.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const take = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      printed += error.message;
      resolve(1);
    });
    child.once('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const count = await counts(step, printed, code);
  console.log(
    `\n=== ${step.name}: ${count.failed === 0 ? 'passed' : 'FAILED'} (${count.passed} of ${count.passed + count.failed}, ${seconds} s)`,
  );
  console.log(printed.trim());
  return count;
}

/** A step that ended badly has failed, whatever it counted. */
async function counts(step: Step, printed: string, code: number): Promise<Count> {
  if (step.count === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const count = await Promise.resolve(step.count(printed)).catch((error: unknown) => {
    console.log(`the report of "${step.name}" can't be read: ${String(error)}`);
    return { passed: 0, failed: 1 };
  });
  return code === 0 || count.failed > 0 ? count : { ...count, failed: 1 };
}

const { values } = parseArgs({ options: { 'no-checks': { type: 'boolean' } } });
const started = Date.now();
await rm('coverage', { recursive: true, force: true });
await rm('out/failures', { recursive: true, force: true });
await mkdir('out', { recursive: true });
collectCoverage();
const { secretsFile } = await keepWhatIsLeft();
/** Screenshots, reports and the notebook are in `out` too. What ran of which file, in `coverage`, is no text of the run. */
const last: Step = {
  name: 'no key left behind',
  command: bin('tsx'),
  args: ['scripts/searchSecrets.mts', secretsFile, 'out'],
};
const all: Count[] = [];
// Each check takes one core: side by side they take half the time.
if (values['no-checks'] !== true) all.push(...(await Promise.all(checks.map(run))));
for (const step of [...suites, last]) all.push(await run(step));
await printCoverage();
const passed = all.reduce((sum, count) => sum + count.passed, 0);
const failed = all.reduce((sum, count) => sum + count.failed, 0);
console.log(`\nThe whole run took ${((Date.now() - started) / 60_000).toFixed(1)} minutes.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
