import { principalOf } from '../roleArn';
import { shellWord } from '../quoting';
import { dpuOf } from '../workerTypes';
import type { PolicyStatement } from './statements';
import {
  assumeStatements,
  glueTrustStatement,
  lookStatement,
  passRoleStatement,
  sessionStatement,
} from './statements';
import type { SimulatedDecision } from './accessApi';
import { valueOf, type AccessFacts, type AccessQuestion, type Fact } from './accessFacts';
import { closedSide, routeTableOf, wayToS3, type WayToS3 } from './network';
import { readTrust } from './trust';
import type { Said } from '../sentence';

/** The links of the chain, in the order in which a start goes through them. */
export type LinkId =
  | 'credentials'
  | 'assumeRole'
  | 'passRole'
  | 'roleTrust'
  | 'connection'
  | 'subnet'
  | 'securityGroups'
  | 's3'
  | 'startRule'
  | 'tags'
  | 'quotas';

/** One link, judged. */
export interface Link {
  readonly id: LinkId;
  /** `skipped`: nothing to look at, or a link before it failed. */
  readonly status: 'ok' | 'failed' | 'notAllowed' | 'skipped';
  readonly finding: Finding;
  /** By simulation: session policies and VPC endpoint policies may still decide otherwise. */
  readonly isAdvisory?: boolean;
  /** What an administrator would add. */
  readonly statements: readonly PolicyStatement[];
  /** What an administrator would run. */
  readonly command?: string;
}

/** What was found, for people to be told in words. */
export type Finding =
  | { readonly kind: 'caller'; readonly arn: string; readonly account: string }
  | { readonly kind: 'keysWork' }
  | { readonly kind: 'noCredentials'; readonly message: Said }
  | { readonly kind: 'assumed'; readonly roles: readonly string[]; readonly arn: string }
  | {
      readonly kind: 'notAssumed';
      readonly role: string;
      readonly action: string;
      readonly isSameAccount: boolean;
      readonly message: string;
    }
  | { readonly kind: 'noRoleToAssume' }
  | { readonly kind: 'notReached' }
  | { readonly kind: 'noRuntimeRole' }
  | { readonly kind: 'otherAccount'; readonly role: string; readonly account: string }
  | { readonly kind: 'allowed'; readonly action: string }
  | {
      readonly kind: 'denied';
      readonly action: string;
      readonly isExplicit: boolean;
      readonly by: 'policy' | 'boundary' | 'organization';
      readonly policies: readonly string[];
    }
  | { readonly kind: 'refused'; readonly action: string; readonly message: string }
  | { readonly kind: 'mayNotLook'; readonly action: string; readonly message: string }
  | { readonly kind: 'couldNotLook'; readonly message: Said }
  | { readonly kind: 'trustsGlue'; readonly conditionKeys: readonly string[] }
  | { readonly kind: 'noTrust'; readonly role: string; readonly isDenied: boolean }
  | { readonly kind: 'roleMissing'; readonly role: string }
  | { readonly kind: 'noConnection' }
  | { readonly kind: 'connections'; readonly names: readonly string[] }
  | {
      readonly kind: 'connectionMissing';
      readonly name: string;
      readonly region: string;
      readonly others: readonly string[];
    }
  | { readonly kind: 'noSubnet'; readonly name: string }
  | { readonly kind: 'subnetMissing'; readonly name: string }
  | { readonly kind: 'addresses'; readonly subnet: string; readonly free: number; readonly wanted: number }
  | { readonly kind: 'groupsOpen'; readonly groups: readonly string[] }
  | {
      readonly kind: 'groupsClosed';
      readonly groups: readonly string[];
      readonly side: 'ingress' | 'egress';
    }
  | { readonly kind: 'noGroups'; readonly name: string }
  | { readonly kind: 'reachesS3'; readonly way: WayToS3 }
  | { readonly kind: 'noWayToS3'; readonly subnet: string; readonly vpc: string; readonly way?: WayToS3 }
  | {
      readonly kind: 'networkNotApproved';
      readonly chosen: readonly string[];
      readonly approved: readonly string[];
    }
  | {
      readonly kind: 'tagsWanted';
      readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[];
      readonly isTogether: boolean;
    }
  | { readonly kind: 'onceTagged' }
  | {
      readonly kind: 'quota';
      readonly name: string;
      readonly used: number;
      readonly wanted: number;
      readonly most: number;
    }
  | { readonly kind: 'noQuota' };

/** Judges every link by what was read. */
export function judgeAccess(question: AccessQuestion, facts: AccessFacts): readonly Link[] {
  const isIn = facts.steps.every(({ caller }) => caller.state === 'known');
  const behind = isIn
    ? [
        passRole(question, facts),
        roleTrust(facts),
        connection(question, facts),
        subnet(question, facts),
        securityGroups(question, facts),
        s3(question, facts),
        startRule(question, facts),
        tags(question, facts),
        quotas(question, facts),
      ]
    : (
        [
          'passRole',
          'roleTrust',
          'connection',
          'subnet',
          'securityGroups',
          's3',
          'startRule',
          'tags',
          'quotas',
        ] as const
      ).map((id) => skipped(id));
  return [credentials(facts), assumeRole(facts), ...behind];
}

function credentials({ steps }: AccessFacts): Link {
  const own = steps[0]?.caller ?? { state: 'unasked' };
  if (own.state === 'known') {
    const { arn, account } = own.value;
    return ok('credentials', { kind: 'caller', arn, account });
  }
  // A profile may assume a role by itself: STS knew the keys when it refused that.
  if (own.state === 'refused') return ok('credentials', { kind: 'keysWork' });
  return failed('credentials', {
    kind: 'noCredentials',
    message: own.state === 'failed' ? own.message : '',
  });
}

function assumeRole({ steps }: AccessFacts): Link {
  const broken = steps.findIndex(({ caller }) => caller.state !== 'known');
  const step = steps[broken];
  if (step === undefined) {
    const last = steps.at(-1);
    const arn = valueOf(last?.caller ?? { state: 'unasked' })?.arn ?? '';
    const roles = steps.flatMap(({ role }) => role?.roleArn ?? []);
    if (roles.length > 0) return ok('assumeRole', { kind: 'assumed', roles, arn });
    return { ...skipped('assumeRole'), finding: { kind: 'noRoleToAssume' } };
  }
  const { caller, role } = step;
  if (caller.state === 'failed')
    return broken === 0
      ? skipped('assumeRole')
      : failed('assumeRole', { kind: 'couldNotLook', message: caller.message });
  if (caller.state !== 'refused') return skipped('assumeRole');
  const before = valueOf(steps[broken - 1]?.caller ?? { state: 'unasked' });
  const roleArn = role?.roleArn ?? caller.denial?.resource ?? '';
  const principal = principalOf(before?.arn ?? caller.denial?.principal ?? '');
  return failed(
    'assumeRole',
    {
      kind: 'notAssumed',
      role: roleArn,
      action: caller.action,
      isSameAccount: accountOf(roleArn) === accountOf(principal),
      message: caller.message,
    },
    roleArn === '' ? [] : assumeStatements(principal, role ?? { roleArn }),
  );
}

function passRole({ refusal }: AccessQuestion, facts: AccessFacts): Link {
  const { roleArn, principalArn = '', passRole: fact } = facts;
  const account = callerAccount(facts);
  if (roleArn === undefined) return { ...skipped('passRole'), finding: { kind: 'noRuntimeRole' } };
  if (accountOf(roleArn) !== account)
    return failed('passRole', { kind: 'otherAccount', role: roleArn, account });
  const fix = [passRoleStatement(principalArn, roleArn)];
  if (refusal?.action === 'iam:PassRole' && valueOf(fact)?.decision !== 'allowed') {
    const by = refusal.policyKind ?? '';
    return failed('passRole', { kind: 'refused', action: 'iam:PassRole', message: by }, fix);
  }
  return simulated('passRole', fact, principalArn, fix);
}

function roleTrust({ roleArn, runtimeRole, principalArn = '' }: AccessFacts): Link {
  if (roleArn === undefined) return { ...skipped('roleTrust'), finding: { kind: 'noRuntimeRole' } };
  if (runtimeRole.state === 'failed' && runtimeRole.code === 'NoSuchEntity')
    return failed('roleTrust', { kind: 'roleMissing', role: roleArn });
  if (runtimeRole.state !== 'known') return unread('roleTrust', runtimeRole, principalArn, roleArn);
  const trust = readTrust(runtimeRole.value.trustPolicy);
  return trust.trustsGlue
    ? ok('roleTrust', { kind: 'trustsGlue', conditionKeys: trust.conditionKeys })
    : failed('roleTrust', { kind: 'noTrust', role: roleArn, isDenied: trust.isDenied }, [
        glueTrustStatement(roleArn),
      ]);
}

function connection({ connections: names }: AccessQuestion, facts: AccessFacts): Link {
  const { connections, principalArn = '' } = facts;
  if (names.length === 0) return { ...skipped('connection'), finding: { kind: 'noConnection' } };
  if (connections.state !== 'known') return unread('connection', connections, principalArn, '*');
  const known = connections.value.map(({ name }) => name);
  const missing = names.find((name) => !known.includes(name));
  if (missing === undefined) return ok('connection', { kind: 'connections', names });
  const region = valueOf(facts.region) ?? '';
  return failed('connection', { kind: 'connectionMissing', name: missing, region, others: known });
}

function subnet(question: AccessQuestion, facts: AccessFacts): Link {
  const found = networkOf(question, facts);
  if (typeof found === 'string') return noNetworkLink('subnet', found, question);
  const { subnet: fact, principalArn = '' } = facts;
  if (fact.state === 'failed' && fact.code.startsWith('InvalidSubnetID'))
    return failed('subnet', { kind: 'subnetMissing', name: found.subnetId });
  if (fact.state !== 'known') return unread('subnet', fact, principalArn, '*');
  if (fact.value === undefined) return failed('subnet', { kind: 'subnetMissing', name: found.subnetId });
  const wanted = question.numberOfWorkers ?? Math.ceil(question.maxCapacity ?? 2);
  const free = fact.value.availableAddresses ?? Infinity;
  const finding: Finding = { kind: 'addresses', subnet: fact.value.id, free, wanted };
  return free >= wanted ? ok('subnet', finding) : failed('subnet', finding);
}

function securityGroups(question: AccessQuestion, facts: AccessFacts): Link {
  const found = networkOf(question, facts);
  if (typeof found === 'string') return noNetworkLink('securityGroups', found, question);
  if (found.securityGroupIds.length === 0)
    return failed('securityGroups', { kind: 'noGroups', name: found.name });
  const { groups: fact, principalArn = '' } = facts;
  if (fact.state !== 'known') return unread('securityGroups', fact, principalArn, '*');
  const groups = fact.value.map(({ id }) => id);
  const side = closedSide(fact.value);
  if (side === undefined) return ok('securityGroups', { kind: 'groupsOpen', groups });
  const [id = ''] = groups;
  const permissions = `IpProtocol=-1,UserIdGroupPairs=[{GroupId=${id}}]`;
  return {
    ...failed('securityGroups', { kind: 'groupsClosed', groups, side }),
    command: `aws ec2 authorize-security-group-${side} --group-id ${shellWord(id)} --ip-permissions ${shellWord(permissions)}`,
  };
}

function s3(question: AccessQuestion, facts: AccessFacts): Link {
  const found = networkOf(question, facts);
  if (typeof found === 'string') return noNetworkLink('s3', found, question);
  const { routeTables, vpcEndpoints, natGateways, principalArn = '' } = facts;
  const vpc = valueOf(facts.subnet)?.vpcId;
  if (vpc === undefined) return skipped('s3');
  for (const fact of [routeTables, vpcEndpoints]) {
    if (fact.state !== 'known') return unread('s3', fact, principalArn, '*');
  }
  const table = routeTableOf(found.subnetId, valueOf(routeTables) ?? []);
  const way = wayToS3(table, valueOf(vpcEndpoints) ?? [], valueOf(natGateways) ?? []);
  if (way?.kind === 'brokenNat' && natGateways.state !== 'known')
    return unread('s3', natGateways, principalArn, '*');
  if (way !== undefined && way.kind !== 'brokenNat' && way.kind !== 'otherTable')
    return ok('s3', { kind: 'reachesS3', way });
  const region = valueOf(facts.region) ?? 'REGION';
  const create = `aws ec2 create-vpc-endpoint --vpc-id ${shellWord(vpc)} --service-name ${shellWord(`com.amazonaws.${region}.s3`)} --route-table-ids ${shellWord(table?.id ?? 'ROUTE_TABLE')}`;
  const add = `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${shellWord(way?.id ?? '')} --add-route-table-ids ${shellWord(table?.id ?? '')}`;
  return {
    ...failed('s3', { kind: 'noWayToS3', subnet: found.subnetId, vpc, ...(way && { way }) }),
    command: way?.kind === 'otherTable' ? add : create,
  };
}

function startRule(question: AccessQuestion, facts: AccessFacts): Link {
  const { start, principalArn = '' } = facts;
  const { refusal } = question;
  const region = valueOf(facts.region) ?? '';
  const account = callerAccount(facts);
  const fix = [sessionStatement(principalArn, 'glue:CreateSession', region, account)];
  if (start.state !== 'known') {
    if (refusal?.action !== 'glue:CreateSession' || start.state !== 'refused')
      return unread('startRule', start, principalArn, principalArn);
    const message = refusal.policyKind ?? '';
    return failed(
      'startRule',
      { kind: 'refused', action: 'glue:CreateSession', message },
      refusal.isExplicit ? [] : fix,
    );
  }
  const { create, allowedConnections, allowedTags } = start.value;
  if (create.decision === 'allowed')
    return advisory(ok('startRule', { kind: 'allowed', action: create.action }));
  if (allowedConnections.length > 0) {
    const { connections: chosen } = question;
    return advisory(
      failed('startRule', { kind: 'networkNotApproved', chosen, approved: allowedConnections }),
    );
  }
  if (allowedTags.length > 0) return advisory(ok('startRule', { kind: 'onceTagged' }));
  // Without subnets there was no VPC to simulate with.
  if (lacksNetwork(create) && question.connections.length > 0 && facts.subnet.state === 'refused')
    return unread('startRule', facts.subnet, principalArn, '*');
  return simulated('startRule', { state: 'known', value: create }, principalArn, fix);
}

function tags(_: AccessQuestion, facts: AccessFacts): Link {
  const { start, principalArn = '' } = facts;
  if (start.state !== 'known') return unread('tags', start, principalArn, principalArn);
  const { create, tag, allowedTags, isTogether } = start.value;
  if (allowedTags.length > 0)
    return advisory(failed('tags', { kind: 'tagsWanted', tags: allowedTags, isTogether }));
  if (tag !== undefined && tag.decision !== 'allowed' && create.decision === 'allowed') {
    const region = valueOf(facts.region) ?? '';
    const fix = [sessionStatement(principalArn, 'glue:TagResource', region, callerAccount(facts))];
    return simulated('tags', { state: 'known', value: tag }, principalArn, fix);
  }
  if (create.decision !== 'allowed') return skipped('tags');
  return advisory(ok('tags', { kind: 'allowed', action: tag?.action ?? create.action }));
}

function quotas(question: AccessQuestion, { quotas: fact, sessions, principalArn = '' }: AccessFacts): Link {
  if (fact.state !== 'known') return unread('quotas', fact, principalArn, '*');
  if (sessions.state !== 'known') return unread('quotas', sessions, principalArn, '*');
  const wantedDpu =
    question.maxCapacity ?? dpuOf(question.workerType ?? 'G.1X', question.numberOfWorkers ?? 2) ?? 2;
  const usedDpu = sessions.value.reduce((sum, { maxCapacity = 0 }) => sum + maxCapacity, 0);
  const judged = fact.value.flatMap(({ name, value: most }): Extract<Finding, { kind: 'quota' }>[] => {
    if (/task DPUs/i.test(name)) return [{ kind: 'quota', name, used: usedDpu, wanted: wantedDpu, most }];
    if (!/\bsessions?\b/i.test(name) || !/concurrent|per account/i.test(name)) return [];
    return [{ kind: 'quota', name, used: sessions.value.length, wanted: 1, most }];
  });
  const exceeded = judged.find(({ used, wanted, most }) => used + wanted > most);
  if (exceeded !== undefined) {
    const code = fact.value.find(({ name }) => name === exceeded.name)?.code ?? '';
    const least = String(exceeded.used + exceeded.wanted);
    return {
      ...failed('quotas', exceeded),
      command: `aws service-quotas request-service-quota-increase --service-code glue --quota-code ${shellWord(code)} --desired-value ${least}`,
    };
  }
  return ok('quotas', judged[0] ?? { kind: 'noQuota' });
}

/** The first connection, when it has a network; else why there is none to look at. */
function networkOf({ connections: names }: AccessQuestion, { connections }: AccessFacts) {
  const found = valueOf(connections)?.find(({ name }) => name === names[0]);
  if (found === undefined) return names.length === 0 ? 'noConnection' : 'notReached';
  const { subnetId } = found;
  return subnetId === undefined ? 'noSubnet' : { ...found, subnetId };
}

function noNetworkLink(
  id: LinkId,
  why: 'noConnection' | 'notReached' | 'noSubnet',
  { connections }: AccessQuestion,
): Link {
  const finding: Finding = why === 'noSubnet' ? { kind: why, name: connections[0] ?? '' } : { kind: why };
  return { ...skipped(id), finding };
}

/** Judges by a simulation's decision. */
function simulated(
  id: LinkId,
  fact: Fact<SimulatedDecision>,
  principalArn: string,
  fix: readonly PolicyStatement[],
): Link {
  if (fact.state !== 'known') return unread(id, fact, principalArn, principalArn);
  const { action, decision, policies, isStoppedByBoundary, isStoppedByOrganization } = fact.value;
  if (decision === 'allowed') return advisory(ok(id, { kind: 'allowed', action }));
  const by = isStoppedByOrganization ? 'organization' : isStoppedByBoundary ? 'boundary' : 'policy';
  const isExplicit = decision === 'explicitDeny';
  // No statement that is added lifts a deny, or what stands above the account's policies.
  const statements = isExplicit || by !== 'policy' ? [] : fix;
  return advisory(failed(id, { kind: 'denied', action, isExplicit, by, policies }, statements));
}

/** A link that could not be looked at, with what that would take. */
function unread(id: LinkId, fact: Fact<unknown>, principalArn: string, resource: string): Link {
  switch (fact.state) {
    case 'refused': {
      const { action, message } = fact;
      // Lists and descriptions know no resource.
      const on = /^(?:ec2:|servicequotas:|glue:(?:List|Get))/.test(action) ? '*' : resource;
      return {
        id,
        status: 'notAllowed',
        finding: { kind: 'mayNotLook', action, message },
        statements: [lookStatement(principalArn, action, on)],
      };
    }
    case 'failed':
      return failed(id, { kind: 'couldNotLook', message: fact.message });
    default:
      return skipped(id);
  }
}

function lacksNetwork({ missingKeys }: SimulatedDecision): boolean {
  return missingKeys.some((key) => key.toLowerCase() === 'glue:vpcids');
}

function ok(id: LinkId, finding: Finding): Link {
  return { id, status: 'ok', finding, statements: [] };
}

function failed(id: LinkId, finding: Finding, statements: readonly PolicyStatement[] = []): Link {
  return { id, status: 'failed', finding, statements };
}

function skipped(id: LinkId): Link {
  return { id, status: 'skipped', finding: { kind: 'notReached' }, statements: [] };
}

function advisory(link: Link): Link {
  return { ...link, isAdvisory: true };
}

function callerAccount({ steps }: AccessFacts): string {
  return valueOf(steps.at(-1)?.caller ?? { state: 'unasked' })?.account ?? '';
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
