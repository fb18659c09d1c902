import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeConfigurationFiles } from './endpoint/configurationFiles';
import { Endpoint, PortTakenError } from './endpoint/endpoint';
import { Journal } from './endpoint/journal';
import { RateLimit } from './endpoint/rateLimit';
import { SsoEndpoint } from './endpoint/ssoEndpoint';
import { createEngine, EngineError } from './engine/createEngine';
import { Authorizer } from './services/authorizer';
import { CostExplorer } from './services/costExplorer';
import { Ec2 } from './services/ec2';
import { Glue } from './services/glue/glue';
import { Iam } from './services/iam';
import { Keys } from './services/keys';
import { S3 } from './services/s3';
import { ServiceQuotas } from './services/serviceQuotas';
import { Portal } from './services/sso/portal';
import { SsoSignIns } from './services/sso/signIns';
import { Sts } from './services/sts';
import { Tagging } from './services/tagging';
import { lockState, StateInUseError } from './stateFolder';
import { loadWorld, WorldError } from './world/loadWorld';
import storyWorld from './world/story.yaml';

/** What was asked for can't be: told as it is, without a stack. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const engineKinds = ['auto', 'spark', 'python'] as const;

const usage = `node dist/localGlue.js [--port N] [--world FILE] [--state DIR] [--engine auto|spark|python]
  [--python PATH] [--journal FILE] [--latency MS] [--rate CALLS_PER_S]`;

async function main(): Promise<void> {
  const options = readOptions();
  const world = loadWorld(
    options.world === undefined ? storyWorld : await readWorldFile(options.world),
    options.world ?? 'the story world',
  );
  const temporary = options.state === undefined;
  // Absolute: sessions run in folders of their own.
  const state = path.resolve(options.state ?? (await mkdtemp(path.join(tmpdir(), 'local-glue-'))));
  const s3Directory = path.join(state, 's3');
  await mkdir(s3Directory, { recursive: true }).catch((error: unknown) => {
    throw new UsageError(`--state ${state} can't be used: ${String(error)}`);
  });
  const lock = await lockState(state);

  const now = () => Date.now();
  const journal = openJournal(options.journal);
  const keys = new Keys(now);
  const authorizer = new Authorizer(world);
  const engine = createEngine({
    kind: options.engine,
    ...(options.python !== undefined && { python: options.python }),
    cacheDirectory: process.env.GLUE_SESSIONS_CACHE ?? path.join(homedir(), '.cache', 'glue-sessions'),
    runtimeDirectory: path.join(__dirname, 'runtime'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const glue = new Glue({
    world,
    authorizer,
    engine,
    s3Directory,
    journal: (entry) => {
      journal.statement(entry);
    },
    now,
  });
  const rateLimit = options.rate === undefined ? {} : { rateLimit: new RateLimit(options.rate, now) };
  const portal = world.sso;
  const signIns = portal === undefined ? undefined : new SsoSignIns(portal, now);
  const sso =
    portal === undefined || signIns === undefined
      ? undefined
      : new SsoEndpoint({
          signIns,
          portal: new Portal({ world, portal, signIns, authorizer, keys }),
          journal,
          ...rateLimit,
          now,
        });
  const endpoint = new Endpoint({
    glue,
    sts: new Sts(authorizer, keys),
    iam: new Iam(world, authorizer),
    ec2: new Ec2(world, authorizer),
    quotas: new ServiceQuotas(world, authorizer),
    tagging: new Tagging(world, authorizer, (account, region) => glue.taggedSessions(account, region)),
    costExplorer: new CostExplorer(world, authorizer, () => glue.usage(), now),
    s3: new S3(world, authorizer, s3Directory),
    keys,
    journal,
    latency: options.latency,
    ...rateLimit,
    ...(sso !== undefined && { sso }),
    now,
  });
  const url = await endpoint.listen(options.port).catch(async (error: unknown) => {
    if (temporary) await rm(state, { recursive: true, force: true });
    throw error;
  });
  const files = await writeConfigurationFiles(path.join(state, 'aws'), url, world, {
    userKeys: keys.issueForUsers(world),
    ...(signIns !== undefined && { password: signIns.password }),
  });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await endpoint.close();
    await glue.dispose();
    await engine.dispose();
    journal.close();
    await rm(lock, { force: true });
    if (temporary) await rm(state, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
  if (process.env.LOCAL_GLUE_STOP_WITH_STDIN === '1') {
    // Whoever started this may die without a word; its end of the pipe closes then.
    process.stdin.on('end', () => void stop()).resume();
  }
  process.stdout.write(`${JSON.stringify({ endpoint: url, ...files })}\n`);
  // Found or made now, so that the first session starts soon; a failure is told by the session that needs it.
  await engine
    .prepare((message) => process.stderr.write(`${message}\n`))
    .catch((error: unknown) =>
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
    );
}

function readOptions() {
  const text = { type: 'string' } as const;
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: text,
        world: text,
        state: text,
        engine: text,
        python: text,
        journal: text,
        latency: text,
        rate: text,
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  const engine = engineKinds.find((kind) => kind === (values.engine ?? 'auto'));
  if (engine === undefined)
    throw new UsageError(`--engine ${values.engine ?? ''}: expected auto, spark or python`);
  const rate = values.rate === undefined ? undefined : numberOption('rate', values.rate, 0.1, 1_000_000);
  return {
    ...values,
    engine,
    port: Math.trunc(numberOption('port', values.port ?? '0', 0, 65_535)),
    latency: numberOption('latency', values.latency ?? '0', 0, 600_000),
    rate,
  };
}

function numberOption(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value) || value < least || value > most) {
    throw new UsageError(`--${name} ${text}: expected a number from ${String(least)} to ${String(most)}`);
  }
  return value;
}

function openJournal(file: string | undefined): Journal {
  try {
    return new Journal(file);
  } catch (error) {
    throw new UsageError(`--journal ${file ?? ''} can't be written: ${String(error)}`);
  }
}

async function readWorldFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--world ${file} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

main().catch((error: unknown) => {
  const expected =
    error instanceof WorldError ||
    error instanceof PortTakenError ||
    error instanceof UsageError ||
    error instanceof StateInUseError ||
    error instanceof EngineError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
