import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type EC2ClientConfig,
} from '@aws-sdk/client-ec2';
import type { GlueApi } from '../glue/glueApi';

export { createNetworkFacts } from './networkFacts';

/** What is asked of EC2. */
export type NetworkReader = Pick<GlueApi, 'describeSubnets' | 'describeSecurityGroups'>;

/** EC2 in a file of its own: larger than all else together, and asked only where a network is shown. */
export function createNetworkReader(config: EC2ClientConfig): NetworkReader {
  const client = new EC2Client(config);
  const abortable = (signal: AbortSignal | undefined) =>
    signal === undefined ? {} : { abortSignal: signal };
  return {
    describeSubnets: async (ids, signal) => {
      const answer = await client.send(
        new DescribeSubnetsCommand({ SubnetIds: [...ids] }),
        abortable(signal),
      );
      return (answer.Subnets ?? []).map((subnet) => ({
        id: subnet.SubnetId ?? '',
        vpcId: subnet.VpcId ?? '',
        ...(subnet.CidrBlock !== undefined && { cidrBlock: subnet.CidrBlock }),
        ...(subnet.AvailabilityZone !== undefined && { availabilityZone: subnet.AvailabilityZone }),
        ...(subnet.AvailableIpAddressCount !== undefined && {
          availableAddresses: subnet.AvailableIpAddressCount,
        }),
      }));
    },
    describeSecurityGroups: async (ids, signal) => {
      const answer = await client.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [...ids] }),
        abortable(signal),
      );
      return (answer.SecurityGroups ?? []).map((group) => ({
        id: group.GroupId ?? '',
        vpcId: group.VpcId ?? '',
        name: group.GroupName ?? '',
        ...(group.Description !== undefined && { description: group.Description }),
      }));
    },
  };
}
