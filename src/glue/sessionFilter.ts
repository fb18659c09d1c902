import { InvalidInputError } from './errors';
import { sentence } from './sentence';
import { ownerOf, type ListedSession } from './listedSession';
import { sessionState } from './sessionStatus';

/** What is known when a filter is applied. */
export interface FilterSurroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** User ids of whoever looks, for `owner=me`: one for each target. */
  readonly myUserIds: ReadonlySet<string>;
}

/** Whether a session is to be seen. */
export type SessionFilter = (listed: ListedSession, surroundings: FilterSurroundings) => boolean;

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a filter as typed: words, all of which must hold. `team=analytics` is a tag (with `*` for any characters),
 * `status=ready`, `owner=me` or `owner=NAME`, `age>2h` and `age<30m` (minutes, hours, days); any other word is looked
 * for in id, owner, role, connections and tags. A word with a space stands in double quotes. An empty text lets all pass.
 * @throws InvalidInputError that names the word and what was expected
 */
export function parseFilter(text: string): SessionFilter {
  const tests = words(text).map(readWord);
  return (listed, surroundings) => tests.every((test) => test(listed, surroundings));
}

function words(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));
}

function readWord(word: string): SessionFilter {
  const [, name, sign, value] = /^([^=<>]+)([=<>])(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) return contains(word.toLowerCase());
  if (sign === '<' || sign === '>') return readAge(word, name, sign, value);
  if (value === '') {
    throw new InvalidInputError(
      sentence('"{0}" has nothing behind the "=". Expected for example team=analytics.', word),
      word,
    );
  }
  if (name === 'status') return readStatus(value);
  if (name === 'owner') return readOwner(value);
  const matches = pattern(value);
  return ({ tags }) => tags !== undefined && Object.hasOwn(tags, name) && matches(tags[name] ?? '');
}

function readAge(word: string, name: string, sign: string, value: string): SessionFilter {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(value) ?? [];
  const ms = Number(count) * (units[unit ?? ''] ?? NaN);
  if (name !== 'age' || Number.isNaN(ms)) {
    throw new InvalidInputError(
      sentence('"{0}" is not understood. Expected for example age>2h, age<30m or age>1d.', word),
      word,
    );
  }
  return ({ session: { createdOn } }, { now }) =>
    createdOn !== undefined && (sign === '>' ? now - createdOn > ms : now - createdOn < ms);
}

/** By the service's word or by the one shown. */
function readStatus(value: string): SessionFilter {
  const matches = pattern(value);
  return ({ session: { status } }) => matches(status) || matches(sessionState(status).label);
}

function readOwner(value: string): SessionFilter {
  const matches = pattern(value);
  return (listed, { myUserIds }) => {
    const tag = listed.tags?.owner;
    if (value === 'me') return tag !== undefined && myUserIds.has(tag);
    return tag !== undefined && (matches(tag) || matches(ownerOf(listed) ?? ''));
  };
}

function contains(text: string): SessionFilter {
  return (listed) => {
    const { session, tags = {} } = listed;
    const texts = [
      session.id,
      session.role ?? '',
      ...session.connections,
      ownerOf(listed) ?? '',
      ...Object.entries(tags).flat(),
    ];
    return texts.some((candidate) => candidate.toLowerCase().includes(text));
  };
}

/** Whole text, upper and lower case alike, `*` for any characters. */
function pattern(value: string): (text: string) => boolean {
  const parts = value.toLowerCase().split('*');
  return (text) => {
    const lower = text.toLowerCase();
    const [first = '', ...rest] = parts;
    const last = rest.pop();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = lower.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return lower.length - from >= last.length && lower.endsWith(last);
  };
}
