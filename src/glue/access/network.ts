import type { NatGateway, RouteTable, SecurityGroupRules, SecurityRule, VpcEndpoint } from './accessApi';

/**
 * Which side of the groups is closed to the session's own workers; undefined when neither is. At least one group must let
 * all ports in from itself, and out to itself. Source: AWS Glue developer guide, "Inbound rule in security group required".
 */
export function closedSide(groups: readonly SecurityGroupRules[]): 'ingress' | 'egress' | undefined {
  const ids = groups.map(({ id }) => id);
  const isOpen = (side: 'ingress' | 'egress') =>
    groups.some((group) => group[side].some((rule) => opens(rule, side, ids)));
  if (!isOpen('ingress')) return 'ingress';
  return isOpen('egress') ? undefined : 'egress';
}

/** Every port of TCP, to a group of the session's own. What goes out to everywhere goes there too. */
function opens(rule: SecurityRule, side: 'ingress' | 'egress', ids: readonly string[]): boolean {
  const isAllPorts =
    rule.protocol === '-1' ||
    (['tcp', '6'].includes(rule.protocol) && (rule.fromPort ?? 0) <= 0 && (rule.toPort ?? -1) >= 65_535);
  const reachesOwn = rule.groupIds.some((id) => ids.includes(id));
  return isAllPorts && (reachesOwn || (side === 'egress' && rule.cidrs.includes('0.0.0.0/0')));
}

/** The table that routes a subnet: its own, else the main one of the VPC. */
export function routeTableOf(subnetId: string, tables: readonly RouteTable[]): RouteTable | undefined {
  return tables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? tables.find(({ isMain }) => isMain);
}

export type WayToS3 =
  | { readonly kind: 'gateway' | 'interface' | 'nat'; readonly id: string }
  /** A NAT gateway is routed to, but it does not work. */
  | { readonly kind: 'brokenNat'; readonly id: string }
  /** There is a gateway endpoint, but another route table has it. */
  | { readonly kind: 'otherTable'; readonly id: string };

/** How a subnet reaches S3; undefined when it doesn't. The workers of Glue have no public address: an internet gateway is no way. */
export function wayToS3(
  table: RouteTable | undefined,
  endpoints: readonly VpcEndpoint[],
  gateways: readonly NatGateway[],
): WayToS3 | undefined {
  const s3 = endpoints.filter(
    ({ serviceName, state }) => serviceName.endsWith('.s3') && state === 'available',
  );
  const ownGateway = s3.find(
    ({ type, routeTableIds }) => type === 'Gateway' && routeTableIds.includes(table?.id ?? ''),
  );
  if (ownGateway !== undefined) return { kind: 'gateway', id: ownGateway.id };
  const privately = s3.find(({ type, hasPrivateDns }) => type === 'Interface' && hasPrivateDns);
  if (privately !== undefined) return { kind: 'interface', id: privately.id };
  const out = table?.routes.find(
    ({ destination, natGatewayId }) => destination === '0.0.0.0/0' && natGatewayId !== undefined,
  );
  const nat = out?.natGatewayId;
  if (nat !== undefined) {
    const works =
      out?.isBlackhole !== true && gateways.some(({ id, state }) => id === nat && state === 'available');
    return { kind: works ? 'nat' : 'brokenNat', id: nat };
  }
  const elsewhere = s3.find(({ type }) => type === 'Gateway');
  return elsewhere && { kind: 'otherTable', id: elsewhere.id };
}
