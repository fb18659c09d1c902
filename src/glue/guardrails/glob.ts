/**
 * Whether an IAM glob takes the whole text: `*` is any text, `?` one character, all else itself, case and all. Source: IAM
 * user guide, "String condition operators" (StringLike). Takes time proportional to pattern × text, whatever they hold.
 */
export function globMatches(pattern: string, text: string): boolean {
  const [wanted, given] = [Array.from(pattern), Array.from(text)];
  let [at, from] = [0, 0];
  let [star, resume] = [-1, 0];
  while (from < given.length) {
    if (wanted[at] === '*') {
      [star, resume] = [at, from];
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      resume += 1;
      [at, from] = [star + 1, resume];
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}

/** Whether any of the globs takes the text. */
export function isAmong(text: string, globs: readonly string[]): boolean {
  return globs.some((glob) => globMatches(glob, text));
}
