import { closest } from 'fastest-levenshtein';
import { InvalidInputError } from '../glue/errors';
import { sentence, type Sentence } from '../glue/sentence';
import { foreignMagic } from './foreignMagics';
import { LiteralSyntaxError, readLiteral } from './literal';
import { findMagic, magics, sessionMagics, type Magic, type MagicName } from './table';
import { topLevelLines } from '../glue/topLevelLines';

export interface MagicCall {
  readonly name: MagicName;
  readonly magic: Magic;
  /** Line in the cell, from 0. */
  readonly line: number;
  /** What stands behind the name, without a trailing comment. */
  readonly argument: string;
  /** Of a cell magic: the lines below it. */
  readonly body: string;
}

export interface ParsedCell {
  readonly calls: readonly MagicCall[];
  /** What goes to the session, magics' lines left empty so that line numbers stay those of the cell; empty when there is nothing to run. */
  readonly code: string;
  /** Query of a %%sql cell. */
  readonly sql?: string;
  /** Lines that were left out, with the reason, for people. */
  readonly notes: readonly Sentence[];
}

/**
 * Takes a cell apart: magics, then code. Magics stand at the top, between comments, or at the start of a later line.
 * @param isSql the cell's language is SQL: its text is a query, unless a magic begins it
 * @throws InvalidInputError for a magic that doesn't exist, naming the nearest one
 */
export function parseCell(text: string, isSql = false): ParsedCell {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  if (isSql && !/^\s*%/.test(lines.find((line) => line.trim() !== '') ?? '')) {
    return { calls: [], code: '', ...queryOf(lines.join('\n')), notes: [] };
  }
  const isTopLevel = topLevelLines(lines.join('\n'));
  const cell: Taken = { calls: [], notes: [], code: [] };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isTopLevel[index] === false || !/^\s*[%!]/.test(line) || (/^\s/.test(line) && hasCode(cell.code))) {
      cell.code.push(line);
      continue;
    }
    const [, name, argument = ''] = /^\s*%%(\w+)[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      cell.code.push(readLine(line, index, cell));
      continue;
    }
    const foreign = findMagic(name, 'cell') === undefined ? foreignMagic(name, 'cell') : undefined;
    if (foreign !== undefined) {
      cell.notes.push(sentence('Not run: {0} ({1})', line.trim(), foreign.why));
      if (foreign.kind === 'whole cell') break;
      cell.code.push('');
      continue;
    }
    const magic = demand(name, 'cell');
    if (magic.name === 'sql') return { ...ended(cell), ...readSql(argument, lines.slice(index + 1), cell) };
    const end = bodyEnd(lines, index, argument);
    const body = lines.slice(index + 1, end).join('\n');
    cell.calls.push({ name: magic.name, magic, line: index, argument: argument.trim(), body });
    cell.code.push(...lines.slice(index, end).map(() => ''));
    index = end - 1;
  }
  return ended(cell);
}

/** What has been taken in of a cell. */
interface Taken {
  readonly calls: MagicCall[];
  readonly notes: Sentence[];
  /** Line by line, empty where a magic stood. */
  readonly code: string[];
}

function ended({ calls, notes, code }: Taken): ParsedCell {
  return { calls, code: hasCode(code) ? code.join('\n') : '', notes };
}

/** @throws InvalidInputError when code stands above it, which would be lost */
function readSql(
  argument: string,
  below: readonly string[],
  { code, notes }: Taken,
): Pick<ParsedCell, 'sql'> {
  if (hasCode(code)) {
    throw new InvalidInputError(
      sentence('%%sql takes the whole cell: move the code above it into a cell of its own.'),
      '%%sql',
    );
  }
  // Options as other Spark kernels have them: `-o df -n 10 -q`.
  const options =
    /^(?:-[a-z]\b(?:\s+(?!-)[\w.]+(?=\s|$))?\s*|--(?:quiet|output|maxrows|samplemethod)\b\s*\S*\s*)+/i;
  const found = options.exec(argument)?.[0].trim();
  if (found !== undefined) notes.push(sentence('{0}: options of %%sql have no effect.', found));
  return queryOf([argument.replace(options, ''), ...below].join('\n'));
}

/** A query, when there is one and not only comments. */
function queryOf(text: string): Pick<ParsedCell, 'sql'> {
  const isBlank = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '';
  return isBlank ? {} : { sql: text.trim() };
}

/** Takes in a line that begins with % or !, and gives what of it stays in the code. */
function readLine(line: string, index: number, { calls, notes }: Taken): string {
  if (line.trimStart().startsWith('!')) {
    notes.push(
      sentence(
        'Not run: {0} (a shell command would run on this machine, not in the session; modules are installed with %additional_python_modules)',
        line.trim(),
      ),
    );
    return '';
  }
  const [, name, argument = ''] = /^\s*%(\w+)[ \t]*(.*)$/.exec(line) ?? [];
  if (name === undefined) throw new InvalidInputError(sentence('"{0}" is not a magic.', line.trim()), line);
  if (sessionMagics.includes(name)) return line.trimStart();
  const foreign = findMagic(name, 'line') === undefined ? foreignMagic(name, 'line') : undefined;
  if (foreign !== undefined) {
    const isRun = foreign.kind === 'unwrapped';
    notes.push(sentence('Not run: {0} ({1})', isRun ? `%${name}` : line.trim(), foreign.why));
    return isRun ? argument.replace(/^(?:-\w+\s+(?:\d+\s+)?)*/, '') : '';
  }
  const magic = demand(name, 'line');
  calls.push({ name: magic.name, magic, line: index, argument: withoutComment(argument), body: '' });
  return '';
}

/**
 * Where the body of a cell magic ends: behind its object when that can be read, else at the next magic or the end of
 * the cell. What stands below it is code.
 */
function bodyEnd(lines: readonly string[], start: number, argument: string): number {
  const next = lines.findIndex((line, index) => {
    const name = index <= start ? undefined : /^%(%?)(\w+)/.exec(line);
    return name?.[2] !== undefined && findMagic(name[2], name[1] === '%' ? 'cell' : 'line') !== undefined;
  });
  const limit = next === -1 ? lines.length : next;
  const body = [argument.replace(/^-f\b/, ''), ...lines.slice(start + 1, limit)];
  const length = bodyLines(body);
  return length === undefined ? limit : start + length;
}

/** How many lines an object, or an ARN, takes from the top; undefined when neither is there, or more on its last line. */
function bodyLines(body: readonly string[]): number | undefined {
  const first = body.findIndex((line) => /^\s*[^\s#]/.test(line));
  if (/^\s*["']?arn:\S+\s*(?:#.*)?$/.test(body[first] ?? '')) return first + 1;
  const text = body.join('\n');
  try {
    const { end } = readLiteral(text);
    const rest = /^[^\n]*/.exec(text.slice(end))?.[0] ?? '';
    return /^[\s;]*(?:#.*)?$/.test(rest) ? text.slice(0, end).split('\n').length : undefined;
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return undefined;
    throw error;
  }
}

function demand(name: string, kind: 'line' | 'cell'): Magic & { readonly name: MagicName } {
  const magic = findMagic(name, kind);
  if (magic !== undefined) return magic;
  const percent = kind === 'cell' ? '%%' : '%';
  const other = findMagic(name, kind === 'cell' ? 'line' : 'cell');
  if (other !== undefined) {
    throw new InvalidInputError(
      sentence('{0} is written {1}.', percent + name, `${other.kind === 'cell' ? '%%' : '%'}${name}`),
      percent + name,
    );
  }
  const known = magics.filter((item) => item.kind === kind).map((item) => item.name);
  throw new InvalidInputError(
    sentence(
      '{0} is not a magic. The nearest one is {1}; %help lists them all.',
      percent + name,
      percent + closest(name, known),
    ),
    percent + name,
  );
}

/** `G.2X # --> worker type` means `G.2X`; a # inside quotes or a word is part of the value. */
function withoutComment(text: string): string {
  const value = /^((?:"[^"]*"|'[^']*'|(?!(?:^|\s)#)[\s\S])*)/.exec(text)?.[1] ?? text;
  return value.trim();
}

function hasCode(lines: readonly string[]): boolean {
  return lines.some((line) => !/^\s*(#.*)?$/.test(line));
}
