import { distance } from 'fastest-levenshtein';
import { isAmong } from './guardrails/glob';
import type { Tags } from './glueApi';
import type { ListedSession } from './listedSession';
import type { TagEdit } from './tagChanges';
import { isReservedKey } from './tags';

/**
 * What is wrong with a tag.
 * - `untagged`: the session has none of a person's own
 * - `missing`: a key that every session should have
 * - `key`: a key that differs from the common one by case, blanks, separators or form of its characters alone
 * - `value`: a value that differs so from the common one, or from an allowed one
 * - `unknown`: a value that is not among the allowed ones
 */
export type TagProblem = 'untagged' | 'missing' | 'key' | 'value' | 'unknown';

export interface TagFinding {
  readonly problem: TagProblem;
  readonly listed: ListedSession;
  /** As the session has it, or lacks it; undefined of an untagged one. */
  readonly key?: string;
  readonly value?: string;
  /** What it is elsewhere: the key, or the value. */
  readonly common?: string;
  /** What would mend it; undefined where only a person can say. */
  readonly mend?: TagEdit;
}

/** Keys that sessions should have, each with its allowed values: texts or IAM globs; none allows any. */
export type RequiredTags = Readonly<Record<string, readonly string[]>>;

/** Whose they are is written by kernels, in forms that are no mistakes. */
const identityKeys = ['owner', 'userId'];

/** @param sessions with the tags that were read of each; others are left out */
export function checkTags(
  sessions: ReadonlyMap<ListedSession, Tags>,
  required: RequiredTags,
): readonly TagFinding[] {
  const own = new Map([...sessions].map(([listed, tags]) => [listed, ownTags(tags)] as const));
  const requiredKeys = Object.keys(required);
  const form = remembered(plain);
  const commonKey = commonSpelling(
    [...own.values()].flatMap((tags) => Object.keys(tags)),
    requiredKeys,
    form,
  );
  const valuesOf = new Map<string, string[]>();
  for (const tags of own.values()) {
    for (const [key, value] of Object.entries(tags)) {
      const values = valuesOf.get(commonKey(key)) ?? [];
      values.push(value);
      valuesOf.set(commonKey(key), values);
    }
  }
  const commonValues = new Map(
    [...valuesOf].map(([key, values]) => {
      const allowed = allowedOf(required, key);
      // However many have a forbidden spelling, it mends nothing.
      const taken = allowed.length === 0 ? values : values.filter((value) => isAmong(value, allowed));
      return [key, commonSpelling(taken, literals(allowed), form)];
    }),
  );
  return [...own].flatMap(([listed, tags]) => {
    const all = sessions.get(listed) ?? {};
    const isUntagged = Object.keys(tags).length === 0 && requiredKeys.length === 0;
    return [
      ...(isUntagged ? [{ problem: 'untagged' as const, listed }] : []),
      ...requiredKeys
        .filter((key) => !has(all, key) && !Object.keys(tags).some((other) => commonKey(other) === key))
        .map((key) => missing(listed, key, allowedOf(required, key))),
      ...Object.entries(tags).flatMap(([key, value]) =>
        checkTag(listed, tags, { key, value }, commonKey(key), {
          common: commonValues.get(commonKey(key)) ?? ((text) => text),
          allowed: allowedOf(required, commonKey(key)),
        }),
      ),
    ];
  });
}

function missing(listed: ListedSession, key: string, allowed: readonly string[]): TagFinding {
  const [only, ...more] = allowed;
  const isOne = only !== undefined && more.length === 0 && isLiteral(only);
  return {
    problem: 'missing',
    listed,
    key,
    ...(isOne && { common: only, mend: { add: { [key]: only }, remove: [] } }),
  };
}

function checkTag(
  listed: ListedSession,
  tags: Tags,
  { key, value }: { readonly key: string; readonly value: string },
  rightKey: string,
  { common, allowed }: { readonly common: (value: string) => string; readonly allowed: readonly string[] },
): readonly TagFinding[] {
  const isAllowed = allowed.length === 0 || isAmong(value, allowed);
  const rightValue = isAllowed && allowed.length > 0 ? value : common(value);
  const keyFinding: TagFinding[] =
    key === rightKey
      ? []
      : [{ problem: 'key', listed, key, value, common: rightKey, ...renaming(tags, key, rightKey, value) }];
  if (rightValue !== value) {
    const mended = key === rightKey ? setting(key, rightValue) : renaming(tags, key, rightKey, rightValue);
    return [...keyFinding, { problem: 'value', listed, key, value, common: rightValue, ...mended }];
  }
  if (isAllowed) return keyFinding;
  const near = nearest(value, literals(allowed));
  return [
    ...keyFinding,
    {
      problem: 'unknown',
      listed,
      key,
      value,
      ...(near !== undefined && { common: near }),
      ...(near !== undefined && key === rightKey && setting(key, near)),
    },
  ];
}

function setting(key: string, value: string): { readonly mend: TagEdit } {
  return { mend: { add: { [key]: value }, remove: [] } };
}

/** A session that has the right key besides, with another value, is left to a person. */
function renaming(tags: Tags, key: string, rightKey: string, value: string): { readonly mend?: TagEdit } {
  const present = has(tags, rightKey) ? tags[rightKey] : undefined;
  if (present === undefined) return { mend: { add: { [rightKey]: value }, remove: [key] } };
  return plain(present) === plain(value) ? { mend: { add: {}, remove: [key] } } : {};
}

/** Several mends of one session as one edit; the later ones decide. */
export function joinEdits(edits: readonly TagEdit[]): TagEdit {
  const add = Object.assign({}, ...edits.map((edit) => edit.add)) as Tags;
  const remove = new Set(edits.flatMap((edit) => edit.remove));
  return { add, remove: [...remove].filter((key) => !has(add, key)) };
}

/** Findings that are alike: the same problem with the same tag. */
export interface TagFindingGroup extends Omit<TagFinding, 'listed' | 'mend'> {
  readonly findings: readonly TagFinding[];
  /** Whether each has a mend. */
  readonly isMendable: boolean;
}

/** Those that can be mended first, then by number. */
export function groupFindings(findings: readonly TagFinding[]): readonly TagFindingGroup[] {
  const groups = new Map<string, TagFinding[]>();
  for (const finding of findings) {
    const { problem, key, value, common, mend } = finding;
    const shown = problem === 'key' ? undefined : value;
    const id = JSON.stringify([problem, key, shown, common, mend === undefined]);
    const group = groups.get(id) ?? [];
    group.push(finding);
    groups.set(id, group);
  }
  return [...groups.values()]
    .flatMap((alike) => {
      const [first] = alike;
      if (first === undefined) return [];
      const { listed: _, mend, value, ...rest } = first;
      const shown = first.problem === 'key' || value === undefined ? {} : { value };
      return [{ ...rest, ...shown, findings: alike, isMendable: mend !== undefined }];
    })
    .sort(
      (one, other) =>
        Number(other.isMendable) - Number(one.isMendable) || other.findings.length - one.findings.length,
    );
}

function ownTags(tags: Tags): Tags {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => !isReservedKey(key) && !identityKeys.includes(key)),
  );
}

/**
 * Gives of each text the spelling that most have: of those that are alike, one that is wanted, else the most frequent,
 * else the plainest. A text that none is like stays as it is.
 */
function commonSpelling(
  texts: readonly string[],
  wanted: readonly string[],
  form: (text: string) => string,
): (text: string) => string {
  const counts = new Map<string, Map<string, number>>();
  for (const text of texts) {
    const alike = counts.get(form(text)) ?? new Map<string, number>();
    alike.set(text, (alike.get(text) ?? 0) + 1);
    counts.set(form(text), alike);
  }
  const wantedForms = new Map(wanted.map((text) => [form(text), text]));
  const chosen = new Map<string, string>();
  for (const [key, alike] of counts) {
    const [[best] = ['']] = [...alike].sort(
      ([one, ofOne], [other, ofOther]) =>
        ofOther - ofOne || oddness(one) - oddness(other) || (one < other ? -1 : 1),
    );
    chosen.set(key, best);
  }
  return (text) =>
    wanted.includes(text) ? text : (wantedForms.get(form(text)) ?? chosen.get(form(text)) ?? text);
}

/** The same, reckoned once for each text. */
function remembered(reckon: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const value = known.get(text) ?? reckon(text);
    known.set(text, value);
    return value;
  };
}

function oddness(text: string): number {
  return (
    Number(text !== text.toLowerCase()) +
    Number(text !== text.trim()) +
    Number(text !== text.normalize('NFKC'))
  );
}

/** What is left of a text without case, blanks, separators and forms of characters; between digits a separator tells. */
function plain(text: string): string {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '');
  const bare = folded
    .trim()
    .replace(/(?<=\p{N})[\s\p{Pd}_./:]+(?=\p{N})/gu, '\u0000')
    .replace(/[\s\p{Pd}_./:]+/gu, '');
  return bare === '' ? folded : bare;
}

/** An allowed value that a typing mistake or two lead to. */
function nearest(value: string, allowed: readonly string[]): string | undefined {
  if (value.length < 4) return undefined;
  const near = allowed
    .map((text) => ({ text, far: distance(plain(text), plain(value)) }))
    .filter(({ far }) => far <= 2)
    .sort((one, other) => one.far - other.far);
  return near[0]?.text;
}

function allowedOf(required: RequiredTags, key: string): readonly string[] {
  return has(required, key) ? (required[key] ?? []) : [];
}

function literals(globs: readonly string[]): readonly string[] {
  return globs.filter(isLiteral);
}

function isLiteral(glob: string): boolean {
  return !/[*?]/.test(glob);
}

function has(record: object, key: string): boolean {
  return Object.hasOwn(record, key);
}
