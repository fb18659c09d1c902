import type { Quota, RegionResources, SecurityGroupRule } from './world';
import type { ResourcesFile, RuleFile } from './worldFile';

type Network = Pick<
  RegionResources,
  'securityGroups' | 'routeTables' | 'vpcEndpoints' | 'natGateways' | 'quotas'
>;

/** A group that a world says no more of is as Glue needs it: open to itself, and to the outside. */
const openToItself: RuleFile = { groupIds: ['self'] };
const openToAll: RuleFile = { cidrs: ['0.0.0.0/0'] };

/**
 * Name and code as Service Quotas has them; there an account begins with 1,000 or less, here it has had the quota raised,
 * so that worlds of many live sessions can start more.
 */
const usualQuotas: readonly Quota[] = [
  { code: 'L-08F3B322', name: 'Max task DPUs per account', value: 100_000, adjustable: true },
];

/** What a Region's network has besides VPCs and subnets, with what a world left out. */
export function readNetwork(region: string, file: ResourcesFile): Network {
  const routeTables = Object.entries(file.routeTables ?? {}).map(([id, table]) => ({
    main: false,
    subnetIds: [],
    routes: [],
    ...table,
    id,
  }));
  // Every VPC is born with a main table.
  const born = Object.keys(file.vpcs ?? {})
    .filter((vpcId) => !routeTables.some((table) => table.vpcId === vpcId && table.main))
    .map((vpcId) => ({
      id: vpcId.replace(/^vpc-/, 'rtb-'),
      vpcId,
      main: true,
      subnetIds: [],
      routes: [],
    }));
  const quotas = Object.entries(file.quotas ?? {}).map(([code, quota]) => ({
    adjustable: true,
    ...quota,
    code,
  }));
  return {
    securityGroups: Object.entries(file.securityGroups ?? {}).map(([id, group]) => ({
      description: '',
      ...group,
      id,
      ingress: (group.ingress ?? [openToItself]).map((rule) => readRule(rule, id)),
      egress: (group.egress ?? [openToAll]).map((rule) => readRule(rule, id)),
    })),
    routeTables: [...routeTables, ...born],
    vpcEndpoints: Object.entries(file.vpcEndpoints ?? {}).map(([id, endpoint]) => ({
      type: 'Gateway' as const,
      routeTableIds: [],
      subnetIds: [],
      privateDns: true,
      state: 'available' as const,
      ...endpoint,
      id,
      serviceName: endpoint.serviceName.replace('REGION', region),
    })),
    natGateways: Object.entries(file.natGateways ?? {}).map(([id, gateway]) => ({
      state: 'available' as const,
      ...gateway,
      id,
    })),
    quotas: [...usualQuotas.filter(({ code }) => !quotas.some((quota) => quota.code === code)), ...quotas],
  };
}

/** AWS keeps five addresses of every subnet for itself. */
export function addressesOf(cidrBlock: string): number {
  return 2 ** (32 - Number(cidrBlock.split('/')[1] ?? '32')) - 5;
}

function readRule({ protocol, cidrs, groupIds, ...ports }: RuleFile, group: string): SecurityGroupRule {
  return {
    ...ports,
    protocol: protocol ?? '-1',
    cidrs: cidrs ?? [],
    groupIds: (groupIds ?? []).map((id) => (id === 'self' ? group : id)),
  };
}
