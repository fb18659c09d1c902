import { InvalidInputError } from './errors';
import type { Tags } from './glueApi';
import { isReservedKey, validateTags } from './tags';
import { saidBy, sentence, type Said } from './sentence';

/** A line of a form of tags. */
export interface TagRow {
  /** Stays with the row while others come and go. */
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

/** What a form of tags says, or what is wrong with it, by row. */
export type ReadRows =
  { readonly tags: Tags; readonly problems?: undefined } | { readonly problems: ReadonlyMap<string, Said> };

/** The tags that a person can change: not those of AWS's own. */
export function rowsOf(tags: Tags): readonly TagRow[] {
  return Object.entries(changeable(tags)).map(([key, value], index) => ({ id: String(index), key, value }));
}

/** Without the tags that AWS itself has set. */
export function changeable(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isReservedKey(key)));
}

/** Rows as a form has posted them: three lists of equal length. */
export function postedRows(fields: Readonly<Record<string, readonly string[]>>): readonly TagRow[] {
  return (fields.row ?? []).map((id, index) => ({
    id,
    key: fields.key?.[index] ?? '',
    value: fields.value?.[index] ?? '',
  }));
}

/**
 * The tags that rows stand for; rows with neither key nor value are left out. Blanks around a key are most likely typed by
 * mistake, and a key that differs by them alone can't be told from the other.
 */
export function readRows(rows: readonly TagRow[]): ReadRows {
  const filled = rows.filter(({ key, value }) => key.trim() !== '' || value !== '');
  const problems = new Map<string, Said>();
  const tags: [string, string][] = [];
  for (const { id, key, value } of filled) {
    const trimmed = key.trim();
    const problem = tags.some(([other]) => other === trimmed)
      ? sentence('The key "{0}" is there twice.', trimmed)
      : problemOf(() => {
          validateTags({ [trimmed]: value });
        });
    if (problem === undefined) tags.push([trimmed, value]);
    else problems.set(id, problem);
  }
  const read = Object.fromEntries(tags);
  const whole = problemOf(() => {
    validateTags(read);
  });
  const last = filled.at(-1);
  if (whole !== undefined && problems.size === 0 && last !== undefined) problems.set(last.id, whole);
  return problems.size > 0 ? { problems } : { tags: read };
}

function problemOf(check: () => void): Said | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return saidBy(error);
    throw error;
  }
}
