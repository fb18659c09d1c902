/** The notebook language as a whole, loaded when the first cell is read. */
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import { applyMagic, type Applied } from './apply';
import { parseCell, type ParsedCell } from './parseCell';
import { isSetting } from './table';

export { readRole } from './bodies';
export { parseCell } from './parseCell';

/** A cell whose magics have been understood; what is left is code. */
export interface ReadCell extends ParsedCell {
  /** What each magic makes of the configuration, in order. */
  readonly applied: readonly Applied[];
  /** Whether it sets something that a session which runs already does not get any more; tags it gets. */
  readonly setsNextSession: boolean;
}

/**
 * Reads all magics of a cell, or none: one that can't be meant changes nothing.
 * @param isSql the cell is in SQL: it needs no `%%sql`
 * @throws InvalidInputError
 */
export function readCell(text: string, isSql: boolean, configuration: SessionConfiguration): ReadCell {
  const parsed = parseCell(text, isSql);
  const applied: Applied[] = [];
  for (const call of parsed.calls) {
    applied.push(applyMagic(applied.at(-1)?.configuration ?? configuration, call));
  }
  const setsNextSession = parsed.calls.some((call) => call.name !== 'tags' && isSetting(call));
  return { ...parsed, applied, setsNextSession };
}
