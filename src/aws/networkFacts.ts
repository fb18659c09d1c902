import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type EC2ClientConfig,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { AccessApi, SecurityRule } from '../glue/access/accessApi';

type NetworkFacts = Pick<AccessApi, 'securityGroupRules' | 'routeTables' | 'vpcEndpoints' | 'natGateways'>;

/** What lets a subnet reach S3, and a security group reach itself. */
export function createNetworkFacts(config: EC2ClientConfig): NetworkFacts {
  const client = new EC2Client(config);
  const abortable = (signal: AbortSignal | undefined) =>
    signal === undefined ? {} : { abortSignal: signal };
  const ofVpc = (vpcId: string) => [{ Name: 'vpc-id', Values: [vpcId] }];
  return {
    securityGroupRules: async (ids, signal) => {
      const command = new DescribeSecurityGroupsCommand({ GroupIds: [...ids] });
      const { SecurityGroups: groups = [] } = await client.send(command, abortable(signal));
      return groups.map((group) => ({
        id: group.GroupId ?? '',
        vpcId: group.VpcId ?? '',
        ingress: (group.IpPermissions ?? []).map(toRule),
        egress: (group.IpPermissionsEgress ?? []).map(toRule),
      }));
    },
    routeTables: async (vpcId, signal) => {
      const command = new DescribeRouteTablesCommand({ Filters: ofVpc(vpcId) });
      const { RouteTables: tables = [] } = await client.send(command, abortable(signal));
      return tables.map(({ RouteTableId, Associations = [], Routes = [] }) => ({
        id: RouteTableId ?? '',
        isMain: Associations.some(({ Main }) => Main === true),
        subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
        routes: Routes.map((route) => ({
          destination: route.DestinationCidrBlock ?? route.DestinationPrefixListId ?? '',
          ...(route.NatGatewayId !== undefined && { natGatewayId: route.NatGatewayId }),
          ...(route.GatewayId !== undefined && { gatewayId: route.GatewayId }),
          isBlackhole: route.State === 'blackhole',
        })),
      }));
    },
    vpcEndpoints: async (vpcId, signal) => {
      const command = new DescribeVpcEndpointsCommand({ Filters: ofVpc(vpcId) });
      const { VpcEndpoints: endpoints = [] } = await client.send(command, abortable(signal));
      return endpoints.map((endpoint) => ({
        id: endpoint.VpcEndpointId ?? '',
        serviceName: endpoint.ServiceName ?? '',
        type: endpoint.VpcEndpointType ?? '',
        // Lower case in answers, capitals in the model.
        state: (endpoint.State ?? '').toLowerCase(),
        routeTableIds: endpoint.RouteTableIds ?? [],
        hasPrivateDns: endpoint.PrivateDnsEnabled === true,
      }));
    },
    natGateways: async (vpcId, signal) => {
      const command = new DescribeNatGatewaysCommand({ Filter: ofVpc(vpcId) });
      const { NatGateways: gateways = [] } = await client.send(command, abortable(signal));
      return gateways.map(({ NatGatewayId, State }) => ({ id: NatGatewayId ?? '', state: State ?? '' }));
    },
  };
}

function toRule({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges,
  Ipv6Ranges,
  UserIdGroupPairs,
}: IpPermission): SecurityRule {
  return {
    protocol: IpProtocol ?? '',
    ...(FromPort !== undefined && { fromPort: FromPort }),
    ...(ToPort !== undefined && { toPort: ToPort }),
    cidrs: [
      ...(IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
      ...(Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
    ],
    groupIds: (UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
}
