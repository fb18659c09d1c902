import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { coverageVariables } from '../../scripts/bundleCoverage.mjs';
import { keepFolder, noteSecrets } from '../../scripts/leftBehind.mjs';
import { createAwsAccess } from '../../src/aws/glueApis';
import type { GlueApi } from '../../src/glue/glueApi';
import type { AssumedRole, Target } from '../../src/glue/target';

export { creationRole, runtimeRole } from './smallSession';

/** A Local Glue as people run it: the built program in a process of its own. */
export interface LocalGlue {
  readonly endpoint: string;
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profiles: readonly string[];
  readonly child: ChildProcess;
  /** What it said on standard error. */
  readonly said: string[];
  readonly journal: () => readonly JournalLine[];
  /** The real SDK, as the extension uses it. */
  readonly api: (profile: string, roles?: readonly AssumedRole[], change?: Partial<Target>) => GlueApi;
  readonly stop: () => Promise<void>;
}

export interface JournalLine {
  readonly kind: 'call' | 'statement';
  readonly operation?: string;
  readonly caller?: string;
  readonly outcome?: string;
  readonly session?: string;
  readonly statement?: number;
  readonly sha256?: string;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly world?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** For how long its SDK waits for an answer (milliseconds). */
  readonly answerMs?: number;
}

/** Starts it; rejects with what it said when it does not come up. */
export async function startLocalGlue({
  args = [],
  world,
  environment = {},
  answerMs,
}: StartOptions = {}): Promise<LocalGlue> {
  const folder = await mkdtemp(path.join(tmpdir(), 'local-glue-test-'));
  const journalFile = path.join(folder, 'journal.jsonl');
  const all = ['dist/localGlue.js', '--journal', journalFile, ...args];
  if (world !== undefined) {
    await writeFile(path.join(folder, 'world.yaml'), world);
    all.push('--world', path.join(folder, 'world.yaml'));
  }
  const child = spawn(process.execPath, all, {
    env: { ...process.env, ...coverageVariables(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => {
      reject(new Error(said.join('\n')));
    });
  });
  const announced = JSON.parse(line) as Pick<
    LocalGlue,
    'endpoint' | 'configFile' | 'credentialsFile' | 'profiles'
  >;
  const access = createAwsAccess({
    roleSessionName: () => undefined,
    mfaCode: () => Promise.reject(new Error('no MFA here')),
    ...(answerMs !== undefined && { answerMs }),
  });
  const { configFile, credentialsFile } = announced;
  await noteSecrets(credentialsFile);
  return {
    ...announced,
    child,
    said,
    journal: () =>
      readFileSync(journalFile, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text) as JournalLine),
    api: (profile, roles = [], change = {}) =>
      access.of({ profile, roles, files: { configFile, credentialsFile }, ...change }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await keepFolder('local-glue', folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const started = Date.now();
  while (!(await holds())) {
    if (Date.now() - started > timeoutMs) throw new Error(`not within ${String(timeoutMs)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
