/** The limit: RunStatement and GetStatement by the SDK, with nothing around them. */
import {
  CreateSessionCommand,
  GetSessionCommand,
  GetStatementCommand,
  GlueClient,
  RunStatementCommand,
} from '@aws-sdk/client-glue';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-providers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CellRun } from './arithmetic.mjs';
import { lasting, type Plan } from './plan.mjs';
import { connection, creationRole, region, runtimeRole, type Ground } from './runners.mjs';

export async function runBareLoop({ local, say }: Ground, plan: Plan): Promise<CellRun[]> {
  const glue = await createClient(local);
  const short = await startSession(glue, 'bench-bare-short');
  const cells: CellRun[] = [];
  for (const seconds of plan.short) cells.push(await runStatement(glue, short, seconds, seconds, true));
  say('bare loop: the short statements have run');
  const long = plan.long.map(async (statements, index) => {
    const session = await startSession(glue, `bench-bare-long-${String(index)}`);
    return { statements, session };
  });
  for (const from of new Set(plan.long.flat().map((statement) => statement.from))) {
    const runs = (await Promise.all(long)).map(async ({ statements, session }) => {
      for (const statement of statements.filter((candidate) => candidate.from === from)) {
        cells.push(await runStatement(glue, session, from, statement.seconds, false));
      }
    });
    await Promise.all(runs);
  }
  return cells;
}

async function createClient({ endpoint, configFile, credentialsFile }: Ground['local']): Promise<GlueClient> {
  const credentials = fromIni({
    profile: 'isbloguser',
    configFilepath: configFile,
    filepath: credentialsFile,
  });
  const sts = new STSClient({ endpoint, region, credentials });
  const { Credentials: assumed } = await sts.send(
    new AssumeRoleCommand({ RoleArn: creationRole, RoleSessionName: 'bench-bare' }),
  );
  if (assumed?.AccessKeyId === undefined || assumed.SecretAccessKey === undefined) {
    throw new Error('AssumeRole gave no keys');
  }
  return new GlueClient({
    endpoint,
    region,
    credentials: {
      accessKeyId: assumed.AccessKeyId,
      secretAccessKey: assumed.SecretAccessKey,
      ...(assumed.SessionToken !== undefined && { sessionToken: assumed.SessionToken }),
    },
  });
}

async function startSession(glue: GlueClient, id: string): Promise<string> {
  await glue.send(
    new CreateSessionCommand({
      Id: id,
      Role: runtimeRole,
      Command: { Name: 'glueetl', PythonVersion: '3' },
      Connections: { Connections: [connection] },
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
    }),
  );
  for (;;) {
    const { Session } = await glue.send(new GetSessionCommand({ Id: id }));
    if (Session?.Status === 'READY') break;
    await sleep(100);
  }
  await runStatement(glue, id, 0, 0, true);
  return id;
}

async function runStatement(
  glue: GlueClient,
  session: string,
  from: number,
  seconds: number,
  isAlone: boolean,
): Promise<CellRun> {
  const start = Date.now();
  const { Id } = await glue.send(new RunStatementCommand({ SessionId: session, Code: lasting(seconds) }));
  for (;;) {
    const { Statement } = await glue.send(new GetStatementCommand({ SessionId: session, Id }));
    if (Statement?.State === 'AVAILABLE') break;
    // Without a pause the loops side by side would slow what they wait for.
    if (Date.now() - start > 100) await sleep(10);
  }
  return { session, from, start, end: Date.now(), isAlone };
}
