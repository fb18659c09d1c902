/**
 * How long to wait before asking again: tens of milliseconds for what just began, slower the older it is.
 * @param ageMs milliseconds since it began
 * @returns milliseconds
 */
export function pollDelay(ageMs: number): number {
  return Math.min(2000, Math.max(30, ageMs * 0.15));
}

/**
 * Ages at which a statement is first asked about (milliseconds). They are chosen against the official kernel, which
 * asks at once and then every second, after one GetSession: most cells are short, so their first second gets more
 * calls; those are saved again before the sixth, so that no longer statement costs more calls than it does there.
 */
const firstPolls = [5, 68, 390, 1260, 2600, 4100, 5600];

/** A little under the kernel's second; of a statement that takes many minutes, a sixtieth of its age is never missed. */
const laterPolls = { leastMs: 985, mostMs: 5000, partOfAge: 1 / 60 };

/**
 * How long to wait before a statement is asked about again.
 * @param ageMs milliseconds since it was sent
 * @returns milliseconds
 */
export function statementPollDelay(ageMs: number): number {
  // One that is all but due (an answer took long) would bring no news.
  const next = firstPolls.find((age) => age > ageMs * 1.25);
  if (next !== undefined) return next - ageMs;
  return Math.min(laterPolls.mostMs, Math.max(laterPolls.leastMs, ageMs * laterPolls.partOfAge));
}

/** Doubles from half a second to ten, for calls that were throttled or got no answer. @returns milliseconds */
export function retryDelay(attempt: number): number {
  return Math.min(10_000, 500 * 2 ** attempt);
}
