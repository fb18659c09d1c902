import { describe, expect, it } from 'vitest';
import { createSessionRequest } from '../../../src/glue/createSessionRequest';
import type { SessionConfiguration } from '../../../src/glue/sessionConfiguration';
import { configuration } from '../configuration';

const caller = { account: '444455556666', arn: 'a', userId: 'AROAX:ISBlogUser' };
const make = (change: Partial<SessionConfiguration>) =>
  createSessionRequest(
    { ...configuration(), iamRole: { value: 'R', origin: 'magic' }, ...change },
    caller,
    () => 'random',
  );

describe('createSessionRequest', () => {
  it('sends what the official kernel sends', () => {
    const request = make({
      sessionIdPrefix: { value: 'blog', origin: 'magic' },
      tags: { value: { team: 'analytics' }, origin: 'magic' },
      additionalPythonModules: { value: ['pandas', 'numpy'], origin: 'magic' },
      sparkConf: { value: 'spark.a=b --conf spark.c=d', origin: 'magic' },
    });
    expect(request).toMatchObject({
      id: 'blog-random',
      role: 'arn:aws:iam::444455556666:role/R',
      command: { name: 'glueetl', pythonVersion: '3' },
      workerType: 'G.1X',
      numberOfWorkers: 2,
      defaultArguments: {
        '--enable-glue-datacatalog': 'true',
        '--additional-python-modules': 'pandas,numpy',
        '--conf': 'spark.a=b --conf spark.c=d',
      },
      tags: { owner: 'AROAX:ISBlogUser', team: 'analytics' },
    });
  });

  it('lets a person name another owner', () => {
    expect(make({ tags: { value: { owner: 'me' }, origin: 'magic' } }).tags).toEqual({ owner: 'me' });
  });

  it('sends a capacity in place of workers', () => {
    const request = make({ maxCapacity: { value: 4, origin: 'magic' } });
    expect(request.maxCapacity).toBe(4);
    expect(request.workerType).toBeUndefined();
  });

  const many = Object.fromEntries(Array.from({ length: 76 }, (_, index) => [`--k${String(index)}`, '']));
  it.each<[Partial<SessionConfiguration>, string]>([
    [{ iamRole: { value: 'arn:aws:iam::111122223333:role/R', origin: 'magic' } }, 'within one account only'],
    [
      { glueVersion: { value: '2.0', origin: 'setting' } },
      '"2.0" is not a Glue version. Expected one of 6.0',
    ],
    [{ workerType: { value: 'G.3X', origin: 'setting' } }, '"G.3X" is not a worker type'],
    [{ numberOfWorkers: { value: 1, origin: 'setting' } }, 'two workers at least'],
    [{ idleTimeout: { value: 0, origin: 'setting' } }, 'idle timeout must be a whole number'],
    [{ sessionId: { value: 'x'.repeat(256), origin: 'magic' } }, '256 characters'],
    [{ extraArguments: { value: many, origin: 'magic' } }, 'more than the 75'],
    [{ extraArguments: { value: { '--a': 'v'.repeat(4097) }, origin: 'magic' } }, '4,096'],
    [{ extraArguments: { value: { ['--' + 'a'.repeat(127)]: 'v' }, origin: 'magic' } }, 'more than 128'],
    [{ tags: { value: { 'aws:x': 'y' }, origin: 'magic' } }, 'reserved for AWS'],
  ])('refuses case %#', (change, reason) => {
    expect(() => make(change)).toThrow(reason);
  });

  it('asks for the runtime role', () => {
    expect(() => createSessionRequest(configuration(), caller, () => 'x')).toThrow('%iam_role');
  });
});
