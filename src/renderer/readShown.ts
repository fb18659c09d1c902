import { isObject, toSchema, toTable } from '../glue/display/readTable';
import type { Shown } from '../glue/display/table';

/** What a page of the browser still draws in a moment; sessions send no more columns of a table. */
const mostColumns = 1000;
const mostNameCharacters = 500;

/** A table or schema of an output, cut to what can be drawn; undefined when it is neither. */
export function readShown(value: unknown): Shown | undefined {
  if (!isObject(value)) return undefined;
  const nonce = typeof value.nonce === 'string' ? { nonce: value.nonce } : {};
  if (value.kind === 'schema') {
    const schema = toSchema(value);
    return schema && { ...schema, columns: schema.columns.map(withShortName), ...nonce };
  }
  const table = value.kind === 'table' ? toTable(value) : undefined;
  if (table === undefined) return undefined;
  const leftOut = table.columns.length - mostColumns;
  const short = { ...table, columns: table.columns.slice(0, mostColumns).map(withShortName), ...nonce };
  return leftOut > 0 ? { ...short, columnsLeftOut: leftOut + (table.columnsLeftOut ?? 0) } : short;
}

function withShortName<Named extends { readonly name: string; readonly type: string }>(column: Named): Named {
  return { ...column, name: cut(column.name), type: cut(column.type) };
}

function cut(text: string): string {
  return text.length > mostNameCharacters ? `${text.slice(0, mostNameCharacters)}…` : text;
}
