import { readSeenSessions } from '../seenSessions';
import type { CallerIdentity, Connection, GlueApi, GlueApis, Session, Subnet } from '../glueApi';
import type { ListedSession } from '../listedSession';
import { resolveRoleArn, sessionArn } from '../roleArn';
import type { AssumedRole } from '../target';
import type { SimulatedDecision } from './accessApi';
import { ask, unasked, valueOf, type AccessFacts, type AccessQuestion, type Fact } from './accessFacts';
import { findStart } from './startFinding';
import { SaidError } from '../errors';
import { sentence } from '../sentence';

export interface AccessReading {
  readonly apis: GlueApis;
  /** Sessions of the target that are known already. */
  readonly known: readonly ListedSession[];
  readonly signal: AbortSignal;
  /** What is being asked, as the services write their actions. */
  readonly report: (action: string) => void;
}

/** Asks AWS all that the links are judged by. Changes nothing. Rejects only with the signal's reason, or a mistake of ours. */
export async function readAccess(question: AccessQuestion, reading: AccessReading): Promise<AccessFacts> {
  const { apis, signal, report } = reading;
  report('sts:GetCallerIdentity');
  const steps = await readSteps(question, reading);
  const api = apis.of(question.target);
  const caller = valueOf(steps.at(-1)?.caller ?? unasked);
  const region = await ask(() => api.region(), signal);
  if (caller === undefined) return { ...nothingRead, steps, region };

  const roleArn = roleOf(question, caller);
  report('iam:GetRole');
  const principal = await readPrincipal(api, caller, signal);
  const runtimeRole =
    roleArn === undefined || accountOf(roleArn) !== caller.account
      ? unasked
      : await ask(() => api.access.getRole(lastPart(roleArn), signal), signal);
  const context = callerContext(caller, principal, valueOf(region) ?? '');
  report('iam:PassRole');
  const passRole =
    roleArn === undefined || accountOf(roleArn) !== caller.account
      ? unasked
      : await ask(async () => {
          const wish = {
            principalArn: principal.arn,
            actions: ['iam:PassRole'],
            resource: roleArn,
            context: { ...context, 'iam:PassedToService': ['glue.amazonaws.com'] },
          };
          return firstOf(await api.access.simulate(wish, signal));
        }, signal);

  report('glue:GetConnections');
  const connections = await ask(() => api.listConnections(signal), signal);
  const network = await readNetwork(question, api, connections, reading);
  report('glue:CreateSession');
  const start = await ask(async () => {
    const all = valueOf(connections) ?? [];
    const subnets = await subnetsOf(all, api, signal);
    const seen = await readSeenSessions(api, reading.known, signal, () => {
      signal.throwIfAborted();
    });
    const wish = {
      principalArn: principal.arn,
      sessionArn: sessionArn(valueOf(region) ?? '', caller.account, 'check-access'),
      callerUserId: caller.userId,
      chosen: question.connections,
      tags: { owner: caller.userId, ...question.tags },
      connections: all,
      subnets,
      seen,
      context,
    };
    return findStart(wish, (one) => api.access.simulate(one, signal));
  }, signal);
  report('servicequotas:ListServiceQuotas');
  const [sessions, quotas] = await Promise.all([
    ask(() => liveSessions(api, signal), signal),
    ask(() => api.access.quotas(signal), signal),
  ]);
  return {
    steps,
    region,
    principalArn: principal.arn,
    ...(roleArn !== undefined && { roleArn }),
    runtimeRole,
    passRole,
    connections,
    ...network,
    start,
    sessions,
    quotas,
  };
}

const noNetwork = {
  subnet: unasked,
  groups: unasked,
  routeTables: unasked,
  vpcEndpoints: unasked,
  natGateways: unasked,
} as const;

const nothingRead = {
  runtimeRole: unasked,
  passRole: unasked,
  connections: unasked,
  ...noNetwork,
  start: unasked,
  sessions: unasked,
  quotas: unasked,
} as const;

/** Who calls after each step of the chain; what stands behind a failure isn't asked. */
async function readSteps({ target }: AccessQuestion, { apis, signal }: AccessReading) {
  const steps: { readonly role?: AssumedRole; readonly caller: Fact<CallerIdentity> }[] = [];
  for (let count = 0; count <= target.roles.length; count++) {
    const isReached = steps.every(({ caller }) => caller.state === 'known');
    const role = target.roles[count - 1];
    const api = apis.of({ ...target, roles: target.roles.slice(0, count) });
    const caller = isReached ? await ask(() => api.callerIdentity(signal), signal) : unasked;
    steps.push({ ...(role && { role }), caller });
  }
  return steps;
}

interface Principal {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Whose policies hold. A role session's ARN lacks the role's path; where the role can't be read, it is taken to have none.
 */
async function readPrincipal(api: GlueApi, { arn }: CallerIdentity, signal: AbortSignal): Promise<Principal> {
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (partition === undefined || account === undefined || name === undefined) return { arn, tags: {} };
  const role = valueOf(await ask(() => api.access.getRole(name, signal), signal));
  return role ?? { arn: `arn:${partition}:iam::${account}:role/${name}`, tags: {} };
}

/** Values of the keys that hold for every call: a simulation knows only what it is told. */
function callerContext(
  caller: CallerIdentity,
  principal: Principal,
  region: string,
): Readonly<Record<string, readonly string[]>> {
  const userName = /:user\/(?:.*\/)?([^/]+)$/.exec(caller.arn)?.[1];
  return {
    'aws:RequestedRegion': [region],
    'aws:userid': [caller.userId],
    ...(userName !== undefined && { 'aws:username': [userName] }),
    'aws:PrincipalArn': [principal.arn],
    'aws:PrincipalAccount': [caller.account],
    'aws:SecureTransport': ['true'],
    ...Object.fromEntries(
      Object.entries(principal.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, [value]]),
    ),
  };
}

/** What the network of the first connection consists of: Glue runs a session in one subnet. */
async function readNetwork(
  { connections: names }: AccessQuestion,
  api: GlueApi,
  connections: Fact<readonly Connection[]>,
  { signal, report }: AccessReading,
): Promise<Pick<AccessFacts, keyof typeof noNetwork>> {
  const connection = valueOf(connections)?.find(({ name }) => name === names[0]);
  const { subnetId } = connection ?? {};
  if (connection === undefined || subnetId === undefined) return noNetwork;
  report('ec2:DescribeSubnets');
  const subnet = await ask(async () => (await api.describeSubnets([subnetId], signal)).at(0), signal);
  report('ec2:DescribeSecurityGroups');
  const groups =
    connection.securityGroupIds.length === 0
      ? unasked
      : await ask(() => api.access.securityGroupRules(connection.securityGroupIds, signal), signal);
  const vpcId = valueOf(subnet)?.vpcId;
  if (vpcId === undefined) return { ...noNetwork, subnet, groups };
  report('ec2:DescribeRouteTables');
  const [routeTables, vpcEndpoints, natGateways] = await Promise.all([
    ask(() => api.access.routeTables(vpcId, signal), signal),
    ask(() => api.access.vpcEndpoints(vpcId, signal), signal),
    ask(() => api.access.natGateways(vpcId, signal), signal),
  ]);
  return { subnet, groups, routeTables, vpcEndpoints, natGateways };
}

async function subnetsOf(
  connections: readonly Connection[],
  api: GlueApi,
  signal: AbortSignal,
): Promise<readonly Subnet[]> {
  const ids = [...new Set(connections.flatMap(({ subnetId }) => subnetId ?? []))];
  // Without them there is no VPC to simulate with: the finding then lacks the key, and says so.
  return valueOf(await ask(() => api.describeSubnets(ids, signal), signal)) ?? [];
}

/** Sessions that count against the quotas. */
async function liveSessions(api: GlueApi, signal: AbortSignal): Promise<readonly Session[]> {
  const live: Session[] = [];
  let nextToken: string | undefined;
  do {
    const page = await api.listSessions({ maxResults: 1000, ...(nextToken && { nextToken }) }, signal);
    live.push(...page.sessions.filter(({ status }) => ['PROVISIONING', 'READY', 'BUSY'].includes(status)));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return live;
}

function roleOf({ role }: AccessQuestion, caller: CallerIdentity): string | undefined {
  if (role === undefined || role.trim() === '') return undefined;
  return resolveRoleArn(role, caller.account, caller.arn.split(':')[1]);
}

function firstOf(decisions: readonly SimulatedDecision[]): SimulatedDecision {
  const [decision] = decisions;
  if (decision === undefined) throw new SaidError(sentence('the simulation has no answer'));
  return decision;
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function lastPart(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
