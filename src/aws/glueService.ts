import {
  CancelStatementCommand,
  CreateSessionCommand,
  DeleteSessionCommand,
  GetConnectionCommand,
  GetConnectionsCommand,
  GetSessionCommand,
  GetStatementCommand,
  GetTagsCommand,
  GlueClient,
  ListSessionsCommand,
  ListStatementsCommand,
  RunStatementCommand,
  StopSessionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type WorkerType,
} from '@aws-sdk/client-glue';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type {
  CallerIdentity,
  Connection,
  CreateSessionRequest,
  GlueApi,
  ListSessionsRequest,
} from '../glue/glueApi';
import type { Target } from '../glue/target';
import type { createSubnetReader } from './ec2Service';
import { createCredentials, type CredentialOptions, type CredentialProvider } from './credentials';
import { createRequestHandler } from './loopbackOnly';
import { keepRawAnswer } from './rawAnswer';
import { record, toConnection, toSession, toStatement } from './shapes';
import { readProfile } from './profiles';
import { readTargetConfiguration } from './targetConfiguration';

export { listProfiles } from './profiles';

type SubnetReader = ReturnType<typeof createSubnetReader>;

export interface AccessOptions extends CredentialOptions {
  /** For how long an answer is waited for (milliseconds); half a minute when not said. */
  readonly answerMs?: number;
}

/** Clients of a target, made once its profile has been read. */
interface Clients {
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly glue: GlueClient;
  /**
   * For RunStatement, which has no client token: a retry by the SDK might run code twice. And for CreateSession: only who
   * knows of the lost answer can tell that the session that is there already is his.
   */
  readonly glueOnce: GlueClient;
  readonly sts: STSClient;
  readonly subnets: () => Promise<SubnetReader>;
}

async function createClients(target: Target, options: AccessOptions): Promise<Clients> {
  const configuration = await readTargetConfiguration(target);
  const requestHandler = createRequestHandler(configuration.loopbackOnly, options.answerMs);
  const credentials = createCredentials(target, configuration, requestHandler, options);
  const { region, endpoints } = configuration;
  const common = { region, credentials, requestHandler };
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  return {
    region,
    credentials,
    glue: new GlueClient({ ...common, ...at(endpoints.glue) }),
    glueOnce: new GlueClient({ ...common, ...at(endpoints.glue), maxAttempts: 1 }),
    sts: new STSClient({ ...common, ...at(endpoints.sts) }),
    subnets: async () => {
      const ec2 = await import('./ec2Service');
      return ec2.createSubnetReader({ ...common, ...at(endpoints.ec2) });
    },
  };
}

/**
 * GlueApi of a target on the AWS SDK. Nothing is read or sent before the first call. Failures are the SDK's own: see
 * glueApis.ts, which turns them into AwsCallError.
 */
export function createTargetApi(target: Target, options: AccessOptions): GlueApi {
  let made: Promise<Clients> | undefined;
  const clients = () => {
    made ??= createClients(target, options).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  let identity: Promise<CallerIdentity> | undefined;
  const readIdentity = async (signal?: AbortSignal) => {
    const { sts } = await clients();
    const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}), abortable(signal));
    return { account: Account ?? '', arn: Arn ?? '', userId: UserId ?? '' };
  };
  return {
    callerIdentity: (signal) => {
      identity ??= readIdentity(signal).catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      return identity;
    },
    region: async () => (await clients()).region,
    profileValues: async () => {
      const { profileName } = await readTargetConfiguration(target);
      return (await readProfile(profileName, target.files))?.sessionValues ?? {};
    },
    credentialsExpireAt: async () => (await (await clients()).credentials()).expiration?.getTime(),
    createSession: async (request, signal) => {
      const { glueOnce } = await clients();
      return toSession((await glueOnce.send(createSessionCommand(request), abortable(signal))).Session);
    },
    getSession: async (Id, signal) => {
      const { glue } = await clients();
      return toSession((await glue.send(new GetSessionCommand({ Id }), abortable(signal))).Session);
    },
    listSessions: async (request, signal) => {
      const { glue } = await clients();
      const answer = await glue.send(listSessionsCommand(request), abortable(signal));
      return {
        sessions: (answer.Sessions ?? []).map(toSession),
        ...(answer.NextToken !== undefined && { nextToken: answer.NextToken }),
      };
    },
    stopSession: async (Id, signal) => {
      await (await clients()).glue.send(new StopSessionCommand({ Id }), abortable(signal));
    },
    deleteSession: async (Id, signal) => {
      await (await clients()).glue.send(new DeleteSessionCommand({ Id }), abortable(signal));
    },
    runStatement: async (SessionId, Code, signal) => {
      const { glueOnce } = await clients();
      const { Id } = await glueOnce.send(new RunStatementCommand({ SessionId, Code }), abortable(signal));
      if (Id === undefined) throw new Error('the answer names no statement');
      return Id;
    },
    getStatement: async (SessionId, Id, signal) => {
      const command = new GetStatementCommand({ SessionId, Id });
      const raw = keepRawAnswer(command);
      await (await clients()).glue.send(command, abortable(signal));
      const { Statement } = record(raw.json);
      if (Statement === undefined) throw new Error('the answer holds no statement');
      return toStatement(Statement);
    },
    listStatements: async (SessionId, NextToken, signal) => {
      const command = new ListStatementsCommand({ SessionId, ...(NextToken !== undefined && { NextToken }) });
      const raw = keepRawAnswer(command);
      await (await clients()).glue.send(command, abortable(signal));
      const { Statements: statements, NextToken: nextToken } = record(raw.json);
      return {
        statements: Array.isArray(statements) ? statements.map(toStatement) : [],
        ...(typeof nextToken === 'string' && { nextToken }),
      };
    },
    cancelStatement: async (SessionId, Id, signal) => {
      await (await clients()).glue.send(new CancelStatementCommand({ SessionId, Id }), abortable(signal));
    },
    getTags: async (ResourceArn, signal) => {
      const { glue } = await clients();
      return (await glue.send(new GetTagsCommand({ ResourceArn }), abortable(signal))).Tags ?? {};
    },
    tagResource: async (ResourceArn, add, signal) => {
      const command = new TagResourceCommand({ ResourceArn, TagsToAdd: { ...add } });
      await (await clients()).glue.send(command, abortable(signal));
    },
    untagResource: async (ResourceArn, keys, signal) => {
      const command = new UntagResourceCommand({ ResourceArn, TagsToRemove: [...keys] });
      await (await clients()).glue.send(command, abortable(signal));
    },
    getConnection: async (Name, signal) => {
      const command = new GetConnectionCommand({ Name, HidePassword: true });
      const { Connection } = await (await clients()).glue.send(command, abortable(signal));
      return toConnection(Connection ?? { Name });
    },
    listConnections: async (signal) => allConnections((await clients()).glue, abortable(signal)),
    describeSubnets: async (ids, signal) => {
      if (ids.length === 0) return [];
      const readSubnets = await (await clients()).subnets();
      return readSubnets(ids, signal);
    },
  };
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function createSessionCommand(request: CreateSessionRequest): CreateSessionCommand {
  return new CreateSessionCommand({
    Id: request.id,
    Role: request.role,
    Command: { Name: request.command.name, PythonVersion: request.command.pythonVersion },
    DefaultArguments: { ...request.defaultArguments },
    ...(request.description !== undefined && { Description: request.description }),
    ...(request.timeout !== undefined && { Timeout: request.timeout }),
    ...(request.idleTimeout !== undefined && { IdleTimeout: request.idleTimeout }),
    ...(request.connections.length > 0 && { Connections: { Connections: [...request.connections] } }),
    ...(request.maxCapacity !== undefined && { MaxCapacity: request.maxCapacity }),
    ...(request.numberOfWorkers !== undefined && { NumberOfWorkers: request.numberOfWorkers }),
    ...(request.workerType !== undefined && { WorkerType: request.workerType as WorkerType }),
    ...(request.securityConfiguration !== undefined && {
      SecurityConfiguration: request.securityConfiguration,
    }),
    ...(request.glueVersion !== undefined && { GlueVersion: request.glueVersion }),
    Tags: { ...request.tags },
    ...(request.requestOrigin !== undefined && { RequestOrigin: request.requestOrigin }),
  });
}

function listSessionsCommand(request: ListSessionsRequest): ListSessionsCommand {
  return new ListSessionsCommand({
    ...(request.maxResults !== undefined && { MaxResults: request.maxResults }),
    ...(request.nextToken !== undefined && { NextToken: request.nextToken }),
    ...(request.tags !== undefined && { Tags: { ...request.tags } }),
  });
}

async function allConnections(
  glue: GlueClient,
  http: { abortSignal?: AbortSignal },
): Promise<readonly Connection[]> {
  const connections: Connection[] = [];
  let nextToken: string | undefined;
  do {
    const input = { HidePassword: true, ...(nextToken !== undefined && { NextToken: nextToken }) };
    const answer = await glue.send(new GetConnectionsCommand(input), http);
    connections.push(...(answer.ConnectionList ?? []).map(toConnection));
    nextToken = answer.NextToken;
  } while (nextToken !== undefined);
  return connections;
}
