import { describe, expect, it } from 'vitest';
import type { ListedSession } from '../../../src/glue/listedSession';
import { billedQuery, queryKey } from '../../../src/glue/money/billedCost';
import { BudgetTags } from '../../../src/glue/money/budgetTags';
import { budgetUses, readBudgets, uncountedSessions, warningKey } from '../../../src/glue/money/budgets';
import { spentText, stateText } from '../../../src/glue/money/budgetText';
import { byAccount, compareCosts } from '../../../src/glue/money/compare';
import { lackingTags, liveCost } from '../../../src/glue/money/liveCost';
import { parsePeriod, periodOf } from '../../../src/glue/money/period';
import { inEnglish } from '../../../src/glue/sentence';
import type { Target } from '../../../src/glue/target';
import { scriptedClock } from '../scriptedClock';
import { session } from '../scriptedApi';

/** A Wednesday. */
const now = Date.parse('2026-11-25T12:00:00Z');
const hour = 3_600_000;
const prices = { pricePerDpuHour: 0.44, now };
const target = { roles: [] };

function listed(
  id: string,
  from: string,
  hours: number | undefined,
  tags?: Record<string, string>,
  change: Partial<ListedSession> = {},
): ListedSession {
  const createdOn = Date.parse(from);
  return {
    target,
    arn: `arn:aws:glue:us-east-1:444455556666:session/${id}`,
    session: session({
      id,
      createdOn,
      ...(hours === undefined
        ? { status: 'READY' }
        : {
            status: 'STOPPED',
            completedOn: createdOn + hours * hour,
            executionTime: hours * 3600,
            dpuSeconds: hours * 7200,
          }),
    }),
    ...(tags !== undefined && { tags }),
    ...change,
  };
}

describe('Periods', () => {
  it.each([
    ['today', '2026-11-25'],
    ['week', '2026-11-23'],
    ['month', '2026-11-01'],
  ] as const)('%s begins on %s and ends with today', (name, from) => {
    expect(periodOf(name, now)).toEqual({ from, to: '2026-11-26' });
  });

  it('begin the week of a Sunday on the Monday before', () => {
    expect(periodOf('week', Date.parse('2026-11-29T23:59:59Z')).from).toBe('2026-11-23');
  });

  it('are read with their last day in them', () => {
    expect(parsePeriod('2026-02-01', ' 2026-02-28 ')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
  });

  it.each([
    ['', '2026-01-01', '"" is not a day'],
    ['2026-02-30', '2026-03-01', '"2026-02-30" is not a day'],
    ['yesterday', '2026-03-01', '"yesterday" is not a day'],
    ['2026-03-02', '2026-03-01', 'The last day, 2026-03-01, is before the first'],
    ['2020-01-01', '2026-03-01', 'more than 14 months'],
  ])('are refused from %j to %j', (from, to, message) => {
    expect(() => parsePeriod(from, to)).toThrow(message);
  });
});

describe('Live cost', () => {
  const team = { kind: 'tag', key: 'team' } as const;
  const today = periodOf('today', now);

  it('counts what ran within the period, by the second, the dearest first', () => {
    const rows = liveCost(
      [
        listed('a', '2026-11-25T01:00:00Z', 1, { team: 'x' }),
        listed('b', '2026-11-25T02:00:00Z', 2, { team: 'y' }),
        listed('c', '2026-11-25T10:00:00Z', undefined, { team: 'x' }),
        listed('d', '2026-11-20T01:00:00Z', 5, { team: 'x' }),
        listed('e', '2026-11-25T03:00:00Z', 1),
      ],
      team,
      today,
      prices,
    );
    expect(
      rows.map(({ value, dollars, sessions, live }) => [value, Number(dollars.toFixed(4)), sessions, live]),
    ).toEqual([
      ['x', 2.64, 2, 1],
      ['y', 1.76, 1, 0],
      [undefined, 0.88, 1, 0],
    ]);
  });

  it('parts a session over midnight', () => {
    const [row] = liveCost([listed('a', '2026-11-24T22:00:00Z', 3, {})], team, today, prices);
    expect(row?.dpuHours).toBeCloseTo(2);
    expect(row?.dollars).toBeCloseTo(0.88);
  });

  it('counts a session that two targets show once', () => {
    const twice = listed('a', '2026-11-25T01:00:00Z', 1, {});
    const other = { ...twice, target: { roles: [], profile: 'other' } };
    expect(liveCost([twice, other], { kind: 'target' }, today, prices)).toMatchObject([
      { value: '444455556666 us-east-1', sessions: 1 },
    ]);
  });

  it('names the sessions whose tags it lacks', () => {
    const sessions = [listed('a', '2026-11-25T01:00:00Z', 1), listed('b', '2026-11-20T01:00:00Z', 1)];
    expect(lackingTags(sessions, today, now).map(({ session: { id } }) => id)).toEqual(['a']);
  });

  it('counts nothing of a session that never cost anything', () => {
    const failed = listed('a', '2026-11-25T01:00:00Z', 0, { team: 'x' });
    expect(liveCost([failed], team, today, prices)[0]?.dollars).toBe(0);
  });

  it('takes the DPU-seconds of a session whose capacity the service does not tell', () => {
    const { maxCapacity: _, workerType: __, numberOfWorkers: ___, ...bare } = session();
    const whole = listed('a', '2026-11-25T01:00:00Z', 1);
    const { id, createdOn, status, completedOn, dpuSeconds } = whole.session;
    const told = {
      ...bare,
      id,
      status,
      createdOn: createdOn!,
      completedOn: completedOn!,
      dpuSeconds: dpuSeconds!,
    };
    const known = { ...whole, session: told, tags: { team: 'x' } };
    expect(liveCost([known], team, today, prices)).toMatchObject([
      { value: 'x', dollars: 0.88, sessions: 1 },
    ]);
    expect(lackingTags([{ ...whole, session: told }], today, now)).toHaveLength(1);
    expect(
      liveCost([{ ...known, session: { ...bare, createdOn: createdOn! } }], team, today, prices),
    ).toEqual([]);
  });

  it('is quick with 10,000 sessions', () => {
    const many = Array.from({ length: 10_000 }, (_, n) =>
      listed(`s${n}`, '2026-11-25T01:00:00Z', 1, { team: `t${n % 50}` }),
    );
    const started = Date.now();
    expect(liveCost(many, team, today, prices)).toHaveLength(50);
    expect(Date.now() - started).toBeLessThan(2500);
  });
});

describe('Both costs side by side', () => {
  const row = { dollars: 2, dpuHours: 4, sessions: 1, live: 0 };

  it('joins them by value', () => {
    const billed = {
      rows: [
        { value: 'x', dollars: 3, dpuHours: 6 },
        { dollars: 1, dpuHours: 2 },
      ],
      isEstimated: true,
      isCut: false,
      calls: 1,
    };
    expect(
      compareCosts(
        { kind: 'tag', key: 'team' },
        [
          { value: 'x', ...row },
          { value: 'y', ...row },
        ],
        billed,
      ),
    ).toEqual([
      { value: 'x', live: { value: 'x', ...row }, billed: 3 },
      { value: 'y', live: { value: 'y', ...row } },
      { billed: 1 },
    ]);
  });

  it('knows owners of assumed roles by their names', () => {
    const billed = {
      rows: [{ value: 'AROAX:ada', dollars: 3, dpuHours: 6 }],
      isEstimated: false,
      isCut: false,
      calls: 1,
    };
    expect(compareCosts({ kind: 'owner' }, [{ value: 'ada', ...row }], billed)).toMatchObject([
      { value: 'ada', billed: 3 },
    ]);
  });

  it('adds the Regions of an account', () => {
    expect(
      byAccount([
        { value: '1 us-east-1', ...row },
        { value: '1 eu-west-1', ...row },
      ]),
    ).toEqual([{ value: '1', dollars: 4, dpuHours: 8, sessions: 2, live: 0 }]);
  });

  it('asks AWS only for what stands on its bill', () => {
    const period = periodOf('today', now);
    expect(billedQuery({ kind: 'owner' }, period)?.groupBy).toEqual({ kind: 'tag', key: 'owner' });
    expect(billedQuery({ kind: 'target' }, period)?.groupBy).toEqual({ kind: 'account' });
    expect(billedQuery({ kind: 'role' }, period)).toBeUndefined();
    const team = billedQuery({ kind: 'tag', key: 'team' }, period)!;
    expect(queryKey('a', team)).not.toBe(queryKey('b', team));
  });
});

describe('Budgets', () => {
  it.each([
    ['x', 'must be a list'],
    [[null], 'Budget 1 of glueSessions.budgets must name a tag'],
    [
      [
        { tag: 'team', value: 'x', dollars: 1 },
        { tag: '', value: 'x' },
      ],
      'Budget 2',
    ],
    [[{ tag: 'team', value: 'x', dollars: '5' }], 'must have dollars above 0; it has 5'],
    [[{ tag: 'team', value: 'x', dollars: NaN }], 'must have dollars above 0'],
    [[{ tag: 'team', value: 'x', dollars: 5, period: 'year' }], 'must be for today, week or month'],
  ])('are refused when written as %j', (setting, message) => {
    expect(() => readBudgets(setting)).toThrow(message);
  });

  it('are within, nearly used, or over', () => {
    const sessions = [listed('a', '2026-11-25T01:00:00Z', 1, { team: 'x' })];
    const [budget] = readBudgets([{ tag: 'team', value: 'x', dollars: 1 }]);
    const use = (dollars: number) => budgetUses([{ ...budget!, dollars }], sessions, prices)[0]!;
    expect([2, 1.2, 1.05, 0.87, 0.5].map((dollars) => use(dollars).state)).toEqual([
      'within',
      'within',
      'near',
      'over',
      'over',
    ]);
    expect(warningKey(use(0.5), now)).not.toBe(warningKey(use(1), now));
    expect(warningKey(use(0.5), now)).not.toBe(warningKey(use(0.5), now + 30 * 24 * hour));
  });

  it('say how many sessions of their time they do not count', () => {
    const sessions = [
      listed('a', '2026-11-25T01:00:00Z', 1, { team: 'x' }),
      listed('b', '2026-11-25T02:00:00Z', 1),
      listed('c', '2026-11-05T02:00:00Z', 3),
      listed('d', '2026-10-05T02:00:00Z', 1),
      listed('b', '2026-11-25T02:00:00Z', 1, undefined, { target: { roles: [], profile: 'other' } }),
    ];
    const budgets = readBudgets([
      { tag: 'team', value: 'x', dollars: 2, period: 'today' },
      { tag: 'team', value: 'x', dollars: 2 },
    ]);
    expect(budgetUses(budgets, sessions, prices).map(({ uncounted }) => uncounted)).toEqual([1, 2]);
    const words = budgetUses(budgets, sessions, prices).map((use) => [
      inEnglish(spentText(use)),
      inEnglish(stateText(use)),
    ]);
    expect(words).toEqual([
      ['at least $0.88', 'within, sessions not counted: 1'],
      ['at least $0.88', 'within, sessions not counted: 2'],
    ]);
    const [whole] = budgetUses(budgets, sessions.slice(0, 1), prices);
    expect([spentText(whole!), inEnglish(stateText(whole!))]).toEqual(['$0.88', 'within']);
    const uncounted = uncountedSessions(budgets, sessions, prices.now);
    expect(uncounted.map(({ session: { id } }) => id).sort()).toEqual(['b', 'c']);
  });
});

describe('The tags that budgets lack', () => {
  const budgets = readBudgets([{ tag: 'team', value: 'x', dollars: 1 }]);
  const minute = 60_000;

  /** Places with ended sessions whose tags nobody has read. */
  function places(counts: Readonly<Record<string, number>>, states: Readonly<Record<string, 'failed'>> = {}) {
    const clock = scriptedClock(now);
    const targets = Object.keys(counts).map((profile): Target => ({ roles: [], profile }));
    const read = new Map<string, number>();
    const calls: string[][] = [];
    const failures: unknown[] = [];
    let failing: Error | undefined;
    const sessionsOf = (one: Target) =>
      Array.from({ length: counts[one.profile!]! }, (_, n) => {
        const id = `${one.profile!}${String(n)}`;
        const tags = read.has(id) ? { team: 'x' } : undefined;
        return listed(id, '2026-11-25T01:00:00Z', n + 1, tags, { target: one });
      });
    const inventory = {
      targets,
      snapshot: (one: Target) => ({
        target: one,
        state: states[one.profile!] ?? ('ready' as const),
        sessions: sessionsOf(one),
      }),
      allSessions: () => targets.flatMap(sessionsOf),
      readTagsOf: (_: Target, sessions: readonly ListedSession[]) => {
        const ids = sessions.map(({ session: { id } }) => id);
        calls.push(ids);
        if (failing !== undefined) return Promise.reject(failing);
        for (const id of ids) read.set(id, 1);
        return Promise.resolve();
      },
    };
    const tags = new BudgetTags(inventory, clock, (error) => failures.push(error));
    return {
      clock,
      calls,
      failures,
      fail: (error: Error | undefined) => (failing = error),
      look: () => tags.read(budgets, 0.44),
      spent: () => budgetUses(budgets, inventory.allSessions(), prices)[0]!,
    };
  }

  it('are read before the sum is told', async () => {
    const { look, spent, calls } = places({ a: 2 });
    expect(spent()).toMatchObject({ spent: 0, uncounted: 2, state: 'within' });
    await look();
    expect(calls).toEqual([['a1', 'a0']]);
    expect(spent()).toMatchObject({ uncounted: 0, state: 'over' });
    await look();
    expect(calls).toHaveLength(1);
  });

  it('are read a few at a time, however often the budgets are looked at', async () => {
    const { look, spent, calls, clock } = places({ a: 450 });
    for (let count = 0; count < 60; count++) {
      await look();
      await clock.pass(5000);
    }
    expect(calls.map(({ length }) => length)).toEqual([200]);
    expect(spent().uncounted).toBe(250);
    await clock.pass(10 * minute);
    await look();
    await clock.pass(10 * minute);
    await look();
    expect(calls.map(({ length }) => length)).toEqual([200, 200, 50]);
    await clock.pass(10 * minute);
    await look();
    expect(calls).toHaveLength(3);
  });

  it('are read in each place by itself, and where the last look failed not at all', async () => {
    const { look, calls, failures, fail, clock } = places({ a: 300, b: 1, c: 1 }, { c: 'failed' });
    fail(new Error('throttled'));
    await look();
    expect(calls.map(([first]) => first)).toEqual(['a299', 'b0']);
    expect(failures).toHaveLength(2);
    fail(undefined);
    await clock.pass(10 * minute);
    await look();
    expect(calls.map(({ length }) => length)).toEqual([200, 1, 200, 1]);
  });
});
