/** Stand for `*` and `?` that are meant as such: private characters that no policy or request holds. */
const literalStar = '\uE02A';
const literalMark = '\uE03F';

/** A text in which `*` and `?` stand for themselves, for use within a pattern. */
export function literally(text: string): string {
  return text.replaceAll('*', literalStar).replaceAll('?', literalMark);
}

/** Takes {@link literally} back, for comparisons that know no wildcards. */
export function plain(text: string): string {
  return text.replaceAll(literalStar, '*').replaceAll(literalMark, '?');
}

/** Whether `text` matches an IAM pattern: `*` any characters, `?` one. Linear in practice: no backtracking regular expression. */
export function wildcardMatch(pattern: string, plainText: string): boolean {
  const text = literally(plainText);
  let [patternIndex, textIndex, star, resume] = [0, 0, -1, 0];
  while (textIndex < text.length) {
    if (pattern[patternIndex] === '*') {
      star = patternIndex++;
      resume = textIndex;
    } else if (patternIndex < pattern.length && ['?', text[textIndex]].includes(pattern[patternIndex])) {
      patternIndex++;
      textIndex++;
    } else if (star >= 0) {
      patternIndex = star + 1;
      textIndex = ++resume;
    } else return false;
  }
  while (pattern[patternIndex] === '*') patternIndex++;
  return patternIndex === pattern.length;
}
