import type { SsoFile } from './sso';

/** What a world file may hold, as world.schema.json checks it. */
export interface WorldFile {
  readonly defaultRegion?: string;
  readonly payerAccount?: string;
  readonly resourceGroupsTagging?: boolean;
  readonly accounts: Readonly<Record<string, AccountFile>>;
  readonly sso?: SsoFile;
}

export interface AccountFile {
  readonly alias?: string;
  readonly policies?: Readonly<Record<string, unknown>>;
  readonly serviceControlPolicies?: Readonly<Record<string, unknown>>;
  readonly users?: Readonly<
    Record<string, PrincipalFile & { readonly profile?: string; readonly forSessions?: boolean }>
  >;
  readonly roles?: Readonly<Record<string, RoleFile>>;
  readonly regions?: Readonly<Record<string, ResourcesFile>>;
}

export interface PrincipalFile {
  readonly tags?: Readonly<Record<string, string>>;
  readonly managedPolicies?: readonly string[];
  readonly inlinePolicies?: Readonly<Record<string, unknown>>;
  readonly permissionsBoundary?: string;
}

interface RoleFile extends PrincipalFile {
  readonly path?: string;
  readonly trustPolicy: unknown;
  readonly maxSessionDuration?: number;
  readonly profile?: { readonly name: string; readonly sourceProfile: string; readonly externalId?: string };
}

type Named<T> = Readonly<Record<string, T>>;

/** `self` among the groups stands for the group that has the rule. */
export interface RuleFile {
  readonly protocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs?: readonly string[];
  readonly groupIds?: readonly string[];
}

export interface ResourcesFile {
  readonly usageProfiles?: Named<object>;
  readonly vpcs?: Named<{ readonly cidrBlock: string; readonly tags?: Named<string> }>;
  readonly subnets?: Named<{
    readonly vpcId: string;
    readonly cidrBlock: string;
    readonly availabilityZone: string;
    readonly availableAddresses?: number;
    readonly tags?: Named<string>;
  }>;
  readonly securityGroups?: Named<{
    readonly vpcId: string;
    readonly name: string;
    readonly description?: string;
    readonly ingress?: readonly RuleFile[];
    readonly egress?: readonly RuleFile[];
  }>;
  readonly routeTables?: Named<{
    readonly vpcId: string;
    readonly main?: boolean;
    readonly subnetIds?: readonly string[];
    readonly routes?: readonly {
      readonly destination: string;
      readonly gatewayId?: string;
      readonly natGatewayId?: string;
    }[];
  }>;
  readonly vpcEndpoints?: Named<{
    readonly vpcId: string;
    readonly serviceName: string;
    readonly type?: 'Gateway' | 'Interface';
    readonly routeTableIds?: readonly string[];
    readonly subnetIds?: readonly string[];
    readonly privateDns?: boolean;
    readonly state?: 'available' | 'pending' | 'deleting' | 'failed';
  }>;
  readonly natGateways?: Named<{
    readonly vpcId: string;
    readonly subnetId: string;
    readonly state?: 'pending' | 'failed' | 'available' | 'deleting' | 'deleted';
  }>;
  readonly quotas?: Named<{
    readonly name: string;
    readonly value: number;
    readonly adjustable?: boolean;
  }>;
  readonly connections?: Named<{
    readonly type: string;
    readonly description?: string;
    readonly subnetId?: string;
    readonly securityGroupIds?: readonly string[];
    readonly properties?: Named<string>;
  }>;
  readonly catalog?: Named<
    Named<{
      readonly location: string;
      readonly format: 'json' | 'csv' | 'parquet';
      readonly columns?: Named<string>;
    }>
  >;
  readonly sessions?: readonly SessionFile[];
  readonly heldResults?: { readonly bucket: string; readonly prefix?: string; readonly overBytes: number };
}

export interface SessionFile {
  readonly id: string;
  readonly count?: number;
  readonly status?: 'READY' | 'STOPPED' | 'TIMEOUT' | 'FAILED';
  readonly role?: string;
  readonly tags?: Named<string | readonly string[]>;
  readonly glueVersion?: string;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
  readonly connections?: readonly string[];
  readonly ageSeconds?: number;
  readonly executionSeconds?: number;
  readonly idleTimeoutMinutes?: number;
  readonly description?: string;
  readonly errorMessage?: string;
}
