import { describe, expect, it, vi } from 'vitest';
import { forEachBounded } from '../../../src/glue/boundedConcurrency';
import type { GlueApi, Session, Tags } from '../../../src/glue/glueApi';
import { groupSessions, tagKeysOf } from '../../../src/glue/grouping';
import { idleTimeLeft, ownerOf, sessionKey, type ListedSession } from '../../../src/glue/listedSession';
import { SessionInventory } from '../../../src/glue/sessionInventory';
import { targetKey, type Target } from '../../../src/glue/target';
import { apiWith, callError, quickClock, session } from '../scriptedApi';

const target: Target = { profile: 'p', roles: [] };

function listed(change: Partial<Session>, tags?: Tags): ListedSession {
  const seen = session(change);
  return { target, session: seen, arn: `arn:${seen.id}`, ...(tags && { tags }) };
}

function inventoryOf(sessions: Session[], tags: Readonly<Record<string, Tags>>, more: Partial<GlueApi> = {}) {
  const api = apiWith({
    callerIdentity: () => Promise.resolve({ account: '444455556666', arn: 'a', userId: 'u' }),
    region: () => Promise.resolve('us-east-1'),
    listSessions: ({ nextToken }) => {
      const start = Number(nextToken ?? 0);
      const page = sessions.slice(start, start + 2);
      return Promise.resolve({
        sessions: page,
        ...(start + 2 < sessions.length && { nextToken: String(start + 2) }),
      });
    },
    getTags: (arn) => Promise.resolve(tags[arn.split('/')[1] ?? ''] ?? {}),
    ...more,
  });
  const inventory = new SessionInventory(
    { of: () => api, forget: () => undefined, useKeys: () => undefined },
    quickClock(),
  );
  inventory.setTargets([target]);
  return inventory;
}

describe('SessionInventory', () => {
  it('reads all pages, and the tags of live sessions; those of ended ones when they come into view', async () => {
    const inventory = inventoryOf(
      [session({ id: 'a' }), session({ id: 'b' }), session({ id: 'c', status: 'STOPPED' })],
      { a: { team: 'x' }, c: { team: 'y' } },
    );
    await inventory.refresh();
    const tags = () => inventory.allSessions().map((item) => [item.session.id, item.tags]);
    expect(tags()).toEqual([
      ['a', { team: 'x' }],
      ['b', {}],
      ['c', undefined],
    ]);
    expect(inventory.snapshot(target)).toMatchObject({ state: 'ready', region: 'us-east-1' });
    await inventory.readTagsOf(target, inventory.allSessions());
    expect(tags()[2]).toEqual(['c', { team: 'y' }]);
  });

  it('shows each page as it comes, with what was known of the others', async () => {
    let turn = () => Promise.resolve();
    const all = ['a', 'b', 'c', 'd'].map((id) => session({ id }));
    const inventory = inventoryOf(
      all,
      {},
      {
        listSessions: async ({ nextToken }) => {
          await turn();
          return nextToken === undefined
            ? { sessions: all.slice(0, 2), nextToken: '2' }
            : { sessions: all.slice(2) };
        },
      },
    );
    const shown: string[] = [];
    const see = () =>
      shown.push(
        inventory
          .allSessions()
          .map((item) => item.session.id)
          .join(''),
      );
    let pages = 0;
    turn = () => {
      if (pages++ === 1) see();
      return Promise.resolve();
    };
    await inventory.refresh();
    see();
    all.splice(1, 1);
    pages = 0;
    await inventory.refresh();
    see();
    expect(shown).toEqual(['ab', 'abcd', 'acbd', 'acd']);
  });

  it('asks for nothing twice while it is on its way', async () => {
    const getTags = vi.fn(() => new Promise<Tags>((resolve) => setTimeout(resolve, 20, {})));
    const inventory = inventoryOf([session({ id: 'a', status: 'STOPPED' })], {}, { getTags });
    await inventory.refresh();
    const rows = inventory.allSessions();
    await Promise.all([inventory.readTagsOf(target, rows), inventory.readTagsOf(target, rows)]);
    expect(getTags).toHaveBeenCalledTimes(1);
  });

  it('reads the tags of a session once', async () => {
    const getTags = vi.fn(() => Promise.resolve({ team: 'x' }));
    const inventory = inventoryOf([session({ id: 'a' })], {}, { getTags });
    await inventory.refresh();
    await inventory.refresh();
    expect(getTags).toHaveBeenCalledTimes(1);
  });

  it('keeps a failure with what was known before', async () => {
    let isDown = false;
    const inventory = inventoryOf(
      [session({ id: 'a' })],
      {},
      {
        listSessions: () =>
          isDown
            ? Promise.reject(callError('Network', 'unknown', 'gone'))
            : Promise.resolve({ sessions: [session({ id: 'a' })] }),
      },
    );
    await inventory.refresh();
    isDown = true;
    await inventory.refresh();
    expect(inventory.snapshot(target)).toMatchObject({ state: 'failed', error: { message: 'gone' } });
    expect(inventory.allSessions()).toHaveLength(1);
  });

  it('does not fail over a session whose tags it may not read', async () => {
    const inventory = inventoryOf(
      [session({ id: 'a' })],
      {},
      { getTags: () => Promise.reject(callError('AccessDenied')) },
    );
    await inventory.refresh();
    expect(inventory.allSessions()[0]?.tags).toEqual({});
  });

  it('takes in at once what another part has done', async () => {
    const inventory = inventoryOf([session({ id: 'a' })], {});
    await inventory.refresh();
    const changed = vi.fn();
    inventory.onDidChange(changed);
    inventory.noteSession(target, session({ id: 'a', status: 'STOPPED' }), { team: 'z' });
    expect(inventory.allSessions()).toMatchObject([{ session: { status: 'STOPPED' }, tags: { team: 'z' } }]);
    expect(changed).toHaveBeenCalled();
    inventory.dispose();
  });

  it('reckons idleness from the last statement, for rows in view', async () => {
    const statements = [{ id: 0, state: 'AVAILABLE', progress: 1, completedOn: 5000 }];
    const inventory = inventoryOf(
      [session({ id: 'a', idleTimeout: 1 })],
      {},
      { listStatements: () => Promise.resolve({ statements }) },
    );
    await inventory.refresh();
    await inventory.readActivityOf(target, inventory.allSessions());
    expect(idleTimeLeft(inventory.allSessions()[0]!, 15_000)).toBe(50_000);
  });
});

describe('groupSessions', () => {
  const sessions = [
    listed({ id: 'old', status: 'STOPPED', createdOn: 5 }, { team: 'b' }),
    listed({ id: 'new', createdOn: 9 }, { team: 'b' }),
    listed({ id: 'alone' }),
    listed({ id: 'first' }, { team: 'a', billing: 'x' }),
  ];

  it('groups by tag value, untagged last, live ones first', () => {
    const groups = groupSessions(sessions, [{ kind: 'tag', key: 'team' }], 0.44, 60_000);
    expect(
      groups.map(({ value, sessions: members }) => [value, members.map(({ session: { id } }) => id)]),
    ).toEqual([
      ['a', ['first']],
      ['b', ['new', 'old']],
      [undefined, ['alone']],
    ]);
    expect(groups[1]).toMatchObject({ live: 1, dollarsPerHour: 0.88 });
  });

  it('groups by status', () => {
    expect(groupSessions(sessions, [{ kind: 'status' }], 0.44, 0).map(({ value }) => value)).toEqual([
      'ready',
      'stopped',
    ]);
  });

  it('groups ten thousand in no time, and loses none', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      listed({ id: String(index) }, { team: String(index % 7) }),
    );
    const started = performance.now();
    const groups = groupSessions(many, [{ kind: 'tag', key: 'team' }], 0.44, 0);
    expect(groups.reduce((sum, group) => sum + group.sessions.length, 0)).toBe(10_000);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('knows the keys seen', () => {
    expect(tagKeysOf(sessions)).toEqual(['billing', 'team']);
  });
});

it('shows an assumed role owner by the name of the person', () => {
  expect(ownerOf(listed({}, { owner: 'AROAX:ISBlogUser' }))).toBe('ISBlogUser');
  expect(ownerOf(listed({}, { owner: 'AIDAX' }))).toBe('AIDAX');
  expect(ownerOf(listed({}))).toBeUndefined();
});

it('keeps keys from a cell out of the names of targets', () => {
  const withKeys: Target = {
    roles: [],
    credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'very-secret', sessionToken: 'token-secret' },
  };
  expect(targetKey(withKeys)).not.toMatch(/secret/);
  expect(sessionKey({ target, session: session({ id: 'x' }) })).toContain('x');
});

it('does at most so many things at once', async () => {
  let [now, most] = [0, 0];
  await forEachBounded(Array.from({ length: 20 }), 3, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now -= 1;
  });
  expect(most).toBe(3);
});
