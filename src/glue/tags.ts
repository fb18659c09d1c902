import { InvalidInputError } from './errors';
import type { Tags } from './glueApi';

const maximumTags = 50;
const maximumKeyLength = 128;
const maximumValueLength = 256;

/** @throws InvalidInputError on what the service would refuse. Limits: glue.md, "The API". */
export function validateTags(tags: Tags): void {
  const entries = Object.entries(tags);
  if (entries.length > maximumTags) {
    throw new InvalidInputError(
      `${entries.length} tags are more than the ${maximumTags} a session can have.`,
    );
  }
  for (const [key, value] of entries) {
    if (key === '') throw new InvalidInputError('A tag key must not be empty.', key);
    if (key.length > maximumKeyLength) {
      throw new InvalidInputError(
        `The tag key "${key.slice(0, 40)}…" has ${key.length} characters; ${maximumKeyLength} are allowed.`,
        key,
      );
    }
    if (/^aws:/i.test(key)) {
      throw new InvalidInputError(`The tag key "${key}" begins with aws:, which is reserved for AWS.`, key);
    }
    if (value.length > maximumValueLength) {
      throw new InvalidInputError(
        `The value of tag "${key}" has ${value.length} characters; ${maximumValueLength} are allowed.`,
        value,
      );
    }
  }
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
        `"${rest}" does not begin with a tag. Expected key=value, separated by commas.`,
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
    throw new InvalidInputError(`${literal} is not text in quotes, as JSON has it.`, literal, { cause });
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
