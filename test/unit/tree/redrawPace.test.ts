import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedrawPace } from '../../../src/tree/redrawPace';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function drawn() {
  const at: number[] = [];
  const begun = performance.now();
  const pace = new RedrawPace(() => at.push(Math.round(performance.now() - begun)));
  return { at, pace };
}

describe('a view that changes', () => {
  it('is drawn soon, once for what changes together', () => {
    const { at, pace } = drawn();
    for (let change = 0; change < 5; change++) pace.changed();
    vi.advanceTimersByTime(100);
    expect(at).toEqual([15]);
  });

  it('is not drawn again while VS Code takes in what was drawn', () => {
    const { at, pace } = drawn();
    pace.changed();
    vi.advanceTimersByTime(20);
    pace.changed();
    // The window is busy: it asks late for the first rows, and then for those of their groups.
    vi.advanceTimersByTime(600);
    pace.asked();
    vi.advanceTimersByTime(50);
    pace.asked();
    expect(at).toEqual([15]);
    vi.advanceTimersByTime(110);
    expect(at).toHaveLength(2);
    expect(at[1]).toBeGreaterThanOrEqual(20 + 600 + 50 + 80);
  });

  it('is left alone for so long that VS Code draws at once', () => {
    const { at, pace } = drawn();
    pace.changed();
    vi.advanceTimersByTime(16);
    pace.asked();
    pace.changed();
    vi.advanceTimersByTime(1000);
    expect(at).toHaveLength(2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(200);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeLessThan(260);
  });

  it('is drawn though nobody asked for the last time: it was hidden then', () => {
    const { at, pace } = drawn();
    pace.changed();
    vi.advanceTimersByTime(20);
    pace.changed();
    vi.advanceTimersByTime(1600);
    expect(at).toHaveLength(2);
  });

  it('is not drawn after its end', () => {
    const { at, pace } = drawn();
    pace.changed();
    pace.dispose();
    vi.advanceTimersByTime(5000);
    expect(at).toEqual([]);
  });
});
