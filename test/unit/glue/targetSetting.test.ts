import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { readTargetSetting, toTargetSetting } from '../../../src/glue/targetSetting';

const roleArn = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
const other = 'arn:aws:iam::777788889999:role/Second';
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  contributes: { configuration: { properties: Record<string, { items: object }> } };
};
const schema = new Ajv({ strict: false }).compile(
  manifest.contributes.configuration.properties['glueSessions.targets']!.items,
);
const role = (change: object) => ({ roles: [{ roleArn, ...change }] });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${String(index)}`, 'v']));

describe('a target of the settings', () => {
  const good: readonly object[] = [
    {},
    { profile: 'dev', region: 'eu-west-2' },
    { profile: 'dev', endpoint: 'http://127.0.0.1:4580' },
    role({}),
    role({ externalId: 'a:b/c', mfaSerial: 'arn:aws:iam::111122223333:mfa/ada', sessionName: 'ada@example' }),
    role({
      mfaSerial: 'GAHT12345678',
      durationSeconds: 43_200,
      sessionTags: { team: 'a b', 'cost:code': '' },
    }),
    {
      roles: [
        { roleArn, durationSeconds: 900 },
        { roleArn: other, durationSeconds: 3600 },
      ],
    },
  ];
  it.each(good)('%j is taken, and written again as it was', (setting) => {
    expect(toTargetSetting(readTargetSetting(setting, 't'))).toEqual(setting);
    expect(schema(setting), JSON.stringify(schema.errors)).toBe(true);
  });

  it.each<[object | string, RegExp]>([
    ['dev', /^t is "dev"\. Expected an object/],
    [{ roleToAssume: roleArn }, /^t has "roleToAssume", which is not known\. Expected: profile, roles/],
    [{ profile: '' }, /^t\.profile is ""\. Expected the name of a profile/],
    [{ region: 'Ireland' }, /^t\.region is "Ireland"\. Expected a Region such as us-east-1/],
    [{ endpoint: 'localhost:4580' }, /^t\.endpoint is "localhost:4580"\. Expected a URL/],
    [{ roles: roleArn }, /^t\.roles is .*Expected a list of roles/],
    [{ roles: [{}] }, /^t\.roles\[0\]\.roleArn is missing\. Expected text/],
    [{ roles: [{ roleArn: 'arn:aws:iam::4444:role/X' }] }, /"4444" is not one/],
    [role({ externalId: 'a b' }), /^t\.roles\[0\]\.externalId is "a b"\. Expected 2 to 1224/],
    [
      role({ mfaSerial: 'arn:aws:iam::111122223333:user/ada' }),
      /mfaSerial is .*Expected arn:aws:iam::ACCOUNT:mfa/,
    ],
    [role({ mfaSerial: 'short' }), /Expected arn:aws:iam::ACCOUNT:mfa\/NAME, or the serial number/],
    [role({ sessionName: 'a b' }), /sessionName is "a b"\. Expected 2 to 64/],
    [
      role({ durationSeconds: 60 }),
      /durationSeconds is 60\. Expected a whole number of seconds from 900 to 43200\./,
    ],
    [role({ durationSeconds: 43_201 }), /from 900 to 43200/],
    [role({ durationSeconds: '3600' }), /durationSeconds is "3600"/],
    [role({ sessionTags: { 'aws:x': 'y' } }), /is "aws:x"\. Expected .* without aws:/],
    [role({ sessionTags: { team: 'a'.repeat(257) } }), /the value of "team" is .*Expected up to 256/],
    [role({ sessionTags: { team: 3 } }), /the value of "team" is 3/],
    [role({ sessionTags: many(51) }), /is 51\. Expected at most 50/],
    [role({ extrenalId: 'x1' }), /has "extrenalId", which is not known/],
  ])('%j is named with what was expected', (setting, message) => {
    expect(() => readTargetSetting(setting, 't')).toThrow(message);
    expect(schema(setting)).toBe(false);
  });

  it('is capped at an hour for a role assumed with the keys of another, as AWS caps it', () => {
    const chain = { roles: [{ roleArn }, { roleArn: other, durationSeconds: 3601 }] };
    expect(() => readTargetSetting(chain, 't')).toThrow(
      /t\.roles\[1\]\.durationSeconds is 3601.*3600: AWS caps/,
    );
  });

  it('has no two session tags that differ in capitals alone', () => {
    expect(() => readTargetSetting(role({ sessionTags: { Team: 'a', team: 'b' } }), 't')).toThrow(
      /differ in more than capitals/,
    );
  });
});
