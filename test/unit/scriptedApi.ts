import type { Clock } from '../../src/glue/clock';
import { AwsCallError, type CallOutcome } from '../../src/glue/errors';
import type { CreateSessionRequest, GlueApi, Session, Statement } from '../../src/glue/glueApi';

/** A clock whose time passes only by sleeping, at once. */
export function quickClock(): Clock & { readonly slept: number[] } {
  let now = 1_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      slept.push(ms);
      now += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export function callError(code: string, outcome: CallOutcome = 'notExecuted', message = code): AwsCallError {
  return new AwsCallError(code, message, 'glue:Test', outcome, 'request-1');
}

export function session(change: Partial<Session> = {}): Session {
  return {
    id: 's1',
    status: 'READY',
    createdOn: 0,
    defaultArguments: {},
    connections: [],
    workerType: 'G.1X',
    numberOfWorkers: 2,
    ...change,
  };
}

export function statement(change: Partial<Statement> = {}): Statement {
  return {
    id: 0,
    state: 'AVAILABLE',
    progress: 1,
    output: { status: 'ok', textPlain: '1\n', traceback: [] },
    ...change,
  };
}

export const request: CreateSessionRequest = {
  id: 's1',
  role: 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog',
  command: { name: 'glueetl', pythonVersion: '3' },
  defaultArguments: {},
  connections: [],
  workerType: 'G.1X',
  numberOfWorkers: 2,
  idleTimeout: 60,
  tags: { team: 'analytics' },
};

/** A start that no rule of a project is against. */
export const permit = (): Promise<void> => Promise.resolve();

/** A GlueApi of which a test writes the methods it means to be called; any other fails the test. */
export function apiWith(methods: Partial<GlueApi>): GlueApi {
  return new Proxy(methods, {
    get: (target, name: string, api) => {
      if (name === 'endpoint' && target.endpoint === undefined) return () => Promise.resolve(undefined);
      // Reads in bulk are answered by the methods of the same names.
      if (name === 'bulk' && target.bulk === undefined) return api as unknown;
      const method = target[name as keyof GlueApi];
      if (method !== undefined) return method;
      return () => Promise.reject(new Error(`${name} was not expected to be called`));
    },
  }) as GlueApi;
}

/** Gives one answer after the other, errors thrown; the last one again and again. */
export function answers<T>(...list: readonly (T | AwsCallError)[]): (() => Promise<T>) & { calls: number } {
  const next = () => {
    const answer = list[Math.min(next.calls, list.length - 1)];
    next.calls += 1;
    return answer instanceof AwsCallError ? Promise.reject(answer) : Promise.resolve(answer as T);
  };
  next.calls = 0;
  return next;
}
