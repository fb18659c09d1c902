import { describe, expect, it } from 'vitest';
import type { Cell, ColumnKind, Table } from '../../../src/glue/display/table';
import { numberIn, orderedRows, timeIn } from '../../../src/renderer/order';

function oneColumn(kind: ColumnKind, cells: readonly Cell[]): Table {
  return {
    kind: 'table',
    source: 'pandas',
    columns: [{ name: 'x', type: kind, kind }],
    rows: cells.map((cell) => [cell]),
    total: null,
    hasMore: false,
    isCut: false,
  };
}

const sorted = (
  kind: ColumnKind,
  cells: readonly Cell[],
  direction: 'ascending' | 'descending' = 'ascending',
) =>
  orderedRows(oneColumn(kind, cells), { text: '', column: undefined }, { column: 0, direction }).map(
    (position) => cells[position],
  );

describe('sorting', () => {
  it('takes numbers as numbers, decimals and large integers too', () => {
    expect(sorted('integer', [10, 9, -1])).toEqual([-1, 9, 10]);
    expect(sorted('decimal', ['10.5', '9.25', '-3'])).toEqual(['-3', '9.25', '10.5']);
    expect(sorted('float', [1, 'Infinity', '-Infinity'])).toEqual(['-Infinity', 1, 'Infinity']);
  });

  it('puts what has no value last, in both directions', () => {
    expect(sorted('float', [null, 2, 'NaN', 1])).toEqual([1, 2, null, 'NaN']);
    expect(sorted('float', [null, 2, 'NaN', 1], 'descending')).toEqual([2, 1, null, 'NaN']);
    expect(sorted('date', ['NaT', '2024-02-01', '2024-01-01'])).toEqual(['2024-01-01', '2024-02-01', 'NaT']);
  });

  it('takes times by their moment, text as people do', () => {
    const [early, late] = ['2024-01-01 01:00:00+02:00', '2024-01-01 00:30:00+00:00'];
    expect(sorted('date', [late, early])).toEqual([early, late]);
    expect(sorted('text', ['b10', 'b9', 'A'])).toEqual(['A', 'b9', 'b10']);
  });

  it('keeps the order of equals', () => {
    expect(
      orderedRows(
        oneColumn('integer', [1, 1, 0]),
        { text: '', column: undefined },
        { column: 0, direction: 'descending' },
      ),
    ).toEqual([0, 1, 2]);
  });
});

describe('filtering', () => {
  const filtered = (table: Table, text: string, column?: number) =>
    orderedRows(table, { text, column }, undefined);

  it('finds text in any column, whatever its case', () => {
    expect(filtered(oneColumn('text', ['Ada', 'Grace', null]), 'aDa')).toEqual([0]);
    expect(filtered(oneColumn('text', ['Ada', null]), 'null')).toEqual([1]);
    expect(filtered(oneColumn('text', ['a.c', 'abc']), 'a.c')).toEqual([0]);
  });

  it('compares numbers of one column', () => {
    const table = oneColumn('float', [1, 5, 10, null, 'NaN']);
    expect(filtered(table, '> 1', 0)).toEqual([1, 2]);
    expect(filtered(table, '<=5', 0)).toEqual([0, 1]);
    expect(filtered(table, '= 10', 0)).toEqual([2]);
    expect(filtered(table, '>= 1e1', 0)).toEqual([2]);
    expect(filtered(table, '< 0', 0)).toEqual([]);
    expect(filtered(table, '> x', 0)).toEqual([]);
  });
});

it('reads numbers and times out of cells, and nothing out of others', () => {
  expect(numberIn('')).toBeUndefined();
  expect(numberIn('x')).toBeUndefined();
  expect(numberIn(true)).toBeUndefined();
  expect(timeIn('2024-01-02')).toBe(Date.UTC(2024, 0, 2));
  expect(timeIn('2024-01-02 03:04:05.123456')).toBe(Date.UTC(2024, 0, 2, 3, 4, 5, 123));
  expect(timeIn('2024-01-02T03:04:05+01:00')).toBe(Date.UTC(2024, 0, 2, 2, 4, 5));
  expect(timeIn('1 day')).toBeUndefined();
  expect(timeIn(5)).toBeUndefined();
});
