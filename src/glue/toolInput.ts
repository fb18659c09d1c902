import { InvalidInputError } from './errors';
import type { Tags } from './glueApi';
import { sessionDefaultFields, type SessionDefaults } from './sessionDefaults';
import { validateTags } from './tags';
import { sentence } from './sentence';

/** What a language model asks of the list of sessions. */
export interface ListInput {
  /** Words as in the filter of the view. */
  readonly filter: string;
  /** A tag key or a fact, as in the setting; undefined: not grouped. */
  readonly groupBy?: string;
  readonly includeEnded: boolean;
  /** Sessions told at most. */
  readonly limit: number;
}

export interface CostInput {
  readonly filter: string;
  /** `day`, or a tag key or a fact. */
  readonly by: string;
  /** Sessions created in so many days. */
  readonly days: number;
}

export interface StartInput extends SessionDefaults {
  /** Name of a place of the view, or of its profile. */
  readonly target?: string;
}

const mostText = 500;
const mostStopped = 50;

/**
 * Readers of what language models send: the schema in package.json is checked by VS Code, but not for every caller.
 * @throws InvalidInputError that names the member, what was expected, and what came
 */
export const readToolInput = {
  list: (input: unknown): ListInput => {
    const members = object(input, ['filter', 'groupBy', 'includeEnded', 'limit']);
    const groupBy = optional(members, 'groupBy', text);
    return {
      filter: optional(members, 'filter', text) ?? '',
      ...(groupBy !== undefined && { groupBy }),
      includeEnded: optional(members, 'includeEnded', boolean) ?? false,
      limit: optional(members, 'limit', whole(1, 200)) ?? 50,
    };
  },
  describe: (input: unknown): string => required(object(input, ['session']), 'session', text),
  cost: (input: unknown): CostInput => {
    const members = object(input, ['filter', 'by', 'days']);
    return {
      filter: optional(members, 'filter', text) ?? '',
      by: optional(members, 'by', text) ?? 'owner',
      days: optional(members, 'days', whole(1, 90)) ?? 7,
    };
  },
  start: (input: unknown): StartInput => {
    const members = object(input, ['target', ...sessionDefaultFields]);
    const read = {
      target: optional(members, 'target', text),
      iamRole: optional(members, 'iamRole', text),
      connections: optional(members, 'connections', list(10)),
      tags: optional(members, 'tags', tags),
      workerType: optional(members, 'workerType', text),
      numberOfWorkers: optional(members, 'numberOfWorkers', whole(2, 299)),
      glueVersion: optional(members, 'glueVersion', text),
      idleTimeout: optional(members, 'idleTimeout', whole(1, 10_080)),
    };
    return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  },
  stop: (input: unknown): readonly string[] => {
    const named = required(object(input, ['sessions']), 'sessions', list(mostStopped));
    if (named.length > 0) return [...new Set(named)];
    throw new InvalidInputError(sentence('"sessions" names none: expected ids or ARNs of sessions.'));
  },
} as const;

type Reader<T> = (value: unknown, name: string) => T;

function object(input: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new InvalidInputError(sentence('Expected an object with {0}.', known.join(', ')));
  const unknown = Object.keys(input).find((key) => !known.includes(key));
  if (unknown === undefined) return input as Readonly<Record<string, unknown>>;
  throw new InvalidInputError(
    sentence('"{0}" is not known. Expected {1}.', unknown.slice(0, 40), known.join(', ')),
    unknown,
  );
}

function optional<T>(
  members: Readonly<Record<string, unknown>>,
  name: string,
  read: Reader<T>,
): T | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  return value === undefined || value === null ? undefined : read(value, name);
}

function required<T>(members: Readonly<Record<string, unknown>>, name: string, read: Reader<T>): T {
  const value = optional(members, name, read);
  if (value === undefined) throw new InvalidInputError(sentence('"{0}" is missing.', name));
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= mostText) return value.trim();
  throw new InvalidInputError(sentence('"{0}" must be a text of 1 to {1} characters.', name, mostText));
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidInputError(sentence('"{0}" must be true or false.', name));
}

function whole(least: number, most: number): Reader<number> {
  return (value, name) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidInputError(sentence('"{0}" must be a whole number from {1} to {2}.', name, least, most));
  };
}

function list(most: number): Reader<readonly string[]> {
  return (value, name) => {
    if (Array.isArray(value) && value.length <= most) return value.map((item) => text(item, name));
    throw new InvalidInputError(sentence('"{0}" must be a list of at most {1} texts.', name, most));
  };
}

function tags(value: unknown, name: string): Tags {
  const isTags =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string');
  if (!isTags)
    throw new InvalidInputError(
      sentence('"{0}" must be an object of texts, such as {"team": "analytics"}.', name),
    );
  validateTags(value as Tags);
  return value as Tags;
}
