import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, Caller, PolicyDocument } from '../../src/local/policies/authorization';
import { conditionHolds } from '../../src/local/policies/conditionOperators';
import {
  authorize,
  trustAnswer,
  trustsService,
  type ApplicablePolicies,
} from '../../src/local/policies/evaluate';
import { parsePolicy, PolicyError } from '../../src/local/policies/parsePolicy';
import { wildcardMatch } from '../../src/local/policies/wildcards';

const caller: Caller = {
  account: '444455556666',
  arn: 'arn:aws:sts::444455556666:assumed-role/R/ada',
  principalArn: 'arn:aws:iam::444455556666:role/R',
  userId: 'AROAX:ada',
  principalTags: { team: 'analytics' },
  sessionPolicies: [],
};

const session = 'arn:aws:glue:us-east-1:444455556666:session/s1';

function policy(...statements: object[]): PolicyDocument {
  return parsePolicy('p', { Version: '2012-10-17', Statement: statements }, 'identity');
}

const allowAll = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

function decide(
  identity: readonly PolicyDocument[],
  context: AuthorizationRequest['context'] = {},
  more: Partial<ApplicablePolicies> & { caller?: Partial<Caller>; action?: string; resource?: string } = {},
): string {
  const decision = authorize(
    {
      caller: { ...caller, ...more.caller },
      action: more.action ?? 'glue:CreateSession',
      resource: more.resource ?? session,
      resourceAccount: '444455556666',
      context,
    },
    {
      identity,
      serviceControl: more.serviceControl ?? [],
      ...(more.permissionsBoundary && { permissionsBoundary: more.permissionsBoundary }),
    },
  );
  return decision.allowed ? 'allowed' : `${decision.explicit ? 'deny' : 'none'}: ${decision.kind}`;
}

const allow = (more: object) =>
  policy({ Effect: 'Allow', Action: 'glue:CreateSession', Resource: '*', ...more });
const deny = (more: object) =>
  policy({ Effect: 'Deny', Action: 'glue:CreateSession', Resource: '*', ...more });
const when = (Condition: object) => [allow({ Condition })];

describe('evaluation logic (IAM user guide)', () => {
  it('denies by default', () => {
    expect(decide([])).toBe('none: identity-based policy');
  });

  it('allows what an identity policy allows', () => {
    expect(decide([allow({})])).toBe('allowed');
  });

  it('lets an explicit deny win over any allow', () => {
    expect(decide([allowAll, deny({})])).toBe('deny: identity-based policy');
  });

  it('needs the permissions boundary and the service control policies to allow too', () => {
    const other = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
    expect(decide([allowAll], {}, { permissionsBoundary: other })).toBe('none: permissions boundary');
    expect(decide([allowAll], {}, { serviceControl: [other] })).toBe('none: service control policy');
    expect(decide([allowAll], {}, { caller: { sessionPolicies: [other] } })).toBe('none: session policy');
    expect(decide([], {}, { permissionsBoundary: allowAll, serviceControl: [allowAll] })).toBe(
      'none: identity-based policy',
    );
  });

  it('names the policy kind that denies', () => {
    expect(decide([allowAll], {}, { serviceControl: [allowAll, deny({})] })).toBe(
      'deny: service control policy',
    );
    expect(decide([allowAll], {}, { permissionsBoundary: deny({}) })).toBe('deny: permissions boundary');
  });

  it.each([
    [{ Action: 'glue:Create*' }, 'allowed'],
    [{ Action: 'GLUE:createsession' }, 'allowed'],
    [{ Action: 'glue:Get?ession' }, 'none: identity-based policy'],
    [{ Action: ['s3:*', 'glue:*'] }, 'allowed'],
    [{ Resource: 'arn:aws:glue:*:444455556666:session/*' }, 'allowed'],
    [{ Resource: 'arn:aws:glue:*:111122223333:session/*' }, 'none: identity-based policy'],
    [{ Resource: 'arn:aws:glue:us-east-1:444455556666:session/S1' }, 'none: identity-based policy'],
  ])('matches actions and resources %#', (change, expected) => {
    expect(decide([allow(change)])).toBe(expected);
  });

  it('takes NotAction and NotResource', () => {
    expect(decide([policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })])).toBe('allowed');
    expect(decide([policy({ Effect: 'Allow', NotAction: 'glue:*', Resource: '*' })])).toBe(
      'none: identity-based policy',
    );
    expect(decide([policy({ Effect: 'Allow', Action: '*', NotResource: session })])).toBe(
      'none: identity-based policy',
    );
    expect(decide([allowAll, policy({ Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::*' })])).toBe(
      'deny: identity-based policy',
    );
  });

  it('ANDs operators and keys, ORs values', () => {
    const both = { StringEquals: { 'aws:RequestTag/team': ['a', 'b'], 'aws:RequestTag/billing': 'x' } };
    expect(decide(when(both), { 'aws:RequestTag/team': ['b'], 'aws:RequestTag/billing': ['x'] })).toBe(
      'allowed',
    );
    expect(decide(when(both), { 'aws:RequestTag/team': ['b'], 'aws:RequestTag/billing': ['y'] })).toBe(
      'none: identity-based policy',
    );
  });

  it.each([
    ['${aws:userid}', 'aws:ResourceTag/owner', 'AROAX:ada', 'allowed'],
    ['${aws:userid}', 'aws:ResourceTag/owner', 'AROAX:bob', 'none: identity-based policy'],
    ['${aws:PrincipalTag/team}', 'aws:ResourceTag/team', 'analytics', 'allowed'],
    ["${aws:PrincipalTag/none, 'open'}", 'aws:ResourceTag/team', 'open', 'allowed'],
    ['${aws:PrincipalTag/none}', 'aws:ResourceTag/team', '', 'none: identity-based policy'],
    ['a${*}b', 'aws:ResourceTag/team', 'a*b', 'allowed'],
    ['${AWS:UserId}', 'AWS:resourcetag/OWNER', 'AROAX:ada', 'allowed'],
  ])('resolves the variable %s', (value, key, actual, expected) => {
    expect(decide(when({ StringEquals: { [key]: value } }), { [key]: [actual] })).toBe(expected);
  });

  it('takes an escaped wildcard for itself', () => {
    const like = (value: string, actual: string) =>
      decide(when({ StringLike: { 'aws:ResourceTag/team': value } }), { 'aws:ResourceTag/team': [actual] });
    expect(like('a${*}b*', 'a*bc')).toBe('allowed');
    expect(like('a${*}b*', 'axbc')).toBe('none: identity-based policy');
    expect(like('a${?}', 'a?')).toBe('allowed');
    expect(like('a${?}', 'ab')).toBe('none: identity-based policy');
    expect(like('a?', 'a*')).toBe('allowed');
    expect(like('${$}x', '$x')).toBe('allowed');
  });

  it('takes variables in resources, and as plain text in the old version', () => {
    const resource = 'arn:aws:glue:*:*:session/${aws:userid}-*';
    const mine = { resource: 'arn:aws:glue:us-east-1:444455556666:session/AROAX:ada-1' };
    expect(decide([allow({ Resource: resource })], {}, mine)).toBe('allowed');
    expect(decide([allow({ Resource: resource })])).toBe('none: identity-based policy');
    const old = parsePolicy(
      'old',
      { Version: '2008-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: resource } },
      'identity',
    );
    expect(decide([old], {}, mine)).toBe('none: identity-based policy');
  });
});

describe('the VPC rule of the story', () => {
  const rules = [
    allowAll,
    deny({ Condition: { 'ForAnyValue:StringNotEquals': { 'glue:VpcIds': ['vpc-1', 'vpc-2'] } } }),
    deny({ Condition: { Null: { 'glue:VpcIds': 'true' } } }),
  ];
  it.each([
    [{ 'glue:VpcIds': ['vpc-1'] }, 'allowed'],
    [{ 'glue:VpcIds': ['vpc-1', 'vpc-2'] }, 'allowed'],
    [{ 'glue:VpcIds': ['vpc-1', 'vpc-9'] }, 'deny: identity-based policy'],
    [{ 'glue:VpcIds': ['vpc-9'] }, 'deny: identity-based policy'],
    [{}, 'deny: identity-based policy'],
  ])('decides %o', (context, expected) => {
    expect(decide(rules, context)).toBe(expected);
  });
});

describe('condition operators', () => {
  it.each<[string, string[] | undefined, string[], boolean]>([
    ['StringEquals', ['a'], ['a', 'b'], true],
    ['StringEquals', ['A'], ['a'], false],
    ['StringEquals', undefined, ['a'], false],
    ['StringEqualsIfExists', undefined, ['a'], true],
    ['StringNotEquals', ['a'], ['b', 'c'], true],
    ['StringNotEquals', ['a'], ['a', 'c'], false],
    ['StringNotEquals', undefined, ['a'], true],
    ['StringNotEquals', ['a', 'b'], ['a'], false],
    ['StringEqualsIgnoreCase', ['A'], ['a'], true],
    ['StringNotEqualsIgnoreCase', ['A'], ['a'], false],
    ['StringLike', ['team-a'], ['team-*'], true],
    ['StringNotLike', ['team-a'], ['team-*'], false],
    ['StringLike', ['teams'], ['team?'], true],
    ['Null', undefined, ['true'], true],
    ['Null', ['x'], ['true'], false],
    ['Null', ['x'], ['false'], true],
    ['Null', [], ['true'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', ['a', 'd'], ['a', 'b', 'c'], false],
    ['ForAllValues:StringEquals', undefined, ['a'], true],
    ['ForAnyValue:StringEquals', ['x', 'a'], ['a'], true],
    ['ForAnyValue:StringEquals', undefined, ['a'], false],
    ['ForAnyValue:StringNotEquals', ['a', 'x'], ['a'], true],
    ['ForAnyValue:StringNotEquals', undefined, ['a'], false],
    ['ForAllValues:StringNotEquals', ['x', 'y'], ['a'], true],
    ['ForAllValues:StringNotEquals', ['x', 'a'], ['a'], false],
    ['ForAnyValue:StringLike', ['team'], ['t*'], true],
    ['ForAnyValue:StringNotEqualsIfExists', undefined, ['a'], true],
    ['NumericEquals', ['5'], ['5.0'], true],
    ['NumericLessThan', ['4'], ['5'], true],
    ['NumericLessThanEquals', ['6'], ['5'], false],
    ['NumericGreaterThan', ['6'], ['5'], true],
    ['NumericNotEquals', ['6'], ['5'], true],
    ['NumericEquals', ['five'], ['5'], false],
    ['DateLessThan', ['2026-01-01T00:00:00Z'], ['2026-06-01T00:00:00Z'], true],
    ['DateGreaterThanEquals', ['1767225600'], ['2026-01-01T00:00:00Z'], true],
    ['Bool', ['true'], ['True'], true],
    ['Bool', undefined, ['false'], false],
    ['BoolIfExists', undefined, ['true'], true],
    ['ArnEquals', ['arn:aws:iam::1:role/a/b'], ['arn:aws:iam::1:role/*'], true],
    ['ArnLike', ['arn:aws:iam::1:role/a'], ['arn:aws:iam::*:role/a'], true],
    ['ArnLike', ['arn:aws:iam::1:role/a'], ['arn:*:role/a'], false],
    ['ArnNotLike', ['arn:aws:iam::1:role/a'], ['arn:aws:iam::2:*'], true],
    ['IpAddress', ['127.0.0.1'], ['127.0.0.1/32'], true],
    ['IpAddress', ['127.0.0.1'], ['10.0.0.0/8', '127.0.0.0/8'], true],
    ['IpAddress', ['127.0.0.1'], ['::1/128'], false],
    ['NotIpAddress', ['127.0.0.1'], ['127.0.0.0/8'], false],
    ['NotIpAddress', ['127.0.0.1'], ['10.0.0.0/8'], true],
    ['Null', undefined, ['True'], true],
    ['StringNotLike', ['a', 'b'], ['a*', 'c*'], false],
    ['StringNotEquals', ['vpc-1', 'vpc-9'], ['vpc-1'], false],
    ['ForAllValues:StringLike', [], ['a*'], true],
  ])('%s %j against %j is %s', (operator, actual, expected, holds) => {
    expect(conditionHolds(operator, actual, expected)).toBe(holds);
  });
});

describe('trust policies', () => {
  const trust = (statement: object) =>
    parsePolicy(
      't',
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }] },
      'trust',
    );
  const ask = (document: PolicyDocument, context: AuthorizationRequest['context'] = {}) =>
    trustAnswer({ caller, action: 'sts:AssumeRole', resource: 'r', resourceAccount: '1', context }, document);

  it('tells who is named', () => {
    expect(ask(trust({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }))).toBe('allowAccount');
    expect(ask(trust({ Principal: { AWS: '444455556666' } }))).toBe('allowAccount');
    expect(ask(trust({ Principal: { AWS: caller.principalArn } }))).toBe('allowRole');
    expect(ask(trust({ Principal: { AWS: caller.arn } }))).toBe('allowPrincipal');
    expect(ask(trust({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }))).toBe('none');
    expect(ask(trust({ Principal: { Service: 'glue.amazonaws.com' } }))).toBe('none');
    expect(ask(trust({ Principal: '*', Effect: 'Deny' }))).toBe('deny');
  });

  it('lets a service in under its conditions', () => {
    const document = trust({
      Principal: { Service: 'glue.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } },
    });
    expect(trustsService(document, 'glue.amazonaws.com', { 'aws:SourceAccount': ['444455556666'] })).toBe(
      true,
    );
    expect(trustsService(document, 'glue.amazonaws.com', { 'aws:SourceAccount': ['1'] })).toBe(false);
    expect(trustsService(document, 'ec2.amazonaws.com', { 'aws:SourceAccount': ['444455556666'] })).toBe(
      false,
    );
  });

  it('takes no pattern for a principal', () => {
    expect(() => trust({ Principal: { AWS: 'arn:aws:iam::444455556666:role/*' } })).toThrow('has a wildcard');
  });

  it('holds to an external id', () => {
    const document = trust({
      Principal: { AWS: '444455556666' },
      Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
    });
    expect(ask(document)).toBe('none');
    expect(ask(document, { 'sts:ExternalId': ['x'] })).toBe('allowAccount');
  });
});

describe('what the evaluator does not know', () => {
  const base = { Effect: 'Allow', Action: '*', Resource: '*' };
  it.each([
    [{ ...base, NotPrincipal: '*' }, 'the element NotPrincipal'],
    [{ ...base, Condition: { StringSounds: { 'aws:userid': 'x' } } }, 'the condition operator StringSounds'],
    [
      { ...base, Condition: { 'ForSomeValues:StringEquals': { 'aws:userid': 'x' } } },
      'ForSomeValues:StringEquals',
    ],
    [{ ...base, Condition: { NullIfExists: { 'aws:userid': 'true' } } }, 'NullIfExists'],
    [{ ...base, Condition: { StringEquals: { 'aws:Moon': 'x' } } }, 'the condition key aws:Moon'],
    [{ ...base, Condition: { StringEquals: { 'aws:userid': [] } } }, 'has no value'],
    ...['constructor', 'toString', 'BinaryEquals', 'ForAnyValue:constructor'].map(
      (name): [object, string] => [
        { ...base, Condition: { [name]: { 'aws:userid': 'x' } } },
        `the condition operator ${name} is not known`,
      ],
    ),
    [{ ...base, Condition: { IpAddress: { 'aws:SourceIp': 'home' } } }, 'with "home"'],
    [{ ...base, Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }, 'with "soon"'],
    [{ ...base, Condition: { NumericEquals: { 'aws:MultiFactorAuthAge': 'x' } } }, 'with "x"'],
    [{ ...base, Condition: { Bool: { 'aws:SecureTransport': 'maybe' } } }, 'with "maybe"'],
    [{ ...base, Effect: 'Maybe' }, 'Effect "Maybe"'],
    [{ Effect: 'Allow', Resource: '*' }, 'Action or NotAction'],
    [{ ...base, NotAction: '*' }, 'only one of them'],
    [{ ...base, Action: 'everything' }, '"everything" is not an action'],
    [{ ...base, Principal: '*' }, 'has no Principal'],
  ])('is refused by name %#', (statement, reason) => {
    expect(() => policy(statement)).toThrow(PolicyError);
    expect(() => policy(statement)).toThrow(reason);
  });

  it('also beside the statements', () => {
    expect(() =>
      parsePolicy('p', { Version: '2012-10-17', Statement: [base], Extra: 1 }, 'identity'),
    ).toThrow('the element Extra');
    expect(() => parsePolicy('p', { Version: '2020-01-01', Statement: [base] }, 'identity')).toThrow(
      'Version',
    );
    expect(() =>
      parsePolicy('t', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] }, 'trust'),
    ).toThrow('needs a Principal');
  });
});

it('matches wildcards without backtracking for ever', () => {
  expect(wildcardMatch('a*b*c', 'axxbyyc')).toBe(true);
  expect(wildcardMatch('a*b', 'ab')).toBe(true);
  expect(wildcardMatch('', '')).toBe(true);
  expect(wildcardMatch('*', '')).toBe(true);
  expect(wildcardMatch('a?', 'a')).toBe(false);
  const started = performance.now();
  expect(wildcardMatch('*a'.repeat(50), 'b'.repeat(10_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
