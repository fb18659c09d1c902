import { readFileSync } from 'node:fs';
import {
  CancelStatementCommand,
  CreateConnectionCommand,
  CreateDevEndpointCommand,
  CreateJobCommand,
  CreateSessionCommand,
  DeleteConnectionCommand,
  DeleteSessionCommand,
  GetSessionCommand,
  GetTagsCommand,
  ListStatementsCommand,
  RunStatementCommand,
  StartJobRunCommand,
  StartMLEvaluationTaskRunCommand,
  StopSessionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateConnectionCommand,
  UpdateJobCommand,
  type CreateSessionCommandInput,
  type GlueClient,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/local/policies/authorization';
import { AccessRefused, Authorizer } from '../../src/local/services/authorizer';
import { loadWorld } from '../../src/local/world/loadWorld';
import type { AccountFile } from '../../src/local/world/worldFile';
import { startLocalGlue, until, type LocalGlue } from './localGlue';
import {
  assume,
  region,
  rolesOfLogin,
  variantOf,
  withChainedRole,
  type Assumed,
  type Variant,
} from './setupWorlds';

const rules = {
  RestrictSubnets: 'true',
  RestrictSecurityGroups: 'true',
  RequiredTag1Key: 'team',
  RequiredTag1Values: 'analytics,finance-*',
  RequiredTag2Key: 'billing',
};

/** Everything, put onto the roles by somebody later. */
function withEverything(account: AccountFile): AccountFile {
  const widened = ['GlueSessionCreationRole', 'AWSGlueServiceRole-blog'].map((name) => {
    const role = account.roles?.[name];
    if (role === undefined) throw new Error(`the template has no ${name}`);
    const managedPolicies = [...(role.managedPolicies ?? []), 'AdministratorAccess'];
    return [name, { ...role, managedPolicies }] as const;
  });
  return { ...account, roles: { ...account.roles, ...Object.fromEntries(widened) } };
}

const chained = (number: string) => (account: AccountFile) => withChainedRole(account, `4444555566${number}`);
const leastPrivilege = variantOf(0, rules, chained('00'));
const widened = variantOf(1, rules, (account) => withEverything(chained('01')(account)));
// As published: the VPC rule, and no more.
const story = variantOf(2, { Profile: 'story' }, chained('02'));
const off = { RestrictVpcs: 'false', LowerCaseTagKeys: 'false' };
const alone = {
  subnets: variantOf(4, { ...off, RestrictSubnets: 'true' }, withEverything),
  groups: variantOf(5, { ...off, RestrictSecurityGroups: 'true' }, withEverything),
  tags: variantOf(6, { ...off, RequiredTag1Key: 'team' }, withEverything),
};
const locked = variantOf(3, { ...rules, ExternalId: 'blog-42', RequireMfa: 'true' });
const cataloging = variantOf(7, {
  CatalogDatabaseArns: ['sales', 'crm']
    .map((name) => `arn:aws:glue:us-east-1:444455556607:database/${name}`)
    .join(','),
});
const withFixedNames = variantOf(8, { FixedNameRoleArns: 'arn:aws:iam::111122223308:role/Analysts' });
const variants = [
  ...[leastPrivilege, widened, story, locked, cataloging, withFixedNames],
  ...Object.values(alone),
];
const worldText = JSON.stringify({
  defaultRegion: region,
  accounts: Object.assign({}, ...variants.map(({ accounts }) => accounts)) as object,
});

/** Two colleagues who have assumed the role. */
interface People {
  readonly variant: Variant;
  readonly local: LocalGlue;
  readonly me: Assumed;
  readonly colleague: Assumed;
  readonly glue: GlueClient;
  readonly arn: (id: string) => string;
  readonly roleArn: (name: string) => string;
  /** Starts as the rules want it, changed. */
  readonly start: (
    change?: Partial<CreateSessionCommandInput>,
    inRegion?: string,
    who?: Assumed,
  ) => Promise<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** What someone tries with. */
interface Setting extends People {
  /** Ids of a live session of each. */
  readonly mine: string;
  readonly theirs: string;
  /** A session that an administrator left without the tag owner. */
  readonly nobodys: string;
  /** A session of mine that an administrator left without the tag team. */
  readonly untagged: string;
}

interface Bypass {
  /** As the table in setup/README.md has it. */
  readonly name: string;
  readonly attempt: (setting: Setting) => Promise<unknown>;
  /** Whether the profile "story" lets it pass. */
  readonly passesInStory: boolean;
}

const bypass = (
  name: string,
  passesInStory: boolean,
  attempt: (setting: Setting) => Promise<unknown>,
): Bypass => ({ name, passesInStory, attempt });

const bypasses: readonly Bypass[] = [
  bypass('start without a connection', false, ({ start }) => start({ Connections: undefined })),
  bypass('start with a connection in another VPC', false, ({ start }) =>
    start({ Connections: { Connections: ['scratch_vpc'] } }),
  ),
  bypass('start with the right connection and one in another VPC', false, ({ start }) =>
    start({ Connections: { Connections: ['session_vpc', 'scratch_vpc'] } }),
  ),
  bypass('start in another Region', false, ({ start }) => start({ Connections: undefined }, 'eu-west-2')),
  bypass('start without a required tag', true, ({ start, tags }) =>
    start({ Tags: { owner: tags.owner!, team: 'analytics' } }),
  ),
  bypass('start with a value that the tag may not have', true, ({ start, tags }) =>
    start({ Tags: { ...tags, team: 'financeless' } }),
  ),
  bypass('start with an empty value of a required tag', true, ({ start, tags }) =>
    start({ Tags: { ...tags, billing: '' } }),
  ),
  bypass('start with the key of the tag in other case', true, ({ start, tags }) =>
    start({ Tags: { owner: tags.owner!, billing: 'x', Team: 'analytics' } }),
  ),
  bypass('start with the tag twice, in two cases', true, ({ start, tags }) =>
    start({ Tags: { ...tags, team: 'forbidden', TEAM: 'analytics' } }),
  ),
  bypass('start without the tag owner', true, ({ start }) =>
    start({ Tags: { team: 'analytics', billing: 'x' } }),
  ),
  bypass('start with the tag owner of a colleague', true, ({ start, tags, colleague }) =>
    start({ Tags: { ...tags, owner: colleague.userId } }),
  ),
  bypass('start with the tag owner twice, in two cases', true, ({ start, tags, colleague }) =>
    start({ Tags: { ...tags, owner: colleague.userId, OWNER: tags.owner! } }),
  ),
  bypass('start with another runtime role', false, ({ start, roleArn }) =>
    start({ Role: roleArn('OtherRuntimeRole') }),
  ),
  bypass("run code in a colleague's session", true, ({ glue, theirs }) =>
    glue.send(new RunStatementCommand({ SessionId: theirs, Code: '1' })),
  ),
  bypass("read results of a colleague's session", true, ({ glue, theirs }) =>
    glue.send(new ListStatementsCommand({ SessionId: theirs })),
  ),
  bypass("cancel a statement in a colleague's session", true, ({ glue, theirs }) =>
    glue.send(new CancelStatementCommand({ SessionId: theirs, Id: 0 })),
  ),
  bypass("change a tag of a colleague's session", true, ({ glue, theirs, arn }) =>
    glue.send(new TagResourceCommand({ ResourceArn: arn(theirs), TagsToAdd: { note: 'x' } })),
  ),
  bypass("take a tag off a colleague's session", true, ({ glue, theirs, arn }) =>
    glue.send(new UntagResourceCommand({ ResourceArn: arn(theirs), TagsToRemove: ['note'] })),
  ),
  bypass('make a session of nobody my own', true, ({ glue, nobodys, arn, me }) =>
    glue.send(new TagResourceCommand({ ResourceArn: arn(nobodys), TagsToAdd: { owner: me.userId } })),
  ),
  bypass("stop a colleague's session", true, ({ glue, theirs }) =>
    glue.send(new StopSessionCommand({ Id: theirs })),
  ),
  bypass("delete a colleague's session", true, async ({ glue, theirs, variant }) => {
    if (variant === story) {
      await until('it is stopped', async () => {
        const { Session } = await glue.send(new GetSessionCommand({ Id: theirs }));
        return Session?.Status === 'STOPPED';
      });
    }
    await glue.send(new DeleteSessionCommand({ Id: theirs }));
  }),
  bypass('change a governed tag of my own session', true, ({ glue, mine, arn }) =>
    glue.send(new TagResourceCommand({ ResourceArn: arn(mine), TagsToAdd: { team: 'finance-eu' } })),
  ),
  bypass(
    'give my own session, which lacks a governed tag, a value that it may not have',
    true,
    ({ glue, untagged, arn }) =>
      glue.send(new TagResourceCommand({ ResourceArn: arn(untagged), TagsToAdd: { team: 'financeless' } })),
  ),
  bypass('add a governed tag in other case to my own session', true, ({ glue, mine, arn }) =>
    glue.send(new TagResourceCommand({ ResourceArn: arn(mine), TagsToAdd: { Team: 'finance-eu' } })),
  ),
  bypass('take a governed tag off my own session', true, ({ glue, mine, arn }) =>
    glue.send(new UntagResourceCommand({ ResourceArn: arn(mine), TagsToRemove: ['billing'] })),
  ),
  bypass('take the tag owner off my own session', true, ({ glue, mine, arn }) =>
    glue.send(new UntagResourceCommand({ ResourceArn: arn(mine), TagsToRemove: ['owner'] })),
  ),
  bypass('give my own session to a colleague', true, ({ glue, mine, arn, colleague }) =>
    glue.send(new TagResourceCommand({ ResourceArn: arn(mine), TagsToAdd: { owner: colleague.userId } })),
  ),
  bypass('run the code as a job: StartJobRun', true, ({ glue }) =>
    glue.send(new StartJobRunCommand({ JobName: 'there-already' })),
  ),
  bypass('run the code as a job: CreateJob', true, ({ glue, roleArn }) =>
    glue.send(new CreateJobCommand({ Name: 'j', Role: roleArn('AWSGlueServiceRole-blog'), Command: {} })),
  ),
  bypass('run the code as a job: UpdateJob', true, ({ glue, roleArn }) =>
    glue.send(
      new UpdateJobCommand({ JobName: 'j', JobUpdate: { Role: roleArn('AWSGlueServiceRole-blog') } }),
    ),
  ),
  bypass('run the code on a development endpoint', true, ({ glue, roleArn }) =>
    glue.send(
      new CreateDevEndpointCommand({ EndpointName: 'd', RoleArn: roleArn('AWSGlueServiceRole-blog') }),
    ),
  ),
  bypass('run a task of a machine learning transform', true, ({ glue }) =>
    glue.send(new StartMLEvaluationTaskRunCommand({ TransformId: 'there-already' })),
  ),
  bypass('make a connection', true, ({ glue }) =>
    glue.send(
      new CreateConnectionCommand({
        ConnectionInput: { Name: 'c', ConnectionType: 'NETWORK', ConnectionProperties: {} },
      }),
    ),
  ),
  bypass('lead the connection elsewhere', true, ({ glue }) =>
    glue.send(
      new UpdateConnectionCommand({
        Name: 'session_vpc',
        ConnectionInput: { Name: 'session_vpc', ConnectionType: 'NETWORK', ConnectionProperties: {} },
      }),
    ),
  ),
  bypass('delete the connection', true, ({ glue }) =>
    glue.send(new DeleteConnectionCommand({ ConnectionName: 'session_vpc' })),
  ),
  bypass('go on to a role that trusts the session creation role', true, ({ local, me, roleArn }) =>
    assume(local, me.sts, roleArn('TrustsTheRole'), { RoleSessionName: 'ISBlogUser' }),
  ),
  bypass("go on to the administrators' role", false, ({ local, me, roleArn }) =>
    assume(local, me.sts, roleArn('GlueSessionAdministratorRole'), { RoleSessionName: 'ISBlogUser' }),
  ),
  bypass("assume the administrators' role", false, ({ local, variant, roleArn }) =>
    assume(local, `user-${variant.login.slice(-2)}`, roleArn('GlueSessionAdministratorRole'), {
      RoleSessionName: 'ISBlogUser',
    }),
  ),
  bypass('assume another role of account B that trusts account A', true, ({ local, variant, roleArn }) =>
    assume(local, `user-${variant.login.slice(-2)}`, roleArn('TrustsAccountA'), {
      RoleSessionName: 'ISBlogUser',
    }),
  ),
  bypass("assume the role under a colleague's name", true, ({ local, variant, roleArn }) =>
    assume(local, `user-${variant.login.slice(-2)}`, roleArn('GlueSessionCreationRole'), {
      RoleSessionName: 'Colleague',
    }),
  ),
  bypass(
    "assume the role under a colleague's name, from a role assumed under it",
    true,
    ({ local, variant }) => fromRole(local, variant, rolesOfLogin(variant).plain, 'Colleague'),
  ),
];

/** Goes to the session creation role by way of a role of account A, assumed under "Colleague". */
async function fromRole(local: LocalGlue, variant: Variant, role: string, RoleSessionName: string) {
  const { sts } = await assume(local, `user-${variant.login.slice(-2)}`, role, {
    RoleSessionName: 'Colleague',
  });
  const creator = `arn:aws:iam::${variant.production}:role/GlueSessionCreationRole`;
  return assume(local, sts, creator, { RoleSessionName });
}

/** By code in a session, which has the permissions of the runtime role. */
const fromInside: readonly (readonly [
  name: string,
  action: string,
  resource: string,
  passesInStory: boolean,
])[] = [
  [
    'run code in any session, from inside a session',
    'glue:RunStatement',
    'arn:aws:glue:us-east-1:B:session/s',
    true,
  ],
  [
    'retag any session, from inside a session',
    'glue:TagResource',
    'arn:aws:glue:us-east-1:B:session/s',
    true,
  ],
  ['start a job, from inside a session', 'glue:StartJobRun', 'arn:aws:glue:us-east-1:B:job/j', true],
  ['start a trigger, from inside a session', 'glue:StartTrigger', 'arn:aws:glue:us-east-1:B:trigger/t', true],
  [
    'run a workflow, from inside a session',
    'glue:StartWorkflowRun',
    'arn:aws:glue:us-east-1:B:workflow/w',
    true,
  ],
  [
    'run a blueprint, from inside a session',
    'glue:StartBlueprintRun',
    'arn:aws:glue:us-east-1:B:blueprint/b',
    true,
  ],
  ['start a crawler, from inside a session', 'glue:StartCrawler', 'arn:aws:glue:us-east-1:B:crawler/c', true],
  [
    'run a task of a machine learning transform, from inside a session',
    'glue:StartMLEvaluationTaskRun',
    'arn:aws:glue:us-east-1:B:mlTransform/m',
    true,
  ],
  [
    'run rules on data quality, from inside a session',
    'glue:StartDataQualityRulesetEvaluationRun',
    'arn:aws:glue:us-east-1:B:dataQualityRuleset/d',
    true,
  ],
  [
    'lead the connection elsewhere, from inside a session',
    'glue:UpdateConnection',
    'arn:aws:glue:us-east-1:B:connection/session_vpc',
    true,
  ],
  ['go on to another role, from inside a session', 'sts:AssumeRole', 'arn:aws:iam::B:role/x', false],
];

const profiles = [
  { profile: 'leastPrivilege', variant: leastPrivilege, refusesAll: true },
  { profile: 'leastPrivilege with AdministratorAccess attached', variant: widened, refusesAll: true },
  { profile: 'story', variant: story, refusesAll: false },
];

describe('ways around the rules', { timeout: 120_000 }, () => {
  let local: LocalGlue;
  const settings = new Map<Variant, Setting>();
  let starts = 0;

  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world: worldText });
    await Promise.all(profiles.map(async ({ variant }) => settings.set(variant, await setting(variant))));
  });
  afterAll(() => local.stop());

  async function people(variant: Variant): Promise<People> {
    const digits = variant.login.slice(-2);
    const roleArn = (name: string) => `arn:aws:iam::${variant.production}:role/${name}`;
    const creator = roleArn('GlueSessionCreationRole');
    const me = await assume(local, `user-${digits}`, creator, { RoleSessionName: 'ISBlogUser' });
    const colleague = await assume(local, `colleague-${digits}`, creator, { RoleSessionName: 'Colleague' });
    return {
      variant,
      local,
      me,
      colleague,
      glue: me.glue(),
      arn: (id) => `arn:aws:glue:${region}:${variant.production}:session/${id}`,
      roleArn,
      start: async (change = {}, inRegion = region, who = me) => {
        starts += 1;
        const Id = `s${String(starts)}`;
        const wish = new CreateSessionCommand({
          Id,
          Role: roleArn('AWSGlueServiceRole-blog'),
          Command: { Name: 'glueetl', PythonVersion: '3' },
          Connections: { Connections: ['session_vpc'] },
          Tags: { owner: who.userId, team: 'analytics', billing: 'data-platform' },
          ...change,
        });
        await who.glue(inRegion).send(wish);
        return Id;
      },
      tags: { owner: me.userId, team: 'analytics', billing: 'data-platform' },
    };
  }

  const administrator = async ({ login, production }: Variant) => {
    const role = `arn:aws:iam::${production}:role/GlueSessionAdministratorRole`;
    const name = { RoleSessionName: 'ISBlogAdmin' };
    return (await assume(local, `admin-${login.slice(-2)}`, role, name)).glue();
  };

  async function setting(variant: Variant): Promise<Setting> {
    const them = await people(variant);
    const { colleague, start, arn } = them;
    const theirs = await start({}, region, colleague);
    const [mine, nobodys, untagged] = [await start(), await start(), await start()];
    const admin = await administrator(variant);
    await admin.send(new UntagResourceCommand({ ResourceArn: arn(nobodys), TagsToRemove: ['owner'] }));
    await admin.send(new UntagResourceCommand({ ResourceArn: arn(untagged), TagsToRemove: ['team'] }));
    await until('the session runs', async () => {
      const { Session } = await colleague.glue().send(new GetSessionCommand({ Id: theirs }));
      return Session?.Status === 'READY';
    });
    // Still runs when it is cancelled, or stopped with its session.
    const Code = 'import time; time.sleep(600)';
    await colleague.glue().send(new RunStatementCommand({ SessionId: theirs, Code }));
    return { ...them, theirs, mine, nobodys, untagged };
  }

  describe.each(profiles)('under $profile', ({ variant, refusesAll }) => {
    it.each(bypasses)('$name', async ({ attempt, passesInStory }) => {
      const outcome = await attempt(settings.get(variant)!).then(
        () => 'passes',
        (error: unknown) => outcomeOf(error),
      );
      expect(outcome).toBe(!refusesAll && passesInStory ? 'passes' : 'refused');
    });

    it('lets a session of mine that lacks a governed tag get a value that it may have', async () => {
      const { glue, untagged, arn } = settings.get(variant)!;
      const TagsToAdd = { team: 'finance-eu' };
      await glue.send(new TagResourceCommand({ ResourceArn: arn(untagged), TagsToAdd }));
      const { Tags } = await glue.send(new GetTagsCommand({ ResourceArn: arn(untagged) }));
      expect(Tags).toMatchObject(TagsToAdd);
    });

    it('lets its administrators stop and delete every session', async () => {
      const admin = await administrator(variant);
      const { mine, nobodys } = settings.get(variant)!;
      for (const Id of [mine, nobodys]) {
        await admin.send(new StopSessionCommand({ Id }));
        await until('it is stopped', async () => {
          const { Session } = await admin.send(new GetSessionCommand({ Id }));
          return Session?.Status === 'STOPPED';
        });
        await admin.send(new DeleteSessionCommand({ Id }));
      }
      await expect(admin.send(new RunStatementCommand({ SessionId: mine, Code: '1' }))).rejects.toThrow(
        /not authorized/,
      );
    });
  });

  const connections = (...Connections: string[]) => ({ Connections: { Connections } });
  it.each([
    ['subnets', 'no connection', { Connections: undefined }],
    ['subnets', 'another subnet', connections('other_subnet')],
    ['subnets', 'the right subnet and another', connections('session_vpc', 'other_subnet')],
    ['groups', 'no connection', { Connections: undefined }],
    ['groups', 'another security group', connections('other_group')],
    ['groups', 'the right group and another', connections('session_vpc', 'other_group')],
    ['tags', 'the key in other case', { Tags: { Team: 'analytics' } }],
    ['tags', 'the key owner in other case', { Tags: { team: 'analytics', OWNER: '' } }],
  ] as const)('one rule alone, on %s, refuses %s', async (rule, _, change) => {
    const { start, me } = await people(alone[rule]);
    const {
      owner = me.userId,
      OWNER,
      ...tags
    }: Readonly<Record<string, string>> = 'Tags' in change ? change.Tags : { team: 'analytics' };
    const named: Readonly<Record<string, string>> = OWNER === undefined ? { owner } : { OWNER: owner };
    const outcome = await start({ ...change, Tags: { ...tags, ...named } }).then(() => 'passes', outcomeOf);
    expect(outcome).toBe('refused');
  });

  it.each([
    ['Identity Center,', 'under its session name', leastPrivilege, 'identityCenter', 'Colleague', 'passes'],
    ['Identity Center,', 'under another', leastPrivilege, 'identityCenter', 'ISBlogUser', 'refused'],
    ['Identity Center,', 'with others named', withFixedNames, 'identityCenter', 'Colleague', 'passes'],
    ['a role that is named,', 'under its session name', withFixedNames, 'plain', 'Colleague', 'passes'],
    ['a role that is named,', 'under another', withFixedNames, 'plain', 'ISBlogUser', 'refused'],
  ] as const)('comes from %s %s', async (_, _how, variant, role, name, expected) => {
    const attempt = fromRole(local, variant, rolesOfLogin(variant)[role], name);
    expect(await attempt.then(() => 'passes', outcomeOf)).toBe(expected);
  });

  it.each([
    ['without the ExternalId', { SerialNumber: 'mfa', TokenCode: '123456' }, 'refused'],
    ['without MFA', { ExternalId: 'blog-42' }, 'refused'],
    [
      'with another ExternalId',
      { ExternalId: 'blog-43', SerialNumber: 'mfa', TokenCode: '123456' },
      'refused',
    ],
    ['with both', { ExternalId: 'blog-42', SerialNumber: 'mfa', TokenCode: '123456' }, 'passes'],
  ])(
    'assumes a role that wants ExternalId and MFA, %s',
    async (_, { SerialNumber, ...input }: Factors, expected) => {
      const serial = SerialNumber && { SerialNumber: `arn:aws:iam::${locked.login}:mfa/ISBlogUser` };
      const role = `arn:aws:iam::${locked.production}:role/GlueSessionCreationRole`;
      const outcome = await assume(local, 'user-03', role, {
        RoleSessionName: 'ISBlogUser',
        ...input,
        ...serial,
      }).then(() => 'passes', outcomeOf);
      expect(outcome).toBe(expected);
    },
  );
});

interface Factors {
  readonly ExternalId?: string;
  readonly SerialNumber?: string;
  readonly TokenCode?: string;
}

/** A call that Local Glue would serve if it could has got past the permissions. */
function outcomeOf(error: unknown): string {
  const { name, message } = error as Error;
  if (name.includes('AccessDenied')) return 'refused';
  if (name === 'UnknownOperationException' && message.startsWith('Local Glue does not serve'))
    return 'passes';
  throw error;
}

/** What no call of Local Glue tells: who is asked is the evaluator, with the same policies. */
describe('what the roles may do', () => {
  const authorizer = new Authorizer(loadWorld(worldText, 'the templates'));
  const ask = (
    { production }: Variant,
    role: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, readonly string[]>> = {},
  ): string => {
    const caller: Caller = {
      account: production,
      arn: `arn:aws:sts::${production}:assumed-role/${role}/x`,
      principalArn: `arn:aws:iam::${production}:role/${role}`,
      userId: 'AROAX:x',
      principalTags: {},
      sessionPolicies: [],
    };
    const full = resource.replace('B', production);
    try {
      authorizer.demand(caller, { action, resource: full, resourceAccount: production, context });
      return 'passes';
    } catch (error) {
      if (error instanceof AccessRefused) return 'refused';
      throw error;
    }
  };
  const runtime = 'AWSGlueServiceRole-blog';
  const passTo = (service: string) => ({ 'iam:PassedToService': [service] });

  it('the runtime role is passed to Glue alone', () => {
    for (const { variant } of profiles) {
      const pass = (service: string, role = runtime) =>
        ask(
          variant,
          'GlueSessionCreationRole',
          'iam:PassRole',
          `arn:aws:iam::B:role/${role}`,
          passTo(service),
        );
      expect(pass('glue.amazonaws.com')).toBe('passes');
      expect(pass('ec2.amazonaws.com')).toBe('refused');
      expect(pass('glue.amazonaws.com', 'OtherRuntimeRole')).toBe('refused');
    }
  });

  it.each(fromInside)('%s', (_, action, resource, passesInStory) => {
    for (const variant of [leastPrivilege, widened]) {
      expect(ask(variant, runtime, action, resource)).toBe('refused');
    }
    expect(ask(story, runtime, action, resource)).toBe(passesInStory ? 'passes' : 'refused');
  });

  it('a start with the owner of another is refused by itself, whatever the permission to tag says', () => {
    const tags = { 'aws:TagKeys': ['owner', 'team', 'billing'], 'aws:RequestTag/team': ['analytics'] };
    const own = { 'aws:RequestTag/billing': ['x'], 'glue:VpcIds': [], ...tags };
    const start = (owner: string) =>
      ask(alone.tags, 'GlueSessionCreationRole', 'glue:CreateSession', 'arn:aws:glue:us-east-1:B:session/s', {
        ...own,
        'aws:RequestTag/owner': [owner],
      });
    expect(start('AROAX:x')).toBe('passes');
    expect(start('AROAX:y')).toBe('refused');
  });

  it('code in a session reads the catalog and its connection', () => {
    for (const [action, resource] of [
      ['glue:GetTable', 'arn:aws:glue:us-east-1:B:table/sales/orders'],
      ['glue:GetConnection', 'arn:aws:glue:us-east-1:B:connection/session_vpc'],
      ['ec2:CreateNetworkInterface', 'arn:aws:ec2:us-east-1:B:subnet/subnet-1'],
    ] as const) {
      expect(ask(leastPrivilege, runtime, action, resource)).toBe('passes');
    }
  });

  it.each([
    ['sales', 'passes'],
    ['crm', 'passes'],
    ['hr', 'refused'],
    ['sales2', 'refused'],
  ])('code in a session changes the tables of the databases that were named: %s %s', (database, expected) => {
    const resources = ['catalog', `database/${database}`, `table/${database}/t`].map(
      (name) => `arn:aws:glue:us-east-1:B:${name}`,
    );
    for (const action of ['glue:CreateTable', 'glue:UpdateTable', 'glue:BatchCreatePartition']) {
      const answers = (variant: Variant) =>
        resources.map((resource) => ask(variant, runtime, action, resource));
      expect(answers(cataloging)).toEqual(['passes', expected, expected]);
      expect(answers(leastPrivilege)).toEqual(['refused', 'refused', 'refused']);
    }
    for (const resource of resources) {
      expect(ask(cataloging, runtime, 'glue:DeleteTable', resource)).toBe('refused');
      expect(ask(leastPrivilege, runtime, 'glue:GetTable', resource)).toBe('passes');
    }
  });
});

/** What people read is what was tried. */
it('setup/README.md has every one of them in its table, with the same answer', () => {
  const rows = [
    ...readFileSync('setup/README.md', 'utf8').matchAll(/^\| (.+?) +\| (passes|refused) +\| refused +\|$/gm),
  ];
  const told = rows.map(([, name, inStory]) => ({ name, passesInStory: inStory === 'passes' }));
  expect(told).toEqual([
    ...bypasses.map(({ name, passesInStory }) => ({ name, passesInStory })),
    ...fromInside.map(([name, , , passesInStory]) => ({ name, passesInStory })),
  ]);
});
