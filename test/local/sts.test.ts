import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/local/policies/authorization';
import { Authorizer } from '../../src/local/services/authorizer';
import { Keys } from '../../src/local/services/keys';
import { Sts } from '../../src/local/services/sts';
import { loadWorld } from '../../src/local/world/loadWorld';

const trust = (Principal: unknown, Action: unknown = 'sts:AssumeRole', Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) }],
});
const allow = (Action: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const ada = 'arn:aws:iam::111122223333:user/ada';
const everySts = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

const world = loadWorld(
  JSON.stringify({
    accounts: {
      '111122223333': {
        policies: { Everything: allow('*'), OnlyS3: allow('s3:*') },
        users: {
          ada: { profile: 'ada', managedPolicies: ['Everything'] },
          bob: { profile: 'bob', managedPolicies: ['Everything'], permissionsBoundary: 'OnlyS3' },
        },
        roles: {
          Coded: {
            trustPolicy: trust({ AWS: ada }, 'sts:AssumeRole', {
              Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            }),
          },
          First: { managedPolicies: ['Everything'], trustPolicy: trust({ AWS: '111122223333' }, everySts) },
          Second: { managedPolicies: ['Everything'], trustPolicy: trust({ AWS: '111122223333' }, everySts) },
          ForBob: { trustPolicy: trust({ AWS: 'arn:aws:iam::111122223333:user/bob' }) },
          ForTheRole: { trustPolicy: trust({ AWS: 'arn:aws:iam::111122223333:role/First' }) },
        },
      },
    },
  }),
  'test',
);
const keys = new Keys(() => Date.now());
const issued = keys.issueForUsers(world);
const sts = new Sts(new Authorizer(world), keys);

/** Assumes a role and gives the caller that its keys stand for. */
function assume(caller: Caller, role: string, parameters: Readonly<Record<string, string>> = {}): Caller {
  const input = new URLSearchParams({
    RoleArn: `arn:aws:iam::111122223333:role/${role}`,
    RoleSessionName: 'test',
    ...parameters,
  });
  const { Credentials } = sts.handle('AssumeRole', input, caller) as { Credentials: { AccessKeyId: string } };
  return keys.find(Credentials.AccessKeyId)!.caller;
}
const user = (name: string) => issued.get(name)!.caller;

describe('AssumeRole', () => {
  it('meets a trust policy that wants a code, when a code is given', () => {
    expect(() => assume(user('ada'), 'Coded')).toThrow(/not authorized to perform: sts:AssumeRole/);
    const code = { SerialNumber: 'arn:aws:iam::111122223333:mfa/ada', TokenCode: '123456' };
    expect(assume(user('ada'), 'Coded', code).arn).toMatch(/assumed-role\/Coded\/test$/);
    expect(() => assume(user('ada'), 'Coded', { ...code, TokenCode: '12' })).toThrow(/'tokenCode' failed/);
    expect(() =>
      assume(user('ada'), 'Coded', { ...code, SerialNumber: 'arn:aws:iam::444455556666:mfa/ada' }),
    ).toThrow(/MultiFactorAuthentication failed/);
  });

  it('hands transitive tags and the source identity on through a chain', () => {
    const first = assume(user('ada'), 'First', {
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'red',
      'Tags.member.2.Key': 'desk',
      'Tags.member.2.Value': '7',
      'TransitiveTagKeys.member.1': 'team',
      SourceIdentity: 'ada',
    });
    expect(first.principalTags).toEqual({ team: 'red', desk: '7' });
    const second = assume(first, 'Second');
    expect(second.principalTags).toEqual({ team: 'red' });
    expect(second.sourceIdentity).toBe('ada');
    expect(() => assume(second, 'First', { SourceIdentity: 'bob' })).toThrow(/sts:SetSourceIdentity/);
    expect(() =>
      assume(second, 'First', { 'Tags.member.1.Key': 'Team', 'Tags.member.1.Value': 'blue' }),
    ).toThrow(/conflicts with a transitive tag/);
  });

  it.each([
    [{ 'Tags.member.1.Key': '', 'Tags.member.1.Value': 'x' }, /length greater than or equal to 1/],
    [{ 'Tags.member.1.Key': 'a*', 'Tags.member.1.Value': 'x' }, /regular expression pattern/],
    [
      {
        'Tags.member.1.Key': 'a',
        'Tags.member.1.Value': 'x',
        'Tags.member.2.Key': 'A',
        'Tags.member.2.Value': 'y',
      },
      /Duplicate tag keys/,
    ],
    [
      { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'x', 'TransitiveTagKeys.member.1': 'b' },
      /must be included in the requested tags/,
    ],
    [{ Policy: '{' }, /JSON/],
    [{ 'PolicyArns.member.1.arn': 'arn:aws:iam::111122223333:policy/None' }, /isn't in this world/],
  ])('refuses %j', (parameters, reason) => {
    expect(() => assume(user('ada'), 'First', parameters as Record<string, string>)).toThrow(reason);
  });

  it('narrows a session by managed policies as by its own', () => {
    const narrowed = assume(user('ada'), 'First', {
      'PolicyArns.member.1.arn': 'arn:aws:iam::111122223333:policy/OnlyS3',
    });
    expect(() => assume(narrowed, 'Second')).toThrow(/not authorized/);
  });

  it('lets a trust policy that names a user pass a silent boundary, one that names a role not', () => {
    expect(assume(user('bob'), 'ForBob').arn).toMatch(/ForBob/);
    expect(() => assume(user('bob'), 'First')).toThrow(/not authorized/);
    expect(assume(assume(user('ada'), 'First'), 'ForTheRole').arn).toMatch(/ForTheRole/);
    const narrowed = assume(user('ada'), 'First', {
      Policy: JSON.stringify(allow('s3:*')),
    });
    expect(() => assume(narrowed, 'ForTheRole')).toThrow(/not authorized/);
  });
});
