import type { Connection, Subnet, Tags } from '../glueApi';
import { valuesInUse, type SeenSession } from '../likelyConditions';
import type { SimulatedDecision, Simulation } from './accessApi';
import type { StartFinding } from './accessFacts';
import { SaidError } from '../errors';
import { sentence } from '../sentence';

/** What a start is simulated with. */
export interface StartWish {
  readonly principalArn: string;
  readonly sessionArn: string;
  readonly callerUserId: string;
  readonly chosen: readonly string[];
  readonly tags: Tags;
  readonly connections: readonly Connection[];
  readonly subnets: readonly Subnet[];
  readonly seen: readonly SeenSession[];
  /** Keys that hold for every call: Region, principal and their like. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export type Simulate = (question: Simulation) => Promise<readonly SimulatedDecision[]>;

/** The most connections, and values of a tag, that are tried. */
const mostConnections = 10;
const mostValues = 5;
/** Stands for any value, where nobody has the tag yet: to be there may be enough. */
const anyValue = 'any';

/**
 * Whether the session may be started; when not, what single change would let it, found by trying: no simulation names the
 * condition. The order is that in which rules are met most: network, then tags, then both.
 */
export async function findStart(wish: StartWish, simulate: Simulate): Promise<StartFinding> {
  const { chosen, tags } = wish;
  const attempt = async (connections: readonly string[], tried: Tags) => {
    const actions = ['glue:CreateSession', ...(Object.keys(tried).length > 0 ? ['glue:TagResource'] : [])];
    const decisions = await simulate({
      principalArn: wish.principalArn,
      actions,
      resource: wish.sessionArn,
      context: { ...wish.context, ...networkContext(connections, wish), ...tagContext(tried) },
    });
    const of = (action: string) => decisions.find((decision) => decision.action === action);
    return { create: of('glue:CreateSession'), tag: of('glue:TagResource') };
  };
  const allows = async (connections: readonly string[], tried: Tags) => {
    const { create, tag } = await attempt(connections, tried);
    return create?.decision === 'allowed' && tag?.decision !== 'explicitDeny';
  };
  const { create, tag } = await attempt(chosen, tags);
  if (create === undefined)
    throw new SaidError(sentence('the simulation has no answer for {0}', 'glue:CreateSession'));
  const found = { create, ...(tag && { tag }), allowedConnections: [], allowedTags: [], isTogether: false };
  if (create.decision === 'allowed' && tag?.decision !== 'explicitDeny') return found;

  const others = wish.connections
    .map(({ name }) => name)
    .filter((name) => chosen[0] !== name)
    .slice(0, mostConnections);
  const allowedConnections = await filtered(others, (name) => allows([name], tags));
  if (allowedConnections.length > 0) return { ...found, allowedConnections };

  const candidates = tagCandidates(wish, [...create.missingKeys, ...(tag?.missingKeys ?? [])]);
  const allowedTags: { key: string; values: readonly string[] }[] = [];
  for (const { key, values } of candidates) {
    const allowed = await filtered(values, (value) => allows(chosen, { ...tags, [key]: value }));
    if (allowed.length > 0) allowedTags.push(told({ key, values: allowed }));
  }
  if (allowedTags.length > 0) return { ...found, allowedTags };

  const together = candidates.flatMap(({ key, values }) =>
    values[0] === undefined ? [] : [[key, values[0]] as const],
  );
  if (together.length === 0) return found;
  const all = { ...tags, ...Object.fromEntries(together) };
  const asTags = candidates.filter(({ values }) => values.length > 0).map(told);
  if (await allows(chosen, all)) return { ...found, allowedTags: asTags, isTogether: true };
  const both = await filtered(others, (name) => allows([name], all));
  return both.length === 0
    ? found
    : { ...found, allowedConnections: both, allowedTags: asTags, isTogether: true };
}

/** Condition keys as Glue infers them from the connections. */
function networkContext(names: readonly string[], { connections, subnets }: StartWish) {
  const named = names.flatMap((name) => connections.find((connection) => connection.name === name) ?? []);
  const subnetIds = [...new Set(named.flatMap(({ subnetId }) => subnetId ?? []))];
  const vpcIds = [...new Set(subnets.filter(({ id }) => subnetIds.includes(id)).map(({ vpcId }) => vpcId))];
  const groups = [...new Set(named.flatMap(({ securityGroupIds }) => securityGroupIds))];
  return {
    ...(vpcIds.length > 0 && { 'glue:VpcIds': vpcIds }),
    ...(subnetIds.length > 0 && { 'glue:SubnetIds': subnetIds }),
    ...(groups.length > 0 && { 'glue:SecurityGroupIds': groups }),
  };
}

function tagContext(tags: Tags): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(tags);
  return {
    ...Object.fromEntries(
      entries.flatMap(([key, value]) => [
        [`aws:RequestTag/${key}`, [value]],
        [`aws:ResourceTag/${key}`, [value]],
      ]),
    ),
    ...(entries.length > 0 && { 'aws:TagKeys': entries.map(([key]) => key) }),
  };
}

/** Tags worth trying, each with the values that other sessions have. */
function tagCandidates({ tags, seen, callerUserId }: StartWish, missingKeys: readonly string[]) {
  const missing = missingKeys.flatMap((key) => /^aws:(?:Request|Resource)Tag\/(.+)$/i.exec(key)?.[1] ?? []);
  const usual = seen.flatMap((session) => Object.keys(session.tags ?? {}));
  const keys = [...new Set([...missing, ...Object.keys(tags), ...usual])].slice(0, 8);
  return keys.map((key) => {
    const values = key === 'owner' ? [callerUserId] : valuesInUse(key, seen).slice(0, mostValues);
    const tried = values.length === 0 && missing.includes(key) ? [anyValue] : values;
    return { key, values: tried.filter((value) => tags[key] !== value) };
  });
}

async function filtered<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const item of items) if (await holds(item)) kept.push(item);
  return kept;
}

/** A tag whose value doesn't matter is told without one. */
function told({ key, values }: { readonly key: string; readonly values: readonly string[] }) {
  return { key, values: values.filter((value) => value !== anyValue) };
}
