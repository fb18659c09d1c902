import { expect, it } from 'vitest';
import { approvalsOf } from '../../../src/glue/approval';
import { rolesForGlue } from '../../../src/glue/access/trust';

const trusting = (Service: unknown, more: object = {}) =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...more }],
  });

it('offers the roles that Glue may assume, and tells those with a condition apart', () => {
  const policies = {
    plain: trusting('glue.amazonaws.com'),
    several: trusting(['ec2.amazonaws.com', 'glue.amazonaws.com']),
    conditional: trusting('glue.amazonaws.com', {
      Condition: { StringEquals: { 'aws:SourceAccount': '1' } },
    }),
    other: trusting('ec2.amazonaws.com'),
    people: trusting(undefined, { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
    denied: trusting('glue.amazonaws.com', { Effect: 'Deny' }),
    broken: 'no JSON',
  };
  const roles = Object.entries(policies).map(([arn, trustPolicy]) => ({ arn, trustPolicy }));
  expect(rolesForGlue(roles)).toEqual([
    { arn: 'plain', isConditional: false },
    { arn: 'several', isConditional: false },
    { arn: 'conditional', isConditional: true },
  ]);
});

it('asks about every part of a target that says who calls, and where to', () => {
  const roles = [{ roleArn: 'arn:one' }, { roleArn: 'arn:two' }];
  expect(approvalsOf({ profile: 'p', roles, region: 'eu-west-1', endpoint: 'http://127.0.0.1:1/' })).toEqual([
    { kind: 'profile', value: 'p' },
    { kind: 'role', value: 'arn:one' },
    { kind: 'role', value: 'arn:two' },
    { kind: 'endpoint', value: 'http://127.0.0.1:1/' },
  ]);
  expect(approvalsOf({ roles: [] })).toEqual([]);
});
