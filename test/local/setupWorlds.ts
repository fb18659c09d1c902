import { readFileSync } from 'node:fs';
import { GlueClient } from '@aws-sdk/client-glue';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-providers';
import { readTemplate } from '../../scripts/setupWorld/template.mjs';
import { worldOf } from '../../scripts/setupWorld/world.mjs';
import type { AccountFile, WorldFile } from '../../src/local/world/worldFile';
import type { LocalGlue } from './localGlue';

export const region = 'us-east-1';
const templates = {
  a: readTemplate(readFileSync('setup/account-a.yaml', 'utf8')),
  b: readTemplate(readFileSync('setup/account-b.yaml', 'utf8')),
};

/** Two accounts set up from the templates, told apart from others in the same world by their ids. */
export interface Variant {
  readonly login: string;
  readonly production: string;
  readonly accounts: WorldFile['accounts'];
}

/** @param number below 100, one for each pair of accounts of a world */
export function variantOf(
  number: number,
  parametersOfB: Readonly<Record<string, string>>,
  change: (production: AccountFile) => AccountFile = (account) => account,
): Variant {
  const digits = String(number).padStart(2, '0');
  const [login, production] = [`1111222233${digits}`, `4444555566${digits}`];
  const profile = parametersOfB.Profile ?? 'leastPrivilege';
  const administrator = 'ISBlogAdmin';
  const { world } = worldOf(
    [
      {
        template: templates.a,
        account: login,
        region,
        parameters: {
          Profile: profile,
          ProductionAccountId: production,
          AdministratorUserName: administrator,
        },
      },
      {
        template: templates.b,
        account: production,
        region,
        parameters: {
          LoginAccountId: login,
          AdministratorArns: `arn:aws:iam::${login}:user/${administrator}`,
          ...parametersOfB,
        },
      },
    ],
    { users: { ISBlogUser: `user-${digits}`, [administrator]: `admin-${digits}` }, roles: {} },
  );
  const [a, b] = [world.accounts[login] ?? {}, world.accounts[production] ?? {}];
  return {
    login,
    production,
    accounts: {
      [login]: withRoles(withColleague(a, digits), login),
      [production]: change(withScratch(b)),
    },
  };
}

/** A second person of the same group. */
function withColleague(account: AccountFile, digits: string): AccountFile {
  const user = account.users?.ISBlogUser ?? {};
  return { ...account, users: { ...account.users, Colleague: { ...user, profile: `colleague-${digits}` } } };
}

/** A role as IAM Identity Center names it, and where it puts it. */
const identityCenterRole = {
  name: 'AWSReservedSSO_Analysts_0123456789abcdef',
  path: '/aws-reserved/sso.amazonaws.com/eu-west-2/',
};

/** Roles that ISBlogUser may assume; Identity Center's is assumed so too, since these worlds have no sign-in. */
function withRoles(account: AccountFile, login: string): AccountFile {
  const statement = (more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...more }],
  });
  const role = {
    trustPolicy: statement({ Principal: { AWS: `arn:aws:iam::${login}:user/ISBlogUser` } }),
    inlinePolicies: { Onwards: statement({ Resource: '*' }) },
  };
  const { name, path } = identityCenterRole;
  return { ...account, roles: { ...account.roles, Analysts: role, [name]: { ...role, path } } };
}

/** ARNs of the roles of account A that ISBlogUser may assume. */
export const rolesOfLogin = ({ login }: Variant) => ({
  /** Under whatever session name. */
  plain: `arn:aws:iam::${login}:role/Analysts`,
  identityCenter: `arn:aws:iam::${login}:role${identityCenterRole.path}${identityCenterRole.name}`,
});

/** What else an account has that no rule approves. */
function withScratch(account: AccountFile): AccountFile {
  const vpcId = 'vpc-0b10c5e5510000002';
  const network = account.regions?.[region];
  const [sessionVpc = ''] = Object.keys(network?.vpcs ?? {});
  const own = network?.connections?.session_vpc;
  const trust = (Principal: unknown) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  });
  const starter = Object.entries(account.roles ?? {}).find(([name]) => name === 'GlueSessionCreationRole');
  const starterArn = String(
    (starter?.[1].trustPolicy as { Statement: { Principal: { AWS: string } }[] }).Statement[0]?.Principal.AWS,
  );
  return {
    ...account,
    roles: {
      ...account.roles,
      OtherRuntimeRole: { trustPolicy: trust({ Service: 'glue.amazonaws.com' }) },
      TrustsAccountA: { trustPolicy: trust({ AWS: starterArn }) },
    },
    regions: {
      'eu-west-2': {},
      [region]: {
        ...network,
        vpcs: { ...network?.vpcs, [vpcId]: { cidrBlock: '10.1.0.0/24' } },
        subnets: {
          ...network?.subnets,
          'subnet-0b10c5e5510000002': { vpcId, cidrBlock: '10.1.0.0/24', availabilityZone: 'us-east-1b' },
          'subnet-0b10c5e5510000003': {
            vpcId: sessionVpc,
            cidrBlock: '10.0.1.0/24',
            availabilityZone: 'us-east-1b',
          },
        },
        securityGroups: {
          ...network?.securityGroups,
          'sg-0b10c5e5510000002': { vpcId, name: 'scratch' },
          'sg-0b10c5e5510000003': { vpcId: sessionVpc, name: 'other' },
        },
        connections: {
          ...network?.connections,
          other_subnet: { type: 'NETWORK', ...own, subnetId: 'subnet-0b10c5e5510000003' },
          other_group: { type: 'NETWORK', ...own, securityGroupIds: ['sg-0b10c5e5510000003'] },
          scratch_vpc: {
            type: 'NETWORK',
            subnetId: 'subnet-0b10c5e5510000002',
            securityGroupIds: ['sg-0b10c5e5510000002'],
          },
        },
      },
    },
  };
}

/** A role session that trusts nobody's account but the role by name: what role chaining would go through. */
export function withChainedRole(account: AccountFile, production: string): AccountFile {
  return {
    ...account,
    roles: {
      ...account.roles,
      TrustsTheRole: {
        trustPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${production}:role/GlueSessionCreationRole` },
              Action: 'sts:AssumeRole',
            },
          ],
        },
      },
    },
  };
}

/** Keys of a role assumed with whatever was asked for, and who they are of. */
export interface Assumed {
  readonly glue: (inRegion?: string) => GlueClient;
  readonly sts: STSClient;
  /** `AROA…:name`, as the tag owner wants it. */
  readonly userId: string;
}

/** Assumes a role with the real SDK, with nothing of the extension in between. */
export async function assume(
  local: LocalGlue,
  from: string | STSClient,
  role: string,
  input: Omit<AssumeRoleCommandInput, 'RoleArn'>,
): Promise<Assumed> {
  const common = { endpoint: local.endpoint, region, maxAttempts: 1 };
  const caller =
    typeof from === 'string'
      ? new STSClient({
          ...common,
          credentials: fromIni({
            profile: from,
            filepath: local.credentialsFile,
            configFilepath: local.configFile,
          }),
        })
      : from;
  const { Credentials, AssumedRoleUser } = await caller.send(
    new AssumeRoleCommand({ RoleArn: role, ...input }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return {
    glue: (inRegion = region) => new GlueClient({ ...common, region: inRegion, credentials }),
    sts: new STSClient({ ...common, credentials }),
    userId: AssumedRoleUser?.AssumedRoleId ?? '',
  };
}
