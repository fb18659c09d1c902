/** Turns stacks into a world of Local Glue, so that what ships for AWS is what is tried there. */
import { createHash } from 'node:crypto';
import type { AccountFile, ResourcesFile, WorldFile } from '../../src/local/world/worldFile';
import {
  evaluateTemplate,
  TemplateError,
  type PhysicalResource,
  type Stack,
  type StackResource,
  type Template,
} from './template.mjs';

/** One template set up in one account. */
export interface Setup {
  readonly template: Template;
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Names that Local Glue gives profiles for: a user's key, or a role assumed from another profile. */
export interface WorldProfiles {
  readonly users: Readonly<Record<string, string>>;
  readonly roles: Readonly<
    Record<string, { readonly name: string; readonly sourceProfile: string; readonly externalId?: string }>
  >;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * The world in which the stacks have been made.
 * @throws TemplateError on a resource that a world has no place for
 */
export function worldOf(
  setups: readonly Setup[],
  profiles: WorldProfiles,
): { readonly world: WorldFile; readonly stacks: readonly Stack[] } {
  const stacks = setups.map(({ template, account, region, parameters }) =>
    evaluateTemplate(template, {
      stackName: 'glue-sessions',
      account,
      region,
      parameters,
      physical: (resource) => physicalOf(resource, account, region),
    }),
  );
  return {
    world: {
      defaultRegion: setups[0]?.region ?? 'us-east-1',
      accounts: Object.fromEntries(
        setups.map((setup, index) => [
          setup.account,
          accountOf(stacks[index]?.resources ?? [], setup, profiles),
        ]),
      ),
    },
    stacks,
  };
}

/** What CloudFormation names a resource by, and tells of it. */
function physicalOf(
  { logicalId, type, properties }: StackResource,
  account: string,
  region: string,
): PhysicalResource {
  const named = (kind: string, name: unknown) => `arn:aws:iam::${account}:${kind}/${String(name)}`;
  const id = (prefix: string) =>
    `${prefix}-${createHash('sha256').update(`${account}/${logicalId}`).digest('hex').slice(0, 17)}`;
  switch (type) {
    case 'AWS::IAM::Role':
      return { ref: String(properties.RoleName), attributes: { Arn: named('role', properties.RoleName) } };
    case 'AWS::IAM::User':
      return { ref: String(properties.UserName), attributes: { Arn: named('user', properties.UserName) } };
    case 'AWS::IAM::Group':
      return { ref: String(properties.GroupName), attributes: {} };
    case 'AWS::IAM::ManagedPolicy':
      return { ref: named('policy', properties.ManagedPolicyName), attributes: {} };
    case 'AWS::EC2::VPC':
      return { ref: id('vpc'), attributes: {} };
    case 'AWS::EC2::Subnet':
      return { ref: id('subnet'), attributes: { AvailabilityZone: `${region}a` } };
    case 'AWS::EC2::SecurityGroup':
      return { ref: id('sg'), attributes: { GroupId: id('sg') } };
    default:
      return { ref: logicalId, attributes: {} };
  }
}

function accountOf(
  resources: readonly StackResource[],
  { account, region }: Setup,
  profiles: WorldProfiles,
): AccountFile {
  const ofType = (type: string) => resources.filter((resource) => resource.type === `AWS::${type}`);
  const groups = new Map(
    ofType('IAM::Group').map(({ properties }) => [properties.GroupName, principalOf(properties)] as const),
  );
  const users = ofType('IAM::User').map(({ properties }) => {
    const name = String(properties.UserName);
    const own = [
      principalOf(properties),
      ...list(properties.Groups).flatMap((group) => groups.get(group) ?? []),
    ];
    const profile = profiles.users[name];
    return [
      name,
      {
        // A world has no groups: what a group gives, its members have.
        managedPolicies: own.flatMap(({ managedPolicies }) => managedPolicies),
        inlinePolicies: Object.assign({}, ...own.map(({ inlinePolicies }) => inlinePolicies)) as Document,
        ...(profile !== undefined && { profile }),
      },
    ] as const;
  });
  const roles = ofType('IAM::Role').map(({ properties }) => {
    const name = String(properties.RoleName);
    const profile = profiles.roles[name];
    return [
      name,
      {
        ...principalOf(properties),
        trustPolicy: document(properties.AssumeRolePolicyDocument),
        ...(properties.MaxSessionDuration !== undefined && {
          maxSessionDuration: Number(properties.MaxSessionDuration),
        }),
        ...(profile !== undefined && { profile }),
      },
    ] as const;
  });
  const ignored = resources.find(({ type }) => !known.includes(type));
  if (ignored !== undefined) throw new TemplateError(`a world has no place for ${ignored.type}`);
  return {
    policies: Object.fromEntries(
      ofType('IAM::ManagedPolicy').map(({ properties }) => [
        String(properties.ManagedPolicyName),
        document(properties.PolicyDocument),
      ]),
    ),
    users: Object.fromEntries(users),
    roles: Object.fromEntries(roles),
    regions: { [region]: networkOf(resources, account, region) },
  };
}

/** Types that a world holds, and those that say nothing about who may do what. */
const known = [
  ...['IAM::ManagedPolicy', 'IAM::Group', 'IAM::User', 'IAM::Role', 'Glue::Connection'],
  ...[
    'EC2::VPC',
    'EC2::Subnet',
    'EC2::SecurityGroup',
    'EC2::SecurityGroupIngress',
    'EC2::SecurityGroupEgress',
  ],
  ...['EC2::RouteTable', 'EC2::SubnetRouteTableAssociation', 'EC2::VPCEndpoint'],
].map((type) => `AWS::${type}`);

function principalOf(properties: Document) {
  return {
    managedPolicies: list(properties.ManagedPolicyArns).map((arn) =>
      String(arn).replace(/^arn:aws:iam::(?:aws|\d{12}):policy\/(?:.*\/)?/, ''),
    ),
    inlinePolicies: Object.fromEntries(
      (list(properties.Policies) as Document[]).map(({ PolicyName, PolicyDocument }) => [
        String(PolicyName),
        document(PolicyDocument),
      ]),
    ),
  };
}

function networkOf(resources: readonly StackResource[], account: string, region: string): ResourcesFile {
  const ofType = (type: string) =>
    resources
      .filter((resource) => resource.type === `AWS::${type}`)
      .map((resource) => ({
        id: physicalOf(resource, account, region).ref,
        properties: resource.properties,
      }));
  return {
    vpcs: Object.fromEntries(
      ofType('EC2::VPC').map(({ id, properties }) => [id, { cidrBlock: String(properties.CidrBlock) }]),
    ),
    subnets: Object.fromEntries(
      ofType('EC2::Subnet').map(({ id, properties }) => [
        id,
        {
          vpcId: String(properties.VpcId),
          cidrBlock: String(properties.CidrBlock),
          availabilityZone: String(properties.AvailabilityZone),
        },
      ]),
    ),
    securityGroups: Object.fromEntries(
      ofType('EC2::SecurityGroup').map(({ id, properties }) => [
        id,
        {
          vpcId: String(properties.VpcId),
          name: 'sessions',
          description: String(properties.GroupDescription),
        },
      ]),
    ),
    connections: Object.fromEntries(
      ofType('Glue::Connection').map(({ properties }) => {
        const {
          Name,
          ConnectionType,
          PhysicalConnectionRequirements: physical,
        } = properties.ConnectionInput as {
          readonly Name: string;
          readonly ConnectionType: string;
          readonly PhysicalConnectionRequirements: {
            readonly SubnetId: string;
            readonly SecurityGroupIdList: readonly string[];
          };
        };
        return [
          Name,
          {
            type: ConnectionType,
            subnetId: physical.SubnetId,
            securityGroupIds: physical.SecurityGroupIdList,
          },
        ];
      }),
    ),
  };
}

/** A policy as an object; those whose condition keys are put together are text. */
function document(policy: unknown): unknown {
  return typeof policy === 'string' ? (JSON.parse(policy) as unknown) : policy;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
