import type * as vscode from 'vscode';
import type { Connection, GlueApi, Subnet } from '../glue/glueApi';

/** A connection as it is offered: with its type, subnet, zone and VPC. */
export interface ConnectionItem extends vscode.QuickPickItem {
  readonly connection: Connection;
}

/** The connections of a target. The VPC takes EC2, which a caller may not be allowed to ask: it is left out then. */
export async function connectionItems(
  api: GlueApi,
  log: vscode.LogOutputChannel,
  signal?: AbortSignal,
): Promise<readonly ConnectionItem[]> {
  const connections = await api.listConnections(signal);
  const ids = [...new Set(connections.flatMap(({ subnetId }) => subnetId ?? []))];
  const subnets = await api.describeSubnets(ids, signal).catch((error: unknown): readonly Subnet[] => {
    log.info(`subnets are not shown: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  return connections.map((connection) => {
    const subnet = subnets.find(({ id }) => id === connection.subnetId);
    const place = [subnet?.vpcId, connection.subnetId, subnet?.cidrBlock, connection.availabilityZone];
    return {
      connection,
      label: connection.name,
      ...(connection.type !== undefined && { description: connection.type }),
      detail: [...place.filter((part) => part !== undefined), connection.description ?? '']
        .filter(Boolean)
        .join(' · '),
    };
  });
}
