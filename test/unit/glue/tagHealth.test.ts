import { describe, expect, it } from 'vitest';
import type { Tags } from '../../../src/glue/glueApi';
import type { ListedSession } from '../../../src/glue/listedSession';
import { checkTags, groupFindings, joinEdits, type RequiredTags } from '../../../src/glue/tagHealth';
import { session } from '../scriptedApi';

function sessions(...tags: Tags[]): ReadonlyMap<ListedSession, Tags> {
  return new Map(
    tags.map((own, index) => {
      const id = `s${String(index)}`;
      return [{ target: { roles: [] }, session: session({ id }), arn: `arn:${id}` }, own];
    }),
  );
}

/** Findings in a few words. */
function found(tags: readonly Tags[], required: RequiredTags = {}) {
  return checkTags(sessions(...tags), required).map(({ listed, problem, key, value, common, mend }) => ({
    id: listed.session.id,
    problem,
    ...(key !== undefined && { key }),
    ...(value !== undefined && { value }),
    ...(common !== undefined && { common }),
    ...(mend !== undefined && { mend }),
  }));
}

describe('tags are checked', () => {
  it('and nothing is found where nothing is wrong', () => {
    expect(found([{ team: 'a' }, { team: 'b', billing: 'x' }])).toEqual([]);
    expect(found([{ version: '1.0' }, { version: '10' }, { version: '1.0' }])).toEqual([]);
    expect(
      found([
        { owner: 'AROA1:ada', team: 'a' },
        { owner: 'aroa1:ADA', team: 'a' },
      ]),
    ).toEqual([]);
  });

  it('for sessions with none but who owns them', () => {
    expect(found([{ owner: 'ada', 'aws:x': '1' }, { team: 'a' }])).toEqual([
      { id: 's0', problem: 'untagged' },
    ]);
  });

  it('for required keys', () => {
    expect(found([{ owner: 'ada' }, { team: 'a' }], { team: [], cost: ['c1'], owner: [] })).toEqual([
      { id: 's0', problem: 'missing', key: 'team' },
      { id: 's0', problem: 'missing', key: 'cost', common: 'c1', mend: { add: { cost: 'c1' }, remove: [] } },
      { id: 's1', problem: 'missing', key: 'cost', common: 'c1', mend: { add: { cost: 'c1' }, remove: [] } },
      { id: 's1', problem: 'missing', key: 'owner' },
    ]);
  });

  it.each(['Team', ' team', 'TEAM', 'ｔｅａｍ', 'te\u200bam'])('for a key such as %j', (key) => {
    expect(found([{ team: 'a' }, { team: 'b' }, { [key]: 'a' }])).toEqual([
      {
        id: 's2',
        problem: 'key',
        key,
        value: 'a',
        common: 'team',
        mend: { add: { team: 'a' }, remove: [key] },
      },
    ]);
  });

  it.each([
    'Data-Platform',
    'data platform',
    'data_platform',
    ' data-platform ',
    'dataplatform',
    'data‐platform',
  ])('for a value such as %j', (value) => {
    const right = { billing: 'data-platform' };
    expect(found([right, right, { billing: value }])).toEqual([
      {
        id: 's2',
        problem: 'value',
        key: 'billing',
        value,
        common: 'data-platform',
        mend: { add: right, remove: [] },
      },
    ]);
  });

  it('by the allowed spelling, however many use another', () => {
    const wrong = { Team: 'ANALYTICS' };
    const mend = { add: { team: 'analytics' }, remove: ['Team'] };
    expect(found([wrong, wrong], { team: ['analytics', 'data-*'] }).slice(0, 2)).toEqual([
      {
        id: 's0',
        problem: 'key',
        key: 'Team',
        value: 'ANALYTICS',
        common: 'team',
        mend: { add: { team: 'ANALYTICS' }, remove: ['Team'] },
      },
      { id: 's0', problem: 'value', key: 'Team', value: 'ANALYTICS', common: 'analytics', mend },
    ]);
  });

  it('for values that are not allowed, with the one that was most likely meant', () => {
    const required = { team: ['analytics', 'data-*'] };
    const mend = { add: { team: 'analytics' }, remove: [] };
    expect(found([{ team: 'data-x' }, { team: 'anlytics' }, { team: 'sales' }], required)).toEqual([
      { id: 's1', problem: 'unknown', key: 'team', value: 'anlytics', common: 'analytics', mend },
      { id: 's2', problem: 'unknown', key: 'team', value: 'sales' },
    ]);
  });

  it('by the spelling that most have of those that are allowed, never by a forbidden one', () => {
    const required = { team: ['finance-*'] };
    const mend = { add: { team: 'finance-eu' }, remove: [] };
    const teams = ['Finance-eu', 'FINANCE-eu', 'FINANCE-eu', 'finance-eu'].map((team) => ({ team }));
    expect(found(teams, required)).toEqual(
      ['Finance-eu', 'FINANCE-eu', 'FINANCE-eu'].map((value, index) => ({
        id: `s${String(index)}`,
        problem: 'value',
        key: 'team',
        value,
        common: 'finance-eu',
        mend,
      })),
    );
    // Nobody has an allowed one.
    expect(found(teams.slice(0, 3), required)).toEqual(
      ['Finance-eu', 'FINANCE-eu', 'FINANCE-eu'].map((value, index) => ({
        id: `s${String(index)}`,
        problem: 'unknown',
        key: 'team',
        value,
      })),
    );
  });

  it('without mending what has both spellings with different values', () => {
    const [finding] = found([{ team: 'a' }, { team: 'a', Team: 'b' }]);
    expect(finding).toMatchObject({ problem: 'key', key: 'Team' });
    expect(finding?.mend).toBeUndefined();
    expect(found([{ team: 'a' }, { team: 'a', Team: 'A' }])[0]?.mend).toEqual({ add: {}, remove: ['Team'] });
  });

  it('and keys that records of JavaScript have by themselves are keys like others', () => {
    expect(found([{ constructor: 'a' }, JSON.parse('{"__proto__": "x"}') as Tags])).toEqual([]);
  });
});

it('puts mends of one session together, the later one deciding', () => {
  expect(
    joinEdits([
      { add: { team: 'ANALYTICS' }, remove: ['Team'] },
      { add: { team: 'analytics', x: '1' }, remove: ['Team', 'x'] },
    ]),
  ).toEqual({ add: { team: 'analytics', x: '1' }, remove: ['Team'] });
});

it('groups what is alike, what can be mended first', () => {
  const groups = groupFindings(
    checkTags(
      sessions({ team: 'a' }, { team: 'a' }, { team: 'a' }, { Team: 'a' }, { Team: 'b' }, {}, {}, {}),
      {},
    ),
  );
  expect(groups.map(({ problem, findings, isMendable }) => [problem, findings.length, isMendable])).toEqual([
    ['key', 2, true],
    ['untagged', 3, false],
  ]);
});

it('checks ten thousand sessions in a moment', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    team: `team-${String(n % 300)}`,
    run: String(n),
  }));
  const started = Date.now();
  expect(checkTags(sessions(...many), { team: ['team-*'] })).toEqual([]);
  expect(Date.now() - started).toBeLessThan(5000);
});
