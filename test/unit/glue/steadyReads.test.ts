import { describe, expect, it } from 'vitest';
import { AwsCallError } from '../../../src/glue/errors';
import type { GlueApi, S3Object, Statement } from '../../../src/glue/glueApi';
import { steadyReads, type SteadyOptions } from '../../../src/glue/steadyReads';
import { answers, apiWith, callError, quickClock, statement } from '../scriptedApi';

interface Told {
  readonly retries: string[];
  readonly renewals: number;
  readonly signIns: string[];
}

/** Reads a statement through a steady API whose calls give these answers, one after the other. */
async function read(
  getStatement: GlueApi['getStatement'],
  change: Partial<SteadyOptions> = {},
): Promise<Told & { readonly statement: Statement; readonly slept: readonly number[] }> {
  const told = { retries: [] as string[], renewals: 0, signIns: [] as string[] };
  const clock = quickClock();
  const api = steadyReads(apiWith({ getStatement }), {
    clock,
    onRetry: ({ code }) => told.retries.push(code),
    renewCredentials: () => (told.renewals += 1),
    untilSignedIn: ({ code }) => {
      told.signIns.push(code);
      return Promise.resolve();
    },
    ...change,
  });
  return { statement: await api.getStatement('s1', 0), ...told, slept: clock.slept };
}

describe('a steady read', () => {
  it('waits out throttles and a dead network for hours, slower and slower, and only tells of it', async () => {
    const failures = Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0 ? callError('Throttling') : callError('Network', 'unknown'),
    );
    const { retries, slept, signIns } = await read(answers(...failures, statement()));
    expect(retries).toHaveLength(500);
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(3600_000);
    expect(slept.at(-1)).toBe(10_000);
    expect(signIns).toEqual([]);
  });

  it('reads the credentials again before it asks anybody', async () => {
    const { renewals, signIns } = await read(answers(callError('ExpiredToken'), statement()));
    expect([renewals, signIns]).toEqual([1, []]);
  });

  it('asks when that did not help, as often as it takes', async () => {
    const { renewals, signIns } = await read(
      answers(
        callError('ExpiredToken'),
        callError('UnrecognizedClient'),
        callError('InvalidClientTokenId'),
        statement(),
      ),
    );
    expect(signIns).toEqual(['UnrecognizedClient', 'InvalidClientTokenId']);
    expect(renewals).toBe(3);
  });

  it('asks at once when none were to be had: a code that was not given is not asked for twice in a row', async () => {
    const { signIns } = await read(answers(callError('Credentials'), statement()));
    expect(signIns).toEqual(['Credentials']);
  });

  it('ends with the reason when the person gives up waiting', async () => {
    const given = new Error('given up');
    const rejected = read(answers<Statement>(callError('Credentials')), {
      untilSignedIn: () => Promise.reject(given),
    });
    await expect(rejected).rejects.toBe(given);
  });

  it('holds the sending of a statement until the credentials hold, and tries nothing else again', async () => {
    const signIns: string[] = [];
    const sendWith = (runStatement: GlueApi['runStatement']) =>
      steadyReads(apiWith({ runStatement }), {
        clock: quickClock(),
        onRetry: () => undefined,
        renewCredentials: () => undefined,
        untilSignedIn: ({ code }) => {
          signIns.push(code);
          return Promise.resolve();
        },
      }).runStatement('s1', '1');
    expect(await sendWith(answers(callError('Credentials'), callError('ExpiredToken'), 7))).toBe(7);
    expect(signIns).toEqual(['Credentials', 'ExpiredToken']);
    for (const error of [callError('Network', 'unknown'), callError('Throttling')]) {
      await expect(sendWith(answers<number>(error))).rejects.toBe(error);
    }
  });

  it('asks S3 a few times, and then tells: that it is out of reach says nothing about Glue', async () => {
    const retries: string[] = [];
    const read = (...all: (S3Object | AwsCallError)[]) =>
      steadyReads(apiWith({ getObject: answers<S3Object>(...all) }), {
        clock: quickClock(),
        onRetry: ({ code }) => retries.push(code),
        renewCredentials: () => undefined,
        untilSignedIn: () => Promise.resolve(),
      }).getObject({ bucket: 'b', key: 'k' }, 1);
    const object = { bytes: Buffer.from('x'), size: 1 };
    const lost = callError('Network', 'unknown');
    expect(await read(lost, callError('Throttling'), callError('ExpiredToken'), object)).toBe(object);
    expect(retries).toEqual(['Network', 'Throttling']);
    await expect(read(lost, lost, lost, lost, object)).rejects.toBe(lost);
    const refused = callError('AccessDenied');
    await expect(read(refused, object)).rejects.toBe(refused);
  });

  it('throws at once what the service refuses for another reason', async () => {
    await expect(read(answers<Statement>(callError('EntityNotFound')))).rejects.toMatchObject({
      code: 'EntityNotFound',
    });
  });

  it('gives up after two minutes on an address where nothing listens, for a Local Glue that is gone', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const refused = new AwsCallError('Network', 'connect', 'glue:GetStatement', 'notExecuted', undefined, {
      cause,
    });
    await expect(read(answers<Statement>(refused))).rejects.toBe(refused);
    const { retries } = await read(answers<Statement>(refused, refused, statement()));
    expect(retries).toEqual(['Network', 'Network']);
  });
});
