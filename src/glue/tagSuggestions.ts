import { InvalidInputError } from './errors';
import type { Tags } from './glueApi';
import { formatTagList, parseTagList } from './tags';

/** A tag that others use, and the list of tags with it. */
export interface TagSuggestion {
  readonly key: string;
  readonly value: string;
  /** Sessions that have it. */
  readonly uses: number;
  /** The text of the box once it is taken. */
  readonly text: string;
}

/** What is the fragment that the person writes at. */
const lastPart = /(?:^|,)\s*([^,]*)$/;
const most = 12;
/** Values offered of one key while none of it is asked for. */
const mostOfKey = 2;

/**
 * Tags to complete a written list with: those in use whose key is not in the list yet, the most used first; while a
 * tag is being written, those that begin with it. Those that are wanted come first, without a value where none is in use.
 * @param text `key=value, key=value`, perhaps with a part at its end
 * @param inUse the tags of each session
 * @param wanted keys
 */
export function suggestTags(
  text: string,
  inUse: readonly Tags[],
  wanted: readonly string[] = [],
): readonly TagSuggestion[] {
  const part = lastPart.exec(text)?.[1] ?? '';
  const begun = part.trim().toLowerCase();
  const written = tagsOf(text.slice(0, text.length - part.length));
  const completing = candidates(written, inUse, begun).filter(
    ({ key, value }) => `${key}=${value}` !== part.trim(),
  );
  // What is written to its end is followed by the next.
  const isEnd = begun !== '' && completing.length === 0 && Object.keys(tagsOf(part)).length > 0;
  const present = isEnd ? tagsOf(text) : written;
  const found = isEnd ? candidates(present, inUse, '') : completing;
  const valueless = wanted
    .filter((key) => !Object.hasOwn(present, key) && found.every((tag) => tag.key !== key))
    .filter((key) => key.toLowerCase().startsWith(isEnd ? '' : begun))
    .map((key) => ({ key, value: '', uses: 0 }));
  const isWanted = ({ key }: { readonly key: string }) => wanted.includes(key);
  return [...found.filter(isWanted), ...valueless, ...found.filter((tag) => !isWanted(tag))]
    .slice(0, most)
    .map((tag) => ({ ...tag, text: formatTagList({ ...present, [tag.key]: tag.value }) }));
}

function candidates(present: Tags, inUse: readonly Tags[], begun: string) {
  return counted(inUse)
    .filter(({ key }) => !Object.hasOwn(present, key) && key !== 'owner')
    .filter(({ key, value }) => `${key}=${value}`.toLowerCase().startsWith(begun))
    .filter(seldomRepeated(begun.includes('=') ? most : mostOfKey));
}

/** Each tag with how many have it; by the use of its key, then of its value. */
function counted(inUse: readonly Tags[]) {
  const keys = new Map<string, number>();
  const pairs = new Map<string, { key: string; value: string; uses: number }>();
  for (const tags of inUse) {
    for (const [key, value] of Object.entries(tags)) {
      keys.set(key, (keys.get(key) ?? 0) + 1);
      const id = JSON.stringify([key, value]);
      pairs.set(id, { key, value, uses: (pairs.get(id)?.uses ?? 0) + 1 });
    }
  }
  return [...pairs.values()].sort(
    (a, b) =>
      (keys.get(b.key) ?? 0) - (keys.get(a.key) ?? 0) ||
      a.key.localeCompare(b.key, 'en') ||
      b.uses - a.uses ||
      a.value.localeCompare(b.value, 'en'),
  );
}

function seldomRepeated(times: number): (tag: { readonly key: string }) => boolean {
  const seen = new Map<string, number>();
  return ({ key }) => {
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return (seen.get(key) ?? 0) <= times;
  };
}

/** None when they can't be read: the person is in the middle of them. */
function tagsOf(text: string): Tags {
  try {
    return parseTagList(text);
  } catch (error) {
    if (error instanceof InvalidInputError) return {};
    throw error;
  }
}
