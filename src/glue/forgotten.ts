import { costSoFar } from './cost';
import { InvalidInputError } from './errors';
import { sentence } from './sentence';
import type { ListedSession } from './listedSession';
import { parseFilter, type FilterSurroundings, type SessionFilter } from './sessionFilter';
import { sessionState } from './sessionStatus';

const hourMs = 3_600_000;

/** A session is warned of before a limit: when so much of it is reached. */
const beforePart = 0.8;

/** From when a person is warned of a session of theirs. 0 turns a limit off. */
export interface ForgottenLimits {
  readonly dollars: number;
  readonly idleHours: number;
}

export interface ForgottenWarning {
  readonly listed: ListedSession;
  readonly stage: 'before' | 'after';
  readonly cause: 'dollars' | 'idle';
  /** So far. */
  readonly dollars: number;
  /** Milliseconds; undefined while a statement runs, or where it can't be told. */
  readonly idleMs?: number;
}

/** What a session has reached, as it is known; undefined when neither limit is near. The higher stage counts, dollars first. */
export function warningOf(
  listed: ListedSession,
  limits: ForgottenLimits,
  pricePerDpuHour: number,
  now: number,
): ForgottenWarning | undefined {
  if (!sessionState(listed.session.status).isLive || listed.session.status === 'STOPPING') return undefined;
  const dollars = costSoFar(listed.session, pricePerDpuHour, now)?.dollars ?? 0;
  const idleMs = listed.idleSince === undefined ? undefined : Math.max(0, now - listed.idleSince);
  const reached = {
    dollars: limits.dollars > 0 ? dollars / limits.dollars : 0,
    idle: limits.idleHours > 0 && idleMs !== undefined ? idleMs / (limits.idleHours * hourMs) : 0,
  };
  const warning = (stage: ForgottenWarning['stage'], cause: ForgottenWarning['cause']): ForgottenWarning => ({
    listed,
    stage,
    cause,
    dollars,
    ...(idleMs !== undefined && { idleMs }),
  });
  if (reached.dollars >= 1) return warning('after', 'dollars');
  if (reached.idle >= 1) return warning('after', 'idle');
  if (reached.dollars >= beforePart) return warning('before', 'dollars');
  return reached.idle >= beforePart ? warning('before', 'idle') : undefined;
}

/** A rule that a person wrote: sessions of theirs for which all of it holds are stopped. */
export interface StopRule {
  readonly idleHours?: number;
  readonly dollars?: number;
  readonly ageHours?: number;
  /** Words as in the filter of the view, such as `team=scratch`. */
  readonly filter?: string;
}

/** A rule that was read, ready to be held against sessions. */
export interface ReadStopRule {
  readonly rule: StopRule;
  readonly passes: SessionFilter;
}

const measures = ['idleHours', 'dollars', 'ageHours'] as const;

/**
 * Reads the rules of the settings. @throws InvalidInputError that names the first which can't be meant: then none is
 * obeyed, since a rule misread would stop the wrong sessions
 */
export function readStopRules(value: unknown): readonly ReadStopRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new InvalidInputError(sentence('The stop rules are not a list.'));
  return value.map(readRule);
}

function readRule(value: unknown, index: number): ReadStopRule {
  const number = index + 1;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInputError(
      sentence('Stop rule {0} is not an object such as {1}.', number, '{ "idleHours": 6 }'),
    );
  const unknown = Object.keys(value).find((key) => ![...measures, 'filter'].some((known) => known === key));
  if (unknown !== undefined)
    throw new InvalidInputError(
      sentence('Stop rule {0} has "{1}", which is not known.', number, unknown),
      unknown,
    );
  const rule = value as Readonly<Record<string, unknown>>;
  for (const key of measures) {
    const limit = rule[key];
    if (limit !== undefined && !(typeof limit === 'number' && Number.isFinite(limit) && limit > 0))
      throw new InvalidInputError(sentence('Stop rule {0}: {1} is not a number above 0.', number, key));
  }
  if (measures.every((key) => rule[key] === undefined))
    throw new InvalidInputError(
      sentence('Stop rule {0} has none of {1}: it would stop every session.', number, measures.join(', ')),
    );
  const { filter = '' } = rule;
  if (typeof filter !== 'string')
    throw new InvalidInputError(sentence('Stop rule {0}: filter is not a text.', number));
  return { rule: value, passes: parseFilter(filter) };
}

/** The first rule that wants a session stopped, by what is known of it for certain. */
export function ruleFor(
  listed: ListedSession,
  rules: readonly ReadStopRule[],
  pricePerDpuHour: number,
  surroundings: FilterSurroundings,
): StopRule | undefined {
  const { session, idleSince } = listed;
  if (!sessionState(session.status).canStop) return undefined;
  const { now } = surroundings;
  const dollars = costSoFar(session, pricePerDpuHour, now)?.dollars ?? 0;
  const holds = ({ idleHours, dollars: most, ageHours }: StopRule) =>
    (idleHours === undefined || (idleSince !== undefined && now - idleSince >= idleHours * hourMs)) &&
    (most === undefined || dollars >= most) &&
    (ageHours === undefined ||
      (session.createdOn !== undefined && now - session.createdOn >= ageHours * hourMs));
  return rules.find(({ rule, passes }) => holds(rule) && passes(listed, surroundings))?.rule;
}

/** The session as if it had done nothing since it was created, where nobody has looked: what it may have reached. */
export function atWorst(listed: ListedSession): ListedSession {
  const idleSince = listed.idleSince ?? listed.session.createdOn;
  return { ...listed, ...(idleSince !== undefined && { idleSince }) };
}

/** Two characters for a row: since when it is idle, or how old it is; empty when neither is worth a word. @param ms milliseconds */
export function durationBadge(ms: number): string {
  const hours = Math.floor(ms / hourMs);
  if (hours < 1) return '';
  if (hours < 10) return `${hours}h`;
  return hours < 24 ? '½d' : `${Math.min(9, Math.floor(hours / 24))}d`;
}
