/** Whether `text` matches an IAM pattern: `*` any characters, `?` one. Linear in practice: no backtracking regular expression. */
export function wildcardMatch(pattern: string, text: string): boolean {
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
