import type { SessionDefaults } from '../sessionDefaults';
import { joined, type Said } from '../sentence';

/** Name of the file, at the root of a workspace folder. */
export const guardrailsFileName = 'glue-guardrails.json';

/** What the file may say, as schemas/guardrails.schema.json checks it. Lists hold names or IAM globs. */
export interface GuardrailRules {
  /** Allowed values by tag key. */
  readonly requiredTags?: Readonly<Record<string, readonly string[]>>;
  /** ARNs of runtime roles. */
  readonly runtimeRoles?: readonly string[];
  /** ARNs of session creation roles; `none` allows to assume none. */
  readonly rolesToAssume?: readonly string[];
  /** `none` allows a start without a connection. */
  readonly connections?: readonly string[];
  readonly vpcs?: readonly string[];
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly workerTypes?: readonly string[];
  readonly glueVersions?: readonly string[];
  readonly maxWorkers?: number;
  /** Minutes. */
  readonly maxIdleTimeout?: number;
  /** Dollars. */
  readonly maxDollarsPerHour?: number;
  readonly usageProfile?: string;
  readonly defaults?: SessionDefaults;
  /** By name, as {@link readPreset} of preset.ts reads them: none says who calls. They are no rules. */
  readonly presets?: Readonly<Record<string, unknown>>;
}

/** A name of a rule: `maxWorkers`, `requiredTags.team`. */
export type RuleName = string;

/** Rules, and where each of them stands. */
export interface Guardrails {
  /** What people call the place: the path of the file in the workspace, or a usage profile. */
  readonly source: string;
  readonly rules: GuardrailRules;
  /** Line of each rule in the file, from 1; none for what is not a file. */
  readonly lines: Readonly<Record<RuleName, number>>;
}

/** Where a rule stands. */
export interface RulePlace {
  readonly source: Said;
  /** From 1; undefined where there is no file. */
  readonly line?: number;
}

export function placeOf({ source, lines }: Guardrails, rule: RuleName): RulePlace {
  const line = lines[rule] ?? lines[rule.split('.')[0] ?? rule];
  return { source, ...(line !== undefined && { line }) };
}

/** A place for people: `glue-guardrails.json:7`. */
export function placeText({ source, line }: RulePlace): Said {
  return line === undefined ? source : joined(source, `:${line}`);
}
