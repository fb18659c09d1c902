import type { CatalogDatabase } from '../engine/engine';
import type { PolicyDocument } from '../policies/authorization';

/** What a world file describes, checked and with every policy parsed: accounts and all they hold. Immutable; what calls change lives in the services. */
export interface World {
  /** Region of the profiles written for callers. */
  readonly defaultRegion: string;
  readonly accounts: ReadonlyMap<string, Account>;
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
}

export interface Role extends Principal {
  readonly trustPolicy: PolicyDocument;
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
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly securityGroups: readonly {
    readonly id: string;
    readonly vpcId: string;
    readonly name: string;
    readonly description: string;
  }[];
  readonly connections: readonly {
    readonly name: string;
    readonly type: string;
    readonly description?: string;
    readonly subnetId?: string;
    readonly securityGroupIds: readonly string[];
    readonly properties: Readonly<Record<string, string>>;
  }[];
  readonly catalog: readonly CatalogDatabase[];
  readonly sessions: readonly WorldSession[];
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
