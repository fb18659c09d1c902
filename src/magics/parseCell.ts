import { closest } from 'fastest-levenshtein';
import { InvalidInputError } from '../glue/errors';
import { findMagic, magics, sessionMagics, type Magic, type MagicName } from './table';
import { topLevelLines } from './topLevelLines';

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
  readonly notes: readonly string[];
}

/**
 * Takes a cell apart: magics, then code. Magics stand at the top, between comments, or at the start of a later line.
 * @throws InvalidInputError for a magic that doesn't exist, naming the nearest one
 */
export function parseCell(text: string): ParsedCell {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const isTopLevel = topLevelLines(lines.join('\n'));
  const calls: MagicCall[] = [];
  const notes: string[] = [];
  const code: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (isTopLevel[index] === false || !/^\s*[%!]/.test(line) || (/^\s/.test(line) && hasCode(code))) {
      code.push(line);
      continue;
    }
    const cell = /^\s*%%(\w+)[ \t]*(.*)$/.exec(line);
    if (cell?.[1] !== undefined) {
      const magic = demand(cell[1], 'cell');
      if (magic.name === 'sql') {
        const query = [cell[2] ?? '', ...lines.slice(index + 1)].join('\n').trim();
        return { calls, code: '', sql: query, notes };
      }
      const end = bodyEnd(lines, index + 1);
      const body = lines.slice(index + 1, end).join('\n');
      calls.push({ name: magic.name, magic, line: index, argument: (cell[2] ?? '').trim(), body });
      for (; index < end - 1; index++) code.push('');
      code.push('');
      continue;
    }
    code.push(readLine(line, index, calls, notes));
  }
  const isBlank = code.every((line) => /^\s*(#.*)?$/.test(line));
  return { calls, code: isBlank ? '' : code.join('\n'), notes };
}

/** Takes in a line that begins with % or !, and gives what of it stays in the code. */
function readLine(line: string, index: number, calls: MagicCall[], notes: string[]): string {
  if (line.trimStart().startsWith('!')) {
    notes.push(
      `Not run: ${line.trim()} (a shell command would run on this machine, not in the session; modules are installed with %additional_python_modules)`,
    );
    return '';
  }
  const match = /^\s*%(\w+)[ \t]*(.*)$/.exec(line);
  const name = match?.[1];
  if (name === undefined) throw new InvalidInputError(`"${line.trim()}" is not a magic.`, line);
  if (sessionMagics.includes(name)) return line.trimStart();
  const magic = demand(name, 'line');
  calls.push({ name: magic.name, magic, line: index, argument: withoutComment(match?.[2] ?? ''), body: '' });
  return '';
}

/** The body of a cell magic goes on to the next magic or the end of the cell. */
function bodyEnd(lines: readonly string[], start: number): number {
  const next = lines.findIndex((line, index) => {
    const name = index < start ? undefined : /^%(%?)(\w+)/.exec(line);
    return name?.[2] !== undefined && findMagic(name[2], name[1] === '%' ? 'cell' : 'line') !== undefined;
  });
  return next === -1 ? lines.length : next;
}

function demand(name: string, kind: 'line' | 'cell'): Magic & { readonly name: MagicName } {
  const magic = findMagic(name, kind);
  if (magic !== undefined) return magic;
  const percent = kind === 'cell' ? '%%' : '%';
  const other = findMagic(name, kind === 'cell' ? 'line' : 'cell');
  if (other !== undefined) {
    throw new InvalidInputError(
      `${percent}${name} is written ${other.kind === 'cell' ? '%%' : '%'}${name}.`,
      percent + name,
    );
  }
  const known = magics.filter((item) => item.kind === kind).map((item) => item.name);
  throw new InvalidInputError(
    `${percent}${name} is not a magic. The nearest one is ${percent}${closest(name, known)}; %help lists them all.`,
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
