import { InvalidInputError } from './errors';
import type { Statement } from './glueApi';

/** Characters of code that RunStatement takes. Source: botocore's public model. */
const maximumCodeLength = 68_000;

/**
 * A comment that makes a statement known again among those of its session, after a lost answer or a reload. It is the
 * last line, or the first when a line begins with `%`: Livy splits such code there and shows the last piece only, so a
 * comment behind it would lose the plot.
 */
export interface MarkedCode {
  readonly code: string;
  readonly marker: string;
  /** Lines that stand before the person's first one: taken off the line numbers of errors. */
  readonly linesBefore: 0 | 1;
}

/**
 * @param id random
 * @throws InvalidInputError for code that is too long for one statement
 */
export function markCode(code: string, language: 'python' | 'scala', id: string): MarkedCode {
  const marker = `${language === 'python' ? '#' : '//'} glue-sessions:${id}`;
  const isSplit = /^%/m.test(code);
  const most = maximumCodeLength - (marker.length + 1);
  if (code.length > most) {
    const count = (characters: number) => characters.toLocaleString('en');
    throw new InvalidInputError(
      `This cell has ${count(code.length)} characters. A statement can have ${count(maximumCodeLength)}, ${count(marker.length + 1)} of which are the mark that this extension knows it by. Nothing was sent: put part of the code into another cell, or into a module for %extra_py_files.`,
    );
  }
  return isSplit
    ? { code: `${marker}\n${code}`, marker, linesBefore: 1 }
    : { code: `${code}\n${marker}`, marker, linesBefore: 0 };
}

/** Whether a statement carries the marker. */
export function carries(statement: Statement, marker: string): boolean {
  const lines = statement.code?.trimEnd().split('\n') ?? [];
  return lines[0] === marker || lines.at(-1) === marker;
}

/** The statement with line numbers as the person wrote the code. */
export function withoutMarkerLines(statement: Statement, linesBefore: 0 | 1): Statement {
  if (linesBefore === 0 || statement.output === undefined) return statement;
  const correct = (text: string) =>
    text.replace(
      /(File "<[^>]*>", line )(\d+)/g,
      (_, before: string, line: string) => before + String(Number(line) - linesBefore),
    );
  const { output } = statement;
  return { ...statement, output: { ...output, traceback: output.traceback.map(correct) } };
}
