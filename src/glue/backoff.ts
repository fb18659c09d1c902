/**
 * How long to wait before asking again: tens of milliseconds for what just began, slower the older it is.
 * @param ageMs milliseconds since it began
 * @returns milliseconds
 */
export function pollDelay(ageMs: number): number {
  return Math.min(2000, Math.max(30, ageMs * 0.15));
}

/** Doubles from half a second to ten, for calls that were throttled or got no answer. @returns milliseconds */
export function retryDelay(attempt: number): number {
  return Math.min(10_000, 500 * 2 ** attempt);
}
