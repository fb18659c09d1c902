import { InvalidInputError } from './errors';
import { sentence } from './sentence';

/** What sessions are grouped by besides tags. */
export const groupFacts = ['status', 'owner', 'role', 'connection', 'version'] as const;

export type GroupFact = (typeof groupFacts)[number];

/** By a tag key, or by a fact of the session. */
export type GroupBy = { readonly kind: 'tag'; readonly key: string } | { readonly kind: GroupFact };

/** Keys that sessions can be grouped by at once, one within the other. */
export const mostGroupKeys = 2;

/**
 * Reads `team`, `team, billing`, `status`; a tag whose key is also the name of a fact is written `tag:status`.
 * @throws InvalidInputError for more keys than there can be, or the same one twice
 */
export function parseGroupBy(text: string): readonly GroupBy[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > mostGroupKeys) {
    throw new InvalidInputError(
      sentence(
        '"{0}" has {1} keys: sessions are grouped by {2} at most, such as team, billing.',
        text,
        parts.length,
        mostGroupKeys,
      ),
      text,
    );
  }
  const keys = parts.map(parseKey);
  const [first, second] = keys.map(formatKey);
  if (first !== undefined && first === second) {
    throw new InvalidInputError(sentence('"{0}" has the same key twice.', text), text);
  }
  return keys;
}

/** The inverse of {@link parseGroupBy}. */
export function formatGroupBy(keys: readonly GroupBy[]): string {
  return keys.map(formatKey).join(', ');
}

function parseKey(text: string): GroupBy {
  const fact = groupFacts.find((name) => name === text);
  return fact === undefined ? { kind: 'tag', key: text.replace(/^tag:/, '') } : { kind: fact };
}

function formatKey(by: GroupBy): string {
  if (by.kind !== 'tag') return by.kind;
  return groupFacts.some((name) => name === by.key) || by.key.startsWith('tag:') ? `tag:${by.key}` : by.key;
}
