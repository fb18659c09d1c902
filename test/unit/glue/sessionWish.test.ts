import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { findCancelledStart } from '../../../src/glue/cancelledStart';
import { InvalidInputError } from '../../../src/glue/errors';
import type { Session, Tags } from '../../../src/glue/glueApi';
import { inEnglish } from '../../../src/glue/sentence';
import { readPreset, readPresets, toPresetSetting, withPreset } from '../../../src/glue/preset';
import { priceOf, wishChecks, wishLike, withMore, type SessionWish } from '../../../src/glue/sessionWish';
import { startFixes } from '../../../src/glue/startFixes';
import { noOutcomes, withOutcome } from '../../../src/glue/startOutcomes';
import { SessionStartError, SessionUnknownError } from '../../../src/glue/startSession';
import { suggestTags } from '../../../src/glue/tagSuggestions';
import { answers, callError, quickClock, request, session } from '../scriptedApi';

const role = 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog';
const wish: SessionWish = {
  target: { profile: 'p', roles: [] },
  iamRole: role,
  connections: ['session_vpc'],
  tags: { team: 'analytics' },
  workerType: 'G.1X',
  numberOfWorkers: 2,
  glueVersion: '5.0',
  idleTimeout: 30,
  more: {},
};

describe('the price of a wish', () => {
  it('is that of an hour, and of an idle session until it ends by itself', () => {
    expect(priceOf(wish, 0.44)).toEqual({ hourly: 0.88, perIdleOut: 0.44 });
    expect(priceOf({ ...wish, more: { maxCapacity: 5 } }, 0.44)?.hourly).toBeCloseTo(2.2);
    expect(priceOf({ ...wish, workerType: 'G.99X' }, 0.44)).toBeUndefined();
  });
});

describe('answers', () => {
  it.each<[() => unknown, RegExp]>([
    [() => wishChecks.iamRole('arn:aws:iam::4444:role/X'), /"4444" is not one/],
    [() => wishChecks.iamRole('a b'), /is not the ARN of a role/],
    [
      () => wishChecks.numberOfWorkers('1'),
      /"1" is not a number of workers\. Expected 2 to 299: a session has 2/,
    ],
    [() => wishChecks.numberOfWorkers('2.5'), /"2\.5" is not/],
    [() => wishChecks.numberOfWorkers('300'), /Expected 2 to 299/],
    [() => wishChecks.idleTimeout('soon'), /"soon" is not an idle timeout/],
    [() => wishChecks.idleTimeout('0'), /Expected 1 to 10080/],
    [() => wishChecks.workerType('G.3X'), /"G\.3X" is not a worker type\. Expected one of G\.1X/],
    [() => wishChecks.glueVersion('2.0'), /"2\.0" is not a Glue version\. Expected one of 6\.0/],
    [() => wishChecks.connections('session_vpc'), /Expected a list of names/],
    [() => wishChecks.tags({ team: 3 }), /Expected keys with texts/],
    [() => wishChecks.tags({ 'aws:team': 'x' }), /reserved for AWS/],
  ])('that can not be meant are named with what was expected (%#)', (check, message) => {
    expect(check).toThrow(InvalidInputError);
    expect(check).toThrow(message);
  });
});

describe('another session like one', () => {
  it('has all of it but its id and its owner', () => {
    const seen = session({
      id: 'old',
      role,
      connections: ['a', 'b'],
      workerType: 'R.2X',
      numberOfWorkers: 7,
      glueVersion: '5.1',
      idleTimeout: 45,
      description: 'nightly',
      securityConfiguration: 'sealed',
      command: { name: 'gluestreaming', pythonVersion: '3' },
      defaultArguments: { '--conf': 'spark.a=b', '--session-language': 'scala' },
    });
    const target = { profile: 'q', roles: [] };
    const like = wishLike({ target, session: seen }, { team: 'x', owner: 'AIDA' }, wish);
    expect(like).toEqual({
      target,
      iamRole: role,
      connections: ['a', 'b'],
      tags: { team: 'x' },
      workerType: 'R.2X',
      numberOfWorkers: 7,
      glueVersion: '5.1',
      idleTimeout: 45,
      more: {
        arguments: { '--conf': 'spark.a=b', '--session-language': 'scala' },
        isCopy: true,
        sessionType: 'gluestreaming',
        securityConfiguration: 'sealed',
        description: 'nightly',
      },
    });
    expect(withMore(request, like.more)).toEqual({
      ...request,
      defaultArguments: seen.defaultArguments,
      description: 'nightly',
    });
  });

  it('keeps a capacity that was given in DPU', () => {
    const { workerType: _, numberOfWorkers: __, ...seen } = session({ maxCapacity: 5 });
    expect(wishLike({ target: wish.target, session: seen }, {}, wish).more.maxCapacity).toBe(5);
  });
});

describe('presets', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { additionalProperties: object }> } };
  };
  const schema = new Ajv({ strict: false }).compile(
    manifest.contributes.configuration.properties['glueSessions.presets']!.additionalProperties,
  );
  const whole = {
    profile: 'session-creator',
    region: 'eu-west-2',
    iamRole: 'service-role/AWSGlueServiceRole-blog',
    connections: ['session_vpc'],
    tags: { team: 'analytics' },
    workerType: 'G.2X',
    numberOfWorkers: 5,
    glueVersion: '5.1',
    idleTimeout: 20,
    arguments: { '--conf': 'spark.a=b' },
  };

  it('answer what they say, and leave the rest', () => {
    const preset = readPreset('vpc', { ...whole, description: 'In the VPC' });
    expect(withPreset(wish, preset)).toEqual({
      ...wish,
      target: { profile: 'session-creator', region: 'eu-west-2', roles: [] },
      iamRole: whole.iamRole,
      connections: ['session_vpc'],
      tags: { team: 'analytics' },
      workerType: 'G.2X',
      numberOfWorkers: 5,
      glueVersion: '5.1',
      idleTimeout: 20,
      more: { arguments: { '--conf': 'spark.a=b' } },
    });
    expect(withPreset(wish, readPreset('small', { numberOfWorkers: 3 }))).toEqual({
      ...wish,
      numberOfWorkers: 3,
    });
    expect(schema(whole)).toBe(true);
  });

  it('are written as they are read', () => {
    expect(toPresetSetting(withPreset(wish, readPreset('vpc', whole)))).toEqual(whole);
  });

  it.each<[unknown, RegExp]>([
    ['G.1X', /glueSessions\.presets\["p"\] is "G\.1X"\. Expected an object/],
    [{ worker: 'G.1X' }, /has "worker", which is not known\. Expected: description, arguments, profile/],
    [{ workerType: 'G.3X' }, /glueSessions\.presets\["p"\]\.workerType: "G\.3X" is not a worker type/],
    [{ numberOfWorkers: 1 }, /numberOfWorkers: "1" is not a number of workers/],
    [{ idleTimeout: 0 }, /idleTimeout: "0" is not/],
    [{ iamRole: 3 }, /iamRole: 3 is not the ARN or the name of a role/],
    [{ region: 'Ireland' }, /\["p"\]\.region is "Ireland"\. Expected a Region/],
    [{ roles: [{ roleArn: 'x' }] }, /"x" is not the ARN of a role/],
    [{ arguments: { conf: 'a' } }, /arguments is \{"conf":"a"\}\. Expected keys with --/],
  ])('%j is named with what was expected', (preset, message) => {
    expect(() => readPreset('p', preset)).toThrow(message);
    const { presets, problems } = readPresets([{ presets: { p: preset, good: {} } }]);
    expect(presets.map(({ name }) => name)).toEqual(['good']);
    expect(
      problems.map(({ name, text }) => [name, typeof text === 'string' ? text : inEnglish(text)]),
    ).toEqual([['p', expect.stringMatching(message)]]);
    expect(schema(preset)).toBe(false);
  });
});

describe('tags suggested', () => {
  const inUse: readonly Tags[] = [
    { team: 'analytics', billing: 'data', owner: 'A' },
    { team: 'analytics', billing: 'data' },
    { team: 'marketing', billing: 'ads' },
    { team: 'risk' },
    { stage: 'test' },
  ];
  const pairs = (text: string) =>
    suggestTags(text, inUse).map(({ key, value, uses }) => `${key}=${value} ${String(uses)}`);

  it('are those in use, by how many use the key and then the value; never an owner', () => {
    expect(pairs('')).toEqual([
      'team=analytics 2',
      'team=marketing 1',
      'billing=data 2',
      'billing=ads 1',
      'stage=test 1',
    ]);
  });

  it('complete what is being written, all values of a key once it is', () => {
    expect(pairs('bi')).toEqual(['billing=data 2', 'billing=ads 1']);
    expect(pairs('stage=test, team=')).toEqual(['team=analytics 2', 'team=marketing 1', 'team=risk 1']);
  });

  it('leave out keys that are written, and add to the list', () => {
    const [first] = suggestTags('team=x', inUse);
    expect(first).toMatchObject({ key: 'billing', text: 'team=x, billing=data' });
    expect(suggestTags('team=x, bil', inUse)[0]?.text).toBe('team=x, billing=data');
  });

  it('quote what has a comma', () => {
    expect(suggestTags('', [{ team: 'a, b' }])[0]?.text).toBe('team="a, b"');
  });

  it('puts first what a rule seems to want, also where nobody has it', () => {
    const offered = (text: string) =>
      suggestTags(text, inUse, ['cost', 'billing']).map(({ key, value }) => `${key}=${value}`);
    expect(offered('')[0]).toMatch(/^billing=/);
    expect(offered('')).toContain('cost=');
    expect(offered('').indexOf('cost=')).toBeLessThan(
      offered('').findIndex((tag) => tag.startsWith('team=')),
    );
    expect(offered('cost=1, ')).not.toContain('cost=');
    expect(offered('co')).toEqual(['cost=']);
    expect(suggestTags('team=x, co', inUse, ['cost'])[0]?.text).toBe('team=x, cost=');
  });
});

describe('a start that failed', () => {
  const failed = (message: string) =>
    new SessionStartError(session({ status: 'FAILED', errorMessage: message }));
  it.each<[string, Error, readonly string[]]>([
    ['id in use', callError('AlreadyExists'), ['again']],
    [
      'limit',
      callError('ResourceNumberLimitExceeded', 'notExecuted', 'Max sessions'),
      ['stopOthers', 'numberOfWorkers'],
    ],
    [
      'trust',
      callError(
        'InvalidInput',
        'notExecuted',
        'Role arn should be given assume role permissions for Glue Service',
      ),
      ['iamRole'],
    ],
    ['no connection', callError('EntityNotFound', 'notExecuted', 'Connection x not found'), ['connections']],
    ['not sent', callError('Network', 'notExecuted', 'ECONNREFUSED'), ['again']],
    ['lost', callError('Network', 'unknown', 'gone'), []],
    ['sign-in', callError('Credentials', 'notExecuted', 'Sign in with: aws sso login'), ['signIn', 'target']],
    ['keys', callError('ExpiredToken'), ['again', 'target']],
    [
      'addresses',
      failed('The specified subnet does not have enough free addresses'),
      ['connections', 'numberOfWorkers'],
    ],
    ['capacity', failed('Insufficient capacity'), ['numberOfWorkers', 'stopOthers']],
    ['role elsewhere', new InvalidInputError('The runtime role x is in account 1'), ['iamRole', 'target']],
    ['anything', failed('boom'), ['review']],
    ['unknown', new SessionUnknownError('s', callError('Network', 'unknown')), []],
  ])('%s', (_, error, fixes) => {
    expect(startFixes(error)).toEqual(fixes);
  });
});

it('remembers what starts have met, the newest being true', () => {
  const start = { connections: ['scratch'], role, tags: {} };
  const denied = withOutcome(noOutcomes, start, { connection: true });
  expect(denied).toEqual({ connections: { scratch: 'denied' }, roles: {}, tags: {} });
  const none = withOutcome(denied, { ...start, connections: [] }, { connection: true });
  expect(none.connections).toEqual({ scratch: 'denied', '': 'denied' });
  const started = withOutcome(none, start, 'started');
  expect(started).toEqual({
    connections: { scratch: 'started', '': 'denied' },
    roles: { [role]: 'started' },
    tags: {},
  });
  const roleDenied = withOutcome(started, start, { connection: false, role: { others: [] } });
  expect(roleDenied).toMatchObject({ connections: { scratch: 'started' }, roles: { [role]: 'denied' } });
  const tagDenied = withOutcome(started, start, { connection: false, tag: { key: 'team' } });
  expect(tagDenied.tags).toEqual({ team: 'denied' });
  // With the tag it says nothing of a start without it.
  expect(withOutcome(tagDenied, { ...start, tags: { team: 'x' } }, 'started').tags).toEqual({
    team: 'denied',
  });
  expect(withOutcome(tagDenied, start, 'started').tags).toEqual({});
});

describe('a start that was cancelled before an answer came', () => {
  const gone = callError('EntityNotFound');
  it('is looked for until it appears', async () => {
    const getSession = answers<Session>(gone, gone, session({ id: 'late', status: 'PROVISIONING' }));
    await expect(findCancelledStart({ getSession }, 'late', quickClock())).resolves.toMatchObject({
      id: 'late',
    });
  });

  it('was not made when it does not appear', async () => {
    const clock = quickClock();
    await expect(
      findCancelledStart({ getSession: answers<Session>(gone) }, 'none', clock),
    ).resolves.toBeUndefined();
    expect(clock.slept).toHaveLength(5);
  });

  it('is not taken for missing when it may not be seen', async () => {
    const getSession = answers<Session>(callError('AccessDenied'));
    await expect(findCancelledStart({ getSession }, 'x', quickClock())).rejects.toThrow('AccessDenied');
  });
});
