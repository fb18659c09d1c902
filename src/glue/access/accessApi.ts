import type { Tags } from '../glueApi';

/** What the check-up asks of IAM, EC2 and Service Quotas. Methods reject as those of GlueApi do. */
export interface AccessApi {
  /** IAM GetRole, of the caller's account. */
  readonly getRole: (name: string, signal?: AbortSignal) => Promise<RoleDescription>;
  /** IAM ListRoles, of the caller's account: a page at a time, as they come; without tags. */
  readonly listRoles: (
    onPage: (roles: readonly Omit<RoleDescription, 'tags'>[]) => void,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Tags of the user who calls: IAM GetUser. Of a role they come with {@link getRole}. */
  readonly ownTags: (signal?: AbortSignal) => Promise<Tags>;
  /** IAM SimulatePrincipalPolicy: advisory, since session policies and VPC endpoint policies are not part of it. */
  readonly simulate: (question: Simulation, signal?: AbortSignal) => Promise<readonly SimulatedDecision[]>;
  /** EC2 DescribeSecurityGroups, with the rules. */
  readonly securityGroupRules: (
    ids: readonly string[],
    signal?: AbortSignal,
  ) => Promise<readonly SecurityGroupRules[]>;
  readonly routeTables: (vpcId: string, signal?: AbortSignal) => Promise<readonly RouteTable[]>;
  readonly vpcEndpoints: (vpcId: string, signal?: AbortSignal) => Promise<readonly VpcEndpoint[]>;
  readonly natGateways: (vpcId: string, signal?: AbortSignal) => Promise<readonly NatGateway[]>;
  /** Service Quotas ListServiceQuotas, of Glue. */
  readonly quotas: (signal?: AbortSignal) => Promise<readonly Quota[]>;
}

export interface RoleDescription {
  readonly arn: string;
  /** The trust policy's document as JSON text. */
  readonly trustPolicy: string;
  readonly tags: Tags;
}

export interface Simulation {
  /** ARN of a user or role; that of a role session won't do. */
  readonly principalArn: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** Values of condition keys. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export interface SimulatedDecision {
  readonly action: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Names of the policies whose statements decided. */
  readonly policies: readonly string[];
  /** Condition keys that policies ask for and that had no value. */
  readonly missingKeys: readonly string[];
  /** A service control policy stands against it. */
  readonly isStoppedByOrganization: boolean;
  /** The permissions boundary stands against it. */
  readonly isStoppedByBoundary: boolean;
}

export interface SecurityGroupRules {
  readonly id: string;
  readonly vpcId: string;
  readonly ingress: readonly SecurityRule[];
  readonly egress: readonly SecurityRule[];
}

export interface SecurityRule {
  /** `-1` for all. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
  readonly groupIds: readonly string[];
}

export interface RouteTable {
  readonly id: string;
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly {
    /** A CIDR block, or the id of a prefix list. */
    readonly destination: string;
    readonly natGatewayId?: string;
    readonly gatewayId?: string;
    /** A route whose other end is gone. */
    readonly isBlackhole: boolean;
  }[];
}

export interface VpcEndpoint {
  readonly id: string;
  /** `com.amazonaws.eu-west-1.s3` */
  readonly serviceName: string;
  readonly type: string;
  readonly state: string;
  readonly routeTableIds: readonly string[];
  readonly hasPrivateDns: boolean;
}

export interface NatGateway {
  readonly id: string;
  readonly state: string;
}

export interface Quota {
  readonly code: string;
  readonly name: string;
  readonly value: number;
  readonly isAdjustable: boolean;
}
