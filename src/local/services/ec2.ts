import type { Caller } from '../policies/authorization';
import { wildcardMatch } from '../policies/wildcards';
import type { RegionResources, World } from '../world/world';
import type { Authorizer } from './authorizer';
import { natGateways, permissions, routeTables, tagSet, vpcEndpoints, type Item } from './ec2Network';
import { ServiceError } from './serviceError';
import type { QueryResult } from './sts';

/** Answers of EC2's queries about networks, over the caller's account. */
export class Ec2 {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
  ) {}

  handle(operation: string, input: URLSearchParams, caller: Caller, region: string): QueryResult {
    const kinds = {
      DescribeVpcs: {
        parameter: 'VpcId',
        notFound: 'InvalidVpcID.NotFound',
        noun: 'vpc',
        set: 'vpcSet',
        items: vpcs,
      },
      DescribeSubnets: {
        parameter: 'SubnetId',
        notFound: 'InvalidSubnetID.NotFound',
        noun: 'subnet',
        set: 'subnetSet',
        items: subnets,
      },
      DescribeSecurityGroups: {
        parameter: 'GroupId',
        notFound: 'InvalidGroup.NotFound',
        noun: 'security group',
        set: 'securityGroupInfo',
        items: securityGroups,
      },
      DescribeRouteTables: {
        parameter: 'RouteTableId',
        notFound: 'InvalidRouteTableID.NotFound',
        noun: 'routeTable',
        set: 'routeTableSet',
        items: routeTables,
      },
      DescribeVpcEndpoints: {
        parameter: 'VpcEndpointId',
        notFound: 'InvalidVpcEndpointId.NotFound',
        noun: 'Vpc Endpoint',
        set: 'vpcEndpointSet',
        items: vpcEndpoints,
      },
      DescribeNatGateways: {
        parameter: 'NatGatewayId',
        notFound: 'NatGatewayNotFound',
        noun: 'NAT gateway',
        set: 'natGatewaySet',
        items: natGateways,
      },
    };
    if (!Object.hasOwn(kinds, operation)) {
      throw new ServiceError('InvalidAction', `The action ${operation} is not valid for this web service.`);
    }
    const kind = kinds[operation as keyof typeof kinds];
    this.authorizer.demand(caller, {
      action: `ec2:${operation}`,
      resource: '*',
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
    const resources = this.world.accounts.get(caller.account)?.regions.get(region);
    const all = resources === undefined ? [] : kind.items(resources, caller.account, region);
    const ids = values(input, kind.parameter);
    const missing = ids.find((id) => !all.some((item) => item.id === id));
    if (missing !== undefined) {
      throw new ServiceError(kind.notFound, `The ${kind.noun} ID '${missing}' does not exist`);
    }
    const chosen = all
      .filter((item) => ids.length === 0 || ids.includes(item.id))
      .filter((item) => filters(input).every((filter) => matches(filter, item.filterValues)));
    return { [kind.set]: { item: chosen.map((item) => item.body) } };
  }
}

function vpcs(resources: RegionResources, account: string): Item[] {
  return resources.vpcs.map((vpc) => ({
    id: vpc.id,
    filterValues: { 'vpc-id': vpc.id, cidr: vpc.cidrBlock },
    body: {
      vpcId: vpc.id,
      ownerId: account,
      state: 'available',
      cidrBlock: vpc.cidrBlock,
      isDefault: false,
      instanceTenancy: 'default',
      tagSet: tagSet(vpc.tags),
    },
  }));
}

function subnets(resources: RegionResources, account: string, region: string): Item[] {
  return resources.subnets.map((subnet) => ({
    id: subnet.id,
    filterValues: {
      'subnet-id': subnet.id,
      'vpc-id': subnet.vpcId,
      'availability-zone': subnet.availabilityZone,
    },
    body: {
      subnetId: subnet.id,
      subnetArn: `arn:aws:ec2:${region}:${account}:subnet/${subnet.id}`,
      state: 'available',
      ownerId: account,
      vpcId: subnet.vpcId,
      cidrBlock: subnet.cidrBlock,
      availableIpAddressCount: subnet.availableAddresses,
      availabilityZone: subnet.availabilityZone,
      defaultForAz: false,
      mapPublicIpOnLaunch: false,
      tagSet: tagSet(subnet.tags),
    },
  }));
}

function securityGroups(resources: RegionResources, account: string): Item[] {
  return resources.securityGroups.map((group) => ({
    id: group.id,
    filterValues: { 'group-id': group.id, 'vpc-id': group.vpcId, 'group-name': group.name },
    body: {
      groupId: group.id,
      groupName: group.name,
      groupDescription: group.description,
      ownerId: account,
      vpcId: group.vpcId,
      ipPermissions: permissions(group.ingress, account),
      ipPermissionsEgress: permissions(group.egress, account),
    },
  }));
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

function filters(input: URLSearchParams): Filter[] {
  return [...input.entries()]
    .filter(([key]) => /^Filter\.\d+\.Name$/.test(key))
    .map(([key, name]) => ({ name, values: values(input, key.replace(/Name$/, 'Value')) }));
}

function matches(filter: Filter, known: Item['filterValues']): boolean {
  const value = Object.hasOwn(known, filter.name) ? known[filter.name] : undefined;
  if (value === undefined) {
    throw new ServiceError('InvalidParameterValue', `The filter '${filter.name}' is invalid`);
  }
  const all = typeof value === 'string' ? [value] : value;
  return filter.values.some((pattern) => all.some((one) => wildcardMatch(pattern, one)));
}

function values(input: URLSearchParams, prefix: string): string[] {
  return [...input.entries()].filter(([key]) => key.startsWith(`${prefix}.`)).map(([, value]) => value);
}
