import { loaderName, takeApart } from './codeParts';
import { InvalidInputError } from './errors';
import { sentence } from './sentence';
import type { Statement } from './glueApi';
import { guard, hasRun } from './sessionGuard';

/** Characters of code that RunStatement takes. Source: botocore's public model. */
const maximumCodeLength = 68_000;

/** What it takes to know a statement again and to tell its errors: small enough to be written down. */
export interface StatementMark {
  /**
   * A comment that makes a statement known again among those of its session, after a lost answer or a reload. It is the
   * last line, or the end of the first when a line begins with `%`: Livy splits such code there and shows the last piece
   * only, so a comment behind it would lose the plot.
   */
  readonly marker: string;
  /** Lines that stand before the person's first one: taken off the line numbers of errors. */
  readonly linesBefore: number;
}

/** Code as it is sent: one statement, known by its marker. */
export interface MarkedCode extends StatementMark {
  readonly code: string;
  /** Statements that go before and bring long code into the session: each harmless however often it arrives. */
  readonly uploads: readonly string[];
  /** Whether a second arrival does nothing in the session, so that it may be sent again. */
  readonly isGuarded: boolean;
  /** A statement that makes this one do nothing should it arrive later; guarded code has it. */
  readonly withdrawal?: { readonly code: string; readonly marker: string };
}

/**
 * @param id random: letters, digits and hyphens
 * @param prelude one line of simple statements that run before the person's code, in the same statement
 * @throws InvalidInputError for code that is too long for one statement and can't be sent in parts
 */
export function markCode(code: string, language: 'python' | 'scala', id: string, prelude = ''): MarkedCode {
  return language === 'python' ? markPython(code, id, prelude) : markScala(code, id, prelude);
}

function markPython(code: string, id: string, prelude: string): MarkedCode {
  const marker = `# glue-sessions:${id}`;
  const withdrawn = `${marker} withdrawn`;
  const guarded = {
    marker,
    isGuarded: true,
    withdrawal: { code: withMarker([guard(id)], withdrawn), marker: withdrawn },
  };
  const first = prelude === '' ? guard(id) : `${guard(id)}; ${prelude}`;
  const whole = withMarker([first, ...code.split('\n')], marker);
  if (whole.length <= maximumCodeLength) {
    return { ...guarded, code: whole, uploads: [], linesBefore: 1 };
  }
  const { uploads, last } = takeApart(code, id, maximumCodeLength, prelude);
  const runs = withMarker(last, marker);
  if (runs.length > maximumCodeLength) throw tooLong(code, runs.length);
  return { ...guarded, code: runs, uploads, linesBefore: last.length };
}

function markScala(code: string, id: string, prelude: string): MarkedCode {
  const marker = `// glue-sessions:${id}`;
  const before = prelude === '' ? [] : [prelude];
  const whole = withMarker([...before, code], marker);
  if (whole.length > maximumCodeLength) throw tooLong(code, whole.length - code.length);
  return { code: whole, uploads: [], marker, linesBefore: before.length, isGuarded: false };
}

function withMarker(lines: readonly string[], marker: string): string {
  const [first, ...others] = lines;
  const isSplit = lines.some((line) => /^%/m.test(line));
  return isSplit ? [`${first ?? ''}  ${marker}`, ...others].join('\n') : [...lines, marker].join('\n');
}

function tooLong(code: string, overhead: number): InvalidInputError {
  const count = (characters: number) => characters.toLocaleString('en');
  return new InvalidInputError(
    sentence(
      'This cell has {0} characters. A statement can have {1}, {2} of which this extension needs for itself. Nothing was sent: put part of the code into another cell, or into a module for %extra_py_files.',
      count(code.length),
      count(maximumCodeLength),
      count(overhead),
    ),
  );
}

/** Whether a statement carries the marker. */
export function carries(statement: Statement, marker: string): boolean {
  const lines = statement.code?.trimEnd().split('\n') ?? [];
  return lines.at(-1) === marker || lines[0] === marker || lines[0]?.endsWith(`  ${marker}`) === true;
}

/** Whether it did nothing, because the statement with this marker had run before it. */
export function isSecondArrival({ output }: Statement, marker: string): boolean {
  if (output?.status !== 'error') return false;
  const id = marker.slice(marker.indexOf(':') + 1);
  return [output.errorValue ?? '', ...output.traceback].some((text) => text.includes(hasRun(id)));
}

/**
 * The statement with line numbers as the person wrote the code: those of tracebacks, printed ones and warnings included,
 * and those that a syntax error names in its message. Frames of lines before the person's are left out.
 */
export function asWritten(statement: Statement, linesBefore: number): Statement {
  if (linesBefore === 0 || statement.output === undefined) return statement;
  const { output } = statement;
  const correct = (text: string, places: RegExp) =>
    text.replace(places, (_, before: string, line: string) => before + String(Number(line) - linesBefore));
  const correctPrinted = (text: string) => (mayHavePlaces(text) ? correct(text, printedPlace) : text);
  const isSyntax = /^(?:Syntax|Indentation|Tab)Error$/.test(output.errorName ?? '');
  const inTraceback = isSyntax ? /(\bline )(\d+)/g : framePlace;
  return {
    ...statement,
    output: {
      ...output,
      traceback: output.traceback
        .filter((entry) => !isOurs(entry, linesBefore))
        .map((entry) => correct(entry, inTraceback)),
      ...(output.textPlain !== undefined && { textPlain: correctPrinted(output.textPlain) }),
      ...(isSyntax &&
        output.errorValue !== undefined && { errorValue: correct(output.errorValue, /(\bline )(\d+)/g) }),
    },
  };
}

const framePlace = /(File "<[^>]*>", line )(\d+)/g;
/** A frame, or a place as Python's warnings write it. */
const printedPlace = /(File "<(?:stdin|statement \d+)>", line |^<(?:stdin|statement \d+)>:)(\d+)/gm;

/** Looked for first: in ten megabytes of text the expression alone would keep an editor waiting. */
function mayHavePlaces(text: string): boolean {
  return text.includes('<stdin>') || text.includes('<statement ');
}

/** A frame of the lines before the person's, or of the Python that runs long code. */
function isOurs(entry: string, linesBefore: number): boolean {
  const [, file, line] = /^\s*File "(<[^"]*>)", line (\d+), in /.exec(entry) ?? [];
  return file === loaderName || (line !== undefined && Number(line) <= linesBefore);
}
