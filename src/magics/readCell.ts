/** The notebook language as a whole, loaded when the first cell is read. */
import { presetNamed, type PresetSource } from '../glue/preset';
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import { applyMagic, unquoted, type Applied } from './apply';
import { applyPreset } from './applyPreset';
import { parseCell, type ParsedCell } from './parseCell';
import { isSetting } from './table';

export { readRole, readTags } from './bodies';
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
 * @param presets that `%preset` may name
 * @throws InvalidInputError
 */
export function readCell(
  text: string,
  isSql: boolean,
  configuration: SessionConfiguration,
  presets: readonly PresetSource[] = [],
): ReadCell {
  const parsed = parseCell(text, isSql);
  const applied: Applied[] = [];
  for (const call of parsed.calls) {
    const before = applied.at(-1)?.configuration ?? configuration;
    applied.push(
      call.name === 'preset' && call.argument !== ''
        ? applyPreset(before, presetNamed(unquoted(call.argument), presets))
        : applyMagic(before, call),
    );
  }
  const setsNextSession = parsed.calls.some((call) => call.name !== 'tags' && isSetting(call));
  return { ...parsed, applied, setsNextSession };
}
