import { InvalidInputError } from '../glue/errors';
import { parseCell } from '../magics/parseCell';

/** The Python of a cell, line for line: empty lines where magics stand, nothing but empty lines where it has none. */
export function pythonOf(text: string): string {
  const lines = text.split(/\r?\n/);
  const blank = lines.map(() => '').join('\n');
  try {
    const { code } = parseCell(text);
    return code === '' ? blank : code;
  } catch (error) {
    // A magic that is being typed. The rest of the cell is Python all the same.
    if (error instanceof InvalidInputError)
      return lines.map((line) => (/^\s*[%!]/.test(line) ? '' : line)).join('\n');
    throw error;
  }
}
