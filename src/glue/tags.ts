import { InvalidInputError } from './errors';
import { sentence } from './sentence';
import type { Tags } from './glueApi';

/** Those that AWS sets itself don't count. */
export const maximumTags = 50;
const maximumKeyLength = 128;
const maximumValueLength = 256;

/** @throws InvalidInputError on what the service would refuse. Limits: glue.md, "The API". */
export function validateTags(tags: Tags): void {
  const entries = Object.entries(tags);
  if (entries.length > maximumTags) {
    throw new InvalidInputError(
      sentence('{0} tags are more than the {1} a session can have.', entries.length, maximumTags),
    );
  }
  for (const [key, value] of entries) {
    if (key === '') throw new InvalidInputError(sentence('A tag key must not be empty.'), key);
    if (key.length > maximumKeyLength) {
      throw new InvalidInputError(
        sentence(
          'The tag key "{0}…" has {1} characters; {2} are allowed.',
          key.slice(0, 40),
          key.length,
          maximumKeyLength,
        ),
        key,
      );
    }
    if (isReservedKey(key)) {
      throw new InvalidInputError(
        sentence('The tag key "{0}" begins with aws:, which is reserved for AWS.', key),
        key,
      );
    }
    if (value.length > maximumValueLength) {
      throw new InvalidInputError(
        sentence(
          'The value of tag "{0}" has {1} characters; {2} are allowed.',
          key,
          value.length,
          maximumValueLength,
        ),
        value,
      );
    }
  }
}

/** Whether a key is of those that only AWS sets. */
export function isReservedKey(key: string): boolean {
  return /^aws:/i.test(key);
}

const quoted = /^"(?:[^"\\]|\\.)*"/;

/**
 * Reads `key=value, key=value`, as typed into a box; a key or value that holds a comma stands in double quotes, with
 * the escapes of JSON. @throws InvalidInputError
 */
export function parseTagList(text: string): Tags {
  const tags: [string, string][] = [];
  for (let rest = text.trim(); rest !== '';) {
    const key = readPart(rest, /^[^=,]*/);
    const afterKey = rest.slice(key.length).trimStart();
    const value = readPart(afterKey.slice(1).trimStart(), /^[^,]*/);
    const afterValue = afterKey.slice(1).trimStart().slice(value.length).trimStart();
    const isPair =
      afterKey.startsWith('=') && key.text !== '' && (afterValue === '' || afterValue.startsWith(','));
    if (isPair) tags.push([key.text, value.text]);
    else if (key.text !== '' || !afterKey.startsWith(',')) {
      throw new InvalidInputError(
        sentence('"{0}" does not begin with a tag. Expected key=value, separated by commas.', rest),
        rest,
      );
    }
    rest = (isPair ? afterValue : afterKey).slice(1).trimStart();
  }
  const read = Object.fromEntries(tags);
  validateTags(read);
  return read;
}

/** What the text begins with: something in quotes, or what the pattern takes. `length` counts what was read. */
function readPart(text: string, plain: RegExp): { readonly text: string; readonly length: number } {
  const literal = quoted.exec(text)?.[0];
  if (literal === undefined) {
    const found = plain.exec(text)?.[0] ?? '';
    return { text: found.trim(), length: found.length };
  }
  try {
    return { text: JSON.parse(literal) as string, length: literal.length };
  } catch (cause) {
    throw new InvalidInputError(sentence('{0} is not text in quotes, as JSON has it.', literal), literal, {
      cause,
    });
  }
}

/** The inverse of {@link parseTagList}. */
export function formatTagList(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${inQuotes(key, /[=,"]/)}=${inQuotes(value, /[,"]/)}`)
    .join(', ');
}

function inQuotes(text: string, when: RegExp): string {
  return when.test(text) || text !== text.trim() ? JSON.stringify(text) : text;
}

/** What has to be added and removed to get from one set of tags to the other. */
export function diffTags(
  before: Tags,
  after: Tags,
): { readonly add: Tags; readonly remove: readonly string[] } {
  return {
    add: Object.fromEntries(
      Object.entries(after).filter(([key, value]) => !Object.hasOwn(before, key) || before[key] !== value),
    ),
    remove: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  };
}
