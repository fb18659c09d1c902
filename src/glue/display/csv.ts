import { cellText, type Cell, type Column, type Table } from './table';

/**
 * Rows of a table as CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front;
 * numbers, and text that is a number, stay as they are.
 * @param rows positions of the rows, in the order wanted
 */
export function tableCsv({ columns, rows }: Table, wanted: readonly number[]): string {
  const lines = [
    columns.map(({ name }) => quoted(harmless(name))),
    ...wanted.flatMap((position) => {
      const row = rows[position];
      return row === undefined ? [] : [row.map((cell, column) => field(cell, columns[column]))];
    }),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(cell: Cell, column: Column | undefined): string {
  if (cell === null || column === undefined) return '';
  const text = cellText(cell, column);
  return quoted(typeof cell === 'string' ? harmless(text) : text);
}

function harmless(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?(?:\d[\d.,]*(?:[eE][+-]?\d+)?|Infinity)$/.test(text);
  return isFormula ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
