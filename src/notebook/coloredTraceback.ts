/**
 * A traceback in the colours that IPython has people used to: places in green, the error's name in red. Places in the
 * cell itself read `Cell In[3], line 2`, which VS Code makes a link to that line.
 * @param executionCount that the cell shows
 */
export function coloredTraceback(lines: readonly string[], executionCount: number): string {
  const own = ownFile(lines);
  return lines
    .map((line) => colored(line, own, executionCount))
    .join('\n')
    .trimEnd();
}

export function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

const place = /^(\s*)File ("[^"]*"), line (\d+)(?:, in (\S+))?/;

/** The name that the cell's own lines go by, and whether other cells' lines go by it too. */
function ownFile(lines: readonly string[]): string | undefined {
  return lines.map((line) => place.exec(line)).find((found) => found?.[4] === '<module>')?.[2];
}

function colored(line: string, own: string | undefined, executionCount: number): string {
  const found = place.exec(line);
  if (found === null)
    return line.replace(
      /^((?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Warning|Exit)\w*)(?=:|$)/,
      red('$1'),
    );
  const [whole, indent = '', file = '', number = '', name] = found;
  const within = name === undefined ? '' : `, in \u001b[36m${name}\u001b[39m`;
  // A session on AWS names all cells alike: a function of an earlier one must not be looked for in this.
  const isThisCell = name === '<module>' || name === undefined || (file === own && file !== '"<stdin>"');
  const shown =
    isThisCell && (file === own || own === undefined)
      ? `${indent}Cell In[${String(executionCount)}], line ${number}${within}`
      : `${indent}File \u001b[32m${file}\u001b[39m, line \u001b[32m${number}\u001b[39m${within}`;
  return shown + line.slice(whole.length);
}
