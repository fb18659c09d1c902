import { describe, expect, it } from 'vitest';
import { findCell } from '../../../src/notebook/recordedCell';

const cell = (textHash: string, id?: string) => ({ textHash, ...(id !== undefined && { id }) });

describe('a cell with an id', () => {
  const recorded = { id: 'b', index: 1, textHash: 'x' };
  it.each([
    ['where it was', [cell('w', 'a'), cell('x', 'b')], { index: 1, isEdited: false }],
    ['moved', [cell('x', 'b'), cell('w', 'a')], { index: 0, isEdited: false }],
    ['edited', [cell('w', 'a'), cell('y', 'b')], { index: 1, isEdited: true }],
    ['deleted', [cell('w', 'a')], undefined],
    ['deleted, another has its text', [cell('w', 'a'), cell('x', 'c')], undefined],
    ['there twice, one unchanged', [cell('y', 'b'), cell('x', 'b')], { index: 1, isEdited: false }],
    ['there twice, both edited', [cell('y', 'b'), cell('z', 'b')], undefined],
    ['in a notebook that lost its ids', [cell('w'), cell('x')], undefined],
  ])('%s', (_, cells, expected) => {
    expect(findCell(recorded, cells)).toEqual(expected);
  });
});

describe('a cell without an id', () => {
  const recorded = { index: 1, textHash: 'x' };
  it.each([
    ['where it was', [cell('w'), cell('x')], { index: 1, isEdited: false }],
    ['where it was, with a twin', [cell('x'), cell('x')], { index: 1, isEdited: false }],
    ['moved', [cell('x'), cell('w')], { index: 0, isEdited: false }],
    ['moved, with a twin', [cell('x'), cell('w'), cell('x')], undefined],
    ['edited or deleted: nobody can tell', [cell('w'), cell('y')], undefined],
    ['in a shorter notebook', [cell('w')], undefined],
    ['in a notebook that got ids since', [cell('w', 'a'), cell('x', 'b')], { index: 1, isEdited: false }],
  ])('%s', (_, cells, expected) => {
    expect(findCell(recorded, cells)).toEqual(expected);
  });
});
