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

/** Reads `key=value, key=value`, as typed into a box. @throws InvalidInputError */
export function parseTagList(text: string): Tags {
  const tags: Record<string, string> = {};
  for (const part of text.split(',').map((item) => item.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    if (at <= 0)
      throw new InvalidInputError(`"${part}" is not a tag. Expected key=value, separated by commas.`, part);
    tags[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  validateTags(tags);
  return tags;
}

/** The inverse of {@link parseTagList}. */
export function formatTagList(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** What has to be added and removed to get from one set of tags to the other. */
export function diffTags(
  before: Tags,
  after: Tags,
): { readonly add: Tags; readonly remove: readonly string[] } {
  return {
    add: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    remove: Object.keys(before).filter((key) => !(key in after)),
  };
}
