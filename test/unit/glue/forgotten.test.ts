import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WarningFiles } from '../../../src/forgotten/warningFiles';
import { asksNobody } from '../../../src/glue/asksNobody';
import { findOwnSessions } from '../../../src/glue/findOwnSessions';
import { durationBadge, readStopRules, warningOf } from '../../../src/glue/forgotten';
import { ForgottenWatch, type ForgottenWatchOptions } from '../../../src/glue/forgottenWatch';
import type { GlueApi, Session, Tags } from '../../../src/glue/glueApi';
import { lookAnew } from '../../../src/glue/lookAnew';
import type { ListedSession } from '../../../src/glue/listedSession';
import type { Target } from '../../../src/glue/target';
import { apiWith, callError, quickClock, session } from '../scriptedApi';

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 24);
/** $0.88 an hour. */
function listed(change: Partial<Session> = {}, more: Partial<ListedSession> = {}): ListedSession {
  const own = session({ id: 's1', createdOn: start, ...change });
  return {
    target: { profile: 'p', roles: [] },
    session: own,
    arn: `arn:${own.id}`,
    tags: { owner: 'me' },
    ...more,
  };
}

describe('warningOf', () => {
  const limits = { dollars: 10, idleHours: 4 };
  const at = (hours: number, one: ListedSession, change = {}) =>
    warningOf(one, { ...limits, ...change }, 0.44, start + hours * hour);

  it('warns before and after a limit of dollars', () => {
    expect(at(9, listed())).toBeUndefined();
    expect(at(9.2, listed())).toMatchObject({ stage: 'before', cause: 'dollars' });
    expect(at(11.4, listed())).toMatchObject({ stage: 'after', cause: 'dollars' });
  });

  it('warns before and after a limit of idle hours, and not while a statement runs', () => {
    const idle = listed({}, { idleSince: start + hour });
    expect(at(4, idle)).toBeUndefined();
    expect(at(4.3, idle)).toMatchObject({ stage: 'before', cause: 'idle', idleMs: 3.3 * hour });
    expect(at(5, idle)).toMatchObject({ stage: 'after', cause: 'idle' });
    expect(at(5, listed())).toBeUndefined();
  });

  it('says nothing of what has ended, is ending, or has no limit', () => {
    expect(at(20, listed({ status: 'STOPPED', dpuSeconds: 1e9 }))).toBeUndefined();
    expect(at(20, listed({ status: 'STOPPING' }))).toBeUndefined();
    expect(at(20, listed({}, { idleSince: start }), { dollars: 0, idleHours: 0 })).toBeUndefined();
  });
});

it('shortens a duration to two characters', () => {
  const badges = [0.9, 1, 9.9, 10, 23.9, 24, 24 * 30].map((hours) => durationBadge(hours * hour));
  expect(badges).toEqual(['', '1h', '9h', '½d', '½d', '1d', '9d']);
});

describe('stop rules', () => {
  it.each([
    [{}, 'not a list'],
    [['x'], 'Stop rule 1 is not an object'],
    [[{ idleHours: 6 }, { filter: 'team=x' }], 'Stop rule 2 has none of'],
    [[{ idleHours: 0 }], 'idleHours is not a number above 0'],
    [[{ idleHours: '6' }], 'idleHours is not a number above 0'],
    [[{ idlehours: 6 }], '"idlehours", which is not known'],
    [[{ ageHours: 6, filter: 3 }], 'filter is not a text'],
    [[{ ageHours: 6, filter: 'age>soon' }], 'is not understood'],
  ])('refuses case %#, and then obeys none', (value, reason) => {
    expect(() => readStopRules(value)).toThrow(reason);
  });

  it('are none unless written', () => {
    expect(readStopRules(undefined)).toEqual([]);
    expect(readStopRules([])).toEqual([]);
  });
});

describe('ForgottenWatch', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'forgotten-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  function watchOf(change: Partial<ForgottenWatchOptions> = {}) {
    const time = { now: start };
    const said: string[] = [];
    const looks: string[] = [];
    const clock = { now: () => time.now, sleep: () => Promise.resolve() };
    const memory = new WarningFiles(folder, clock.now);
    const watch = new ForgottenWatch({
      clock,
      memory,
      limits: () => ({ dollars: 10, idleHours: 4 }),
      rules: () => [],
      pricePerDpuHour: () => 0.44,
      myUserIds: () => new Set(['me']),
      look: (one) => {
        looks.push(one.session.id);
        return Promise.resolve({ ...one, idleSince: start });
      },
      warn: ({ stage, cause }) => said.push(`${stage} ${cause}`),
      stop: (one) => {
        said.push(`stopped ${one.session.id}`);
        return Promise.resolve();
      },
      ...change,
    });
    const at = async (hours: number) => {
      time.now = start + hours * hour;
      await watch.check([listed()]);
    };
    return { watch, memory, said, looks, at };
  }

  it('warns once before and once after, and makes no call before it may be due nor after all is said', async () => {
    const { said, looks, at } = watchOf();
    await at(3);
    expect(looks).toEqual([]);
    for (const hours of [3.3, 3.5, 3.8]) await at(hours);
    expect(said).toEqual(['before idle']);
    for (const hours of [4.1, 5, 12, 30]) await at(hours);
    expect(said).toEqual(['before idle', 'after idle']);
    expect(looks).toHaveLength(4);
  });

  it('says nothing twice in two windows', async () => {
    const [one, other] = [watchOf(), watchOf()];
    await Promise.all([one.at(5), other.at(5)]);
    expect([...one.said, ...other.said]).toEqual(['after idle']);
  });

  it('is not deceived by what was last seen: a session that worked meanwhile is not warned of', async () => {
    const { said, at } = watchOf({ look: (one) => Promise.resolve(one) });
    await at(5);
    expect(said).toEqual([]);
    const ended = watchOf({
      look: (one) => Promise.resolve({ ...one, session: { ...one.session, status: 'TIMEOUT' } }),
    });
    await ended.at(20);
    expect(ended.said).toEqual([]);
  });

  it('snoozes until then, in every window, and for ever when asked', async () => {
    const { watch, memory, said, at } = watchOf();
    await at(5);
    await memory.snooze('arn:s1', start + 8 * hour);
    watch.resume('arn:s1');
    await at(7);
    expect(said).toEqual(['after idle']);
    await at(8.1);
    expect(said).toEqual(['after idle', 'after idle']);
    await memory.snooze('arn:s1', Infinity);
    watch.resume('arn:s1');
    await at(100);
    expect(said).toHaveLength(2);
  });

  it('stops by a rule the person wrote, once, and by none otherwise', async () => {
    const rules = () => readStopRules([{ idleHours: 6 }]);
    const { said, at } = watchOf({ rules });
    await at(5);
    await at(6.1);
    await at(6.5);
    expect(said).toEqual(['after idle', 'stopped s1']);
    const without = watchOf({ limits: () => ({ dollars: 0, idleHours: 0 }) });
    await without.at(1000);
    expect(without.said).toEqual([]);
  });

  it('warns of a session that a rule should have stopped, and that runs on', async () => {
    const rules = () => readStopRules([{ idleHours: 3 }]);
    const failing = watchOf({ rules, stop: () => Promise.reject(callError('AccessDenied')) });
    await expect(failing.at(5)).rejects.toThrow();
    await failing.at(5.2);
    expect(failing.said).toEqual(['after idle']);
    const other = watchOf({ rules });
    await other.at(5.2);
    expect(other.said).toEqual([]);
  });

  it('obeys a rule only on what the service says now', async () => {
    const rules = () => readStopRules([{ idleHours: 6 }]);
    const limits = () => ({ dollars: 0, idleHours: 0 });
    const unread = watchOf({ rules, limits, look: () => Promise.resolve(undefined) });
    await unread.at(7);
    const working = watchOf({ rules, limits, look: (one) => Promise.resolve(one) });
    await working.at(7);
    const others = watchOf({
      rules: () => readStopRules([{ idleHours: 6, filter: 'team=scratch' }]),
      limits,
    });
    await others.at(7);
    expect([unread.said, working.said, others.said]).toEqual([[], [], []]);
  });
});

describe('the daily check', () => {
  it('finds own live sessions with one list and one GetTags for each live one; a place that fails is left out', async () => {
    const calls: string[] = [];
    const tags: Record<string, Tags> = { mine: { owner: 'me' }, adas: { owner: 'ada' }, started: {} };
    const api = apiWith({
      callerIdentity: () => Promise.resolve({ account: '444455556666', arn: 'a', userId: 'me' }),
      region: () => Promise.resolve('us-east-1'),
      listSessions: () => {
        calls.push('list');
        const ids = [
          ...Object.keys(tags).map((id) => session({ id })),
          session({ id: 'over', status: 'STOPPED' }),
        ];
        return Promise.resolve({ sessions: ids });
      },
      getTags: (arn) => {
        calls.push('tags');
        return Promise.resolve(tags[arn.split('/')[1] ?? ''] ?? {});
      },
    });
    const failing = apiWith({
      callerIdentity: () => Promise.reject(callError('ExpiredToken')),
      region: () => Promise.resolve('us-east-1'),
    });
    const unread: unknown[] = [];
    const found = await findOwnSessions(
      new Map<Target, GlueApi>([
        [{ profile: 'p', roles: [] }, api],
        [{ profile: 'q', roles: [] }, failing],
      ]),
      {
        clock: { now: () => 0, sleep: () => Promise.resolve() },
        isStartedHere: (id) => id === 'started',
        onUnread: ({ profile }) => unread.push(profile),
      },
    );
    expect(found.map((one) => one.session.id).toSorted()).toEqual(['mine', 'started']);
    expect(unread).toEqual(['q']);
    expect(calls).toEqual(['list', 'tags', 'tags', 'tags']);
  });

  it('leaves out places that would ask for a code or run a program', () => {
    const profiles = [
      { name: 'plain', source: 'keys' },
      { name: 'code', source: 'keys', mfaSerial: 'arn:aws:iam::1:mfa/x' },
      { name: 'program', source: 'process' },
      { name: 'role', source: 'role', sourceProfile: 'program' },
    ];
    const asks = (profile: string) => asksNobody({ profile, roles: [] }, profiles, 'plain');
    expect(['plain', 'code', 'program', 'role'].map(asks)).toEqual([true, false, false, false]);
    const withCode = { profile: 'plain', roles: [{ roleArn: 'r', mfaSerial: 'm' }] };
    expect(asksNobody(withCode, profiles, 'plain')).toBe(false);
    // Where no profile is named, the ambient one counts.
    expect(['plain', 'program'].map((ambient) => asksNobody({ roles: [] }, profiles, ambient))).toEqual([
      true,
      false,
    ]);
  });
});

describe('a session that seems forgotten', () => {
  const known = listed({}, { tags: { team: 'scratch' } });
  const service = (tags: () => Promise<Tags>) =>
    apiWith({
      getSession: () => Promise.resolve(session({ id: 's1', createdOn: start })),
      listStatements: () => Promise.resolve({ statements: [] }),
      getTags: tags,
    });
  const look = (tags: () => Promise<Tags>, wantsTags: boolean) =>
    lookAnew(service(tags), known, {
      clock: { ...quickClock(), now: () => start },
      wantsTags,
      onUnread: () => undefined,
    });

  it('is looked at with the tags that it has now, where a rule may choose by them', async () => {
    expect((await look(() => Promise.resolve({ team: 'keep' }), true)).tags).toEqual({ team: 'keep' });
  });

  it('has no tags for a rule where they are not to be read', async () => {
    expect((await look(() => Promise.reject(callError('AccessDenied')), true)).tags).toBeUndefined();
  });

  it('costs no call for tags where nothing is decided by them', async () => {
    const looked = await look(() => Promise.reject(new Error('asked for tags')), false);
    expect(looked.tags).toEqual({ team: 'scratch' });
  });
});
