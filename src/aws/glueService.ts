import {
  CancelStatementCommand,
  CreateSessionCommand,
  DeleteSessionCommand,
  GetConnectionCommand,
  GetConnectionsCommand,
  GetDashboardUrlCommand,
  GetSessionCommand,
  GetStatementCommand,
  GetSystemLogsForSessionCommand,
  GetTagsCommand,
  GetUsageProfileCommand,
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
  BulkReads,
  CallerIdentity,
  Connection,
  CreateSessionRequest,
  GlueApi,
  ListSessionsRequest,
} from '../glue/glueApi';
import type { Target } from '../glue/target';
import { createAccessReader, type ClientConfig } from './accessReader';
import type { createCostReader } from './costService';
import type { NetworkReader } from './ec2Service';
import type { createAliasReader } from './iamService';
import {
  createCredentials,
  type CredentialOptions,
  type RememberedCredentials,
  type Credentials,
} from './credentials';
import { createRequestHandler } from './requestHandler';
import { keepRawAnswer } from './rawAnswer';
import { record, sessionsOf, toConnection, toSession, toStatement, toUsageProfile } from './shapes';
import { readProfile, type ServiceName } from './profiles';
import { readTargetConfiguration } from './targetConfiguration';
import { SaidError } from '../glue/errors';
import { sentence } from '../glue/sentence';

export { listProfiles, signedInUntil } from './profiles';

/** Bytes from which on a page of sessions is parsed in another thread: many small values cost as much to hand over as to parse. */
const longPage = 4 * 1024 * 1024;

type TagReader = BulkReads['getResourceTags'];
type CostReader = ReturnType<typeof createCostReader>;
type AliasReader = ReturnType<typeof createAliasReader>;

export interface AccessOptions extends CredentialOptions {
  /** For how long an answer is waited for (milliseconds); half a minute when not said. */
  readonly answerMs?: number;
}

/** Clients of a target, made once its profile has been read. */
interface Clients {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: RememberedCredentials;
  readonly glue: GlueClient;
  /**
   * For RunStatement, which has no client token: a retry by the SDK might run code twice. And for CreateSession: only who
   * knows of the lost answer can tell that the session that is there already is his. And for reads in bulk, which are
   * paced by whoever makes them.
   */
  readonly glueOnce: GlueClient;
  readonly sts: STSClient;
  readonly network: () => Promise<NetworkReader>;
  readonly alias: () => Promise<AliasReader>;
  readonly costs: () => Promise<CostReader>;
  readonly tags: () => Promise<TagReader>;
  /** What clients of further services are made with. */
  readonly configOf: (service: ServiceName) => ClientConfig;
  readonly objects: () => Promise<GlueApi['getObject']>;
}

async function createClients(target: Target, options: AccessOptions): Promise<Clients> {
  const configuration = await readTargetConfiguration(target);
  const requestHandler = createRequestHandler(configuration.loopbackOnly, options.answerMs);
  const credentials = createCredentials(target, configuration, requestHandler, options);
  const { region, endpoints } = configuration;
  // The SDK would take those of the ambient profile, also for a target of another one.
  const common = { region, credentials, requestHandler, ignoreConfiguredEndpointUrls: true };
  let tags: Promise<TagReader> | undefined;
  return {
    region,
    endpoint: endpoints.glue,
    credentials,
    glue: new GlueClient({ ...common, ...at(endpoints.glue) }),
    glueOnce: new GlueClient({ ...common, ...at(endpoints.glue), maxAttempts: 1 }),
    sts: new STSClient({ ...common, ...at(endpoints.sts) }),
    network: async () => {
      const ec2 = await import('./ec2Service');
      return ec2.createNetworkReader({ ...common, ...at(endpoints.ec2) });
    },
    alias: async () => {
      const iam = await import('./iamService');
      return iam.createAliasReader({ ...common, ...at(endpoints.iam) });
    },
    costs: async () => {
      const costs = await import('./costService');
      return costs.createCostReader({ ...common, ...at(endpoints.costs) });
    },
    objects: async () => {
      const s3 = await import('./s3Object');
      return s3.createObjectReader({ ...common, ...at(endpoints.s3) });
    },
    tags: () => {
      tags ??= import('./taggingService').then(({ createTagReader }) =>
        createTagReader({ ...common, ...at(endpoints.tagging) }),
      );
      return tags;
    },
    configOf: (service) => ({ ...common, ...at(endpoints[service]) }),
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
  /** Of the keys that it was asked with: others may be somebody else's. */
  let known: { readonly keys: Credentials; readonly identity: Promise<CallerIdentity> } | undefined;
  const readIdentity = async (sts: STSClient, signal?: AbortSignal) => {
    const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}), abortable(signal));
    return { account: Account ?? '', arn: Arn ?? '', userId: UserId ?? '' };
  };
  return {
    callerIdentity: async (signal) => {
      const { sts, credentials } = await clients();
      const keys = await credentials();
      if (known?.keys === keys) return known.identity;
      const identity = readIdentity(sts, signal).catch((error: unknown) => {
        if (known?.identity === identity) known = undefined;
        throw error;
      });
      known = { keys, identity };
      return identity;
    },
    accountAlias: async (signal) => {
      const readAlias = await (await clients()).alias();
      return readAlias(signal);
    },
    region: async () => (await clients()).region,
    endpoint: async () => (await clients()).endpoint,
    bulk: {
      ...reads(async () => (await clients()).glueOnce),
      getResourceTags: async (arns, signal) => (await (await clients()).tags())(arns, signal),
    },
    ...reads(async () => (await clients()).glue),
    access: createAccessReader(async (service) => (await clients()).configOf(service)),
    profileValues: async () => {
      const { profileName } = await readTargetConfiguration(target);
      return (await readProfile(profileName, target.files))?.sessionValues ?? {};
    },
    holdsKeys: async () => made !== undefined && (await made).credentials.isHolding(),
    credentialsExpireAt: async () => (await (await clients()).credentials()).expiration?.getTime(),
    reached: async () => {
      const { region, endpoint, credentials } = await clients();
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
      const keys = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
      return { roles: [], region, credentials: keys, ...at(endpoint) };
    },
    createSession: async (request, signal) => {
      const { glueOnce } = await clients();
      return toSession((await glueOnce.send(createSessionCommand(request), abortable(signal))).Session);
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
      if (Id === undefined) throw new SaidError(sentence('the answer names no statement'));
      return Id;
    },
    getStatement: async (SessionId, Id, signal) => {
      const command = new GetStatementCommand({ SessionId, Id });
      const raw = keepRawAnswer(command);
      await (await clients()).glue.send(command, abortable(signal));
      const { Statement } = record(raw.json);
      if (Statement === undefined) throw new SaidError(sentence('the answer holds no statement'));
      return toStatement(Statement);
    },
    dashboardUrl: async (ResourceId, signal) => {
      const command = new GetDashboardUrlCommand({ ResourceId, ResourceType: 'SESSION' });
      const { Url } = await (await clients()).glue.send(command, abortable(signal));
      if (Url === undefined) throw new SaidError(sentence('the answer holds no address'));
      return Url;
    },
    cancelStatement: async (SessionId, Id, signal) => {
      await (await clients()).glue.send(new CancelStatementCommand({ SessionId, Id }), abortable(signal));
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
    usageProfile: async (Name, signal) => {
      const { glue } = await clients();
      const { Configuration } = await glue.send(new GetUsageProfileCommand({ Name }), abortable(signal));
      return toUsageProfile(Name, Configuration?.SessionConfiguration);
    },
    billedCost: async (query, signal) => (await (await clients()).costs()).billedCost(query, signal),
    costAllocationTags: async (signal) => (await (await clients()).costs()).costAllocationTags(signal),
    setCostAllocationTags: async (keys, isActive, signal) =>
      (await (await clients()).costs()).setCostAllocationTags(keys, isActive, signal),
    getObject: async (address, maxBytes, signal) => {
      const getObject = await (await clients()).objects();
      return getObject(address, maxBytes, signal);
    },
    describeSubnets: async (ids, signal) => {
      if (ids.length === 0) return [];
      return (await (await clients()).network()).describeSubnets(ids, signal);
    },
    describeSecurityGroups: async (ids, signal) => {
      if (ids.length === 0) return [];
      return (await (await clients()).network()).describeSecurityGroups(ids, signal);
    },
    systemLogsUrl: async (Id, signal) => {
      const command = new GetSystemLogsForSessionCommand({ Id });
      return (await (await clients()).glue.send(command, abortable(signal))).SystemLogsUrl;
    },
  };
}

/** What is read by a person's wish and in bulk alike. */
function reads(glue: () => Promise<GlueClient>): Omit<BulkReads, 'getResourceTags'> {
  return {
    getSession: async (Id, signal) => {
      const command = new GetSessionCommand({ Id });
      return toSession((await (await glue()).send(command, abortable(signal))).Session);
    },
    listSessions: async (request, signal) => {
      const command = listSessionsCommand(request);
      // The SDK's own parser takes some 50 ms for a page of 1,000, in which an editor would stand still.
      const raw = keepRawAnswer(command, longPage);
      await (await glue()).send(command, abortable(signal));
      const { Sessions: sessions, NextToken: nextToken } = record(raw.json);
      return {
        sessions: await sessionsOf(sessions),
        ...(typeof nextToken === 'string' && { nextToken }),
      };
    },
    listStatements: async (SessionId, NextToken, signal) => {
      const command = new ListStatementsCommand({ SessionId, ...(NextToken !== undefined && { NextToken }) });
      const raw = keepRawAnswer(command);
      await (await glue()).send(command, abortable(signal));
      const { Statements: statements, NextToken: nextToken } = record(raw.json);
      return {
        statements: Array.isArray(statements) ? statements.map(toStatement) : [],
        ...(typeof nextToken === 'string' && { nextToken }),
      };
    },
    getTags: async (ResourceArn, signal) => {
      const command = new GetTagsCommand({ ResourceArn });
      return (await (await glue()).send(command, abortable(signal))).Tags ?? {};
    },
  };
}

function at(endpoint: string | undefined): { endpoint?: string } {
  return endpoint === undefined ? {} : { endpoint };
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
