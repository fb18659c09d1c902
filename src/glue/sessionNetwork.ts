import type { Connection, GlueApi, SecurityGroup, Subnet } from './glueApi';
import { partOf, type Part } from './part';
import { SaidError } from './errors';
import { sentence } from './sentence';

/** A connection of a session, and what it leads to, each as far as it may be looked at. */
export interface NetworkLink {
  readonly name: string;
  readonly connection: Part<Connection>;
  /** Undefined for a connection without a network. */
  readonly subnet?: Part<Subnet>;
  readonly securityGroups?: Part<readonly SecurityGroup[]>;
}

/** Reads connection → subnet → VPC → security groups. What is refused fails alone. */
export async function readNetwork(
  api: GlueApi,
  connections: readonly string[],
  signal?: AbortSignal,
): Promise<readonly NetworkLink[]> {
  return Promise.all(
    connections.map(async (name): Promise<NetworkLink> => {
      const connection = await partOf(api.getConnection(name, signal));
      if (connection.state !== 'ready') return { name, connection };
      const { subnetId, securityGroupIds } = connection.value;
      const [subnet, securityGroups] = await Promise.all([
        subnetId === undefined ? undefined : partOf(oneSubnet(api, subnetId, signal)),
        securityGroupIds.length === 0
          ? undefined
          : partOf(api.describeSecurityGroups(securityGroupIds, signal)),
      ]);
      return {
        name,
        connection,
        ...(subnet !== undefined && { subnet }),
        ...(securityGroups !== undefined && { securityGroups }),
      };
    }),
  );
}

async function oneSubnet(api: GlueApi, id: string, signal: AbortSignal | undefined): Promise<Subnet> {
  const [subnet] = await api.describeSubnets([id], signal);
  if (subnet === undefined) throw new SaidError(sentence('EC2 has no subnet {0}', id));
  return subnet;
}
