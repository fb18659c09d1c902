import { describe, expect, it } from 'vitest';
import { actOnAll } from '../../../src/glue/actOnAll';
import { previewAction } from '../../../src/glue/actionPreview';
import type { GlueApi, Session, Tags } from '../../../src/glue/glueApi';
import type { ListedSession } from '../../../src/glue/listedSession';
import { ownershipOf, type Myself } from '../../../src/glue/ownership';
import { NotStoppedError, stopSessions } from '../../../src/glue/stopSessions';
import {
  applyTagEdit,
  inverseEdit,
  planTagChange,
  tagChangeShares,
  type TagEdit,
} from '../../../src/glue/tagChanges';
import { apiWith, callError, quickClock, session } from '../scriptedApi';
import { english } from '../english';

const target = { profile: 'p', roles: [] };
const me = 'AIDAME';
const myself: Myself = { userIds: new Set([me]), isStartedHere: (id) => id === 'started-here' };

function listed(id: string, change: Partial<Session> = {}, tags?: Tags): ListedSession {
  return { target, session: session({ id, ...change }), arn: `arn:${id}`, ...(tags && { tags }) };
}

/** A service that holds sessions: stopping one takes it through STOPPING, the second look shows it stopped. */
function serviceOf(ids: readonly string[], refusals: Readonly<Record<string, Error[]>> = {}) {
  const status = new Map(ids.map((id) => [id, 'READY']));
  const looks = new Map<string, number>();
  const stops: string[] = [];
  const api: GlueApi = apiWith({
    stopSession: (id) => {
      stops.push(id);
      const refusal = refusals[id]?.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      status.set(id, 'STOPPING');
      return Promise.resolve();
    },
    getSession: (id) => {
      const seen = status.get(id) ?? 'READY';
      if (seen === 'STOPPING') {
        const count = (looks.get(id) ?? 0) + 1;
        looks.set(id, count);
        if (count >= 2) status.set(id, 'STOPPED');
      }
      return Promise.resolve(session({ id, status: status.get(id) ?? seen }));
    },
  });
  return { api, stops, status };
}

describe('whose a session is', () => {
  it('is told by where it was started, then by its owner tag; without one nobody knows', () => {
    expect(ownershipOf(listed('started-here', {}, { owner: 'AIDAADA' }), myself)).toBe('mine');
    expect(ownershipOf(listed('a', {}, { owner: me }), myself)).toBe('mine');
    expect(ownershipOf(listed('a', {}, { owner: 'AIDAADA' }), myself)).toBe('someone');
    expect(ownershipOf(listed('a', {}, { owner: '' }), myself)).toBe('unknown');
    expect(ownershipOf(listed('a', {}, {}), myself)).toBe('unknown');
    expect(ownershipOf(listed('a'), myself)).toBe('unknown');
  });
});

describe('previewAction', () => {
  const sessions = [
    listed('mine', {}, { owner: me }),
    listed('ada-1', {}, { owner: 'AROAX:ada' }),
    listed('ada-2', { status: 'BUSY' }, { owner: 'AROAX:ada' }),
    listed('nobody', { status: 'PROVISIONING' }, {}),
    listed('stopping', { status: 'STOPPING' }, { owner: me }),
    listed('over', { status: 'STOPPED' }, { owner: me }),
  ];

  it('says what is stopped, whose it is, what it costs an hour, and what can not be stopped', () => {
    const preview = previewAction('stop', [...sessions, sessions[0]!], myself, 0.44);
    expect(preview.able.map(({ session: { id } }) => id)).toEqual(['mine', 'ada-1', 'ada-2', 'nobody']);
    expect(preview.blocked.map(({ session: { id } }) => id)).toEqual(['stopping', 'over']);
    expect(preview.dollarsPerHour).toBeCloseTo(4 * 0.88);
    expect(preview.owners).toEqual([
      { ownership: 'mine', count: 1 },
      { ownership: 'someone', owner: 'ada', count: 2 },
      { ownership: 'unknown', count: 1 },
    ]);
    expect(preview.notMine.map(({ session: { id } }) => id)).toEqual(['ada-1', 'ada-2', 'nobody']);
  });

  it('lets only ended ones be deleted, and all be tagged', () => {
    const ids = (action: 'delete' | 'tag') =>
      previewAction(action, sessions, myself, 0.44).able.map(({ session: { id } }) => id);
    expect(ids('delete')).toEqual(['over']);
    expect(ids('tag')).toHaveLength(6);
  });
});

describe('actOnAll', () => {
  it('does the rest when one fails, and names it', async () => {
    const ended: number[] = [];
    const outcome = await actOnAll(
      [1, 2, 3, 4],
      (item) => (item === 2 ? Promise.reject(new Error('no')) : Promise.resolve()),
      { atOnce: 2, onProgress: (count) => ended.push(count) },
    );
    expect(outcome.done.toSorted()).toEqual([1, 3, 4]);
    expect(outcome.failed).toEqual([{ item: 2, error: new Error('no') }]);
    expect(ended).toEqual([1, 2, 3, 4]);
  });

  it('keeps to its bound, and begins none after cancelling', async () => {
    const abort = new AbortController();
    let [running, most] = [0, 0];
    const outcome = await actOnAll(
      Array.from({ length: 20 }, (_, index) => index),
      async (item) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (item === 6) abort.abort(new Error('cancelled'));
      },
      { atOnce: 3, signal: abort.signal },
    );
    expect(most).toBe(3);
    expect(outcome.failed).toEqual([]);
    expect(outcome.done.length).toBeGreaterThanOrEqual(7);
    expect(outcome.done.length).toBeLessThanOrEqual(9);
    expect(outcome.untouched).toHaveLength(20 - outcome.done.length);
  });
});

describe('stopSessions', () => {
  const watch = () => {
    const seen: string[] = [];
    const onStatus = ({ session: { id } }: ListedSession, { status }: Session) => {
      seen.push(`${id} ${status}`);
    };
    return { seen, onStatus };
  };

  it('shows STOPPING at once, and waits until the service says that each has stopped', async () => {
    const { api } = serviceOf(['a', 'b']);
    const { seen, onStatus } = watch();
    const outcome = await stopSessions([listed('a'), listed('b')], {
      clock: quickClock(),
      apiOf: () => api,
      onStatus,
    });
    expect(outcome.done).toHaveLength(2);
    expect(seen.filter((line) => line.startsWith('a'))).toEqual(['a STOPPING', 'a STOPPING', 'a STOPPED']);
  });

  it('stops nothing, and believes nothing to be gone, where the place leads to another account or Region now', async () => {
    const arn = (id: string) => `arn:aws:glue:us-east-1:111122223333:session/${id}`;
    const mine = { ...listed('a'), arn: arn('a') };
    let [account, region] = ['444455556666', 'us-east-1'];
    const { api, stops } = serviceOf(['a']);
    const elsewhere: GlueApi = apiWith({
      stopSession: api.stopSession,
      // As its profile is switched while the session is stopping.
      getSession: () => {
        account = '444455556666';
        return Promise.reject(callError('EntityNotFound'));
      },
      callerIdentity: () => Promise.resolve({ account, arn: 'arn:me', userId: me }),
      region: () => Promise.resolve(region),
    });
    const { seen, onStatus } = watch();
    const stop = () => stopSessions([mine], { clock: quickClock(), apiOf: () => elsewhere, onStatus });
    const inOther = await stop();
    expect(inOther.failed.map(({ error }) => String(error))).toEqual([
      'OtherPlaceError: This place leads to account 444455556666 now; the session is in 111122223333.',
    ]);
    [account, region] = ['111122223333', 'eu-west-1'];
    expect((await stop()).failed.map(({ error }) => String(error))).toEqual([
      'OtherPlaceError: This place leads to Region eu-west-1 now; the session is in us-east-1.',
    ]);
    expect([stops, seen]).toEqual([[], []]);
    region = 'us-east-1';
    const switched = await stop();
    expect([stops, switched.done, switched.failed.length]).toEqual([['a'], [], 1]);
  });

  it('puts a refused one back, names the cause, and stops the others; those that failed can be tried again', async () => {
    const refusal = callError('AccessDenied', 'notExecuted', 'not authorized to perform: glue:StopSession');
    const { api, stops } = serviceOf(['a', 'b', 'c'], { b: [refusal] });
    const { seen, onStatus } = watch();
    const options = { clock: quickClock(), apiOf: () => api, onStatus };
    const outcome = await stopSessions([listed('a'), listed('b'), listed('c')], options);
    expect(outcome.done.map(({ session: { id } }) => id).toSorted()).toEqual(['a', 'c']);
    expect(outcome.failed.map(({ item, error }) => [item.session.id, error])).toEqual([['b', refusal]]);
    expect(seen.filter((line) => line.startsWith('b'))).toEqual(['b STOPPING', 'b READY']);
    const again = await stopSessions(
      outcome.failed.map(({ item }) => item),
      options,
    );
    expect(again.done.map(({ session: { id } }) => id)).toEqual(['b']);
    expect(stops).toEqual(['a', 'b', 'c', 'b']);
  });

  it('waits out throttles, and does not repeat a call before its time', async () => {
    const clock = quickClock();
    const { api, stops } = serviceOf(['a'], { a: [callError('Throttling'), callError('Throttling')] });
    const outcome = await stopSessions([listed('a')], { clock, apiOf: () => api, onStatus: () => undefined });
    expect(outcome.done).toHaveLength(1);
    expect(stops).toHaveLength(3);
    expect(clock.slept.slice(0, 2)).toEqual([500, 1000]);
  });

  it('is content when the session is on its way to the end already, or its answer was lost', async () => {
    const { api, status } = serviceOf(['a', 'b'], {
      a: [callError('IllegalSessionState')],
      b: [callError('Network', 'unknown')],
    });
    status.set('a', 'STOPPING').set('b', 'STOPPED');
    const outcome = await stopSessions([listed('a'), listed('b')], {
      clock: quickClock(),
      apiOf: () => api,
      onStatus: () => undefined,
    });
    expect([outcome.done.length, outcome.failed]).toEqual([2, []]);
  });

  it('says of one that the service has ready again that it was not stopped', async () => {
    const { api, status } = serviceOf(['a']);
    const outcome = await stopSessions([listed('a')], {
      clock: quickClock(),
      apiOf: () => api,
      onStatus: (_, { status: seen }) => {
        if (seen === 'STOPPING') setImmediate(() => status.set('a', 'READY'));
      },
    });
    expect(outcome.failed[0]?.error).toBeInstanceOf(NotStoppedError);
  });

  it('when cancelled, leaves those not told as they were and says which are still stopping', async () => {
    const abort = new AbortController();
    const ids = Array.from({ length: 12 }, (_, index) => `s${String(index)}`);
    const { api, stops } = serviceOf(ids);
    const outcome = await stopSessions(
      ids.map((id) => listed(id)),
      {
        clock: quickClock(),
        apiOf: () => api,
        signal: abort.signal,
        onStatus: () => {
          if (stops.length === 3) abort.abort(new Error('cancelled'));
        },
      },
    );
    const told = stops.length;
    expect(told).toBeLessThan(12);
    expect(outcome.failed).toEqual([]);
    expect(outcome.done.length + outcome.underway.length).toBe(told);
    expect(outcome.untouched).toHaveLength(12 - told);
  });

  it('ends its patience with one that never ends', async () => {
    const api = apiWith({
      stopSession: () => Promise.resolve(),
      getSession: (id) => Promise.resolve(session({ id, status: 'STOPPING' })),
    });
    const outcome = await stopSessions([listed('a')], {
      clock: quickClock(),
      apiOf: () => api,
      onStatus: () => undefined,
    });
    expect(outcome.underway).toHaveLength(1);
  });
});

describe('changes of tags', () => {
  const edit: TagEdit = { add: { team: 'marketing' }, remove: ['billing'] };

  it('are planned as before and after, with no more than what differs', () => {
    const change = planTagChange({ team: 'analytics', owner: me }, edit);
    expect(change.after).toEqual({ team: 'marketing', owner: me });
    expect(change.edit).toEqual({ add: { team: 'marketing' }, remove: [] });
    expect(change.problem).toBeUndefined();
    expect(planTagChange({ team: 'marketing' }, edit).edit).toEqual({ add: {}, remove: [] });
  });

  it('are held to the limits before anything is sent', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${String(index)}`, '']));
    expect(english(planTagChange(many, edit).problem)).toMatch(/51 tags/);
    expect(
      planTagChange({ ...many, 'aws:cloudformation:stack-name': 's' }, { add: {}, remove: ['k0'] }).problem,
    ).toBeUndefined();
    expect(planTagChange(many, { add: { new: '' }, remove: ['k0'] }).problem).toBeUndefined();
    expect(english(planTagChange({}, { add: { 'aws:x': '' }, remove: [] }).problem)).toMatch(/aws:x/);
    expect(english(planTagChange({ 'aws:x': '' }, { add: {}, remove: ['aws:x'] }).problem)).toMatch(
      /AWS's own/,
    );
    expect(english(planTagChange({}, { add: { k: 'v'.repeat(257) }, remove: [] }).problem)).toMatch(/257/);
  });

  it('are told together where they are equal', () => {
    const changes = ['analytics', 'analytics', undefined].map((team) =>
      planTagChange(team === undefined ? {} : { team }, edit),
    );
    expect(tagChangeShares(changes)).toEqual([
      { key: 'team', before: 'analytics', after: 'marketing', count: 2 },
      { key: 'team', after: 'marketing', count: 1 },
    ]);
  });

  it('lead back to what was, also when only half of one was done', async () => {
    const before = { team: 'analytics', billing: 'x' };
    const tags = new Map(Object.entries(before));
    let refuses = true;
    const api = apiWith({
      tagResource: (_, add) => {
        for (const [key, value] of Object.entries(add)) tags.set(key, value);
        return Promise.resolve();
      },
      untagResource: (_, keys) => {
        if (refuses) return Promise.reject(callError('AccessDenied'));
        for (const key of keys) tags.delete(key);
        return Promise.resolve();
      },
    });
    const applied: TagEdit[] = [];
    const options = { clock: quickClock(), onApplied: (done: TagEdit) => applied.push(done) };
    const whole = { add: { team: 'marketing', cost: 'y' }, remove: ['billing'] };
    await expect(applyTagEdit(api, 'arn', planTagChange(before, whole), options)).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    expect(applied).toEqual([{ add: { team: 'marketing', cost: 'y' }, remove: [] }]);
    refuses = false;
    const now = Object.fromEntries(tags);
    await applyTagEdit(api, 'arn', planTagChange(now, inverseEdit(before, applied[0]!)), options);
    expect(Object.fromEntries(tags)).toEqual(before);
  });

  it('make room first where a session is full', async () => {
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${String(index)}`, '']));
    const calls: string[] = [];
    const api = apiWith({
      tagResource: () => Promise.resolve(void calls.push('tag')),
      untagResource: () => Promise.resolve(void calls.push('untag')),
    });
    const options = { clock: quickClock(), onApplied: () => undefined };
    await applyTagEdit(api, 'arn', planTagChange(full, { add: { a: '' }, remove: ['k0'] }), options);
    await applyTagEdit(api, 'arn', planTagChange({ b: '' }, { add: { a: '' }, remove: ['b'] }), options);
    expect(calls).toEqual(['untag', 'tag', 'tag', 'untag']);
  });
});
