import { DescribeSubnetsCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { Subnet } from '../glue/glueApi';

/** EC2 in a file of its own: larger than all else together, and asked only where subnets are shown. */
export function createSubnetReader(
  config: EC2ClientConfig,
): (ids: readonly string[], signal?: AbortSignal) => Promise<readonly Subnet[]> {
  const client = new EC2Client(config);
  return async (ids, signal) => {
    const answer = await client.send(
      new DescribeSubnetsCommand({ SubnetIds: [...ids] }),
      signal === undefined ? {} : { abortSignal: signal },
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
  };
}
