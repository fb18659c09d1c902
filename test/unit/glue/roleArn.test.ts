import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import { parseRoleArn, resolveRoleArn, sessionArn } from '../../../src/glue/roleArn';

describe('parseRoleArn', () => {
  it('takes an ARN apart, with a path and in other partitions', () => {
    expect(parseRoleArn(' arn:aws:iam::444455556666:role/service-role/R-1 ')).toEqual({
      partition: 'aws',
      account: '444455556666',
      name: 'R-1',
      arn: 'arn:aws:iam::444455556666:role/service-role/R-1',
    });
    expect(parseRoleArn('arn:aws-us-gov:iam::444455556666:role/R').partition).toBe('aws-us-gov');
  });

  it.each([
    ['arn:aws:iam::44445555666:role/R', '"44445555666" is not one'],
    ['arn:aws:iam::444455556666:user/R', 'not of a role'],
    ['arn:aws:sts::444455556666:assumed-role/R/S', 'role session'],
    ['arn:aws:iam::444455556666:role/', 'arn:aws:iam::ACCOUNT:role/NAME'],
    ['arn:aws:iam:444455556666:role/R', 'arn:aws:iam::ACCOUNT:role/NAME'],
    ['', 'arn:aws:iam::ACCOUNT:role/NAME'],
    ['rôle', 'arn:aws:iam::ACCOUNT:role/NAME'],
  ])('refuses %s and says why', (text, reason) => {
    expect(() => parseRoleArn(text)).toThrow(InvalidInputError);
    expect(() => parseRoleArn(text)).toThrow(reason);
  });
});

it('resolves a bare name in the account of the caller', () => {
  expect(resolveRoleArn('AWSGlueServiceRole', '111122223333')).toBe(
    'arn:aws:iam::111122223333:role/AWSGlueServiceRole',
  );
  expect(resolveRoleArn('arn:aws:iam::444455556666:role/R', '111122223333')).toBe(
    'arn:aws:iam::444455556666:role/R',
  );
});

it('writes session ARNs in the partition of the Region', () => {
  expect(sessionArn('eu-west-2', '444455556666', 'a b')).toBe(
    'arn:aws:glue:eu-west-2:444455556666:session/a b',
  );
  expect(sessionArn('cn-north-1', '1', 'x')).toMatch(/^arn:aws-cn:/);
  expect(sessionArn('us-gov-west-1', '1', 'x')).toMatch(/^arn:aws-us-gov:/);
});
