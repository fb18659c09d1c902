import { describe, expect, it } from 'vitest';
import { violationsOf, type PlannedNetwork } from '../../src/glue/guardrails/checkStart';
import type { GuardrailRules } from '../../src/glue/guardrails/guardrails';
import { toPolicy } from '../../src/glue/guardrails/toPolicy';
import type { Caller } from '../../src/local/policies/authorization';
import { authorize } from '../../src/local/policies/evaluate';
import { parsePolicy } from '../../src/local/policies/parsePolicy';
import { request } from '../unit/scriptedApi';

const caller: Caller = {
  account: '444455556666',
  arn: 'arn:aws:sts::444455556666:assumed-role/R/ada',
  principalArn: 'arn:aws:iam::444455556666:role/R',
  userId: 'AROAX:ada',
  principalTags: {},
  sessionPolicies: [],
};

const allowAll = parsePolicy(
  'all',
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  'identity',
);

interface Start {
  readonly tags?: Readonly<Record<string, string>>;
  readonly role?: string;
  readonly networks?: readonly Omit<PlannedNetwork, 'connection' | 'isRead'>[];
}

/** Whether IAM, with the exported policy, lets this session start: PassRole, then CreateSession. */
function iamAllows(rules: GuardrailRules, { tags = {}, role = request.role, networks = [] }: Start): boolean {
  const { policy } = toPolicy(rules);
  const identity = [allowAll, ...(policy === undefined ? [] : [parsePolicy('exported', policy, 'identity')])];
  const keys = (name: string, values: readonly (string | undefined)[]) => {
    const there = values.filter((value) => value !== undefined);
    return there.length === 0 ? {} : { [name]: there };
  };
  const ask = (action: string, resource: string, context: Record<string, readonly string[]>) =>
    authorize(
      { caller, action, resource, resourceAccount: caller.account, context },
      { identity, serviceControl: [] },
    ).allowed;
  return (
    ask('iam:PassRole', role, { 'iam:PassedToService': ['glue.amazonaws.com'] }) &&
    ask('glue:CreateSession', 'arn:aws:glue:us-east-1:444455556666:session/s1', {
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, [value]])),
      ...keys('aws:TagKeys', Object.keys(tags)),
      ...keys(
        'glue:VpcIds',
        networks.map(({ vpcId }) => vpcId),
      ),
      ...keys(
        'glue:SubnetIds',
        networks.map(({ subnetId }) => subnetId),
      ),
      ...keys(
        'glue:SecurityGroupIds',
        networks.flatMap(({ securityGroupIds }) => securityGroupIds),
      ),
    })
  );
}

function guardrailsAllow(
  rules: GuardrailRules,
  { tags = {}, role = request.role, networks = [] }: Start,
): boolean {
  const named = networks.map((network, position) => ({
    ...network,
    isRead: true,
    connection: `c${position}`,
  }));
  return (
    violationsOf(
      { source: 'f', rules, lines: {} },
      {
        request: { ...request, tags, role, connections: named.map(({ connection }) => connection) },
        networks: named,
        pricePerDpuHour: 0.44,
      },
    ).length === 0
  );
}

const tag: GuardrailRules = {
  requiredTags: { team: ['analytics', 'finance-*', 'q?'], 'cost:center': ['*'] },
};
const network: GuardrailRules = { vpcs: ['vpc-1', 'vpc-a*'], securityGroups: ['sg-1', 'sg-2'] };
const roles: GuardrailRules = { runtimeRoles: ['arn:aws:iam::444455556666:role/AWSGlueServiceRole-*'] };
const at = (vpcId: string, ...securityGroupIds: string[]) => ({
  vpcId,
  subnetId: 'subnet-1',
  securityGroupIds,
});

describe('The policy exported from guardrails', () => {
  const starts: readonly (readonly [string, GuardrailRules, Start, boolean])[] = [
    ['both tags', tag, { tags: { team: 'analytics', 'cost:center': '7' } }, true],
    ['a value by glob', tag, { tags: { team: 'finance-eu', 'cost:center': '' } }, true],
    ['one character by glob', tag, { tags: { team: 'q1', 'cost:center': 'x' } }, true],
    ['two characters where one is allowed', tag, { tags: { team: 'q12', 'cost:center': 'x' } }, false],
    ['no tags', tag, {}, false],
    ['one of two tags', tag, { tags: { team: 'analytics' } }, false],
    ['another value', tag, { tags: { team: 'Analytics', 'cost:center': '7' } }, false],
    ['a key in another case', tag, { tags: { Team: 'analytics', 'cost:center': '7' } }, false],
    ['more tags', tag, { tags: { team: 'q1', 'cost:center': '7', owner: 'ada' } }, true],
    [
      'a value of policy variables',
      { requiredTags: { a: ['${aws:userid}'] } },
      { tags: { a: '${aws:userid}' } },
      true,
    ],
    [
      'what the variable would be',
      { requiredTags: { a: ['${aws:userid}'] } },
      { tags: { a: 'AROAX:ada' } },
      false,
    ],
    ['the network', network, { networks: [at('vpc-1', 'sg-1')] }, true],
    ['a network by glob', network, { networks: [at('vpc-abc', 'sg-1', 'sg-2')] }, true],
    ['no network', network, {}, false],
    ['another VPC', network, { networks: [at('vpc-2', 'sg-1')] }, false],
    [
      'another VPC beside the right one',
      network,
      { networks: [at('vpc-1', 'sg-1'), at('vpc-2', 'sg-1')] },
      false,
    ],
    [
      'another security group beside the right one',
      network,
      { networks: [at('vpc-1', 'sg-1', 'sg-3')] },
      false,
    ],
    ['a connection without a network', network, { networks: [{ securityGroupIds: [] }] }, false],
    [
      'a connection without a network beside the right one',
      network,
      { networks: [{ securityGroupIds: [] }, at('vpc-1', 'sg-1')] },
      true,
    ],
    [
      'a subnet without security groups',
      { securityGroups: ['sg-1'] },
      { networks: [{ subnetId: 'subnet-1', vpcId: 'vpc-1', securityGroupIds: [] }] },
      false,
    ],
    ['the role', roles, { role: 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog' }, true],
    ['another role', roles, { role: 'arn:aws:iam::444455556666:role/Admin' }, false],
    ['a role of a path', roles, { role: 'arn:aws:iam::444455556666:role/x/AWSGlueServiceRole-blog' }, false],
    ['no rules', {}, {}, true],
  ];
  it.each(starts)('decides as the file does: %s', (_, rules, start, isAllowed) => {
    expect([guardrailsAllow(rules, start), iamAllows(rules, start)]).toEqual([isAllowed, isAllowed]);
  });

  it('holds roles only where NotResource can name them, and says what it leaves out', () => {
    const { policy, notHeld } = toPolicy({
      runtimeRoles: ['*GlueServiceRole*'],
      connections: ['session_vpc'],
      workerTypes: ['G.1X'],
      maxWorkers: 4,
      maxIdleTimeout: 60,
      maxDollarsPerHour: 5,
      glueVersions: ['5.*'],
      rolesToAssume: ['none'],
    });
    expect(policy).toBeUndefined();
    expect(notHeld.map(({ rule }) => rule)).toEqual([
      'runtimeRoles',
      'rolesToAssume',
      'connections',
      'workerTypes',
      'glueVersions',
      'maxWorkers',
      'maxIdleTimeout',
      'maxDollarsPerHour',
    ]);
  });

  it('gives each rule a statement of its own', () => {
    const { policy } = toPolicy({ ...tag, ...network, ...roles });
    const ids = policy?.Statement.map(({ Sid }) => Sid) ?? [];
    expect(new Set(ids).size).toBe(9);
    expect(ids.every((id) => /^[A-Za-z0-9]+$/.test(id))).toBe(true);
  });
});
