import { dollarsPerHour } from './cost';
import { InvalidInputError } from './errors';
import { sentence, type Said, type Sentence } from './sentence';
import type { CreateSessionRequest, Session, Tags } from './glueApi';
import { glueVersions } from './glueVersions';
import type { ListedSession } from './listedSession';
import { isRoleName, parseRoleArn } from './roleArn';
import { sessionDefaultFields } from './sessionDefaults';
import { validateTags } from './tags';
import type { Target } from './target';
import { workerTypes } from './workerTypes';

/** What a person wants of a session. */
export interface SessionWish {
  readonly target: Target;
  /** ARN or name. */
  readonly iamRole: string;
  readonly connections: readonly string[];
  readonly tags: Tags;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  readonly glueVersion: string;
  /** Minutes. */
  readonly idleTimeout: number;
  /** What is not asked for, but kept: from a session that is copied, or from a preset. */
  readonly more: WishMore;
}

export interface WishMore {
  /** DefaultArguments, keys with their leading `--`. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Whether those are all there are, as with a copied session, or come on top of what sessions have by default. */
  readonly isCopy?: boolean;
  /** DPU, in place of workers. */
  readonly maxCapacity?: number;
  readonly sessionType?: 'glueetl' | 'gluestreaming';
  readonly securityConfiguration?: string;
  readonly description?: string;
}

/** The questions, in their order. */
export const wishSteps = ['preset', 'target', ...sessionDefaultFields, 'review'] as const;

export type WishStep = (typeof wishSteps)[number];

/**
 * Checks each answer as the service would, so that a bad one is named on the spot. Limits: glue.md, "The API".
 * All throw InvalidInputError.
 */
export const wishChecks = {
  iamRole: (text: string): string => {
    const role = text.trim();
    return isRoleName(role) ? role : parseRoleArn(role).arn;
  },
  connections: (value: unknown): readonly string[] => {
    if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name.trim() !== ''))
      return value as readonly string[];
    throw new InvalidInputError(sentence('The connections are {0}. Expected a list of names.', shown(value)));
  },
  tags: (value: unknown): Tags => {
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isRecord || !Object.values(value).every((tag) => typeof tag === 'string'))
      throw new InvalidInputError(sentence('The tags are {0}. Expected keys with texts.', shown(value)));
    const tags = value as Tags;
    validateTags(tags);
    return tags;
  },
  workerType: (value: unknown): string => choice(sentence('worker type'), value, workerTypes),
  glueVersion: (value: unknown): string => choice(sentence('Glue version'), value, glueVersions),
  numberOfWorkers: (value: unknown): number => whole(value, 2, 299),
  idleTimeout: (value: unknown): number => whole(value, 1, 10_080, true),
} as const;

/** What a wish costs: an hour, and until an idle session ends by itself. Undefined for a worker type that is not known. */
export function priceOf(
  { workerType, numberOfWorkers, idleTimeout, more }: SessionWish,
  pricePerDpuHour: number,
): { readonly hourly: number; readonly perIdleOut: number } | undefined {
  const sized =
    more.maxCapacity === undefined ? { workerType, numberOfWorkers } : { maxCapacity: more.maxCapacity };
  const hourly = dollarsPerHour(sized, pricePerDpuHour);
  return hourly === undefined ? undefined : { hourly, perIdleOut: (hourly * idleTimeout) / 60 };
}

/**
 * A wish for a session like another one: all that it has but its id, and its `owner`, which is whoever starts it.
 * @param defaults where the session doesn't tell
 */
export function wishLike(
  { target, session }: Pick<ListedSession, 'target' | 'session'>,
  tags: Tags,
  defaults: SessionWish,
): SessionWish {
  const { owner: _, ...others } = tags;
  return {
    target,
    iamRole: session.role ?? defaults.iamRole,
    connections: session.connections,
    tags: others,
    workerType: session.workerType ?? defaults.workerType,
    numberOfWorkers: session.numberOfWorkers ?? defaults.numberOfWorkers,
    glueVersion: session.glueVersion ?? defaults.glueVersion,
    idleTimeout: session.idleTimeout ?? defaults.idleTimeout,
    more: moreOf(session),
  };
}

function moreOf(session: Session): WishMore {
  const { maxCapacity, command, securityConfiguration, description, workerType } = session;
  return {
    arguments: session.defaultArguments,
    isCopy: true,
    ...(workerType === undefined && maxCapacity !== undefined && { maxCapacity }),
    ...(command?.name === 'gluestreaming' && { sessionType: 'gluestreaming' as const }),
    ...(securityConfiguration !== undefined && { securityConfiguration }),
    ...(description !== undefined && { description }),
  };
}

/** Adds to a request what a configuration has no word for. */
export function withMore(
  request: CreateSessionRequest,
  { arguments: own, isCopy, description }: WishMore,
): CreateSessionRequest {
  return {
    ...request,
    ...(own !== undefined && isCopy === true && { defaultArguments: own }),
    ...(description !== undefined && { description }),
  };
}

function choice(what: Sentence, value: unknown, choices: readonly { readonly name: string }[]): string {
  const found = choices.find(({ name }) => name === value);
  if (found !== undefined) return found.name;
  throw new InvalidInputError(
    sentence(
      '{0} is not a {1}. Expected one of {2}.',
      shown(value),
      what,
      choices.map(({ name }) => name).join(', '),
    ),
  );
}

/** @param value a number, or the text of one */
function whole(value: unknown, least: number, most: number, isTime = false): number {
  const text = typeof value === 'string' ? value.trim() : String(value);
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidInputError(
    isTime
      ? sentence('"{0}" is not an idle timeout. Expected {1} to {2} minutes, a week.', text, least, most)
      : sentence(
          '"{0}" is not a number of workers. Expected {1} to {2}: a session has 2 or more.',
          text,
          least,
          most,
        ),
    text,
  );
}

function shown(value: unknown): Said {
  return value === undefined ? sentence('missing') : JSON.stringify(value).slice(0, 80);
}
