import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelay, statementPollDelay } from '../../../src/glue/backoff';

/** Milliseconds that a call takes, on loopback. */
const callMs = 4;

/** How a statement that takes so long is followed: milliseconds lost over its own time, and calls for the cell. */
function followed(ms: number): { readonly lost: number; readonly calls: number } {
  let age = 0;
  for (let calls = 2; ; calls++) {
    age += statementPollDelay(age) + callMs;
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

const every = (from: number, to: number) =>
  Array.from({ length: 500 }, (_, i) => from + ((to - from) * i) / 500);

describe('statementPollDelay', () => {
  it('calls at most as often as the official kernel from five seconds on, and little more below', () => {
    const durations = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(durations, (ms) => followed(ms).calls <= followedByKernel(ms).calls + (ms < 5000 ? 8 : 1)),
    );
    for (const [from, to] of [
      [5000, 7500],
      [30_000, 45_000],
    ] as const) {
      const mean = (follow: typeof followed) =>
        every(from, to).reduce((sum, ms) => sum + follow(ms).calls, 0) / 500;
      expect(mean(followed)).toBeLessThanOrEqual(mean(followedByKernel));
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
    for (const [from, to] of [
      [5000, 7500],
      [30_000, 45_000],
    ] as const) {
      const lost = (follow: typeof followed) => median(every(from, to).map((ms) => follow(ms).lost));
      expect(lost(followed)).toBeLessThanOrEqual(lost(followedByKernel));
    }
  });

  it('does not ask again at once after an answer that took long', () => {
    expect(statementPollDelay(74)).toBeGreaterThan(100);
    expect(statementPollDelay(4000)).toBeGreaterThan(500);
  });
});

describe('retryDelay', () => {
  it('doubles up to ten seconds', () => {
    expect([0, 1, 2, 10].map(retryDelay)).toEqual([500, 1000, 2000, 10_000]);
  });
});
