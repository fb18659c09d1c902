import type { Caller } from '../../policies/authorization';
import type { RegionResources, World } from '../../world/world';
import type { Authorizer } from '../authorizer';
import { ServiceError } from '../serviceError';
import { page } from './pages';

type Connection = RegionResources['connections'][number];

/** Connections of the world, as GetConnection(s) tells them and as CreateSession is judged by them. */
export class Connections {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
  ) {}

  get(input: { Name: string; HidePassword?: boolean }, caller: Caller, region: string): object {
    this.demand('GetConnection', caller, region);
    this.demand('GetConnection', caller, region, `connection/${input.Name}`);
    const connection = this.of(caller.account, region).find(({ name }) => name === input.Name);
    if (connection === undefined) {
      throw new ServiceError('EntityNotFoundException', `Connection ${input.Name} not found.`);
    }
    return { Connection: this.describe(connection, caller.account, region, input.HidePassword ?? false) };
  }

  list(
    input: {
      NextToken?: string;
      MaxResults?: number;
      HidePassword?: boolean;
      Filter?: { ConnectionType?: string; MatchCriteria?: string[] };
    },
    caller: Caller,
    region: string,
  ): object {
    this.demand('GetConnections', caller, region);
    const type = input.Filter?.ConnectionType;
    // The world's connections have no match criteria recorded, so none meets any.
    const wantsCriteria = (input.Filter?.MatchCriteria ?? []).length > 0;
    const all = this.of(caller.account, region).filter(
      (item) => !wantsCriteria && (type === undefined || item.type === type),
    );
    const { items, nextToken } = page(all, input.MaxResults ?? 100, input.NextToken);
    return {
      ConnectionList: items.map((item) =>
        this.describe(item, caller.account, region, input.HidePassword ?? false),
      ),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  }

  /** Condition keys that the named connections give a CreateSession; `demandAll` throws when one isn't there. */
  network(
    names: readonly string[],
    account: string,
    region: string,
  ): { context: Readonly<Record<string, readonly string[]>>; demandAll: () => void } {
    const known = this.of(account, region);
    const named = names.flatMap((name) => known.find((connection) => connection.name === name) ?? []);
    const subnets = [...new Set(named.flatMap(({ subnetId }) => subnetId ?? []))];
    const resources = this.world.accounts.get(account)?.regions.get(region);
    const vpcs = new Set(
      resources?.subnets.filter(({ id }) => subnets.includes(id)).map(({ vpcId }) => vpcId) ?? [],
    );
    const groups = new Set(named.flatMap(({ securityGroupIds }) => securityGroupIds));
    return {
      context: {
        ...(vpcs.size > 0 && { 'glue:VpcIds': [...vpcs] }),
        ...(subnets.length > 0 && { 'glue:SubnetIds': subnets }),
        ...(groups.size > 0 && { 'glue:SecurityGroupIds': [...groups] }),
      },
      demandAll: () => {
        const missing = names.find((name) => !known.some((connection) => connection.name === name));
        if (missing !== undefined) {
          throw new ServiceError('EntityNotFoundException', `Connection ${missing} not found.`);
        }
      },
    };
  }

  /** A connection wants the catalog allowed too, and that is what refusals name first (glue.md). */
  private demand(action: string, caller: Caller, region: string, resource = 'catalog'): void {
    this.authorizer.demand(caller, {
      action: `glue:${action}`,
      resource: `arn:aws:glue:${region}:${caller.account}:${resource}`,
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
  }

  private of(account: string, region: string): readonly Connection[] {
    return this.world.accounts.get(account)?.regions.get(region)?.connections ?? [];
  }

  private describe(connection: Connection, account: string, region: string, hidePassword: boolean): object {
    const zone = this.world.accounts
      .get(account)
      ?.regions.get(region)
      ?.subnets.find(({ id }) => id === connection.subnetId)?.availabilityZone;
    const properties = Object.entries(connection.properties).filter(
      ([key]) => !hidePassword || !/PASSWORD/i.test(key),
    );
    return {
      Name: connection.name,
      ...(connection.description !== undefined && { Description: connection.description }),
      ConnectionType: connection.type,
      ConnectionProperties: Object.fromEntries(properties),
      ...(connection.subnetId !== undefined && {
        PhysicalConnectionRequirements: {
          SubnetId: connection.subnetId,
          SecurityGroupIdList: connection.securityGroupIds,
          ...(zone !== undefined && { AvailabilityZone: zone }),
        },
      }),
      CreationTime: 1_760_000_000,
      LastUpdatedTime: 1_760_000_000,
    };
  }
}
