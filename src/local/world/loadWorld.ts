import { createHash } from 'node:crypto';
import { Ajv, type ErrorObject } from 'ajv';
import { parse as parseYaml } from 'yaml';
import type { CatalogDatabase } from '../engine/engine';
import type { PolicyDocument } from '../policies/authorization';
import { parsePolicy, PolicyError } from '../policies/parsePolicy';
import { awsManagedPolicy } from './managedPolicies';
import { readSso, reservedRoles, type SsoFile, type SsoPortal } from './sso';
import type { Account, RegionResources, Role, User, World, WorldSession } from './world';
import { addressesOf, readNetwork } from './network';
import type { AccountFile, PrincipalFile, ResourcesFile, SessionFile, WorldFile } from './worldFile';
import schema from './world.schema.json';

/** A world file that can't be served as written; the message names the file and the element. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

/**
 * Reads a world from YAML or JSON text.
 * @throws WorldError when the text is malformed, breaks the schema, names what isn't there, or holds a policy with an
 * element that the evaluator doesn't know.
 */
export function loadWorld(text: string, fileName: string): World {
  const file = parseFile(text, fileName);
  try {
    const accounts = new Map(
      Object.entries(file.accounts).map(([id, account]) => [id, readAccount(id, account, file.sso)]),
    );
    return {
      defaultRegion: file.defaultRegion ?? 'us-east-1',
      ...(file.payerAccount !== undefined && { payerAccount: knownAccount(file) }),
      resourceGroupsTagging: file.resourceGroupsTagging ?? true,
      accounts,
      ...(file.sso !== undefined && { sso: knownPortal(file.sso, file) }),
    };
  } catch (error) {
    if (error instanceof WorldError || error instanceof PolicyError) {
      throw new WorldError(`${fileName}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function knownAccount({ payerAccount = '', accounts }: WorldFile): string {
  if (Object.hasOwn(accounts, payerAccount)) return payerAccount;
  throw new WorldError(`payerAccount names ${payerAccount}, which isn't there`);
}

function knownPortal(sso: SsoFile, { accounts }: WorldFile): SsoPortal {
  const portal = readSso(sso);
  const lost = portal.permissionSets.find(({ account }) => !Object.hasOwn(accounts, account));
  if (lost === undefined) return portal;
  throw new WorldError(
    `the permission set ${lost.name} names the account ${lost.account}, which isn't there`,
  );
}

function parseFile(text: string, fileName: string): WorldFile {
  let content: unknown;
  try {
    content = parseYaml(text, { maxAliasCount: 1000 });
  } catch (error) {
    throw new WorldError(`${fileName} is neither YAML nor JSON: ${String(error)}`, { cause: error });
  }
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<WorldFile>(schema);
  if (validate(content)) return content;
  throw new WorldError(`${fileName}: ${(validate.errors ?? []).slice(0, 5).map(describe).join('; ')}`);
}

function describe(error: ErrorObject): string {
  const extra =
    error.keyword === 'additionalProperties' ? `: ${String(error.params.additionalProperty)}` : '';
  return `${error.instancePath === '' ? 'the file' : error.instancePath} ${error.message ?? error.keyword}${extra}`;
}

function readAccount(id: string, file: AccountFile, sso: SsoFile | undefined): Account {
  const own = new Map(
    Object.entries(file.policies ?? {}).map(([name, document]) => [
      name,
      parsePolicy(name, document, 'identity'),
    ]),
  );
  const managed = (name: string, owner: string): PolicyDocument => {
    const policy = own.get(name) ?? awsManagedPolicy(name.replace(/^arn:aws:iam::aws:policy\/(.*\/)?/, ''));
    if (policy === undefined) throw new WorldError(`${owner} names the policy ${name}, which isn't there`);
    return policy;
  };
  const principal = (name: string, arn: string, prefix: 'AIDA' | 'AROA', from: PrincipalFile) => ({
    name,
    arn,
    uniqueId: uniqueId(prefix, arn),
    tags: from.tags ?? {},
    policies: [
      ...(from.managedPolicies ?? []).map((policy) => managed(policy, arn)),
      ...Object.entries(from.inlinePolicies ?? {}).map(([policyName, document]) =>
        parsePolicy(`${name}/${policyName}`, document, 'identity'),
      ),
    ],
    ...(from.permissionsBoundary !== undefined && {
      permissionsBoundary: managed(from.permissionsBoundary, arn),
    }),
  });
  const users = Object.entries(file.users ?? {}).map(([name, user]): User => ({
    ...principal(name, `arn:aws:iam::${id}:user/${name}`, 'AIDA', user),
    ...(user.profile !== undefined && { profile: user.profile }),
    forSessions: user.forSessions ?? true,
  }));
  const roles = Object.entries(file.roles ?? {}).map(([name, role]): Role => ({
    ...principal(name, `arn:aws:iam::${id}:role${role.path ?? '/'}${name}`, 'AROA', role),
    trustPolicy: parsePolicy(`trust of ${name}`, role.trustPolicy, 'trust'),
    trustDocument: role.trustPolicy,
    maxSessionDuration: role.maxSessionDuration ?? 3600,
    ...(role.profile !== undefined && { profile: role.profile }),
  }));
  const reserved = (sso === undefined ? [] : reservedRoles(sso, id)).map((role): Role => ({
    ...principal(role.name, `arn:aws:iam::${id}:role${role.path}${role.name}`, 'AROA', role),
    // AssumeRoleWithSAML is Identity Center's own: by AssumeRole nobody gets in.
    trustPolicy: { name: `trust of ${role.name}`, variables: true, statements: [] },
    trustDocument: role.trustDocument,
    maxSessionDuration: role.maxSessionDuration,
  }));
  return {
    id,
    ...(file.alias !== undefined && { alias: file.alias }),
    users,
    roles: [...roles, ...reserved],
    policies: own,
    serviceControlPolicies: Object.entries(file.serviceControlPolicies ?? {}).map(([name, document]) =>
      parsePolicy(name, document, 'identity'),
    ),
    regions: new Map(
      Object.entries(file.regions ?? {}).map(([region, resources]) => [
        region,
        readResources(id, region, resources),
      ]),
    ),
  };
}

function readResources(account: string, region: string, file: ResourcesFile): RegionResources {
  const vpcs = Object.entries(file.vpcs ?? {}).map(([id, vpc]) => ({ tags: {}, ...vpc, id }));
  const subnets = Object.entries(file.subnets ?? {}).map(([id, subnet]) => ({
    tags: {},
    availableAddresses: addressesOf(subnet.cidrBlock),
    ...subnet,
    id,
  }));
  const network = readNetwork(region, file);
  const { securityGroups, routeTables, vpcEndpoints, natGateways } = network;
  const connections = Object.entries(file.connections ?? {}).map(([name, connection]) => ({
    securityGroupIds: [],
    properties: {},
    ...connection,
    name,
  }));
  const where = `account ${account}, ${region}`;
  const demand = (list: readonly { id: string }[], id: string, user: string) => {
    if (!list.some((item) => item.id === id)) {
      throw new WorldError(`${where}: ${user} names ${id}, which isn't there`);
    }
  };
  for (const item of [...subnets, ...securityGroups, ...routeTables, ...vpcEndpoints, ...natGateways])
    demand(vpcs, item.vpcId, item.id);
  for (const { id, subnetIds } of [...routeTables, ...vpcEndpoints])
    for (const subnet of subnetIds) demand(subnets, subnet, id);
  for (const { id, subnetId } of natGateways) demand(subnets, subnetId, id);
  for (const { id, routeTableIds } of vpcEndpoints)
    for (const table of routeTableIds) demand(routeTables, table, id);
  for (const connection of connections) {
    if (connection.subnetId !== undefined) demand(subnets, connection.subnetId, connection.name);
    for (const group of connection.securityGroupIds) demand(securityGroups, group, connection.name);
  }
  return {
    vpcs,
    subnets,
    ...network,
    connections,
    catalog: readCatalog(file),
    usageProfiles: file.usageProfiles ?? {},
    sessions: (file.sessions ?? []).flatMap((session) => readSessions(account, session)),
    ...(file.heldResults !== undefined && { heldResults: { prefix: '', ...file.heldResults } }),
  };
}

function readCatalog(file: ResourcesFile): readonly CatalogDatabase[] {
  return Object.entries(file.catalog ?? {}).map(([name, tables]) => ({
    name,
    tables: Object.entries(tables).map(([table, { location, format, columns }]) => ({
      name: table,
      location,
      format,
      columns: Object.entries(columns ?? {}).map(([column, type]) => ({ name: column, type })),
    })),
  }));
}

function readSessions(account: string, file: SessionFile): WorldSession[] {
  const { id, count, tags, role, ...rest } = file;
  const roleName = role ?? 'AWSGlueServiceRole-blog';
  return Array.from({ length: count ?? 1 }, (_, index) => ({
    status: 'STOPPED' as const,
    glueVersion: '5.0',
    workerType: 'G.1X',
    numberOfWorkers: 2,
    connections: [],
    // A live one must not be past its idle time unless the world says so.
    ageSeconds: (file.status === 'READY' ? 60 : 86_400) + index / 1000,
    idleTimeoutMinutes: 60,
    ...rest,
    id: count === undefined ? id : `${id}${String(index + 1).padStart(String(count).length, '0')}`,
    role: roleName.startsWith('arn:') ? roleName : `arn:aws:iam::${account}:role/${roleName}`,
    tags: Object.fromEntries(
      Object.entries(tags ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : (value[index % value.length] ?? ''),
      ]),
    ),
  }));
}

/** Stable, so that tags and policies that hold a user id survive a restart of the endpoint. */
function uniqueId(prefix: 'AIDA' | 'AROA', arn: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(arn).digest();
  return prefix + Array.from(digest.subarray(0, 17), (byte) => letters[byte % 32] ?? 'A').join('');
}
