import type { Denial } from './denial';
import type { CreateSessionRequest, Tags } from './glueApi';

/**
 * What of the request probably met the rule. No refusal ever names the condition: this is reckoned from the request and
 * from what other sessions have, and must be told as likely.
 * - `noNetwork`: no connection, so no VPC; with the connections of the others, where it is told by their habit
 * - `network`: a connection, whose network may not be an approved one
 * - `missingTag`: a tag that nearly all other sessions have
 * - `tagValue`: a tag whose value no other session has
 * - `ownerTag`: the tag `owner` names somebody else than the caller
 * - `otherOwner`: the session belongs to somebody else
 * - `runtimeRole`: the role that the session would run as
 */
export type LikelyCondition =
  | { readonly kind: 'noNetwork'; readonly others?: readonly string[] }
  | { readonly kind: 'network'; readonly connections: readonly string[] }
  | { readonly kind: 'missingTag'; readonly key: string; readonly values: readonly string[] }
  | {
      readonly kind: 'tagValue';
      readonly key: string;
      readonly value: string;
      /** In use, most used first. */
      readonly values: readonly string[];
    }
  | { readonly kind: 'ownerTag'; readonly value: string; readonly expected?: string }
  | { readonly kind: 'otherOwner'; readonly owner: string }
  | { readonly kind: 'runtimeRole'; readonly role: string; readonly others: readonly string[] };

/** Another session of the same place, as far as it is known. */
export interface SeenSession {
  readonly id: string;
  readonly role?: string;
  readonly connections: readonly string[];
  /** Undefined until they have been read. */
  readonly tags?: Tags;
}

export interface DenialSurroundings {
  /** That of the session, when one was to start. */
  readonly request?: CreateSessionRequest;
  readonly seen?: readonly SeenSession[];
  /** As `aws:userid` has it. */
  readonly callerUserId?: string;
}

/** A habit is what so many sessions have, of at least so many. */
const habitShare = 0.8;
const habitLeast = 3;
/** A tag with more values than this is free text. */
const mostValues = 12;

/** The likeliest first; empty when nothing points anywhere. */
export function likelyConditions(
  denial: Denial,
  { request, seen = [], callerUserId }: DenialSurroundings,
): readonly LikelyCondition[] {
  switch (denial.action) {
    case 'iam:PassRole':
    case 'sts:AssumeRole': {
      const isRuntimeRole = request !== undefined && denial.resource === request.role;
      const isPassing = denial.action === 'iam:PassRole' || denial.form === 'roleTrust';
      if (!isRuntimeRole && !isPassing) return [];
      const role = request?.role ?? denial.resource;
      if (role === undefined) return [];
      return [{ kind: 'runtimeRole', role, others: rolesInUse(seen).filter((other) => other !== role) }];
    }
    case 'glue:CreateSession':
      return request === undefined ? [] : startConditions(denial, request, seen, callerUserId);
    case 'glue:TagResource':
    case 'glue:UntagResource':
      // Without a start, tags of a session that is there were to change.
      return request === undefined
        ? ownerCondition(denial, seen, callerUserId)
        : tagConditions(denial, request, seen, callerUserId);
    default:
      return ownerCondition(denial, seen, callerUserId);
  }
}

/** The roles that other sessions run as, most used first. */
export function rolesInUse(seen: readonly SeenSession[]): readonly string[] {
  return byUse(seen.flatMap(({ role }) => role ?? []));
}

/** The values that a tag has on other sessions, most used first. */
export function valuesInUse(key: string, seen: readonly SeenSession[]): readonly string[] {
  return byUse(
    seen.flatMap(({ tags }) => (tags !== undefined && Object.hasOwn(tags, key) ? (tags[key] ?? []) : [])),
  );
}

function startConditions(
  denial: Denial,
  request: CreateSessionRequest,
  seen: readonly SeenSession[],
  callerUserId: string | undefined,
): readonly LikelyCondition[] {
  const tags = tagConditions(denial, request, seen, callerUserId);
  // No allow is met mostly by one that isn't there at all: that one was conditioned takes a sign.
  if (!denial.isExplicit) return [...unlikeOthers(denial, request, seen), ...tags];
  if (request.connections.length === 0) return [{ kind: 'noNetwork' }, ...tags];
  const network: LikelyCondition = { kind: 'network', connections: request.connections };
  const isInUse = request.connections.every((name) =>
    seen.some(({ connections }) => connections.includes(name)),
  );
  return isInUse && tags.length > 0 ? [...tags, network] : [network, ...tags];
}

/**
 * No connection, where every other session has one: an allow may be given inside approved networks only. The message must
 * say that it is this action that a policy doesn't allow.
 */
function unlikeOthers(
  { policyKind, wantedAction }: Denial,
  request: CreateSessionRequest,
  seen: readonly SeenSession[],
): readonly LikelyCondition[] {
  if (policyKind === undefined || wantedAction !== undefined || request.connections.length > 0) return [];
  const isHabit = seen.length >= habitLeast && seen.every(({ connections }) => connections.length > 0);
  if (!isHabit) return [];
  const others = byUse(seen.flatMap(({ connections }) => connections)).slice(0, mostValues);
  return [{ kind: 'noNetwork', others }];
}

function tagConditions(
  denial: Denial,
  { tags }: CreateSessionRequest,
  seen: readonly SeenSession[],
  callerUserId: string | undefined,
): readonly LikelyCondition[] {
  const tagged = seen.flatMap((session) => (session.tags === undefined ? [] : [session.tags]));
  const keys = byUse(tagged.flatMap((each) => Object.keys(each))).filter((key) => key !== 'owner');
  const isHabit = (key: string) =>
    tagged.length >= habitLeast &&
    tagged.filter((each) => Object.hasOwn(each, key)).length >= habitShare * tagged.length;
  const habits = keys.filter(isHabit).flatMap((key): LikelyCondition[] => {
    const values = valuesInUse(key, seen);
    if (!Object.hasOwn(tags, key)) return [{ kind: 'missingTag', key, values: values.slice(0, mostValues) }];
    const value = tags[key] ?? '';
    const isOdd = values.length <= mostValues && values.length < tagged.length && !values.includes(value);
    return isOdd ? [{ kind: 'tagValue', key, value, values }] : [];
  });
  return [...ownerTag(denial, tags, callerUserId), ...habits];
}

/** Rules that compare the tag with `aws:userid` want the caller's own. */
function ownerTag(denial: Denial, tags: Tags, callerUserId: string | undefined): readonly LikelyCondition[] {
  const value = Object.hasOwn(tags, 'owner') ? tags.owner : undefined;
  if (value === undefined || isCaller(value, denial, callerUserId) !== false) return [];
  return [{ kind: 'ownerTag', value, ...(callerUserId !== undefined && { expected: callerUserId }) }];
}

function ownerCondition(
  denial: Denial,
  seen: readonly SeenSession[],
  callerUserId: string | undefined,
): readonly LikelyCondition[] {
  const id = /:session\/(.+)$/.exec(denial.resource ?? '')?.[1];
  const owner = seen.find((session) => session.id === id)?.tags?.owner;
  if (owner === undefined || isCaller(owner, denial, callerUserId) !== false) return [];
  return [{ kind: 'otherOwner', owner }];
}

/** Whether a value of the tag `owner` means the caller; undefined when that can't be told. */
function isCaller(
  owner: string,
  { principal }: Denial,
  callerUserId: string | undefined,
): boolean | undefined {
  if (callerUserId !== undefined) return owner === callerUserId;
  // AROA…:name; the ARN of the role session ends with the same name.
  const sessionName = /:assumed-role\/[^/]+\/(.+)$/.exec(principal ?? '')?.[1];
  return sessionName === undefined ? undefined : owner.endsWith(`:${sessionName}`);
}

function byUse(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([value]) => value);
}
