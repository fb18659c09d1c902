import { describe, expect, it } from 'vitest';
import { AwsCallError, InvalidInputError } from '../../../src/glue/errors';
import type { Session } from '../../../src/glue/glueApi';
import { SessionUnknownError, startSession } from '../../../src/glue/startSession';
import { stopSession } from '../../../src/glue/stopSession';
import { sessionState } from '../../../src/glue/sessionStatus';
import { answers, apiWith, callError, quickClock, request, session, permit } from '../scriptedApi';

const starting = session({ status: 'PROVISIONING' });

describe('startSession', () => {
  it('waits until the session is ready and tells each status', async () => {
    const seen: string[] = [];
    const api = apiWith({ createSession: answers(starting), getSession: answers(starting, session()) });
    const started = await startSession(api, request, {
      clock: quickClock(),
      permit,
      onStatus: ({ status }) => seen.push(status),
    });
    expect(started.status).toBe('READY');
    expect(seen).toEqual(['PROVISIONING', 'PROVISIONING', 'READY']);
  });

  it('finds its own session when the answer to its creation was lost', async () => {
    const createSession = answers<Session>(callError('Network', 'unknown'));
    const api = apiWith({ createSession, getSession: answers(session()) });
    expect((await startSession(api, request, { clock: quickClock(), permit })).status).toBe('READY');
    expect(createSession.calls).toBe(1);
  });

  it('asks for it again when it is not there yet, and takes it when it came late', async () => {
    const createSession = answers<Session>(callError('Network', 'unknown'), callError('AlreadyExists'));
    const getSession = answers<Session>(callError('EntityNotFound'), callError('Throttling'), session());
    const api = apiWith({ createSession, getSession });
    expect((await startSession(api, request, { clock: quickClock(), permit })).status).toBe('READY');
    expect(createSession.calls).toBe(2);
  });

  it('says that it does not know, when no answer comes at all', async () => {
    const createSession = answers<Session>(callError('Network', 'unknown'));
    const api = apiWith({ createSession, getSession: answers<Session>(callError('EntityNotFound')) });
    await expect(startSession(api, request, { clock: quickClock(), permit })).rejects.toThrow(
      SessionUnknownError,
    );
    expect(createSession.calls).toBe(5);
  });

  it('bears a refusal of GetSession that comes at random, but not one that stays', async () => {
    const createSession = answers(starting);
    const denied = callError('AccessDenied');
    const once = apiWith({ createSession, getSession: answers(denied, starting, denied, session()) });
    expect((await startSession(once, request, { clock: quickClock(), permit })).status).toBe('READY');
    const always = apiWith({ createSession, getSession: answers<Session>(denied) });
    await expect(startSession(always, request, { clock: quickClock(), permit })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('does not take a session that somebody else made under this id', async () => {
    const api = apiWith({ createSession: answers<Session>(callError('AlreadyExists')) });
    await expect(startSession(api, request, { clock: quickClock(), permit })).rejects.toMatchObject({
      code: 'AlreadyExists',
    });
  });

  it('waits out a throttle and a shortage, and gives up on a refusal at once', async () => {
    const createSession = answers(
      callError('Throttling'),
      callError('ResourceNumberLimitExceeded'),
      session(),
    );
    await startSession(apiWith({ createSession }), request, { clock: quickClock(), permit });
    expect(createSession.calls).toBe(3);
    const refused = answers<Session>(callError('AccessDenied'));
    await expect(
      startSession(apiWith({ createSession: refused }), request, { clock: quickClock(), permit }),
    ).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(refused.calls).toBe(1);
  });

  it('tells why a session failed', async () => {
    const api = apiWith({
      createSession: answers(starting),
      getSession: answers(session({ status: 'FAILED', errorMessage: 'no addresses left' })),
    });
    await expect(startSession(api, request, { clock: quickClock(), permit })).rejects.toThrow(
      /failed and did not become ready: no addresses left/,
    );
  });

  it('keeps asking while the network is away', async () => {
    const api = apiWith({
      createSession: answers(starting),
      getSession: answers(callError('Network', 'unknown'), callError('Throttling'), session()),
    });
    expect((await startSession(api, request, { clock: quickClock(), permit })).status).toBe('READY');
  });

  it('ends its waiting when it is cancelled', async () => {
    const abort = new AbortController();
    const api = apiWith({ createSession: answers(starting), getSession: answers(starting) });
    const started = startSession(api, request, {
      clock: quickClock(),
      permit,
      signal: abort.signal,
      onStatus: () => {
        abort.abort(new Error('enough'));
      },
    });
    await expect(started).rejects.toThrow('enough');
  });
});

describe('stopSession', () => {
  it('waits until the session has stopped', async () => {
    const getSession = answers(session({ status: 'STOPPING' }), session({ status: 'STOPPED' }));
    const stopped = await stopSession(apiWith({ stopSession: answers(undefined), getSession }), 's1', {
      clock: quickClock(),
    });
    expect(stopped.status).toBe('STOPPED');
  });

  it('is content with a session that has ended already', async () => {
    const api = apiWith({
      stopSession: answers<undefined>(callError('IllegalSessionState')),
      getSession: answers(session({ status: 'TIMEOUT' })),
    });
    expect((await stopSession(api, 's1', { clock: quickClock() })).status).toBe('TIMEOUT');
  });

  it('tells a refusal', async () => {
    const api = apiWith({ stopSession: answers<undefined>(callError('AccessDenied')) });
    await expect(stopSession(api, 's1', { clock: quickClock() })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });
});

it('has a state for every status, known or not', () => {
  expect(sessionState('READY')).toMatchObject({ isLive: true, canRun: true, canStop: true });
  expect(sessionState('STOPPED')).toMatchObject({ isLive: false, canRun: false, canStop: false });
  expect(sessionState('HIBERNATED')).toMatchObject({ label: 'hibernated', canStop: true });
});

it('knows an error by its name, as those of lazily loaded files are of a copy of the class', () => {
  const copy = Object.assign(new Error('no'), { name: 'AwsCallError' });
  expect(copy).toBeInstanceOf(AwsCallError);
  expect(new Error('AwsCallError')).not.toBeInstanceOf(AwsCallError);
});

describe('the rules of a project', () => {
  it('have the last word: nothing is asked of the service', async () => {
    const against = new InvalidInputError('a rule is against it');
    const started = startSession(apiWith({}), request, {
      clock: quickClock(),
      permit: () => Promise.reject(against),
    });
    await expect(started).rejects.toBe(against);
  });
});
