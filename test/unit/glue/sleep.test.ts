import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/glue/clock';
import { AwsCallError } from '../../../src/glue/errors';
import type { GlueApi } from '../../../src/glue/glueApi';
import { waitUntilReady } from '../../../src/glue/startSession';
import { markCode } from '../../../src/glue/statementMarker';
import { runStatement } from '../../../src/glue/statementRunner';
import { steadyReads } from '../../../src/glue/steadyReads';
import { answers, apiWith, callError, quickClock, session, statement } from '../scriptedApi';

const nightMs = 9 * 3600_000;
const marked = markCode('1', 'python', 'abc');
const running = statement({ state: 'RUNNING' });
const ended = statement({ id: 4, code: marked.code });

/** A clock on a machine that sleeps for a night in the midst of a pause, or of a call: see `night`. */
function clockWithNight(pauseOfNight: number): Clock & { readonly night: () => void } {
  const clock = quickClock();
  let jumped = 0;
  let pauses = 0;
  const night = () => {
    jumped += nightMs;
  };
  return {
    night,
    now: () => clock.now() + jumped,
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (++pauses === pauseOfNight) night();
    },
  };
}

function refused(): AwsCallError {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  return new AwsCallError('Network', 'connect', 'glue:GetStatement', 'notExecuted', undefined, { cause });
}

/** Runs a cell's code as notebooks do, on a machine that sleeps. */
function run(api: Partial<GlueApi>, clock: Clock, signIns: string[] = []) {
  const steady = steadyReads(apiWith(api), {
    clock,
    onRetry: () => undefined,
    renewCredentials: () => undefined,
    untilSignedIn: ({ code }) => {
      signIns.push(code);
      return Promise.resolve();
    },
  });
  return runStatement({ api: steady, sessionId: 's1', marked, clock });
}

describe('a machine that sleeps', () => {
  it('goes on with a statement: the connection is dead, the network late, the credentials have ended', async () => {
    const signIns: string[] = [];
    const outcome = await run(
      {
        runStatement: answers(4),
        getStatement: answers(
          running,
          refused(),
          // Here it sleeps: what was refused before the night and is again after it is no hours of refusal.
          refused(),
          callError('Network', 'unknown'),
          callError('ExpiredToken'),
          callError('Credentials'),
          ended,
        ),
      },
      clockWithNight(3),
      signIns,
    );
    expect(outcome?.state).toBe('AVAILABLE');
    expect(signIns).toEqual(['Credentials']);
  });

  it('finds what it sent right before, though the answer never came', async () => {
    const clock = clockWithNight(0);
    const sending = {
      calls: 0,
      run: () => {
        sending.calls += 1;
        clock.night();
        return Promise.reject(callError('Network', 'unknown'));
      },
    };
    const listStatements = answers(callError('Network', 'unknown'), callError('ExpiredToken'), {
      statements: [ended],
    });
    const outcome = await run(
      { runStatement: sending.run, listStatements, getStatement: answers(ended) },
      clock,
    );
    expect(outcome?.id).toBe(4);
    expect(sending.calls).toBe(1);
  });

  it('sends again what never arrived, as guarded code is without a night', async () => {
    const clock = clockWithNight(2);
    const runIt = answers(callError('Network', 'unknown'), callError('Network'), 4);
    const outcome = await run(
      { runStatement: runIt, listStatements: answers({ statements: [] }), getStatement: answers(ended) },
      clock,
    );
    expect(outcome?.state).toBe('AVAILABLE');
    expect(runIt.calls).toBe(3);
  });

  it('goes on waiting for a session that was starting', async () => {
    const getSession = answers(callError('Network'), session());
    const ready = await waitUntilReady(apiWith({ getSession }), session({ status: 'PROVISIONING' }), {
      clock: clockWithNight(2),
    });
    expect(ready.status).toBe('READY');
  });
});
