import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { obey, violationsOf, type PlannedStart } from '../../../src/glue/guardrails/checkStart';
import { globMatches } from '../../../src/glue/guardrails/glob';
import type { GlueApi } from '../../../src/glue/glueApi';
import type { GuardrailRules } from '../../../src/glue/guardrails/guardrails';
import { readGuardrails } from '../../../src/glue/guardrails/readGuardrails';
import { withDefaults } from '../../../src/glue/configurationLayers';
import { inEnglish } from '../../../src/glue/sentence';
import { toPolicy } from '../../../src/glue/guardrails/toPolicy';
import { presetNamed } from '../../../src/glue/preset';
import { AwsCallError } from '../../../src/glue/errors';
import { obeyAll } from '../../../src/glue/guardrails/startRules';
import { configuration } from '../configuration';
import { apiWith, callError, request } from '../scriptedApi';

describe('IAM globs', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything: at/all', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abbd', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a?c', 'a🔥c', true],
    ['', '', true],
    ['', 'a', false],
    ['G.1X', 'GA1X', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['team', 'Team', false],
  ])('%s takes %s: %s', (glob, text, is) => {
    expect(globMatches(glob, text)).toBe(is);
  });

  it('is quick with the worst of patterns', () => {
    const started = Date.now();
    expect(globMatches('*a'.repeat(40) + 'b', 'a'.repeat(2000))).toBe(false);
    expect(Date.now() - started).toBeLessThan(500);
  });
});

const start = (
  change: Partial<PlannedStart['request']> = {},
  more: Partial<PlannedStart> = {},
): PlannedStart => ({
  request: { ...request, ...change },
  pricePerDpuHour: 0.44,
  ...more,
});

const found = (rules: GuardrailRules, planned: PlannedStart) =>
  violationsOf({ source: 'glue-guardrails.json', rules, lines: {} }, planned).map(
    ({ rule, message }) => `${rule}: ${inEnglish(message)}`,
  );

describe('A start under guardrails', () => {
  it.each<[string, GuardrailRules, PlannedStart, string[]]>([
    ['no rules', {}, start(), []],
    [
      'a tag missing',
      { requiredTags: { billing: ['*'] } },
      start(),
      ['requiredTags.billing: The tag "billing" is missing; it must have any value.'],
    ],
    [
      'a tag in another case',
      { requiredTags: { Team: ['a'] } },
      start(),
      [
        'requiredTags.Team: The tag "Team" is missing; it must have "a". There is "team", but keys differ by case.',
      ],
    ],
    [
      'a tag of another value',
      { requiredTags: { team: ['a', 'b'] } },
      start(),
      ['requiredTags.team: The tag "team" is "analytics"; it must have one of "a", "b".'],
    ],
    [
      'a tag that every object has',
      { requiredTags: { constructor: ['*'] } },
      start(),
      ['requiredTags.constructor: The tag "constructor" is missing; it must have any value.'],
    ],
    [
      'another runtime role',
      { runtimeRoles: ['arn:aws:iam::*:role/Other'] },
      start(),
      [
        `runtimeRoles: The runtime role "${request.role}" is not allowed; it must be "arn:aws:iam::*:role/Other".`,
      ],
    ],
    [
      'no role assumed',
      { rolesToAssume: ['arn:*'] },
      start(),
      ['rolesToAssume: No role to assume was chosen; it must be "arn:*".'],
    ],
    ['no role assumed where none need be', { rolesToAssume: ['none', 'arn:*'] }, start(), []],
    [
      'no connection',
      { connections: ['session_vpc'] },
      start(),
      ['connections: No connection was chosen; it must be "session_vpc".'],
    ],
    [
      'one connection of two',
      { connections: ['session_*'] },
      start({ connections: ['session_vpc', 'other'] }),
      ['connections: The connection "other" is not allowed; it must be "session_*".'],
    ],
    [
      'no network',
      { vpcs: ['vpc-1'] },
      start(),
      ['vpcs: The session names no connection, so it would be in no VPC; it must be in "vpc-1".'],
    ],
    ['a network that is not known: AWS decides', { vpcs: ['vpc-1'] }, start({ connections: ['c'] }), []],
    [
      'another subnet',
      { subnets: ['subnet-1'] },
      start(
        { connections: ['c'] },
        {
          networks: [{ connection: 'c', isRead: true, subnetId: 'subnet-2', securityGroupIds: [] }],
        },
      ),
      ['subnets: The subnet of connection c "subnet-2" is not allowed; it must be "subnet-1".'],
    ],
    [
      'the tag in two cases',
      { requiredTags: { team: ['analytics'] } },
      start({ tags: { Team: 'other', team: 'analytics' } }),
      ['requiredTags.team: Beside the tag "team" there is "Team": IAM may judge by either of them.'],
    ],
    [
      'as many workers as the service takes',
      { maxWorkers: 4 },
      { request: withoutWorkers(), pricePerDpuHour: 0.44 },
      ['maxWorkers: 5 workers are more than the 4 allowed.'],
    ],
    [
      'a connection that has no network',
      { vpcs: ['vpc-1'], subnets: ['*'] },
      start(
        { connections: ['jdbc'] },
        { networks: [{ connection: 'jdbc', isRead: true, securityGroupIds: [] }] },
      ),
      [
        'vpcs: No connection of the session has a VPC; it must be "vpc-1".',
        'subnets: No connection of the session has a subnet; it must be "*".',
      ],
    ],
    [
      'a connection, or a VPC, that may not be looked at: AWS decides',
      { vpcs: ['vpc-1'] },
      start(
        { connections: ['c', 'd'] },
        {
          networks: [
            { connection: 'c', isRead: false, securityGroupIds: [] },
            { connection: 'd', isRead: true, subnetId: 'subnet-1', securityGroupIds: [] },
          ],
        },
      ),
      [],
    ],
    [
      'keys of a role that is to be assumed, with a path that they do not tell',
      { rolesToAssume: ['arn:aws:iam::444455556666:role/glue/GlueSessionCreationRole'] },
      start({}, { caller: 'arn:aws:iam::444455556666:role/GlueSessionCreationRole' }),
      [],
    ],
    [
      'keys of another role',
      { rolesToAssume: ['arn:aws:iam::444455556666:role/GlueSessionCreationRole'] },
      start({}, { caller: 'arn:aws:iam::444455556666:role/Admin' }),
      [
        'rolesToAssume: No role to assume was chosen; it must be "arn:aws:iam::444455556666:role/GlueSessionCreationRole".',
      ],
    ],
    [
      'a larger worker',
      { workerTypes: ['G.1X'] },
      start({ workerType: 'G.8X' }),
      ['workerTypes: The worker type "G.8X" is not allowed; it must be "G.1X".'],
    ],
    [
      'a capacity in place of workers',
      { workerTypes: ['G.1X'], maxWorkers: 4 },
      {
        request: { ...withoutWorkers(), maxCapacity: 10 },
        pricePerDpuHour: 0.44,
      },
      [
        'workerTypes: No worker type is named; it must be "G.1X".',
        'maxWorkers: 10 workers are more than the 4 allowed.',
      ],
    ],
    [
      'another version',
      { glueVersions: ['5.*'] },
      start({ glueVersion: '4.0' }),
      ['glueVersions: The Glue version "4.0" is not allowed; it must be "5.*".'],
    ],
    ['the most workers', { maxWorkers: 2 }, start(), []],
    [
      'one worker more',
      { maxWorkers: 2 },
      start({ numberOfWorkers: 3 }),
      ['maxWorkers: 3 workers are more than the 2 allowed.'],
    ],
    [
      'a long idle timeout',
      { maxIdleTimeout: 59 },
      start(),
      ['maxIdleTimeout: 60 minutes of idle timeout are more than the 59 allowed.'],
    ],
    [
      'a dear session',
      { maxDollarsPerHour: 1 },
      start({ numberOfWorkers: 3 }),
      ['maxDollarsPerHour: The session would cost $1.32 an hour; $1.00 are allowed.'],
    ],
    [
      'an unknown price',
      { maxDollarsPerHour: 1 },
      start({ workerType: 'G.99X' }),
      ['maxDollarsPerHour: The session would cost a price that is not known an hour; $1.00 are allowed.'],
    ],
  ])('%s', (_, rules, planned, expected) => {
    expect(found(rules, planned)).toEqual(expected);
  });

  it('counts an idle timeout that is left to the service as the two days it is', () => {
    const { idleTimeout: _, ...rest } = request;
    expect(found({ maxIdleTimeout: 120 }, { request: rest, pricePerDpuHour: 0.44 })).toEqual([
      'maxIdleTimeout: 2880 minutes of idle timeout are more than the 120 allowed.',
    ]);
  });

  it('names every rule with its file and line, and says that the rules only narrow', () => {
    const text = '{\n  // who pays\n  "requiredTags": {\n    "billing": ["*"]\n  },\n  "maxWorkers": 2,\n}';
    const guardrails = readGuardrails(text, 'glue-guardrails.json');
    expect(() => {
      obey([guardrails], start({ numberOfWorkers: 9 }));
    }).toThrow(
      [
        'The session was not started: 2 rules are against it.',
        'The tag "billing" is missing; it must have any value. (rule requiredTags.billing, glue-guardrails.json:4)',
        '9 workers are more than the 2 allowed. (rule maxWorkers, glue-guardrails.json:6)',
        'These rules only narrow what IAM allows.',
      ].join('\n'),
    );
  });
});

function withoutWorkers() {
  const { workerType: _, numberOfWorkers: __, ...rest } = request;
  return rest;
}

describe('A guardrails file', () => {
  it.each([
    ['', 'f:1 is not JSON'],
    ['{', 'f:1 is not JSON'],
    ['{\n"maxWorkers": two}', 'f:2 is not JSON'],
    ['[]', 'f:1 the file must be object'],
    ['{\n\n"maxWorkers": "9"}', 'f:3 maxWorkers must be integer'],
    ['{"maxWorkers": 1}', 'f:1 maxWorkers must be >= 2'],
    ['{\n"maxworkers": 4}', 'must NOT have additional properties: "maxworkers"'],
    ['{"workerTypes": []}', 'workerTypes must NOT have fewer than 1 items'],
    ['{"requiredTags": {"aws:x": ["*"]}}', 'must match pattern'],
    ['{"requiredTags": {"team": "analytics"}}', 'requiredTags.team must be array'],
    ['{"maxDollarsPerHour": 0}', 'must be > 0'],
    ['{"defaults": {"idleTimeout": 1.5}}', 'defaults.idleTimeout must be integer'],
  ])('is not obeyed when it can not be read: %j', (text, message) => {
    expect(() => readGuardrails(text, 'f')).toThrow(message);
  });

  it('keeps keys that objects have anyway as keys', () => {
    const { rules } = readGuardrails('{"requiredTags": {"__proto__": ["*"], "constructor": ["a"]}}', 'f');
    expect(Object.keys(rules.requiredTags ?? {})).toEqual(['__proto__', 'constructor']);
  });

  it('may hold presets, which say nothing of who starts, and whose lines are known', () => {
    const { rules, lines } = readGuardrails(
      '{\n"presets": {\n"vpc": {"connections": ["session_vpc"]}}}',
      'f',
    );
    expect(presetNamed('vpc', [{ source: 'f', presets: rules.presets! }])).toEqual({
      name: 'vpc',
      source: 'f',
      wish: { connections: ['session_vpc'] },
    });
    expect(lines['presets.vpc']).toBe(3);
    for (const key of ['profile', 'roles', 'region', 'endpoint', 'worker'])
      expect(() => readGuardrails(JSON.stringify({ presets: { vpc: { [key]: 'x' } } }), 'f')).toThrow(key);
    expect(() => readGuardrails('{"presets": {"vpc": {"arguments": {"conf": "a"}}}}', 'f')).toThrow('f:1');
    expect(toPolicy({ presets: { vpc: {} } })).toEqual({ policy: undefined, notHeld: [] });
  });

  it('has a schema that VS Code is told of', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { jsonValidation: { fileMatch: string; url: string }[] };
    };
    expect(manifest.contributes.jsonValidation).toContainEqual({
      fileMatch: 'glue-guardrails.json',
      url: './schemas/guardrails.schema.json',
    });
  });
});

describe('What the project says when nobody says otherwise', () => {
  it('goes before what the extension ships with, and behind all that a person said', () => {
    const said = { ...configuration(), workerType: { value: 'G.2X', origin: 'setting' as const } };
    const layered = withDefaults(said, {
      iamRole: 'GlueRole',
      workerType: 'G.1X',
      idleTimeout: 15,
      connections: ['session_vpc'],
      tags: { team: 'analytics' },
    });
    expect(layered).toMatchObject({
      iamRole: { value: 'GlueRole', origin: 'guardrails' },
      workerType: { value: 'G.2X', origin: 'setting' },
      idleTimeout: { value: 15, origin: 'guardrails' },
      connections: { value: ['session_vpc'], origin: 'guardrails' },
      tags: { value: { team: 'analytics' } },
    });
  });
});

/** Has no tags that could be looked at. */
const root = { account: '1', arn: 'arn:aws:iam::1:root', userId: '1' };
const callerIdentity = () => Promise.resolve(root);

describe('The network of a start', () => {
  const rules = { source: 'f', rules: { vpcs: ['vpc-1'] }, lines: {} };
  const wish = { target: { roles: [] }, request: { ...request, connections: ['c'] } };
  const connection = { name: 'c', subnetId: 'subnet-1', securityGroupIds: [] };
  const inVpc = (vpcId: string) =>
    apiWith({
      callerIdentity,
      getConnection: () => Promise.resolve(connection),
      describeSubnets: () => Promise.resolve([{ id: 'subnet-1', vpcId }]),
    });

  it('is looked at when a rule wants to know', async () => {
    await obeyAll([rules], wish, { api: inVpc('vpc-1'), pricePerDpuHour: 0.44 });
    await expect(obeyAll([rules], wish, { api: inVpc('vpc-2'), pricePerDpuHour: 0.44 })).rejects.toThrow(
      'The VPC of connection c "vpc-2" is not allowed; it must be "vpc-1". (rule vpcs, f)',
    );
  });

  it('is left to AWS where it may not be looked at', async () => {
    const api = apiWith({
      callerIdentity,
      getConnection: () => Promise.resolve(connection),
      describeSubnets: () => Promise.reject(callError('AccessDenied')),
    });
    await expect(obeyAll([rules], wish, { api, pricePerDpuHour: 0.44 })).resolves.toBeUndefined();
  });

  it('is not left out because the answer did not come', async () => {
    for (const part of ['getConnection', 'describeSubnets'] as const) {
      const api = { ...inVpc('vpc-2'), [part]: () => Promise.reject(callError('Throttling')) };
      await expect(obeyAll([rules], wish, { api, pricePerDpuHour: 0.44 })).rejects.toThrow(AwsCallError);
    }
  });

  it('is known of one connection where the subnet of another is gone', async () => {
    const api = apiWith({
      callerIdentity,
      getConnection: (name) => Promise.resolve({ ...connection, name, subnetId: `subnet-${name}` }),
      describeSubnets: (ids) =>
        ids.includes('subnet-gone')
          ? Promise.reject(callError('InvalidSubnetID.NotFound'))
          : Promise.resolve(ids.map((id) => ({ id, vpcId: 'vpc-2' }))),
    });
    const both = { ...wish, request: { ...request, connections: ['c', 'gone'] } };
    await expect(obeyAll([rules], both, { api, pricePerDpuHour: 0.44 })).rejects.toThrow('of connection c');
  });

  it('is not asked for when no rule wants to know', async () => {
    const api = apiWith({ callerIdentity });
    await obeyAll([{ ...rules, rules: { maxWorkers: 9 } }], wish, { api, pricePerDpuHour: 0.44 });
  });
});

describe('The role that starts a session', () => {
  it('is the one whose keys call, where none is assumed for it', async () => {
    const rules = (roleArn: string) => ({ source: 'f', rules: { rolesToAssume: [roleArn] }, lines: {} });
    const api = apiWith({
      callerIdentity: () =>
        Promise.resolve({ ...root, arn: 'arn:aws:sts::444455556666:assumed-role/Creation/ada' }),
      access: { getRole: () => Promise.reject(callError('AccessDenied')) } as unknown as GlueApi['access'],
    });
    const permit = (roleArn: string) =>
      obeyAll([rules(roleArn)], { target: { roles: [] }, request }, { api, pricePerDpuHour: 0.44 });
    await permit('arn:aws:iam::444455556666:role/Creation');
    await permit('arn:aws:iam::*:role/glue/Creation');
    await expect(permit('arn:aws:iam::444455556666:role/Other')).rejects.toThrow('rule rolesToAssume');
  });
});

describe('A usage profile', () => {
  const profile = {
    name: 'analysts',
    session: {
      numberOfWorkers: { allowed: [], least: 2, most: 4 },
      workerType: { allowed: ['G.1X', 'G.2X'] },
      idleTimeout: { allowed: [], most: 30 },
      codeSource: { allowed: ['x'] },
    },
  };

  it('is obeyed as the rules of the project are, and named', () => {
    expect(() => {
      obey([], start({ numberOfWorkers: 5, workerType: 'G.8X' }), [profile]);
    }).toThrow(
      /number of workers 5 is not allowed; it must be 4 at most. \(rule numberOfWorkers, usage profile analysts\).*worker type G.8X.*idle timeout \(minutes\) 60/s,
    );
    obey([], start({ idleTimeout: 30 }), [profile]);
  });

  it('is read when the project names it, and left to the service when it may not be read', async () => {
    const rules = { source: 'f', rules: { usageProfile: 'analysts' }, lines: {} };
    const wish = { target: { roles: [] }, request };
    const read = apiWith({ callerIdentity, usageProfile: () => Promise.resolve(profile) });
    await expect(obeyAll([rules], wish, { api: read, pricePerDpuHour: 1 })).rejects.toThrow(
      'usage profile analysts',
    );
    const refused = apiWith({
      callerIdentity,
      usageProfile: () => Promise.reject(callError('AccessDenied')),
    });
    await obeyAll([rules], wish, { api: refused, pricePerDpuHour: 1 });
  });

  const tags = { 'glue:UsageProfile': 'analysts' };
  const asCaller = (arn: string, access: Partial<GlueApi['access']>) =>
    apiWith({
      callerIdentity: () => Promise.resolve({ ...root, arn }),
      access: access as GlueApi['access'],
      usageProfile: (name) =>
        name === 'analysts' ? Promise.resolve(profile) : Promise.reject(callError('EntityNotFound')),
    });
  const starts = (api: GlueApi, signal?: AbortSignal) =>
    obeyAll([], { target: { roles: [] }, request }, { api, pricePerDpuHour: 1, ...(signal && { signal }) });

  it('is obeyed when the user or the role of the caller is tagged with it, without a word of the project', async () => {
    const user = asCaller('arn:aws:iam::1:user/team/ada', { ownTags: () => Promise.resolve(tags) });
    await expect(starts(user)).rejects.toThrow(/a rule is against it.*usage profile analysts/s);
    const getRole = (name: string) =>
      Promise.resolve({ arn: '', trustPolicy: '', tags: name === 'R' ? tags : {} });
    const role = asCaller('arn:aws:sts::1:assumed-role/R/ada', { getRole });
    await expect(starts(role)).rejects.toThrow('usage profile analysts');
    await starts(asCaller('arn:aws:sts::1:assumed-role/Other/ada', { getRole }));
  });

  it('is left to the service when the caller may not be looked at, who is then asked no more', async () => {
    let asked = 0;
    const denied = asCaller('arn:aws:iam::1:user/ada', {
      ownTags: () => {
        asked += 1;
        return Promise.reject(callError('AccessDenied'));
      },
    });
    await starts(denied);
    await starts(denied);
    expect(asked).toBe(1);
  });

  it('is asked for again where the answer did not come', async () => {
    const answers = [() => Promise.reject(callError('Throttling')), () => Promise.resolve(tags)];
    const busy = asCaller('arn:aws:iam::1:user/ada', {
      ownTags: () => answers.shift()?.() ?? Promise.reject(new Error('asked a third time')),
    });
    await starts(busy);
    await expect(starts(busy)).rejects.toThrow('usage profile analysts');
  });

  it('does not hold up a start where IAM gives no answer, and does not swallow a cancel', async () => {
    const never = async (signal?: AbortSignal) => {
      for (;;) {
        signal?.throwIfAborted();
        await new Promise(setImmediate);
      }
    };
    const cancel = new AbortController();
    const cancelled = starts(asCaller('arn:aws:iam::1:user/ada', { ownTags: never }), cancel.signal);
    cancel.abort();
    await expect(cancelled).rejects.toThrow(/abort/i);
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    await starts(asCaller('arn:aws:iam::1:user/ada', { ownTags: never }));
    timeout.mockRestore();
  });
});
