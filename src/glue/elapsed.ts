/**
 * How long something ran, to the second, for people: `2.3 s`, `45 s`, `2 min 5 s`, `1 h 2 min`.
 * @param ms milliseconds
 * @param tenths whether seconds below ten show their tenths
 */
export function elapsedText(ms: number, tenths = true): string {
  if (ms < 10_000 && tenths) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
