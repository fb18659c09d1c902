import { describe, expect, it } from 'vitest';
import { denialDetails, explainDenial } from '../../../src/glue/denial';
import { AwsCallError } from '../../../src/glue/errors';
import { request } from '../scriptedApi';

const denied = (message: string, action = 'glue:CreateSession') =>
  new AwsCallError('AccessDenied', message, action, 'notExecuted', 'r-1');
const who = 'arn:aws:sts::444455556666:assumed-role/R/S';
const session = 'arn:aws:glue:us-east-1:444455556666:session/s1';

describe('explainDenial', () => {
  it('tells a start without a connection from one with an unapproved one', () => {
    const text = `User: ${who} is not authorized to perform: glue:CreateSession on resource: ${session} with an explicit deny in an identity-based policy`;
    expect(explainDenial(denied(text), request)).toEqual({
      action: 'glue:CreateSession',
      principal: who,
      resource: session,
      policyKind: 'identity-based policy',
      isExplicit: true,
      cause: 'noConnection',
    });
    expect(explainDenial(denied(text), { ...request, connections: ['scratch_vpc'] })?.cause).toBe(
      'connectionNotApproved',
    );
  });

  it.each([
    [
      `User: ${who} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::4:role/R because no identity-based policy allows the iam:PassRole action`,
      {
        cause: 'passRole',
        policyKind: 'identity-based policy',
        isExplicit: false,
        resource: 'arn:aws:iam::4:role/R',
      },
    ],
    [
      `User: ${who} is not authorized to perform: glue:GetJobRuns on resource: arn:aws:glue:eu-west-2:1:job/Name with spaces because no identity-based policy allows the glue:GetJobRuns action`,
      { resource: 'arn:aws:glue:eu-west-2:1:job/Name with spaces', cause: 'missingPermission' },
    ],
    [
      'User: Tom is not authorized to perform: glue:GetTrigger on resource: arn:aws:glue:x',
      { principal: 'Tom', cause: 'unknown' },
    ],
    [
      `User: ${who} is not authorized to perform: glue:GetSecurityConfiguration because no service control policy allows the glue:GetSecurityConfiguration action`,
      { policyKind: 'service control policy' },
    ],
    [
      `User: ${who} is not authorized to perform: glue:TagResource on resource: ${session} with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-2`,
      {
        cause: 'tagging',
        policyKind: 'service control policy',
        policyArn: 'arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-2',
      },
    ],
    [
      `User: ${who} is not authorized to perform: glue:CreateSession on resource: ${session} with an explicit deny in a permissions boundary. Encoded authorization failure message: AbC`,
      { policyKind: 'permissions boundary', isExplicit: true },
    ],
    ['You are not authorized to perform: glue:CreateSession', { action: 'glue:CreateSession' }],
  ])('reads message %#', (message, expected) => {
    expect(explainDenial(denied(message), request)).toMatchObject(expected);
  });

  it('leaves other errors alone', () => {
    expect(explainDenial(new AwsCallError('Throttling', 'x', 'a', 'notExecuted', undefined))).toBeUndefined();
    expect(explainDenial(new Error('x'))).toBeUndefined();
  });
});

it('gives an administrator what is needed', () => {
  const error = denied(
    `User: ${who} is not authorized to perform: glue:CreateSession on resource: ${session} with an explicit deny in an identity-based policy`,
  );
  const denial = explainDenial(error, request);
  const text = denialDetails(denial!, error, request);
  expect(text).toContain('Refused by: explicit deny in identity-based policy');
  expect(text).toContain('Connections: none');
  expect(text).toContain('Tags: team=analytics');
  expect(text).toContain('Request id: r-1');
});
