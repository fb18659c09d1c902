import type { RegionResources, SecurityGroupRule } from '../world/world';
import type { QueryResult } from './sts';

/** One thing that EC2 describes. */
export interface Item {
  readonly id: string;
  /** By the names of EC2's filters. */
  readonly filterValues: Readonly<Record<string, string | readonly string[]>>;
  readonly body: QueryResult;
}

/** Route tables, as DescribeRouteTables tells them. */
export function routeTables(resources: RegionResources, account: string): Item[] {
  return resources.routeTables.map((table) => {
    const cidrBlock = resources.vpcs.find(({ id }) => id === table.vpcId)?.cidrBlock ?? '';
    const route = (to: object) => ({ origin: 'CreateRoute', state: 'active', ...to });
    const viaEndpoints = resources.vpcEndpoints.filter(
      ({ routeTableIds, state }) => state === 'available' && routeTableIds.includes(table.id),
    );
    const associations = [
      ...(table.main ? [{ main: true }] : []),
      ...table.subnetIds.map((subnetId) => ({ main: false, subnetId })),
    ];
    return {
      id: table.id,
      filterValues: {
        'route-table-id': table.id,
        'vpc-id': table.vpcId,
        'association.main': String(table.main),
        'association.subnet-id': table.subnetIds,
      },
      body: {
        routeTableId: table.id,
        vpcId: table.vpcId,
        ownerId: account,
        routeSet: {
          item: [
            route({ destinationCidrBlock: cidrBlock, gatewayId: 'local', origin: 'CreateRouteTable' }),
            ...table.routes.map(({ destination, ...to }) =>
              route({ destinationCidrBlock: destination, ...to }),
            ),
            ...viaEndpoints.map(({ id }) => route({ destinationPrefixListId: 'pl-63a5400a', gatewayId: id })),
          ],
        },
        associationSet: list(
          associations.map((association, index) => ({
            routeTableAssociationId: `${table.id.replace(/^rtb-/, 'rtbassoc-')}${String(index)}`,
            routeTableId: table.id,
            associationState: { state: 'associated' },
            ...association,
          })),
        ),
        propagatingVgwSet: '',
        tagSet: '',
      },
    };
  });
}

/** Endpoints for services, as DescribeVpcEndpoints tells them. */
export function vpcEndpoints(resources: RegionResources, account: string): Item[] {
  return resources.vpcEndpoints.map((endpoint) => ({
    id: endpoint.id,
    filterValues: {
      'vpc-endpoint-id': endpoint.id,
      'vpc-id': endpoint.vpcId,
      'service-name': endpoint.serviceName,
      'vpc-endpoint-type': endpoint.type,
      'vpc-endpoint-state': endpoint.state,
    },
    body: {
      vpcEndpointId: endpoint.id,
      vpcEndpointType: endpoint.type,
      vpcId: endpoint.vpcId,
      serviceName: endpoint.serviceName,
      state: endpoint.state,
      ownerId: account,
      routeTableIdSet: list(endpoint.routeTableIds),
      subnetIdSet: list(endpoint.subnetIds),
      groupSet: '',
      privateDnsEnabled: endpoint.type === 'Interface' && endpoint.privateDns,
      requesterManaged: false,
      tagSet: '',
    },
  }));
}

/** NAT gateways, as DescribeNatGateways tells them. */
export function natGateways(resources: RegionResources): Item[] {
  return resources.natGateways.map((gateway) => ({
    id: gateway.id,
    filterValues: {
      'nat-gateway-id': gateway.id,
      'vpc-id': gateway.vpcId,
      'subnet-id': gateway.subnetId,
      state: gateway.state,
    },
    body: {
      natGatewayId: gateway.id,
      vpcId: gateway.vpcId,
      subnetId: gateway.subnetId,
      state: gateway.state,
      connectivityType: 'public',
      natGatewayAddressSet: '',
      tagSet: '',
    },
  }));
}

/** Rules of a security group, as `ipPermissions` holds them. */
export function permissions(rules: readonly SecurityGroupRule[], account: string): unknown {
  return list(
    rules.map(({ protocol, fromPort, toPort, cidrs, groupIds }) => ({
      ipProtocol: protocol,
      ...(protocol !== '-1' && { fromPort: fromPort ?? -1, toPort: toPort ?? -1 }),
      groups: list(groupIds.map((groupId) => ({ groupId, userId: account }))),
      ipRanges: list(cidrs.map((cidrIp) => ({ cidrIp }))),
      ipv6Ranges: '',
      prefixListIds: '',
    })),
  );
}

export function tagSet(tags: Readonly<Record<string, string>>): unknown {
  return list(Object.entries(tags).map(([key, value]) => ({ key, value })));
}

/** A list in EC2's XML; an empty one is an empty element. */
function list(items: readonly unknown[]): unknown {
  return items.length > 0 ? { item: items } : '';
}
