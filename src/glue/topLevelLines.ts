/**
 * For each line of Python whether it begins a statement: not inside brackets, a string over several lines, or a line
 * continued with a backslash. A `%` there is an operator or text, not a magic.
 */
export function topLevelLines(code: string): readonly boolean[] {
  const result: boolean[] = [];
  let depth = 0;
  let quote: string | undefined;
  let continued = false;
  for (const line of code.split('\n')) {
    result.push(depth === 0 && quote === undefined && !continued);
    // A magic's argument is not Python: an apostrophe in it opens nothing.
    if (result.at(-1) === true && /^[%!]/.test(line)) continue;
    ({ depth, quote } = scan(line, depth, quote));
    continued = quote === undefined && line.endsWith('\\');
  }
  return result;
}

function scan(
  line: string,
  startDepth: number,
  startQuote: string | undefined,
): { depth: number; quote: string | undefined } {
  let depth = startDepth;
  let quote = startQuote;
  const token = /\\.|"""|'''|["'#()[\]{}]/g;
  for (let match = token.exec(line); match !== null; match = token.exec(line)) {
    const [found] = match;
    if (quote !== undefined) {
      if (found === quote) quote = undefined;
    } else if (found === '#') break;
    else if (found.startsWith('"') || found.startsWith("'")) quote = found;
    else if ('([{'.includes(found)) depth++;
    else if (')]}'.includes(found)) depth = Math.max(0, depth - 1);
  }
  // A string in single quotes ends with its line.
  return { depth, quote: quote?.length === 1 ? undefined : quote };
}
