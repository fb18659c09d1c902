import { InvalidInputError } from './errors';
import type { Statement } from './glueApi';

/** Characters of code that RunStatement takes. Source: botocore's public model. */
const maximumCodeLength = 68_000;

/**
 * A comment that makes a statement known again among those of its session, after a lost answer or a reload. It is the
 * last line, or the first when a line begins with `%`: Livy splits such code there and shows the last piece only, so a
 * comment behind it would lose the plot.
 */
export interface MarkedCode extends StatementMark {
  readonly code: string;
}

/** What it takes to know a statement again and to tell its errors: small enough to be written down. */
export interface StatementMark {
  readonly marker: string;
  /** Lines that stand before the person's first one: taken off the line numbers of errors. */
  readonly linesBefore: number;
}

/**
 * @param id random
 * @param prelude whole lines of ours that run before the person's code, in the same statement
 * @throws InvalidInputError for code that is too long for one statement
 */
export function markCode(code: string, language: 'python' | 'scala', id: string, prelude = ''): MarkedCode {
  const marker = `${language === 'python' ? '#' : '//'} glue-sessions:${id}`;
  const isSplit = /^%/m.test(code);
  const before = [...(isSplit ? [marker] : []), ...(prelude === '' ? [] : [prelude])];
  const overhead = [...before, ...(isSplit ? [] : [marker])].join('\n').length + 1;
  const most = maximumCodeLength - overhead;
  if (code.length > most) {
    const count = (characters: number) => characters.toLocaleString('en');
    throw new InvalidInputError(
      `This cell has ${count(code.length)} characters. A statement can have ${count(maximumCodeLength)}, ${count(overhead)} of which this extension needs for itself. Nothing was sent: put part of the code into another cell, or into a module for %extra_py_files.`,
    );
  }
  const linesBefore = before.join('\n').split('\n').length;
  return {
    code: [...before, code, ...(isSplit ? [] : [marker])].join('\n'),
    marker,
    linesBefore: before.length === 0 ? 0 : linesBefore,
  };
}

/** Whether a statement carries the marker. */
export function carries(statement: Statement, marker: string): boolean {
  const lines = statement.code?.trimEnd().split('\n') ?? [];
  return lines[0] === marker || lines.at(-1) === marker;
}

/** The statement with line numbers as the person wrote the code. */
export function withoutMarkerLines(statement: Statement, linesBefore: number): Statement {
  if (linesBefore === 0 || statement.output === undefined) return statement;
  const correct = (text: string) =>
    text.replace(
      /(File "<[^>]*>", line )(\d+)/g,
      (_, before: string, line: string) => before + String(Number(line) - linesBefore),
    );
  const { output } = statement;
  return { ...statement, output: { ...output, traceback: output.traceback.map(correct) } };
}
