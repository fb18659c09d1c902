import { describe, expect, it } from 'vitest';
import { glueTrustStatement, sessionStatement } from '../../../src/glue/access/statements';

const caller = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';

describe('Statements for an administrator', () => {
  it.each([
    ['glue:CreateSession', 'aws:RequestTag/owner'],
    ['glue:TagResource', 'aws:ResourceTag/owner'],
  ] as const)('allow %s on sessions of one’s own alone', (action, key) => {
    const { holder, json } = sessionStatement(caller, action, 'us-east-1', '444455556666');
    expect(holder).toBe(caller);
    expect(JSON.parse(json)).toEqual({
      Effect: 'Allow',
      Action: action,
      Resource: 'arn:aws:glue:us-east-1:444455556666:session/*',
      Condition: { StringEquals: { [key]: '${aws:userid}' } },
    });
  });

  it('let Glue assume a runtime role for sessions of its account alone', () => {
    const { json } = glueTrustStatement('arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog');
    expect(JSON.parse(json)).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'glue.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } },
    });
  });
});
