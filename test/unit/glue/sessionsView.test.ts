import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import type { Session, Tags } from '../../../src/glue/glueApi';
import { formatGroupBy, groupFacts, parseGroupBy, type GroupBy } from '../../../src/glue/groupBy';
import type { ListedSession } from '../../../src/glue/listedSession';
import { parseFilter } from '../../../src/glue/sessionFilter';
import type { TargetSnapshot } from '../../../src/glue/sessionInventory';
import { sessionsView, type ViewSettings } from '../../../src/glue/sessionsView';
import type { Target } from '../../../src/glue/target';
import { session } from '../scriptedApi';

const hour = 3_600_000;
const now = 100 * hour;
const one: Target = { profile: 'one', roles: [] };
const two: Target = { profile: 'two', roles: [] };

function listed(target: Target, change: Partial<Session>, tags?: Tags): ListedSession {
  const seen = session({ createdOn: now - hour, ...change });
  return { target, session: seen, arn: `arn:${seen.id}`, ...(tags && { tags }) };
}

function snapshot(target: Target, userId: string, sessions: readonly ListedSession[]): TargetSnapshot {
  const identity = { account: '444455556666', arn: `arn:${userId}`, userId };
  return { target, state: 'ready', identity, region: 'us-east-1', sessions };
}

const places = [
  snapshot(one, 'AROA1:ada', [
    listed(
      one,
      { id: 'a', role: 'arn:aws:iam::4:role/path/etl' },
      { team: 'x', billing: 'b1', owner: 'AROA1:ada' },
    ),
    listed(one, { id: 'b', connections: ['vpc'] }, { team: 'x', billing: 'b2', owner: 'AROA2:bob' }),
    listed(one, { id: 'gone', status: 'STOPPED', createdOn: now - 50 * hour }, { team: 'x' }),
  ]),
  snapshot(two, 'AIDA2', [
    listed(two, { id: 'c', glueVersion: '4.0' }, { team: 'y', owner: 'AIDA2' }),
    listed(two, { id: 'd' }),
  ]),
];

function view(change: Partial<ViewSettings> & { readonly by?: string; readonly filterText?: string } = {}) {
  const { by = 'team', filterText = '', ...rest } = change;
  const settings: ViewSettings = {
    groupBy: parseGroupBy(by),
    isMerged: false,
    filter: parseFilter(filterText),
    showsEnded: false,
    pricePerDpuHour: 0.44,
    ...rest,
  };
  return sessionsView(places, settings, now);
}

const idsOf = (parts: ReturnType<typeof view>) =>
  parts
    .flatMap(({ groups }) => groups.flatMap(({ sessions }) => sessions.map((item) => item.session.id)))
    .sort();

describe('sessionsView', () => {
  it('shows each target by itself, live sessions alone, and counts the ended ones', () => {
    const [first, second] = view();
    expect(first).toMatchObject({ target: one, shown: 2, live: 2, endedHidden: 1, filteredOut: 0 });
    expect(second?.groups.map(({ value }) => value)).toEqual(['y', undefined]);
    expect(idsOf(view({ showsEnded: true }))).toEqual(['a', 'b', 'c', 'd', 'gone']);
  });

  it('tells how many a filter can not judge, because their tags were not read', () => {
    const unread = (change: Parameters<typeof view>[0]) => view(change).map((part) => part.unread);
    expect(unread({ filterText: 'team=x' })).toEqual([0, 1]);
    expect(unread({ filterText: '' })).toEqual([0, 0]);
    const old = listed(two, { id: 'old', status: 'STOPPED' });
    const settings = { groupBy: [], isMerged: true, filter: parseFilter('team=x'), pricePerDpuHour: 0.44 };
    const parts = [false, true].map((showsEnded) =>
      sessionsView([snapshot(two, 'AIDA2', [old])], { ...settings, showsEnded }, now),
    );
    expect(parts.map(([part]) => part?.unread)).toEqual([0, 1]);
  });

  it('puts all targets together', () => {
    const [all, ...none] = view({ isMerged: true });
    expect(none).toEqual([]);
    expect(all?.target).toBeUndefined();
    expect(all?.groups.map(({ value, live }) => [value, live])).toEqual([
      ['x', 2],
      ['y', 1],
      [undefined, 1],
    ]);
  });

  it('groups by a second key within the first, with the sums of each', () => {
    const [first] = view({ by: 'team, billing' });
    const [team] = first?.groups ?? [];
    expect(team?.groups?.map(({ value, dollarsPerHour }) => [value, dollarsPerHour])).toEqual([
      ['b1', 0.88],
      ['b2', 0.88],
    ]);
    expect(team?.dollarsPerHour).toBe(1.76);
    expect(new Set([team?.key, ...(team?.groups ?? []).map(({ key }) => key)]).size).toBe(3);
  });

  it.each<[string, (string | undefined)[]]>([
    ['owner', ['ada', 'AIDA2', 'bob', undefined]],
    ['role', ['etl', undefined]],
    ['connection', ['vpc', undefined]],
    ['version', ['4.0', undefined]],
    ['status', ['ready']],
  ])('groups by %s', (by, values) => {
    const [all] = view({ by, isMerged: true });
    expect(all?.groups.map(({ value }) => value)).toEqual(values);
  });

  it('loses no session and counts none twice, whatever the grouping', () => {
    const keys = fc.constantFrom<GroupBy>(...groupFacts.map((kind) => ({ kind })), {
      kind: 'tag',
      key: 'team',
    });
    fc.assert(
      fc.property(fc.uniqueArray(keys, { minLength: 1, maxLength: 2 }), fc.boolean(), (groupBy, isMerged) => {
        const parts = view({ groupBy, isMerged, showsEnded: true });
        expect(idsOf(parts)).toEqual(['a', 'b', 'c', 'd', 'gone']);
        for (const { groups } of parts) {
          for (const { groups: inner = [], sessions } of groups) {
            if (groupBy.length > 1)
              expect(inner.flatMap((group) => group.sessions)).toHaveLength(sessions.length);
          }
        }
      }),
    );
  });
});

describe('parseFilter', () => {
  it.each<[string, string[]]>([
    ['', ['a', 'b', 'c', 'd', 'gone']],
    ['team=x', ['a', 'b', 'gone']],
    ['team=X billing=b*', ['a', 'b']],
    ['billing=*2', ['b']],
    ['status=ready', ['a', 'b', 'c', 'd']],
    ['status=STOPPED', ['gone']],
    ['owner=me', ['a', 'c']],
    ['owner=bob', ['b']],
    ['age>1d', ['gone']],
    ['age<2h', ['a', 'b', 'c', 'd']],
    ['vpc', ['b']],
    ['"b1" team=x', ['a']],
    ['ETL', ['a']],
    ['constructor=x', []],
    ['nothing-has-this', []],
  ])('lets through with %s', (filterText, ids) => {
    expect(idsOf(view({ filterText, showsEnded: true }))).toEqual(ids);
  });

  it.each(['age>soon', 'age>2', 'price>3', 'team='])('refuses %s and names it', (text) => {
    expect(() => parseFilter(text)).toThrow(InvalidInputError);
    expect(() => parseFilter(text)).toThrow(text);
  });

  it('takes any text without a fault', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          idsOf(view({ filterText: text, showsEnded: true }));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }),
    );
  });
});

describe('parseGroupBy', () => {
  it('writes what it reads', () => {
    for (const text of ['team', 'status', 'team, billing', 'tag:owner', 'owner, tag:status', 'tag:tag:x']) {
      expect(formatGroupBy(parseGroupBy(text))).toBe(text);
    }
    expect(parseGroupBy(' ')).toEqual([]);
  });

  it.each(['a, b, c', 'team, team', 'tag:team, team'])('refuses %s', (text) => {
    expect(() => parseGroupBy(text)).toThrow(InvalidInputError);
  });
});
