import { describe, expect, it } from 'vitest';
import { endingOf, equalRequest } from '../../../src/glue/endedSession';
import { session } from '../scriptedApi';
import { english } from '../english';

describe('the end of a session', () => {
  it.each([
    ['READY', {}, undefined],
    ['BUSY', {}, undefined],
    ['PROVISIONING', {}, undefined],
    ['A_NEW_STATUS', {}, undefined],
    ['STOPPED', {}, /s1 was stopped/],
    ['STOPPING', {}, /s1 was stopped/],
    ['TIMEOUT', { idleTimeout: 60 }, /timed out \(it ends after 60 minutes without work\)/],
    ['FAILED', { errorMessage: 'Out of capacity' }, /has failed\. The service says: Out of capacity/],
  ])('%s', (status, change, expected) => {
    const ending = endingOf('s1', session({ status, ...change }));
    if (expected === undefined) expect(ending).toBeUndefined();
    else expect(english(ending)).toMatch(expected);
  });

  it('is known of one that the service has forgotten', () => {
    expect(english(endingOf('s1', undefined))).toMatch(/s1 does not exist any more/);
  });
});

describe('an equal session', () => {
  const ended = session({
    id: 'team-0b10c5e5-0000-4000-8000-00000000000a',
    status: 'TIMEOUT',
    role: 'arn:aws:iam::444455556666:role/R',
    command: { name: 'gluestreaming', pythonVersion: '3' },
    defaultArguments: { '--conf': 'spark.a=b' },
    connections: ['session_vpc'],
    maxCapacity: 2,
    glueVersion: '5.0',
    idleTimeout: 30,
    securityConfiguration: 'sealed',
    errorMessage: 'idle',
  });

  it('has the same configuration and tags, and another id with the same prefix', () => {
    expect(equalRequest(ended, { team: 'analytics' }, 90, () => 'new')).toEqual({
      id: 'team-new',
      role: 'arn:aws:iam::444455556666:role/R',
      command: { name: 'gluestreaming', pythonVersion: '3' },
      defaultArguments: { '--conf': 'spark.a=b' },
      connections: ['session_vpc'],
      workerType: 'G.1X',
      numberOfWorkers: 2,
      idleTimeout: 30,
      timeout: 90,
      securityConfiguration: 'sealed',
      glueVersion: '5.0',
      tags: { team: 'analytics' },
      requestOrigin: 'GlueSessionsForVSCode',
    });
  });

  it('asks for a capacity only where there are no workers', () => {
    const { workerType: _, numberOfWorkers: __, ...byCapacity } = ended;
    const request = equalRequest(byCapacity, {}, undefined, () => 'new');
    expect(request.maxCapacity).toBe(2);
    expect('timeout' in request).toBe(false);
  });

  it.each([
    ['0b10c5e5-0000-4000-8000-00000000000a', 'new'],
    ['named', 'named-new'],
  ])('of %s is %s', (id, expected) => {
    expect(equalRequest({ ...ended, id }, {}, undefined, () => 'new').id).toBe(expected);
  });
});
