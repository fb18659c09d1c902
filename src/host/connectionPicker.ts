import * as vscode from 'vscode';
import type { Connection, GlueApi, Subnet } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import type { StartOutcomes } from '../glue/startOutcomes';

/** A connection as it is offered: with its type, subnet, zone and VPC. */
export interface ConnectionItem extends vscode.QuickPickItem {
  readonly connection: Connection;
}

/**
 * The connections of a target, those first that sessions use. The VPC takes EC2, which a caller may not be allowed to ask:
 * it is left out then.
 * @param known sessions of the target
 * @param outcomes what starts there have met before
 */
export async function connectionItems(
  api: GlueApi,
  log: vscode.LogOutputChannel,
  signal?: AbortSignal,
  known: readonly ListedSession[] = [],
  outcomes?: StartOutcomes,
): Promise<readonly ConnectionItem[]> {
  const connections = await api.listConnections(signal);
  const ids = [...new Set(connections.flatMap(({ subnetId }) => subnetId ?? []))];
  const subnets = await api.describeSubnets(ids, signal).catch((error: unknown): readonly Subnet[] => {
    log.info(`subnets are not shown: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  const uses = (name: string) => known.filter(({ session }) => session.connections.includes(name)).length;
  const items = connections.map((connection) => {
    const subnet = subnets.find(({ id }) => id === connection.subnetId);
    const free = subnet?.availableAddresses;
    // What people wrote of it, and what tells one from another, first: the end of a line may be cut off.
    const place = [
      connection.description,
      subnet?.vpcId,
      connection.subnetId,
      connection.availabilityZone,
      free === undefined ? undefined : vscode.l10n.t('{0} addresses free', free),
      subnet?.cidrBlock,
      connection.securityGroupIds.join(', ') || undefined,
    ];
    const outcome = outcomes?.connections[connection.name];
    const used = uses(connection.name);
    const facts = [
      ...(connection.type === undefined ? [] : [connection.type]),
      ...(outcome === 'denied' ? [vscode.l10n.t('denied here before')] : []),
      ...(outcome === 'started' && used === 0 ? [vscode.l10n.t('a session has started in it')] : []),
      ...(used === 1 ? [vscode.l10n.t('used by a session')] : []),
      ...(used > 1 ? [vscode.l10n.t('used by {0} sessions', used)] : []),
    ];
    return {
      connection,
      label: connection.name,
      description: facts.join(' · '),
      detail: place.filter((part) => part !== undefined && part !== '').join(' · '),
    };
  });
  return items.sort((a, b) => uses(b.label) - uses(a.label));
}
