import { dollarsPerHour, formatDollars } from '../cost';
import { InvalidInputError } from '../errors';
import type { CreateSessionRequest } from '../glueApi';
import { lines, sentence, type Sentence } from '../sentence';
import { usageViolations, type UsageProfile } from './usageProfile';
import { isAmong } from './glob';
import {
  placeOf,
  placeText,
  type GuardrailRules,
  type Guardrails,
  type RuleName,
  type RulePlace,
} from './guardrails';

/** Minutes that the service takes when none are asked for. Source: glue.md, "The API". */
const serviceIdleTimeout = 2880;

/** DPU that the service takes when none are asked for. Source: glue.md, "The API". */
const serviceCapacity = 5;

/** What is about to be started, and through whom. */
export interface PlannedStart {
  readonly request: CreateSessionRequest;
  /** ARN of the last role assumed to start it; undefined when none is. */
  readonly assumedRole?: string;
  /** ARN of whose keys start it: of a user, or of a role without its path, where that was assumed elsewhere already. */
  readonly caller?: string;
  /** Networks of the connections that it names; undefined when they are not known: then AWS alone decides of them. */
  readonly networks?: readonly PlannedNetwork[];
  /** Dollars. */
  readonly pricePerDpuHour: number;
}

/** Where a connection is. */
export interface PlannedNetwork {
  readonly connection: string;
  /** Whether the caller may look at the connection: then it has no more than this. Else AWS alone decides of it. */
  readonly isRead: boolean;
  /** Undefined also where only the subnet may be looked at. */
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly securityGroupIds: readonly string[];
}

/** A rule that a start breaks. */
export interface Violation {
  readonly rule: RuleName;
  /** What is wrong and what is expected, as a sentence. */
  readonly message: Sentence;
  readonly place: RulePlace;
}

/** A start breaks rules of the project or of a usage profile: nothing was asked of AWS. */
export class GuardrailError extends InvalidInputError {
  constructor(readonly violations: readonly Violation[]) {
    super(
      lines([
        violations.length === 1
          ? sentence('The session was not started: a rule is against it.')
          : sentence('The session was not started: {0} rules are against it.', violations.length),
        ...violations.map(({ message, rule, place }) =>
          sentence('{0} (rule {1}, {2})', message, rule, placeText(place)),
        ),
        sentence('These rules only narrow what IAM allows.'),
      ]),
    );
  }
}

/** @throws GuardrailError when the start breaks a rule of any of them, or a usage profile is against it */
export function obey(
  guardrails: readonly Guardrails[],
  start: PlannedStart,
  profiles: readonly UsageProfile[] = [],
): void {
  const violations = [
    ...guardrails.flatMap((each) => violationsOf(each, start)),
    ...profiles.flatMap((profile) => usageViolations(profile, start.request)),
  ];
  if (violations.length > 0) throw new GuardrailError(violations);
}

/** The rules that a start breaks, in the order of the schema. */
export function violationsOf(guardrails: Guardrails, start: PlannedStart): readonly Violation[] {
  return problemsOf(guardrails.rules, start).map(([rule, message]) => ({
    rule,
    message,
    place: placeOf(guardrails, rule),
  }));
}

type Problem = readonly [RuleName, Sentence];

function problemsOf(rules: GuardrailRules, start: PlannedStart): readonly Problem[] {
  const { request } = start;
  return [
    ...tagProblems(rules, request),
    ...choice('runtimeRoles', sentence('runtime role'), [request.role], rules.runtimeRoles),
    ...roleProblems(rules, start),
    ...orNone('connections', sentence('connection'), request.connections, rules.connections),
    ...networkProblems(rules, start),
    ...named('workerTypes', sentence('worker type'), request.workerType, rules.workerTypes),
    ...named('glueVersions', sentence('Glue version'), request.glueVersion, rules.glueVersions),
    ...most('maxWorkers', sentence('workers'), workersOf(request), rules.maxWorkers),
    ...most(
      'maxIdleTimeout',
      sentence('minutes of idle timeout'),
      request.idleTimeout ?? serviceIdleTimeout,
      rules.maxIdleTimeout,
    ),
    ...priceProblems(rules, start),
  ];
}

function tagProblems(
  { requiredTags = {} }: GuardrailRules,
  { tags }: CreateSessionRequest,
): readonly Problem[] {
  return Object.entries(requiredTags).flatMap(([key, values]): Problem[] => {
    const rule = `requiredTags.${key}`;
    const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
    const expected = values.includes('*') ? sentence('any value') : oneOf(values);
    const other = Object.keys(tags).find(
      (present) => present !== key && present.toLowerCase() === key.toLowerCase(),
    );
    if (value === undefined) {
      const missing = sentence('The tag "{0}" is missing; it must have {1}.', key, expected);
      return [
        [
          rule,
          other === undefined
            ? missing
            : sentence('{0} There is "{1}", but keys differ by case.', missing, other),
        ],
      ];
    }
    if (isAmong(value, values))
      return other === undefined
        ? []
        : [
            [
              rule,
              sentence('Beside the tag "{0}" there is "{1}": IAM may judge by either of them.', key, other),
            ],
          ];
    return [[rule, sentence('The tag "{0}" is "{1}"; it must have {2}.', key, value, expected)]];
  });
}

/** Whoever calls with the keys of a role that is allowed has assumed it, wherever that was done. */
function roleProblems(
  { rolesToAssume }: GuardrailRules,
  { assumedRole, caller = '' }: PlannedStart,
): readonly Problem[] {
  if (assumedRole === undefined && caller.includes(':role/') && rolesToAssume !== undefined) {
    const withoutPath = rolesToAssume.map((glob) => glob.replace(/:role\/.*\//, ':role/'));
    if (isAmong(caller, withoutPath)) return [];
  }
  return orNone('rolesToAssume', sentence('role to assume'), listed(assumedRole), rolesToAssume);
}

function networkProblems(rules: GuardrailRules, { request, networks }: PlannedStart): readonly Problem[] {
  const parts = [
    ['vpcs', sentence('VPC'), (network: PlannedNetwork) => listed(network.vpcId)],
    ['subnets', sentence('subnet'), (network: PlannedNetwork) => listed(network.subnetId)],
    ['securityGroups', sentence('security group'), (network: PlannedNetwork) => network.securityGroupIds],
  ] as const;
  return parts.flatMap(([rule, what, read]): readonly Problem[] => {
    const allowed = rules[rule];
    if (allowed === undefined) return [];
    if (request.connections.length === 0)
      return [
        [
          rule,
          sentence(
            'The session names no connection, so it would be in no {0}; it must be in {1}.',
            what,
            oneOf(allowed),
          ),
        ],
      ];
    // Such as a connection of JDBC to a public address. The VPC of a subnet may not be known.
    const lacksIt = (network: PlannedNetwork) =>
      network.isRead && read(network).length === 0 && !(rule === 'vpcs' && network.subnetId !== undefined);
    if (networks?.every(lacksIt) === true)
      return [
        [rule, sentence('No connection of the session has a {0}; it must be {1}.', what, oneOf(allowed))],
      ];
    return (networks ?? []).flatMap((network) =>
      choice(rule, sentence('{0} of connection {1}', what, network.connection), read(network), allowed),
    );
  });
}

function priceProblems(
  { maxDollarsPerHour }: GuardrailRules,
  { request, pricePerDpuHour }: PlannedStart,
): readonly Problem[] {
  if (maxDollarsPerHour === undefined) return [];
  const hourly = dollarsPerHour(request, pricePerDpuHour);
  if (hourly !== undefined && hourly <= maxDollarsPerHour) return [];
  const price = hourly === undefined ? sentence('a price that is not known') : formatDollars(hourly);
  return [
    [
      'maxDollarsPerHour',
      sentence(
        'The session would cost {0} an hour; {1} are allowed.',
        price,
        formatDollars(maxDollarsPerHour),
      ),
    ],
  ];
}

function choice(
  rule: RuleName,
  what: Sentence,
  values: readonly string[],
  allowed: readonly string[] | undefined,
): readonly Problem[] {
  if (allowed === undefined) return [];
  return values
    .filter((value) => !isAmong(value, allowed))
    .map((value) => [
      rule,
      sentence('The {0} "{1}" is not allowed; it must be {2}.', what, value, oneOf(allowed)),
    ]);
}

/** As {@link choice}, where the list may also say that there need be none. */
function orNone(
  rule: RuleName,
  what: Sentence,
  values: readonly string[],
  allowed: readonly string[] | undefined,
): readonly Problem[] {
  if (allowed === undefined) return [];
  const names = allowed.filter((name) => name !== 'none');
  if (values.length > 0) return choice(rule, what, values, names);
  return names.length < allowed.length
    ? []
    : [[rule, sentence('No {0} was chosen; it must be {1}.', what, oneOf(names))]];
}

/** As {@link choice}, where leaving it out would let the service choose. */
function named(
  rule: RuleName,
  what: Sentence,
  value: string | undefined,
  allowed: readonly string[] | undefined,
): readonly Problem[] {
  if (allowed === undefined || value !== undefined) return choice(rule, what, listed(value), allowed);
  return [[rule, sentence('No {0} is named; it must be {1}.', what, oneOf(allowed))]];
}

function most(
  rule: RuleName,
  what: Sentence,
  value: number | undefined,
  allowed: number | undefined,
): readonly Problem[] {
  if (value === undefined || allowed === undefined || value <= allowed) return [];
  return [[rule, sentence('{0} {1} are more than the {2} allowed.', value, what, allowed)]];
}

/** A capacity in DPU counts as that many workers of one DPU each. */
function workersOf({ numberOfWorkers, maxCapacity }: CreateSessionRequest): number {
  return numberOfWorkers ?? maxCapacity ?? serviceCapacity;
}

function oneOf(values: readonly string[]): Sentence | string {
  const shown = values.slice(0, 6).map((value) => `"${value}"`);
  const rest = values.length - shown.length;
  if (rest > 0) return sentence('one of {0} and {1} more', shown.join(', '), rest);
  return shown.length === 1 ? (shown[0] ?? '') : sentence('one of {0}', shown.join(', '));
}

function listed(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
