import type { CreateSessionRequest } from '../glueApi';
import { sentence, type Sentence } from '../sentence';
import type { Violation } from './checkStart';

/** What a Glue usage profile says of one setting of sessions. */
export interface UsageLimit {
  readonly allowed: readonly string[];
  readonly least?: number;
  readonly most?: number;
}

/** A Glue usage profile: limits that an administrator gives to users and roles, by the names the service has for them. */
export interface UsageProfile {
  readonly name: string;
  /** `numberOfWorkers`, `workerType`, `timeout` and `idleTimeout` (minutes). Source: Glue developer guide, "Managing usage profiles". */
  readonly session: Readonly<Record<string, UsageLimit>>;
}

/** What of a start a usage profile is against. What the profile does not know of is left to the service. */
export function usageViolations(profile: UsageProfile, request: CreateSessionRequest): readonly Violation[] {
  const asked: readonly (readonly [string, Sentence, string | number | undefined])[] = [
    ['numberOfWorkers', sentence('number of workers'), request.numberOfWorkers],
    ['workerType', sentence('worker type'), request.workerType],
    ['timeout', sentence('timeout (minutes)'), request.timeout],
    ['idleTimeout', sentence('idle timeout (minutes)'), request.idleTimeout],
  ];
  return asked.flatMap(([key, what, value]) => {
    const limit = Object.hasOwn(profile.session, key) ? profile.session[key] : undefined;
    const expected = limit === undefined || value === undefined ? undefined : brokenLimit(limit, value);
    if (expected === undefined) return [];
    const message = sentence('The {0} {1} is not allowed; {2}.', what, value ?? '', expected);
    return [{ rule: key, message, place: { source: sentence('usage profile {0}', profile.name) } }];
  });
}

/** What would be allowed; undefined when the value is. */
function brokenLimit({ allowed, least, most }: UsageLimit, value: string | number): Sentence | undefined {
  if (allowed.length > 0 && !allowed.includes(String(value)))
    return sentence('it must be one of {0}', allowed.join(', '));
  if (typeof value === 'number' && least !== undefined && value < least)
    return sentence('it must be {0} at least', least);
  if (typeof value === 'number' && most !== undefined && value > most)
    return sentence('it must be {0} at most', most);
  return undefined;
}
