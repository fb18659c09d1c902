import type { RecordedCell } from './cellRecord';

/** A cell of the notebook as it is now. */
export interface PresentCell {
  readonly id?: string;
  readonly textHash: string;
}

/** Where a record's cell is now, and whether its text is still the one that was run; undefined: not to be told. */
export interface FoundCell {
  readonly index: number;
  readonly isEdited: boolean;
}

/**
 * Finds the cell that was run. A cell with an id is that cell, whatever its text has become. Without ids a cell is known
 * by its text: at its old place, or at the one place that has it. Nothing else is taken for it.
 */
export function findCell(recorded: RecordedCell, cells: readonly PresentCell[]): FoundCell | undefined {
  const all = cells.map((cell, index) => ({ ...cell, index }));
  const isSame = ({ textHash }: PresentCell) => textHash === recorded.textHash;
  if (recorded.id !== undefined) {
    const withId = all.filter(({ id }) => id === recorded.id);
    const [found] = withId.length > 1 ? withId.filter(isSame) : withId;
    return found && { index: found.index, isEdited: !isSame(found) };
  }
  const withText = all.filter(isSame);
  const found =
    withText.find(({ index }) => index === recorded.index) ??
    (withText.length === 1 ? withText[0] : undefined);
  return found && { index: found.index, isEdited: false };
}
