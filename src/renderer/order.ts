import { cellText, isNumeric, type Cell, type Column, type Table } from '../glue/display/table';

export interface Sorting {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

export interface Filter {
  /** Text that a cell has to hold, or for a column of numbers a comparison: `> 5`, `<= 3`, `= 2`. */
  readonly text: string;
  /** All columns when undefined. */
  readonly column: number | undefined;
}

/** Positions of the rows that pass the filter, sorted; rows that are equal, and unsorted ones, keep their order. */
export function orderedRows(table: Table, filter: Filter, sorting: Sorting | undefined): number[] {
  const passes = passing(table, filter);
  const positions = [...table.rows.keys()].filter((position) => passes(table.rows[position] ?? []));
  const column = sorting && table.columns[sorting.column];
  if (sorting === undefined || column === undefined) return positions;
  const compare = comparing(column);
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  const cell = (position: number) => table.rows[position]?.[sorting.column] ?? null;
  return positions.sort((a, b) => compare(cell(a), cell(b), sign));
}

/** The number in a cell; undefined for none and for NaN. */
export function numberIn(cell: Cell): number | undefined {
  const value = typeof cell === 'number' ? cell : typeof cell === 'string' ? Number(cell) : Number.NaN;
  return Number.isNaN(value) || cell === '' ? undefined : value;
}

/** The time in a cell (milliseconds since the epoch); a time without a zone counts as UTC. */
export function timeIn(cell: Cell): number | undefined {
  const match =
    typeof cell === 'string'
      ? /^(\d{4,6}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*)?\s*(Z|[+-]\d\d:?\d\d)?/.exec(cell)
      : null;
  if (match === null) return undefined;
  const [, day = '', time = '00:00:00', zone = 'Z'] = match;
  const value = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(value) ? undefined : value;
}

/** Cells without a value stand last, whatever the direction. */
function comparing(column: Column): (a: Cell, b: Cell, sign: number) => number {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const value = (cell: Cell): number | string | undefined => {
    if (cell === null) return undefined;
    if (isNumeric(column)) return numberIn(cell);
    if (column.kind === 'date') return timeIn(cell) ?? undefined;
    return cellText(cell, column);
  };
  return (first, second, sign) => {
    const [a, b] = [value(first), value(second)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : sign * (a < b ? -1 : 1);
    return sign * collator.compare(String(a), String(b));
  };
}

function passing({ columns }: Table, filter: Filter): (row: readonly Cell[]) => boolean {
  const text = filter.text.trim().toLowerCase();
  if (text === '') return () => true;
  const { column: position } = filter;
  const column = position === undefined ? undefined : columns[position];
  if (position === undefined || column === undefined) {
    return (row) => row.some((cell, at) => holds(cell, columns[at], text));
  }
  const comparison = isNumeric(column) ? /^(<=|>=|<|>|=)\s*(-?[\d.]+(?:e[+-]?\d+)?)$/.exec(text) : null;
  if (comparison === null) return (row) => holds(row[position] ?? null, column, text);
  const [, operator, limit] = comparison;
  return (row) => {
    const value = numberIn(row[position] ?? null);
    return value !== undefined && compares(value, operator ?? '=', Number(limit));
  };
}

function holds(cell: Cell, column: Column | undefined, text: string): boolean {
  return cellText(cell, column ?? { kind: 'other' })
    .toLowerCase()
    .includes(text);
}

function compares(value: number, operator: string, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return value === limit;
  }
}
