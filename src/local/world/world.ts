import type { CatalogDatabase } from '../engine/engine';
import type { PolicyDocument } from '../policies/authorization';
import type { SsoPortal } from './sso';

/** What a world file describes, checked and with every policy parsed: accounts and all they hold. Immutable; what calls change lives in the services. */
export interface World {
  /** Region of the profiles written for callers. */
  readonly defaultRegion: string;
  /** Whether the Resource Groups Tagging API is served. */
  readonly resourceGroupsTagging: boolean;
  /** The account that pays for all: only it has cost allocation tags, and it sees the cost of the others. */
  readonly payerAccount?: string;
  readonly accounts: ReadonlyMap<string, Account>;
  /** Undefined: nobody can sign in. */
  readonly sso?: SsoPortal;
}

export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly alias?: string;
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  /** Customer managed policies, by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
  readonly serviceControlPolicies: readonly PolicyDocument[];
  /** By Region name. */
  readonly regions: ReadonlyMap<string, RegionResources>;
}

interface Principal {
  readonly name: string;
  readonly arn: string;
  /** `AIDA…` or `AROA…`, derived from the ARN so that it is stable. */
  readonly uniqueId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Managed and inline alike. */
  readonly policies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
}

export interface User extends Principal {
  /** Name of the profile written for this user's access key; undefined: no key. */
  readonly profile?: string;
  /** Whether sessions are started with that profile. */
  readonly forSessions: boolean;
}

export interface Role extends Principal {
  readonly trustPolicy: PolicyDocument;
  /** The same as it was written, for whoever reads the role. */
  readonly trustDocument: unknown;
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number;
  /** Profile written that assumes this role from another profile. */
  readonly profile?: { readonly name: string; readonly sourceProfile: string; readonly externalId?: string };
}

export interface RegionResources {
  readonly vpcs: readonly {
    readonly id: string;
    readonly cidrBlock: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly subnets: readonly {
    readonly id: string;
    readonly vpcId: string;
    readonly cidrBlock: string;
    readonly availabilityZone: string;
    readonly availableAddresses: number;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly securityGroups: readonly {
    readonly id: string;
    readonly vpcId: string;
    readonly name: string;
    readonly description: string;
    readonly ingress: readonly SecurityGroupRule[];
    readonly egress: readonly SecurityGroupRule[];
  }[];
  readonly routeTables: readonly RouteTable[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly natGateways: readonly {
    readonly id: string;
    readonly vpcId: string;
    readonly subnetId: string;
    readonly state: 'pending' | 'failed' | 'available' | 'deleting' | 'deleted';
  }[];
  readonly quotas: readonly Quota[];
  readonly connections: readonly {
    readonly name: string;
    readonly type: string;
    readonly description?: string;
    readonly subnetId?: string;
    readonly securityGroupIds: readonly string[];
    readonly properties: Readonly<Record<string, string>>;
  }[];
  readonly catalog: readonly CatalogDatabase[];
  /** Limits for sessions, by the name of the profile. */
  readonly usageProfiles: Readonly<Record<string, object>>;
  readonly sessions: readonly WorldSession[];
  /** Undefined: results stand in the answer of GetStatement. */
  readonly heldResults?: HeldResults;
}

/** Where large results are left in S3. */
export interface HeldResults {
  readonly bucket: string;
  /** Begins the key of each: empty, or with a slash at its end. */
  readonly prefix: string;
  /** A result of more bytes is held. */
  readonly overBytes: number;
}

/** What a security group lets in or out. */
export interface SecurityGroupRule {
  /** `-1` for all, else `tcp`, `udp`, `icmp` or a number. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
  readonly groupIds: readonly string[];
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Holds for every subnet of its VPC that no other table names. */
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  /** Besides the local one. */
  readonly routes: readonly {
    readonly destination: string;
    /** `igw-…`, or `vpce-…` of a gateway endpoint. */
    readonly gatewayId?: string;
    readonly natGatewayId?: string;
  }[];
}

export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** `com.amazonaws.REGION.s3` */
  readonly serviceName: string;
  readonly type: 'Gateway' | 'Interface';
  /** Of a gateway endpoint. */
  readonly routeTableIds: readonly string[];
  /** Of an interface endpoint. */
  readonly subnetIds: readonly string[];
  readonly privateDns: boolean;
  readonly state: 'available' | 'pending' | 'deleting' | 'failed';
}

export interface Quota {
  /** `L-08F3B322` */
  readonly code: string;
  readonly name: string;
  readonly value: number;
  readonly adjustable: boolean;
}

/** A session that exists from the start, ended or live; it costs no process until a statement comes. */
export interface WorldSession {
  readonly id: string;
  readonly status: 'READY' | 'STOPPED' | 'TIMEOUT' | 'FAILED';
  readonly role: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly glueVersion: string;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  readonly connections: readonly string[];
  /** Seconds before the endpoint's start at which the session was created. */
  readonly ageSeconds: number;
  /** Seconds it ran, when it has ended. */
  readonly executionSeconds?: number;
  /** Minutes. */
  readonly idleTimeoutMinutes: number;
  readonly description?: string;
  readonly errorMessage?: string;
}
