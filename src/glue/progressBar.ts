const width = 5;

/** How far something is as a bar: `▰▰▰▱▱`. Full only at the end. @param progress 0 to 1 */
export function progressBar(progress: number): string {
  const full = Math.max(0, Math.min(width, Math.floor(progress * width)));
  return '▰'.repeat(full) + '▱'.repeat(width - full);
}
