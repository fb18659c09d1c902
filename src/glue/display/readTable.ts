import type { Cell, Column, ColumnKind, Schema, Table } from './table';

const kinds: readonly ColumnKind[] = [
  'integer',
  'float',
  'decimal',
  'boolean',
  'date',
  'text',
  'binary',
  'other',
];

/** A table as it came, once it is seen to be one; also for what a saved notebook holds, which anyone may have written. */
export function toTable(value: Readonly<Record<string, unknown>>): Table | undefined {
  const { source, columns, rows, total, hasMore, isCut, columnsLeftOut } = value;
  if (source !== 'pandas' && source !== 'spark') return undefined;
  if (!Array.isArray(columns) || !columns.every(isColumn)) return undefined;
  if (!Array.isArray(rows) || !rows.every((row) => isRow(row, columns.length))) return undefined;
  return {
    kind: 'table',
    source,
    columns,
    rows,
    total: typeof total === 'number' ? total : null,
    hasMore: hasMore === true,
    isCut: isCut === true,
    ...(typeof columnsLeftOut === 'number' && columnsLeftOut > 0 && { columnsLeftOut }),
  };
}

/** As {@link toTable}, for the columns of a DataFrame whose rows nobody has asked for. */
export function toSchema({ columns }: Readonly<Record<string, unknown>>): Schema | undefined {
  if (!Array.isArray(columns)) return undefined;
  const read = columns.map((column: unknown) =>
    isObject(column) && typeof column.name === 'string' && typeof column.type === 'string'
      ? { name: column.name, type: column.type, isNullable: column.isNullable === true }
      : undefined,
  );
  const whole = read.filter((column) => column !== undefined);
  return whole.length === read.length ? { kind: 'schema', columns: whole } : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isColumn(value: unknown): value is Column {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    typeof value.type === 'string' &&
    kinds.some((kind) => kind === value.kind)
  );
}

function isRow(value: unknown, length: number): value is readonly Cell[] {
  return Array.isArray(value) && value.length === length && value.every(isCell);
}

function isCell(value: unknown): value is Cell {
  return value === null || ['boolean', 'number', 'string'].includes(typeof value);
}
