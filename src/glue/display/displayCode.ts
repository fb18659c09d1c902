import { createHash } from 'node:crypto';
import { pythonText } from '../sessionGuard';
import source from './session.py';

const version = createHash('sha256').update(source).digest('hex').slice(0, 12);

export interface DisplayOptions {
  /** Of the statement: what it shows stands between delimiters that hold this. Letters, digits and hyphens. */
  readonly id: string;
  /** Rows of a table. */
  readonly limit: number;
  /** Whether a bare Spark DataFrame shows its rows, which starts a job. */
  readonly rowsAtOnce: boolean;
}

/**
 * A line of Python to stand before a person's code, so that its tables can be shown as such. It defines no name, bar
 * `display` where the code asks for it, and fails silently: the output is plain then.
 * @param withInstall whether the session may not have the display yet
 */
export function displayLine(
  code: string,
  { id, limit, rowsAtOnce }: DisplayOptions,
  withInstall: boolean,
): string {
  const withDisplay = /\bdisplay\b/.test(code);
  const withFigures = !/^[ \t]*%/m.test(code);
  const flags = [rowsAtOnce, withDisplay, withFigures].map((flag) => (flag ? 'True' : 'False'));
  const isThere = `getattr(sys.modules.get("_glue_sessions"), "version", "") == "${version}"`;
  const install = `exec(compile(${pythonText(source)}, "<glue-sessions>", "exec"), {"__name__": "_glue_sessions", "VERSION": "${version}"})`;
  const lines = [
    'try:',
    ...(withInstall ? [` ${isThere} or ${install}`] : []),
    ` sys.modules["_glue_sessions"].begin(person, "${id}", ${String(limit)}, ${flags.join(', ')})`,
    'except Exception: pass',
  ];
  // The person may have given the names of builtins another meaning.
  const builtins = '__import__("builtins")';
  const names = `{"sys": __import__("sys"), "person": ${builtins}.globals()}`;
  return `${builtins}.exec(${pythonText(lines.join('\n'))}, ${names})`;
}
