import type { AccessApi } from './access/accessApi';
import type { NamedValues } from './configurationLayers';
import type { UsageProfile } from './guardrails/usageProfile';
import type { BilledCost, BilledCostQuery, CostAllocationTag } from './money/billedCost';
/**
 * What the extension asks of AWS, in its own plain types: times are milliseconds since the epoch, tags are records,
 * pages are explicit. Implemented on the AWS SDK by `src/aws`. Every method rejects with AwsCallError when the call
 * fails and with the signal's reason when it is aborted.
 *
 * Source of the shapes: botocore's public model `glue/2017-03-31`, and the facts noted there where it is silent.
 */
export interface GlueApi {
  /** STS GetCallerIdentity with the target's final credentials; asked once for the same keys. */
  readonly callerIdentity: (signal?: AbortSignal) => Promise<CallerIdentity>;
  /** The name given to the caller's account; undefined when it has none. Few callers may ask: a refusal says nothing of them. */
  readonly accountAlias: (signal?: AbortSignal) => Promise<string | undefined>;
  /** The Region calls go to, after the profile has been read. */
  readonly region: () => Promise<string>;
  /** The Glue endpoint's URL, after the profile has been read; undefined: AWS's own. */
  readonly endpoint: () => Promise<string | undefined>;
  readonly bulk: BulkReads;
  /** What the check-up asks of other services. */
  readonly access: AccessApi;
  /** What the target's profile says of sessions, by the names of {@link profileNames}; empty when there is no profile. */
  readonly profileValues: () => Promise<NamedValues>;
  /** Whether keys are in hand that hold on for some minutes: until then no call reads or asks for others. */
  readonly holdsKeys: () => Promise<boolean>;
  /** When the credentials in use end (milliseconds since the epoch); undefined when they don't. */
  readonly credentialsExpireAt: (signal?: AbortSignal) => Promise<number | undefined>;
  /** The target with the keys in use in place of profile and roles. Secret: to be handed on in memory alone. */
  readonly reached: () => Promise<Target>;
  readonly createSession: (request: CreateSessionRequest, signal?: AbortSignal) => Promise<Session>;
  readonly getSession: (id: string, signal?: AbortSignal) => Promise<Session>;
  readonly listSessions: (request: ListSessionsRequest, signal?: AbortSignal) => Promise<SessionPage>;
  readonly stopSession: (id: string, signal?: AbortSignal) => Promise<void>;
  readonly deleteSession: (id: string, signal?: AbortSignal) => Promise<void>;
  /** Never retried by the implementation: it has no client token, so a retry may run the code twice. Returns the statement id. */
  readonly runStatement: (sessionId: string, code: string, signal?: AbortSignal) => Promise<number>;
  readonly getStatement: (sessionId: string, statementId: number, signal?: AbortSignal) => Promise<Statement>;
  readonly listStatements: (
    sessionId: string,
    nextToken?: string,
    signal?: AbortSignal,
  ) => Promise<StatementPage>;
  readonly cancelStatement: (sessionId: string, statementId: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Address of the session's Spark UI, which lets in whoever has it. Rejects with code OperationNotSupported where there is
   * none.
   */
  readonly dashboardUrl: (sessionId: string, signal?: AbortSignal) => Promise<string>;
  readonly getTags: (resourceArn: string, signal?: AbortSignal) => Promise<Tags>;
  readonly tagResource: (resourceArn: string, add: Tags, signal?: AbortSignal) => Promise<void>;
  readonly untagResource: (
    resourceArn: string,
    keys: readonly string[],
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Always asked with HidePassword, so that no secret comes back. */
  readonly getConnection: (name: string, signal?: AbortSignal) => Promise<Connection>;
  /** All pages, always with HidePassword. */
  readonly listConnections: (signal?: AbortSignal) => Promise<readonly Connection[]>;
  readonly usageProfile: (name: string, signal?: AbortSignal) => Promise<UsageProfile>;
  /** Cost Explorer GetCostAndUsage for interactive sessions: every page of the answer costs a cent. */
  readonly billedCost: (query: BilledCostQuery, signal?: AbortSignal) => Promise<BilledCost>;
  /** Those of the account that pays; a member account is refused. */
  readonly costAllocationTags: (signal?: AbortSignal) => Promise<readonly CostAllocationTag[]>;
  /** Makes keys count on the bill, or not any more. @returns those that could not be changed */
  readonly setCostAllocationTags: (
    keys: readonly string[],
    isActive: boolean,
    signal?: AbortSignal,
  ) => Promise<readonly { readonly key: string; readonly reason: string }[]>;
  /** S3 GetObject; at most so many bytes are read. */
  readonly getObject: (address: S3Address, maxBytes: number, signal?: AbortSignal) => Promise<S3Object>;
  /** EC2 DescribeSubnets. */
  readonly describeSubnets: (ids: readonly string[], signal?: AbortSignal) => Promise<readonly Subnet[]>;
  /** EC2 DescribeSecurityGroups. */
  readonly describeSecurityGroups: (
    ids: readonly string[],
    signal?: AbortSignal,
  ) => Promise<readonly SecurityGroup[]>;
  /** GetSystemLogsForSession: address to download them from; undefined when the service names none. */
  readonly systemLogsUrl: (sessionId: string, signal?: AbortSignal) => Promise<string | undefined>;
}

/**
 * Reads made by the hundred. Each is sent once: unlike the methods of {@link GlueApi} they are never repeated by the
 * implementation, so that whoever paces them decides when, and they take no place from what a person waits for.
 */
export interface BulkReads extends Pick<
  GlueApi,
  'listSessions' | 'getSession' | 'getTags' | 'listStatements'
> {
  /**
   * Resource Groups Tagging API GetResources by ARN. What was never tagged, or isn't there, is left out of the answer.
   * @param arns 1 to 100. Source: botocore's model `resourcegroupstaggingapi/2017-01-26`
   */
  readonly getResourceTags: (
    arns: readonly string[],
    signal?: AbortSignal,
  ) => Promise<ReadonlyMap<string, Tags>>;
}

export type Tags = Readonly<Record<string, string>>;

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  /** `AIDA…` for a user, `AROA…:sessionName` for an assumed role. */
  readonly userId: string;
}

/** BUSY is sent by the service but not documented. A status not known here is kept as it came. */
export type SessionStatus =
  'PROVISIONING' | 'READY' | 'BUSY' | 'STOPPING' | 'STOPPED' | 'TIMEOUT' | 'FAILED' | (string & {});

export interface SessionCommand {
  readonly name: 'glueetl' | 'gluestreaming' | (string & {});
  readonly pythonVersion: string;
}

/** A session as the service tells it; tags are not part of it (one GetTags each). */
export interface Session {
  readonly id: string;
  readonly status: SessionStatus;
  readonly createdOn?: number;
  readonly completedOn?: number;
  readonly description?: string;
  readonly errorMessage?: string;
  /** Runtime role ARN. */
  readonly role?: string;
  readonly command?: SessionCommand;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly connections: readonly string[];
  /** Progress of provisioning, 0 to 1. */
  readonly progress?: number;
  /** DPU. */
  readonly maxCapacity?: number;
  readonly securityConfiguration?: string;
  readonly glueVersion?: string;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
  /** Seconds for which the session ran. */
  readonly executionTime?: number;
  /** DPU-seconds, when the service has filled them. */
  readonly dpuSeconds?: number;
  /** Minutes. */
  readonly idleTimeout?: number;
  /** Usage profile of Glue that the session was started under. */
  readonly usageProfile?: string;
  /** LIVY or SPARK_CONNECT. */
  readonly sessionType?: string;
}

export interface CreateSessionRequest {
  readonly id: string;
  /** Runtime role ARN. */
  readonly role: string;
  readonly command: SessionCommand;
  readonly description?: string;
  /** Minutes after which the session ends whatever it does. */
  readonly timeout?: number;
  /** Minutes. */
  readonly idleTimeout?: number;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly connections: readonly string[];
  readonly numberOfWorkers?: number;
  readonly workerType?: string;
  readonly maxCapacity?: number;
  readonly securityConfiguration?: string;
  readonly glueVersion?: string;
  readonly tags: Tags;
  /** At most 128 of `[.\-_A-Za-z0-9]`. */
  readonly requestOrigin?: string;
}

export interface ListSessionsRequest {
  /** 1 to 1000. */
  readonly maxResults?: number;
  readonly nextToken?: string;
  /** Filter on the server. */
  readonly tags?: Tags;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  readonly nextToken?: string;
}

export type StatementState =
  'WAITING' | 'RUNNING' | 'AVAILABLE' | 'CANCELLING' | 'CANCELLED' | 'ERROR' | (string & {});

export interface Statement {
  readonly id: number;
  readonly code?: string;
  readonly state: StatementState;
  /** 0 to 1. */
  readonly progress: number;
  readonly startedOn?: number;
  readonly completedOn?: number;
  readonly output?: StatementOutput;
}

/** What a statement gave. Members outside the public model (mimeType, result, stdOut, stdErr) are recovered from the raw answer. */
export interface StatementOutput {
  /** `ok` or `error`, lower case. */
  readonly status: string;
  readonly executionCount?: number;
  readonly textPlain?: string;
  /** For example `image/png;base64`, or `text/uri-list` when result, stdOut and stdErr are S3 addresses. */
  readonly mimeType?: string;
  readonly result?: string;
  readonly stdOut?: string;
  readonly stdErr?: string;
  /** Bare class name. */
  readonly errorName?: string;
  readonly errorValue?: string;
  readonly traceback: readonly string[];
}

/** Where an object of S3 is. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** An object of S3, or its beginning. */
export interface S3Object {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** Bytes of the whole. */
  readonly size: number;
}

export interface StatementPage {
  readonly statements: readonly Statement[];
  readonly nextToken?: string;
}

export interface Connection {
  readonly name: string;
  /** NETWORK, JDBC, … */
  readonly type?: string;
  readonly subnetId?: string;
  readonly securityGroupIds: readonly string[];
  readonly availabilityZone?: string;
  readonly description?: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidrBlock?: string;
  readonly availabilityZone?: string;
  readonly availableAddresses?: number;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description?: string;
}

/** Gives the one GlueApi of a target; equal targets share clients and credentials. */
export interface GlueApis {
  of(target: Target): GlueApi;
  /** Forgets clients and credentials of a target, so that the next use reads profile and files again. */
  forget(target: Target): void;
  /** From now on calls of this target, also by those who hold its GlueApi, are made with these keys: its own have ended. */
  useKeys(target: Target, keys: StaticCredentials): void;
}

import type { StaticCredentials, Target } from './target';
