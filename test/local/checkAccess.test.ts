import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ask, unasked, type AccessQuestion } from '../../src/glue/access/accessFacts';
import { judgeAccess, type Link } from '../../src/glue/access/links';
import { readAccess } from '../../src/glue/access/readAccess';
import { glueTrustStatement, sessionStatement } from '../../src/glue/access/statements';
import { readDenial } from '../../src/glue/denial';
import type { CreateSessionRequest, GlueApis } from '../../src/glue/glueApi';
import { inEnglish } from '../../src/glue/sentence';
import type { AssumedRole } from '../../src/glue/target';
import { startLocalGlue, type LocalGlue } from './localGlue';

/** An account as the story's production account is written. */
interface AccountText {
  policies: Record<string, { Version?: string; Statement: Record<string, unknown>[] }>;
  serviceControlPolicies?: object;
  roles: Record<string, Record<string, unknown>>;
  regions: Record<string, Record<string, Record<string, unknown>>>;
}

const story = readFileSync('src/local/world/story.yaml', 'utf8');
const login = '111122223333';
const looks = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'iam:ListRoles',
        'iam:SimulatePrincipalPolicy',
        'servicequotas:ListServiceQuotas',
        'ec2:DescribeNatGateways',
      ],
      Resource: '*',
    },
  ],
};
const deny = (Action: string, Condition: object) => ({ Effect: 'Deny', Action, Resource: '*', Condition });
const creator = (account: AccountText) => account.roles.GlueSessionCreationRole!;
const rules = (account: AccountText) => account.policies.CustomCreateSessionPolicy!.Statement;
const east = (account: AccountText) => account.regions['us-east-1']!;
const statementOf = ({ json }: { readonly json: string }) => JSON.parse(json) as Record<string, unknown>;
const taggedSessions = (tags: object) => [{ id: 'other-', count: 4, tags, connections: ['session_vpc'] }];

/** The ways in which a world is broken, each in an account of its own: the story's, with one thing wrong. */
const broken = {
  // And has more roles than are listed on a page.
  nothing: ({ roles }) => {
    for (let index = 0; index < 230; index++)
      roles[`Many-${String(index)}`] = roles['AWSGlueServiceRole-blog']!;
  },
  'the role trusts another account': (account) => {
    creator(account).trustPolicy = {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' },
      ],
    };
  },
  'the role wants an external id': (account) => {
    const trust = creator(account).trustPolicy as { Statement: Record<string, unknown>[] };
    trust.Statement[0]!.Condition = { StringEquals: { 'sts:ExternalId': 'secret' } };
  },
  'the runtime role may not be passed': (account) => {
    rules(account).shift();
  },
  'a boundary stops PassRole': (account) => {
    account.policies.Bound = {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['glue:*', 'ec2:*', 'sts:*', 'servicequotas:*', 'iam:Get*', 'iam:Simulate*'],
          Resource: '*',
        },
      ],
    };
    creator(account).permissionsBoundary = 'Bound';
  },
  'the organization stops PassRole': (account) => {
    account.serviceControlPolicies = {
      Guard: {
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' },
        ],
      },
    };
  },
  'the runtime role does not trust Glue': (account) => {
    account.roles['AWSGlueServiceRole-blog']!.trustPolicy = {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
  },
  'the subnet is full': (account) => {
    east(account).subnets!['subnet-0b10c5e5510000001'] = {
      vpcId: 'vpc-0b10c5e5510000001',
      cidrBlock: '10.0.0.0/24',
      availabilityZone: 'us-east-1a',
      availableAddresses: 1,
    };
  },
  'the security group is closed to itself': (account) => {
    Object.assign(east(account).securityGroups!['sg-0b10c5e5510000001'] as object, {
      ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, groupIds: ['self'] }],
    });
  },
  'the security group lets nothing out': (account) => {
    Object.assign(east(account).securityGroups!['sg-0b10c5e5510000001'] as object, {
      egress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrs: ['0.0.0.0/0'] }],
    });
  },
  'no endpoint for S3': (account) => {
    east(account).vpcEndpoints = {};
  },
  'the endpoint is in another route table': (account) => {
    east(account).routeTables!['rtb-0b10c5e551000000a'] = {
      vpcId: 'vpc-0b10c5e5510000001',
      subnetIds: ['subnet-0b10c5e5510000001'],
      // No public address, so no way out through this one.
      routes: [{ destination: '0.0.0.0/0', gatewayId: 'igw-1' }],
    };
  },
  'a NAT gateway in place of the endpoint': (account) => {
    Object.assign(east(account), nat('available'));
  },
  'a NAT gateway that has failed': (account) => {
    Object.assign(east(account), nat('failed'));
  },
  'no permission to start': (account) => {
    creator(account).managedPolicies = ['Rest'];
    account.policies.Rest = {
      Statement: [
        rules(account)[0]!,
        {
          Effect: 'Allow',
          Action: ['glue:Get*', 'glue:List*', 'glue:TagResource', 'iam:GetRole', 'ec2:Describe*'],
          Resource: '*',
        },
      ],
    };
  },
  'only what an administrator is told to add': (account) => {
    const [passRole] = rules(account);
    const id = String(passRole!.Resource).split(':')[4]!;
    const told = (['glue:CreateSession', 'glue:TagResource'] as const).map((action) =>
      statementOf(sessionStatement('', action, 'us-east-1', id)),
    );
    creator(account).managedPolicies = ['Told'];
    account.policies.Told = {
      Version: '2012-10-17',
      Statement: [
        passRole!,
        ...told,
        {
          Effect: 'Allow',
          Action: ['glue:Get*', 'glue:List*', 'glue:StopSession', 'iam:GetRole', 'ec2:Describe*'],
          Resource: '*',
        },
      ],
    };
    const trust = statementOf(glueTrustStatement(`arn:aws:iam::${id}:role/AWSGlueServiceRole-blog`));
    account.roles['AWSGlueServiceRole-blog']!.trustPolicy = { Statement: [trust] };
    east(account).sessions = [{ id: 'colleague', tags: { owner: 'AROAEXAMPLE:bob' } }] as never;
  },
  'a tag is wanted that all others have': (account) => {
    rules(account).push(deny('glue:CreateSession', { Null: { 'aws:RequestTag/billing': 'true' } }));
    east(account).sessions = taggedSessions({ billing: 'data-platform' }) as never;
  },
  'a tag is wanted that nobody has': (account) => {
    rules(account).push(deny('glue:CreateSession', { Null: { 'aws:RequestTag/cost': 'true' } }));
  },
  'a tag has a wrong value': (account) => {
    rules(account).push(
      deny('glue:CreateSession', { StringNotEquals: { 'aws:RequestTag/team': ['research', 'finance'] } }),
    );
    east(account).sessions = taggedSessions({ team: ['research', 'finance'] }) as never;
  },
  'sessions may not be tagged': (account) => {
    rules(account).push({ Effect: 'Deny', Action: 'glue:TagResource', Resource: '*' });
  },
  'the quota is used up': (account) => {
    east(account).quotas = { 'L-08F3B322': { name: 'Max task DPUs per account', value: 3 } };
    east(account).sessions = [{ id: 'running', status: 'READY', tags: {} }] as never;
  },
  'nobody may look': (account) => {
    creator(account).inlinePolicies = {};
  },
} satisfies Record<string, (account: AccountText) => void>;
type Way = keyof typeof broken;

function nat(state: string): object {
  return {
    vpcEndpoints: {},
    natGateways: {
      'nat-1': { vpcId: 'vpc-0b10c5e5510000001', subnetId: 'subnet-0b10c5e5510000001', state },
    },
    routeTables: {
      'rtb-0b10c5e5510000001': {
        vpcId: 'vpc-0b10c5e5510000001',
        main: true,
        routes: [{ destination: '0.0.0.0/0', natGatewayId: 'nat-1' }],
      },
    },
  };
}

const accountOf = (way: Way) => String(444400000000 + Object.keys(broken).indexOf(way));

function worldText(): string {
  const world = parse(story) as { accounts: Record<string, AccountText> };
  const { '444455556666': production, [login]: users } = world.accounts;
  const accounts: Record<string, unknown> = { [login]: users };
  users!.policies.AssumeRoleAccountBPolicy!.Statement[0]!.Resource =
    'arn:aws:iam::*:role/GlueSessionCreationRole';
  for (const [way, breakIt] of Object.entries(broken)) {
    const id = accountOf(way as Way);
    const account = JSON.parse(JSON.stringify(production).replaceAll('444455556666', id)) as AccountText;
    delete creator(account).profile;
    creator(account).inlinePolicies = { Looks: looks };
    breakIt(account);
    accounts[id] = account;
  }
  return JSON.stringify({ defaultRegion: 'us-east-1', accounts });
}

describe('the check-up', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world: worldText() });
  });
  afterAll(() => local.stop());

  const roleOf = (way: Way): AssumedRole => ({
    roleArn: `arn:aws:iam::${accountOf(way)}:role/GlueSessionCreationRole`,
  });
  const apis = (): GlueApis => ({
    of: (target) => local.api(target.profile ?? 'isbloguser', target.roles, target),
    forget: () => undefined,
    useKeys: () => undefined,
  });
  const questionOf = (way: Way, change: Partial<AccessQuestion> = {}): AccessQuestion => ({
    target: { profile: 'isbloguser', roles: [roleOf(way)] },
    role: 'AWSGlueServiceRole-blog',
    connections: ['session_vpc'],
    tags: { team: 'analytics' },
    workerType: 'G.1X',
    numberOfWorkers: 2,
    ...change,
  });
  const check = async (way: Way, change: Partial<AccessQuestion> = {}) => {
    const question = questionOf(way, change);
    const { signal } = new AbortController();
    const facts = await readAccess(question, { apis: apis(), known: [], signal, report: () => undefined });
    return judgeAccess(question, facts);
  };
  /** What AWS's own words for such a start are; undefined: it starts. */
  const refusalOf = async (way: Way, change: Partial<AccessQuestion> = {}) => {
    const { connections, tags, role = '' } = questionOf(way, change);
    const request: CreateSessionRequest = {
      id: `s-${String(Math.random())}`,
      role: `arn:aws:iam::${accountOf(way)}:role/${role}`,
      command: { name: 'glueetl', pythonVersion: '3' },
      defaultArguments: {},
      connections,
      workerType: 'G.1X',
      numberOfWorkers: 2,
      tags,
    };
    const api = local.api('isbloguser', [roleOf(way)]);
    return api.createSession(request).then(
      async ({ id }) => api.stopSession(id),
      (error: unknown) => error,
    );
  };
  const notOk = (links: readonly Link[]) =>
    links.filter(({ status }) => status === 'failed' || status === 'notAllowed').map(({ id }) => id);
  const linkOf = (links: readonly Link[], id: Link['id']) => links.find((link) => link.id === id)!;

  it('lists the roles of an account to the last page', async () => {
    const pages: number[] = [];
    const listed = new Set<string>();
    await local.api('isbloguser', [roleOf('nothing')]).access.listRoles((roles) => {
      pages.push(roles.length);
      for (const { arn } of roles) listed.add(arn);
    });
    expect(pages.length).toBeGreaterThan(1);
    expect([...listed].filter((arn) => arn.includes('/Many-'))).toHaveLength(230);
  });

  it('finds nothing wrong where a session starts', async () => {
    const links = await check('nothing');
    expect(links.map(({ id, status }) => [id, status])).toEqual(
      [
        'credentials',
        'assumeRole',
        'passRole',
        'roleTrust',
        'connection',
        'subnet',
        'securityGroups',
        's3',
        'startRule',
        'tags',
        'quotas',
      ].map((id) => [id, 'ok']),
    );
    expect(await refusalOf('nothing')).toBeUndefined();
    expect(linkOf(links, 's3').finding).toMatchObject({ way: { kind: 'gateway' } });
  });

  it.each<[Way, Link['id'], object, Partial<AccessQuestion>?]>([
    ['the role trusts another account', 'assumeRole', { kind: 'notAssumed', isSameAccount: false }],
    ['the role wants an external id', 'assumeRole', { kind: 'notAssumed', action: 'sts:AssumeRole' }],
    ['the runtime role may not be passed', 'passRole', { kind: 'denied', isExplicit: false, by: 'policy' }],
    ['a boundary stops PassRole', 'passRole', { kind: 'denied', by: 'boundary' }],
    ['the organization stops PassRole', 'passRole', { kind: 'denied', by: 'organization', isExplicit: true }],
    ['the runtime role does not trust Glue', 'roleTrust', { kind: 'noTrust' }],
    ['nothing', 'roleTrust', { kind: 'roleMissing' }, { role: 'AWSGlueServiceRole-blo' }],
    [
      'nothing',
      'passRole',
      { kind: 'otherAccount' },
      { role: 'arn:aws:iam::111122223333:role/AWSGlueServiceRole-notebooks' },
    ],
    [
      'nothing',
      'connection',
      { kind: 'connectionMissing', name: 'session_vcp', others: ['session_vpc', 'scratch_vpc'] },
      { connections: ['session_vcp'] },
    ],
    ['the subnet is full', 'subnet', { kind: 'addresses', free: 1, wanted: 2 }],
    ['the security group is closed to itself', 'securityGroups', { kind: 'groupsClosed', side: 'ingress' }],
    ['the security group lets nothing out', 'securityGroups', { kind: 'groupsClosed', side: 'egress' }],
    ['no endpoint for S3', 's3', { kind: 'noWayToS3' }],
    ['the endpoint is in another route table', 's3', { kind: 'noWayToS3', way: { kind: 'otherTable' } }],
    ['a NAT gateway that has failed', 's3', { kind: 'noWayToS3', way: { kind: 'brokenNat' } }],
    [
      'nothing',
      'startRule',
      { kind: 'networkNotApproved', chosen: [], approved: ['session_vpc'] },
      { connections: [] },
    ],
    [
      'nothing',
      'startRule',
      { kind: 'networkNotApproved', approved: ['session_vpc'] },
      { connections: ['scratch_vpc'] },
    ],
    ['no permission to start', 'startRule', { kind: 'denied', isExplicit: false }],
    [
      'a tag is wanted that all others have',
      'tags',
      { kind: 'tagsWanted', isTogether: false, tags: [{ key: 'billing', values: ['data-platform'] }] },
    ],
    [
      'a tag is wanted that nobody has',
      'tags',
      { kind: 'tagsWanted', isTogether: false, tags: [{ key: 'cost', values: [] }] },
    ],
    [
      'a tag has a wrong value',
      'tags',
      { kind: 'tagsWanted', isTogether: false, tags: [{ key: 'team', values: ['finance', 'research'] }] },
    ],
    ['sessions may not be tagged', 'tags', { kind: 'denied', action: 'glue:TagResource', isExplicit: true }],
    ['the quota is used up', 'quotas', { kind: 'quota', used: 2, wanted: 2, most: 3 }],
  ])('names the link: %s (%s)', async (way, id, finding, change) => {
    const links = await check(way, change);
    // A name that isn't there takes part of what hangs on it along: a role that can't be passed, a network that isn't known.
    const others = notOk(links).filter((other) => other !== id);
    const along: Partial<Record<string, readonly string[]>> = {
      roleMissing: ['passRole'],
      connectionMissing: ['startRule'],
    };
    const kind = linkOf(links, id).finding.kind;
    expect(others).toEqual(along[kind] ?? []);
    expect(linkOf(links, id)).toMatchObject({ status: 'failed', finding });
  });

  it('takes a NAT gateway for a way to S3', async () => {
    const links = await check('a NAT gateway in place of the endpoint');
    expect(notOk(links)).toEqual([]);
    expect(linkOf(links, 's3').finding).toMatchObject({ way: { kind: 'nat', id: 'nat-1' } });
  });

  it('names the network and the tags when both are wrong', async () => {
    const links = await check('a tag is wanted that all others have', { connections: [] });
    expect(notOk(links)).toEqual(['startRule', 'tags']);
    expect(linkOf(links, 'startRule').finding).toMatchObject({ approved: ['session_vpc'] });
    expect(linkOf(links, 'tags').finding).toMatchObject({ tags: [{ key: 'billing' }], isTogether: true });
  });

  it('agrees with what a start meets', async () => {
    const denied = [
      ['the runtime role may not be passed', 'iam:PassRole'],
      ['a boundary stops PassRole', 'iam:PassRole'],
      ['the organization stops PassRole', 'iam:PassRole'],
      ['no permission to start', 'glue:CreateSession'],
      ['a tag is wanted that all others have', 'glue:CreateSession'],
      ['a tag has a wrong value', 'glue:CreateSession'],
      ['sessions may not be tagged', 'glue:TagResource'],
    ] as const;
    for (const [way, action] of denied)
      expect(readDenial(await refusalOf(way)), way).toMatchObject({ action });
    expect(readDenial(await refusalOf('the runtime role does not trust Glue'))?.form).toBe('roleTrust');
    expect(await refusalOf('the quota is used up')).toMatchObject({ code: 'ResourceNumberLimitExceeded' });
    const fixed = { tags: { team: 'research' } };
    expect(await refusalOf('a tag has a wrong value', fixed)).toBeUndefined();
    expect(notOk(await check('a tag has a wrong value', fixed))).toEqual([]);
  });

  it('stops at credentials that are not there', async () => {
    const links = await check('nothing', { target: { profile: 'nobody', roles: [] } });
    expect(notOk(links)).toEqual(['credentials']);
    const { finding } = linkOf(links, 'credentials');
    const message = 'message' in finding ? finding.message : '';
    expect(inEnglish(message)).toMatch(/no profile "nobody"/);
    expect(links.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
  });

  it('names the step of the chain that fails, and both sides of TagSession', async () => {
    const [first, second] = [roleOf('nothing'), roleOf('the runtime role may not be passed')];
    const chain = await check('nothing', {
      target: { profile: 'isbloguser', roles: [first, { ...second, externalId: 'x1' }] },
    });
    expect(notOk(chain)).toEqual(['assumeRole']);
    expect(linkOf(chain, 'assumeRole').finding).toMatchObject({ role: second.roleArn });
    expect(linkOf(chain, 'assumeRole').statements.map(({ place, holder }) => [place, holder])).toEqual([
      ['policy', first.roleArn],
      ['trust', second.roleArn],
    ]);
    expect(linkOf(chain, 'assumeRole').statements[1]!.json).toContain('"sts:ExternalId": "x1"');
    const tagged = await check('nothing', {
      target: { profile: 'isbloguser', roles: [{ ...first, sessionTags: { userId: 'ada' } }] },
    });
    expect(linkOf(tagged, 'assumeRole')).toMatchObject({
      status: 'failed',
      finding: { action: 'sts:TagSession' },
    });
    expect(linkOf(tagged, 'assumeRole').statements[0]!.json).toContain('sts:TagSession');
  });

  it('says what it would need where it may not look', async () => {
    const links = await check('nobody may look');
    const refused = links.filter(({ status }) => status === 'notAllowed');
    expect(refused.map(({ id, finding }) => [id, 'action' in finding && finding.action])).toEqual([
      ['passRole', 'iam:SimulatePrincipalPolicy'],
      ['startRule', 'iam:SimulatePrincipalPolicy'],
      ['tags', 'iam:SimulatePrincipalPolicy'],
      ['quotas', 'servicequotas:ListServiceQuotas'],
    ]);
    const role = roleOf('nobody may look').roleArn;
    expect(JSON.parse(refused[0]!.statements[0]!.json)).toEqual({
      Effect: 'Allow',
      Action: 'iam:SimulatePrincipalPolicy',
      Resource: role,
    });
    // What AWS itself has just said is known without looking.
    const refusal = readDenial(await refusalOf('nobody may look', { connections: [] }))!;
    const told = await check('nobody may look', { connections: [], refusal });
    expect(linkOf(told, 'startRule')).toMatchObject({ status: 'failed', finding: { kind: 'refused' } });
  });

  it('gives statements that mend what they are for', async () => {
    const links = await check('the runtime role may not be passed');
    expect(JSON.parse(linkOf(links, 'passRole').statements[0]!.json)).toEqual({
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: `arn:aws:iam::${accountOf('the runtime role may not be passed')}:role/AWSGlueServiceRole-blog`,
      Condition: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
    });
    const trust = await check('the runtime role does not trust Glue');
    expect(linkOf(trust, 'roleTrust').statements[0]).toMatchObject({ place: 'trust' });
    // No statement lifts a deny.
    const organization = await check('the organization stops PassRole');
    expect(linkOf(organization, 'passRole').statements).toEqual([]);
  });

  it('gives statements with which a start works, and nothing of a colleague’s session', async () => {
    const way = 'only what an administrator is told to add';
    expect(notOk(await check(way))).toEqual([]);
    const api = local.api('isbloguser', [roleOf(way)]);
    const { userId } = await api.callerIdentity();
    expect(await refusalOf(way, { tags: { owner: userId } })).toBeUndefined();
    const asAnother = await refusalOf(way, { tags: { owner: 'AROAEXAMPLE:bob' } });
    expect(readDenial(asAnother)).toMatchObject({ action: 'glue:CreateSession' });
    const theirs = `arn:aws:glue:us-east-1:${accountOf(way)}:session/colleague`;
    const taken = await api.tagResource(theirs, { owner: userId }).catch((error: unknown) => error);
    expect(readDenial(taken)).toMatchObject({ action: 'glue:TagResource' });
  });

  it('ends at once when it is cancelled', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('cancelled'));
    await expect(ask(() => Promise.resolve(1), cancel.signal)).rejects.toThrow('cancelled');
    const question = questionOf('nothing');
    const reading = { apis: apis(), known: [], signal: cancel.signal, report: () => undefined };
    await expect(readAccess(question, reading)).rejects.toThrow('cancelled');
    expect(unasked.state).toBe('unasked');
  });
});
