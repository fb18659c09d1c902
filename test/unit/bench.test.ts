import { describe, expect, it } from 'vitest';
import {
  callsPerCell,
  comparisonGoals,
  figures,
  mean,
  median,
  ownMs,
  type CellRun,
  type JournalLine,
} from '../../scripts/bench/arithmetic.mjs';
import { makePlan } from '../../scripts/bench/plan.mjs';

const at = (ms: number) => new Date(ms).toISOString();
const call = (ms: number): JournalLine => ({ kind: 'call', operation: 'glue:GetStatement', time: at(ms) });
const ran = (session: string, start: number, end: number): JournalLine => ({
  kind: 'statement',
  session,
  start: at(start),
  end: at(end),
});
const cell = (from: number, start: number, end: number, isAlone = true): CellRun => ({
  session: 'a',
  from,
  start,
  end,
  isAlone,
});

describe('arithmetic of the bench', () => {
  it('takes the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(mean([1, 2, 6])).toBe(3);
  });

  it('takes a statement’s own time from the journal, of its session and its cell', () => {
    const journal = [
      ran('a-1', 100, 900),
      ran('a-1', 1010, 1060),
      ran('a-1', 1062, 1063),
      ran('b', 1010, 1090),
    ];
    expect(ownMs(cell(0.05, 1000, 1100), journal)).toBe(50);
    expect(() => ownMs(cell(0, 5000, 5100), journal)).toThrow(/no statement/);
  });

  it('counts the calls of a cell that was alone, and shares those of cells side by side', () => {
    const journal = [call(5), call(10), call(20), call(30), call(99)];
    expect(callsPerCell([cell(0, 8, 32)], journal)).toBe(3);
    expect(callsPerCell([cell(5, 5, 20, false), cell(5, 6, 40, false)], journal)).toBe(2);
  });

  it('gives the figures of each class, and holds them to the goals', () => {
    const journal = [ran('a', 0, 50), ran('a', 1000, 1050), call(1), call(2), call(1001)];
    const ours = figures([cell(0.05, 0, 80), cell(0.05, 1000, 1090)], journal);
    expect(ours).toEqual([{ from: 0.05, cells: 2, overMs: 35, calls: 1.5 }]);
    const kernel = [{ from: 0.05, cells: 2, overMs: 961, calls: 4 }];
    const bare = [{ from: 0.05, cells: 2, overMs: 7, calls: 3 }];
    expect(comparisonGoals(ours, kernel, bare).map(({ isMet }) => isMet)).toEqual([true, true]);
    const slow = [{ from: 0.05, cells: 2, overMs: 49, calls: 12.5 }];
    expect(comparisonGoals(slow, kernel, bare).map(({ isMet }) => isMet)).toEqual([false, false]);
    expect(comparisonGoals(ours, [], bare)).toEqual([]);
  });

  it('draws the same long statements each time, from their duration to half as long again', () => {
    const { long, short } = makePlan({ isQuick: false });
    expect(makePlan({ isQuick: false })).toEqual(makePlan({ isQuick: false }));
    for (const from of [5, 30]) {
      const drawn = long.flat().filter((statement) => statement.from === from);
      expect(drawn.length).toBeGreaterThanOrEqual(8);
      for (const { seconds } of drawn) {
        expect(seconds).toBeGreaterThanOrEqual(from);
        expect(seconds).toBeLessThanOrEqual(from * 1.5);
      }
    }
    for (const seconds of [0, 0.05, 0.3, 1.2]) {
      expect(short.filter((duration) => duration === seconds)).toHaveLength(20);
    }
  });
});
