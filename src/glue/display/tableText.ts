import { cellText, rowCountText, type Schema, type Table } from './table';
import { inEnglish, joined, sentence, type Say } from '../sentence';

/** Rows in the forms for readers that know no table of ours: a saved notebook stays small. */
const mostRows = 20;
const mostCharacters = 200;

/** A table as Spark prints one that is not truncated. */
export function tableText(table: Table): string {
  const { columns } = table;
  const head = columns.map(({ name }) => oneLine(name));
  const body = firstRows(table);
  const widths = head.map((name, position) =>
    Math.max(3, name.length, ...body.map((row) => row[position]?.length ?? 0)),
  );
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+`;
  const line = (cells: readonly string[]) =>
    `|${cells.map((cell, position) => cell.padEnd(widths[position] ?? 0)).join('|')}|`;
  const more =
    table.hasMore || table.rows.length > mostRows
      ? [`only showing top ${String(body.length)} ${body.length === 1 ? 'row' : 'rows'}`]
      : [];
  return [rule, line(head), rule, ...body.map(line), rule, ...more, ''].join('\n');
}

/** A table as plain HTML, for readers that know no table of ours. */
export function tableHtml(table: Table, say: Say = inEnglish): string {
  const cells = (name: 'td' | 'th', texts: readonly string[]) =>
    texts.map((text) => `<${name}>${escaped(text)}</${name}>`).join('');
  const body = firstRows(table);
  const shown =
    body.length < table.rows.length || table.hasMore ? sentence(', the first {0} here', body.length) : '';
  return [
    '<table>',
    `<thead><tr>${cells(
      'th',
      table.columns.map(({ name }) => name),
    )}</tr></thead>`,
    '<tbody>',
    ...body.map((row) => `<tr>${cells('td', row)}</tr>`),
    '</tbody>',
    '</table>',
    `<p>${escaped(say(joined(rowCountText(table), shown)))}</p>`,
  ].join('\n');
}

/** The columns of a DataFrame as plain HTML. */
export function schemaHtml({ columns }: Schema): string {
  const rows = columns.map(
    ({ name, type, isNullable }) =>
      `<tr><td>${escaped(name)}</td><td>${escaped(type)}</td><td>${isNullable ? 'yes' : 'no'}</td></tr>`,
  );
  return `<table>\n<thead><tr><th>column</th><th>type</th><th>nullable</th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function firstRows({ rows, columns }: Table): string[][] {
  return rows.slice(0, mostRows).map((row) =>
    row.map((cell, position) => {
      const text = oneLine(cellText(cell, columns[position] ?? { kind: 'other' }));
      return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
    }),
  );
}

/** A line break in a cell would break the table. */
function oneLine(text: string): string {
  return text.replace(/\r/g, '\\r').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
}
