import type { GuardrailRules, RuleName } from './guardrails';
import { sentence, type Sentence } from '../sentence';

/** A statement of an IAM policy, as its JSON has it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: '*';
  readonly NotResource?: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;
}

/** What IAM can hold of the rules, and what it can't. */
export interface ExportedPolicy {
  /** Denies alone: attached to those who start sessions, beside what allows them to. Undefined when nothing can be held. */
  readonly policy:
    { readonly Version: '2012-10-17'; readonly Statement: readonly PolicyStatement[] } | undefined;
  /** Rules that stand in the file alone, each with the reason. */
  readonly notHeld: readonly { readonly rule: RuleName; readonly why: Sentence }[];
}

/**
 * The rules as a policy of denies, one for each, so that a refusal can be told from the others. The same starts are
 * refused by both (test/local/guardrailsPolicy.test.ts), but for what is told not to be held.
 */
export function toPolicy(rules: GuardrailRules): ExportedPolicy {
  const statements = [...tagStatements(rules), ...networkStatements(rules), ...roleStatements(rules)];
  return {
    policy: statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements },
    notHeld: notHeld(rules),
  };
}

function tagStatements({ requiredTags = {} }: GuardrailRules): readonly PolicyStatement[] {
  return Object.entries(requiredTags).flatMap(([key, values], position) => {
    const number = position + 1;
    return [
      // The name of a tag in a condition key is taken in any case; aws:TagKeys holds it as it was written.
      deny(`RequireTagKey${number}`, { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': [literal(key)] } }),
      // A negated operator holds for a tag that is missing, too.
      deny(`RequireTagValue${number}`, { StringNotLike: { [`aws:RequestTag/${key}`]: values.map(literal) } }),
    ];
  });
}

function networkStatements(rules: GuardrailRules): readonly PolicyStatement[] {
  const parts = [
    ['Vpc', 'glue:VpcIds', rules.vpcs],
    ['Subnet', 'glue:SubnetIds', rules.subnets],
    ['SecurityGroup', 'glue:SecurityGroupIds', rules.securityGroups],
  ] as const;
  return parts.flatMap(([name, key, allowed]) =>
    allowed === undefined
      ? []
      : [
          deny(`Only${name}s`, { 'ForAnyValue:StringNotLike': { [key]: allowed.map(literal) } }),
          deny(`Require${name}`, { Null: { [key]: 'true' } }),
        ],
  );
}

function roleStatements({ runtimeRoles }: GuardrailRules): readonly PolicyStatement[] {
  if (runtimeRoles === undefined || runtimeRoles.includes('*') || !runtimeRoles.every(isRoleArn)) return [];
  return [
    {
      Sid: 'OnlyRuntimeRoles',
      Effect: 'Deny',
      Action: ['iam:PassRole'],
      NotResource: runtimeRoles.map(literal),
      Condition: { StringEquals: { 'iam:PassedToService': ['glue.amazonaws.com'] } },
    },
  ];
}

function notHeld(rules: GuardrailRules): ExportedPolicy['notHeld'] {
  const noKey = sentence('IAM has no condition key for it; a Glue usage profile may hold it.');
  const reasons: readonly (readonly [keyof GuardrailRules, Sentence])[] = [
    [
      'requiredTags',
      sentence('That a key stands beside one that differs only by case: IAM looks at either of them.'),
    ],
    ['rolesToAssume', sentence('Who may assume a role is for the trust policy of that role to say.')],
    [
      'connections',
      sentence('IAM knows the network of a connection, not its name: write vpcs, subnets or securityGroups.'),
    ],
    ['workerTypes', noKey],
    ['glueVersions', sentence('IAM has no condition key for it.')],
    ['maxWorkers', noKey],
    ['maxIdleTimeout', noKey],
    ['maxDollarsPerHour', sentence('IAM has no condition key for it.')],
  ];
  const roles = rules.runtimeRoles?.filter((glob) => glob !== '*' && !isRoleArn(glob)) ?? [];
  return [
    ...(roles.length > 0
      ? [
          {
            rule: 'runtimeRoles',
            why: sentence('Not a whole ARN of a role, as NotResource wants it: {0}.', roles.join(', ')),
          },
        ]
      : []),
    ...reasons.filter(([rule]) => rules[rule] !== undefined).map(([rule, why]) => ({ rule, why })),
  ];
}

function deny(Sid: string, Condition: PolicyStatement['Condition']): PolicyStatement {
  return { Sid, Effect: 'Deny', Action: ['glue:CreateSession'], Resource: '*', Condition };
}

/** Wildcards stand for themselves within the parts of an ARN, not for whole parts. */
function isRoleArn(glob: string): boolean {
  return /^arn:aws[\w-]*:iam::[\d*?]+:role\/[^:$]+$/.test(glob);
}

/** A `$` before a brace would begin a policy variable. */
function literal(value: string): string {
  return value.replaceAll('${', '${$}{');
}
