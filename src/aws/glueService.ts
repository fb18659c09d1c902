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
import { toCallError } from './callError';
import { createCredentials, type CredentialOptions, type CredentialProvider } from './credentials';
import { createRequestHandler } from './loopbackOnly';
import { keepRawAnswer } from './rawAnswer';
import { record, toConnection, toSession, toStatement } from './shapes';
import { readTargetConfiguration } from './targetConfiguration';

export { listProfiles } from './profiles';

type SubnetReader = ReturnType<typeof import('./ec2Service').createSubnetReader>;

/** Clients of a target, made once its profile has been read. */
interface Clients {
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly glue: GlueClient;
  /** For RunStatement: it has no client token, so a retry by the SDK might run code twice. */
  readonly glueOnce: GlueClient;
  readonly sts: STSClient;
  readonly subnets: () => Promise<SubnetReader>;
}

async function createClients(target: Target, options: CredentialOptions): Promise<Clients> {
  const configuration = await readTargetConfiguration(target);
  const requestHandler = createRequestHandler(configuration.loopbackOnly);
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
      const { createSubnetReader } = await import('./ec2Service');
      return createSubnetReader({ ...common, ...at(endpoints.ec2) });
    },
  };
}

/** GlueApi of a target on the AWS SDK. Nothing is read or sent before the first call. */
export function createTargetApi(target: Target, options: CredentialOptions): GlueApi {
  let made: Promise<Clients> | undefined;
  const clients = () => {
    made ??= createClients(target, options);
    made.catch(() => (made = undefined));
    return made;
  };
  let identity: Promise<CallerIdentity> | undefined;

  /** Sends with the right clients, and turns failures into AwsCallError. */
  const call = async <T>(
    action: string,
    signal: AbortSignal | undefined,
    send: (all: Clients, http: { abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    try {
      signal?.throwIfAborted();
      return await send(await clients(), signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      throw toCallError(error, action, signal);
    }
  };

  const readIdentity = (signal?: AbortSignal) =>
    call('sts:GetCallerIdentity', signal, async ({ sts }, http) => {
      const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}), http);
      return { account: Account ?? '', arn: Arn ?? '', userId: UserId ?? '' };
    });

  return {
    callerIdentity: (signal) => {
      identity ??= readIdentity(signal);
      const asked = identity;
      asked.catch(() => (identity = undefined));
      return asked;
    },
    region: () => call('sts:GetCallerIdentity', undefined, ({ region }) => Promise.resolve(region)),
    credentialsExpireAt: (signal) =>
      call('sts:GetCallerIdentity', signal, async ({ credentials }) =>
        (await credentials()).expiration?.getTime(),
      ),
    createSession: (request, signal) =>
      call('glue:CreateSession', signal, async ({ glue }, http) =>
        toSession((await glue.send(createSessionCommand(request), http)).Session),
      ),
    getSession: (Id, signal) =>
      call('glue:GetSession', signal, async ({ glue }, http) =>
        toSession((await glue.send(new GetSessionCommand({ Id }), http)).Session),
      ),
    listSessions: (request, signal) =>
      call('glue:ListSessions', signal, async ({ glue }, http) => {
        const answer = await glue.send(listSessionsCommand(request), http);
        return {
          sessions: (answer.Sessions ?? []).map(toSession),
          ...(answer.NextToken !== undefined && { nextToken: answer.NextToken }),
        };
      }),
    stopSession: (Id, signal) =>
      call('glue:StopSession', signal, async ({ glue }, http) => {
        await glue.send(new StopSessionCommand({ Id }), http);
      }),
    deleteSession: (Id, signal) =>
      call('glue:DeleteSession', signal, async ({ glue }, http) => {
        await glue.send(new DeleteSessionCommand({ Id }), http);
      }),
    runStatement: (SessionId, Code, signal) =>
      call('glue:RunStatement', signal, async ({ glueOnce }, http) => {
        const { Id } = await glueOnce.send(new RunStatementCommand({ SessionId, Code }), http);
        if (Id === undefined) throw new Error('RunStatement answered without an id');
        return Id;
      }),
    getStatement: (SessionId, Id, signal) =>
      call('glue:GetStatement', signal, async ({ glue }, http) => {
        const command = new GetStatementCommand({ SessionId, Id });
        const raw = keepRawAnswer(command);
        await glue.send(command, http);
        return toStatement(record(raw.json)['Statement']);
      }),
    listStatements: (SessionId, NextToken, signal) =>
      call('glue:ListStatements', signal, async ({ glue }, http) => {
        const command = new ListStatementsCommand({
          SessionId,
          ...(NextToken !== undefined && { NextToken }),
        });
        const raw = keepRawAnswer(command);
        const answer = await glue.send(command, http);
        const statements: unknown = record(raw.json)['Statements'];
        return {
          statements: Array.isArray(statements) ? statements.map(toStatement) : [],
          ...(answer.NextToken !== undefined && { nextToken: answer.NextToken }),
        };
      }),
    cancelStatement: (SessionId, Id, signal) =>
      call('glue:CancelStatement', signal, async ({ glue }, http) => {
        await glue.send(new CancelStatementCommand({ SessionId, Id }), http);
      }),
    getTags: (ResourceArn, signal) =>
      call('glue:GetTags', signal, async ({ glue }, http) => {
        return (await glue.send(new GetTagsCommand({ ResourceArn }), http)).Tags ?? {};
      }),
    tagResource: (ResourceArn, add, signal) =>
      call('glue:TagResource', signal, async ({ glue }, http) => {
        await glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd: { ...add } }), http);
      }),
    untagResource: (ResourceArn, keys, signal) =>
      call('glue:UntagResource', signal, async ({ glue }, http) => {
        await glue.send(new UntagResourceCommand({ ResourceArn, TagsToRemove: [...keys] }), http);
      }),
    getConnection: (Name, signal) =>
      call('glue:GetConnection', signal, async ({ glue }, http) => {
        const { Connection } = await glue.send(new GetConnectionCommand({ Name, HidePassword: true }), http);
        return toConnection(Connection ?? { Name });
      }),
    listConnections: (signal) =>
      call('glue:GetConnections', signal, ({ glue }, http) => allConnections(glue, http)),
    describeSubnets: (ids, signal) =>
      call('ec2:DescribeSubnets', signal, async ({ subnets }) => {
        return ids.length === 0 ? [] : (await subnets())(ids, signal);
      }),
  };
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
