import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPolls } from '../../../src/glue/statementPolls';

/** Milliseconds that a call takes, on loopback. */
const callMs = 4;

/** How a statement that takes so long is followed: milliseconds lost over its own time, and calls for the cell. */
function followed(ms: number, expectedMs?: number): { readonly lost: number; readonly calls: number } {
  const nextPoll = planPolls(expectedMs);
  let age = 0;
  for (let calls = 2; ; calls++) {
    const next = nextPoll(age);
    if (next <= age) throw new Error(`asked again at ${age} ms, when it was asked`);
    age = next + callMs;
    if (age >= ms + callMs) return { lost: age - ms, calls };
  }
}

/** The same with the official kernel: GetSession, RunStatement, GetStatement at once and then every second. */
function followedByKernel(ms: number): { readonly lost: number; readonly calls: number } {
  let age = callMs;
  for (let calls = 3; ; calls++) {
    if (age >= ms + callMs) return { lost: age - ms, calls };
    age += 1000 + callMs;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const every = (from: number, to: number) =>
  Array.from({ length: 500 }, (_, i) => from + ((to - from) * i) / 500);

const classes = [
  [5000, 7500],
  [30_000, 45_000],
] as const;

describe('planPolls', () => {
  it('calls at most as often as the official kernel from five seconds on, and little more below', () => {
    const durations = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(durations, (ms) => followed(ms).calls <= followedByKernel(ms).calls + (ms < 5000 ? 8 : 1)),
    );
    for (const [from, to] of classes) {
      const calls = (follow: (ms: number) => { readonly calls: number }) =>
        mean(every(from, to).map((ms) => follow(ms).calls));
      expect(calls((ms) => followed(ms))).toBeLessThanOrEqual(calls(followedByKernel));
    }
  });

  it.each([
    [50, 20],
    [300, 5],
    [1200, 5],
  ])('loses at %i ms a %ith of what the kernel loses', (ms, part) => {
    expect(followed(ms).lost).toBeLessThan(followedByKernel(ms).lost / part - 20);
  });

  it('loses no more than the kernel on long statements', () => {
    for (const [from, to] of classes) {
      const lost = (follow: (ms: number) => { readonly lost: number }) =>
        median(every(from, to).map((ms) => follow(ms).lost));
      expect(lost((ms) => followed(ms))).toBeLessThanOrEqual(lost(followedByKernel));
    }
  });

  it('does not ask again at once after an answer that took long', () => {
    expect(planPolls()(74)).toBeGreaterThan(150);
    expect(planPolls()(4300)).toBeGreaterThan(5000);
  });

  it('does not ask twice when a timer is early', () => {
    const nextPoll = planPolls(30_000);
    for (let age = 1; age < 40_000; age = nextPoll(age)) {
      expect(nextPoll(age) - age).toBeGreaterThan(2);
      if (age > 100) expect(nextPoll(age - 1) - age).not.toBeCloseTo(0);
    }
  });

  it('loses little when code takes about as long as before, with fewer calls', () => {
    for (const [from, to] of [[400, 5000], ...classes] as const) {
      const of = (longer: number) => every(from, to).map((ms) => followed(ms * longer, ms));
      const first = every(from, to).map((ms) => followed(ms));
      for (const longer of [1, 1.02, 1.05]) {
        expect(mean(of(longer).map(({ lost }) => lost))).toBeLessThan(
          mean(first.map(({ lost }) => lost)) / 2,
        );
      }
      expect(mean(of(1).map(({ calls }) => calls))).toBeLessThan(mean(first.map(({ calls }) => calls)));
    }
  });

  it('costs no calls, and a bearable time, when code takes quite another time than before', () => {
    const durations = fc.integer({ min: 0, max: 300_000 });
    fc.assert(
      fc.property(durations, durations, (ms, expectedMs) => {
        const { calls, lost } = followed(ms, expectedMs);
        const first = followed(ms);
        // Time that calls take moves the polls of the first kind on.
        expect(calls).toBeLessThanOrEqual(first.calls * 1.03 + 1);
        expect(lost).toBeLessThanOrEqual(Math.max(first.lost, 1500, ms) + 20);
      }),
    );
  });
});
