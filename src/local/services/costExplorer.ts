import type { Caller } from '../policies/authorization';
import type { World } from '../world/world';
import type { Authorizer } from './authorizer';
import { dayOf, daysOf, dimensionOf, type SessionUsage, type UsageLine } from './bill';
import { filterHolds, readers, type CostQuery, type GroupDefinition } from './costExplorerInputs';
import { page } from './glue/pages';
import { ServiceError } from './serviceError';

const dollarsPerDpuHour = 0.44;
const dayMs = 86_400_000;
const metrics = [
  'UnblendedCost',
  'BlendedCost',
  'AmortizedCost',
  'NetUnblendedCost',
  'NetAmortizedCost',
  'UsageQuantity',
];

interface AllocationTag {
  readonly status: 'Active' | 'Inactive';
  /** Milliseconds since the epoch. */
  readonly updated: number;
}

/**
 * Cost Explorer over what really ran here. The account that pays sees all accounts, a member its own; cost allocation
 * tags are the payer's. A tag counts from the day on which it was activated; that AWS takes up to a day to show it is
 * left out.
 */
export class CostExplorer {
  private readonly allocation = new Map<string, AllocationTag>();

  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
    private readonly usage: () => readonly SessionUsage[],
    private readonly now: () => number,
  ) {}

  handle(operation: string, raw: unknown, caller: Caller, region: string): object {
    // Source: Cost Explorer has one endpoint, in us-east-1.
    if (region !== 'us-east-1') {
      throw new ServiceError(
        'InvalidSignatureException',
        `Credential should be scoped to a valid region, not '${region}'.`,
      );
    }
    const answer = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (answer === undefined)
      throw new ServiceError('UnknownOperationException', `Local Glue does not serve ce:${operation}`);
    this.authorizer.demand(caller, {
      action: `ce:${operation}`,
      resource: '*',
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
    return answer(raw, caller.account);
  }

  private readonly operations: Readonly<Record<string, (raw: unknown, account: string) => object>> = {
    GetCostAndUsage: (raw, account) => this.costAndUsage(readers.costAndUsage(raw), account),
    GetTags: (raw, account) => this.tags(readers.tags(raw), account),
    ListCostAllocationTags: (raw, account) => this.listTags(readers.listTags(raw), account),
    UpdateCostAllocationTagsStatus: (raw, account) => this.updateTags(readers.updateTags(raw), account),
  };

  private costAndUsage(query: CostQuery, account: string): object {
    const unknown = query.Metrics.find((metric) => !metrics.includes(metric));
    if (query.Metrics.length === 0 || unknown !== undefined) {
      throw new ServiceError('ValidationException', `Invalid metric ${unknown ?? ''}`.trim());
    }
    const groups = query.GroupBy ?? [];
    if (groups.length > 2) {
      throw new ServiceError('ValidationException', 'Number of groups by must be less than or equal to 2');
    }
    const lines = this.lines(account).filter((line) => filterHolds(query.Filter, line, this.seenTags(line)));
    const periods = periodsOf(query);
    const { items, nextToken } = page(periods, 100, query.NextPageToken);
    return {
      ...(nextToken !== undefined && { NextPageToken: nextToken }),
      GroupDefinitions: groups,
      ResultsByTime: items.map(({ Start, End }) => {
        const inPeriod = lines.filter(({ day }) => day >= Start && day < End);
        const byKeys = new Map<string, UsageLine[]>();
        for (const line of inPeriod) {
          const keys = JSON.stringify(groups.map((group) => this.keyOf(group, line)));
          byKeys.set(keys, [...(byKeys.get(keys) ?? []), line]);
        }
        return {
          TimePeriod: { Start, End },
          Total: groups.length === 0 ? amounts(inPeriod, query.Metrics) : {},
          Groups:
            groups.length === 0
              ? []
              : [...byKeys].map(([keys, members]) => ({
                  Keys: JSON.parse(keys) as string[],
                  Metrics: amounts(members, query.Metrics),
                })),
          Estimated: End > dayOf(this.now() - dayMs),
        };
      }),
      DimensionValueAttributes: [],
    };
  }

  private tags(
    { TimePeriod: { Start, End }, TagKey, SearchString = '' }: ReturnType<typeof readers.tags>,
    account: string,
  ): object {
    const lines = this.lines(account).filter(({ day }) => day >= Start && day < End);
    const all = lines.flatMap((line) => {
      const tags = this.seenTags(line);
      if (TagKey === undefined) return Object.keys(tags);
      return [Object.hasOwn(tags, TagKey) ? (tags[TagKey] ?? '') : ''];
    });
    const Tags = [...new Set(all)].filter((text) => text.includes(SearchString)).sort();
    return { Tags, ReturnSize: Tags.length, TotalSize: Tags.length };
  }

  private listTags(
    { Status, TagKeys, Type, NextToken, MaxResults = 100 }: ReturnType<typeof readers.listTags>,
    account: string,
  ): object {
    this.demandPayer(account);
    const keys = [...new Set(this.usage().flatMap(({ tags }) => Object.keys(tags)))].sort();
    const all = keys
      .map((TagKey) => ({ TagKey, Type: 'UserDefined', ...this.described(TagKey) }))
      .filter(
        (tag) =>
          (Status === undefined || tag.Status === Status) &&
          (Type === undefined || tag.Type === Type) &&
          (TagKeys === undefined || TagKeys.includes(tag.TagKey)),
      );
    const { items, nextToken } = page(all, MaxResults, NextToken);
    return { CostAllocationTags: items, ...(nextToken !== undefined && { NextToken: nextToken }) };
  }

  private updateTags(
    { CostAllocationTagsStatus: wanted }: ReturnType<typeof readers.updateTags>,
    account: string,
  ): object {
    this.demandPayer(account);
    const known = new Set(this.usage().flatMap(({ tags }) => Object.keys(tags)));
    const missing = wanted.filter(({ TagKey }) => !known.has(TagKey));
    for (const { TagKey, Status } of wanted) {
      if (known.has(TagKey)) this.allocation.set(TagKey, { status: Status, updated: this.now() });
    }
    return {
      Errors: missing.map(({ TagKey }) => ({
        TagKey,
        Code: 'TagKeysNotFoundException',
        Message: 'Tag keys not found',
      })),
    };
  }

  /** Source: glue.md, "What its users complain of", IAM: the wording that a member account gets. */
  private demandPayer(account: string): void {
    if (this.world.payerAccount === undefined || this.world.payerAccount === account) return;
    throw new ServiceError(
      'AccessDeniedException',
      "Failed to list cost allocation tags: Linked account doesn't have access to cost allocation tags.",
    );
  }

  private lines(account: string): readonly UsageLine[] {
    const isPayer = this.world.payerAccount === account;
    return this.usage()
      .filter((session) => isPayer || session.account === account)
      .flatMap((session) => daysOf(session, this.now()));
  }

  /** Tags as billing sees them: active ones, from the day of their activation. */
  private seenTags({ tags, day }: UsageLine): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(tags).filter(([key]) => {
        const tag = this.allocation.get(key);
        return tag?.status === 'Active' && day >= dayOf(tag.updated);
      }),
    );
  }

  private keyOf({ Type, Key }: GroupDefinition, line: UsageLine): string {
    if (Type === 'DIMENSION') return dimensionOf(Key, line);
    const tags = this.seenTags(line);
    return `${Key}$${Object.hasOwn(tags, Key) ? (tags[Key] ?? '') : ''}`;
  }

  private described(key: string): {
    readonly Status: 'Active' | 'Inactive';
    readonly LastUpdatedDate?: string;
  } {
    const tag = this.allocation.get(key);
    if (tag === undefined) return { Status: 'Inactive' };
    return {
      Status: tag.status,
      LastUpdatedDate: new Date(tag.updated).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
  }
}

function periodsOf({
  TimePeriod: { Start, End },
  Granularity,
}: CostQuery): readonly { Start: string; End: string }[] {
  if (Granularity === 'HOURLY') {
    throw new ServiceError(
      'ValidationException',
      'Hourly data is not available: it is opt-in, and not served here.',
    );
  }
  if (Start >= End) {
    throw new ServiceError(
      'ValidationException',
      'Start date (and hour) should be before end date (and hour)',
    );
  }
  const periods: { Start: string; End: string }[] = [];
  for (let start = Start; start < End;) {
    const date = new Date(`${start}T00:00:00Z`);
    const next =
      Granularity === 'DAILY'
        ? date.getTime() + dayMs
        : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    const end = dayOf(next) < End ? dayOf(next) : End;
    periods.push({ Start: start, End: end });
    start = end;
  }
  return periods;
}

function amounts(lines: readonly UsageLine[], wanted: readonly string[]): object {
  const dpuHours = lines.reduce((sum, line) => sum + line.dpuHours, 0);
  return Object.fromEntries(
    wanted.map((metric) => [
      metric,
      metric === 'UsageQuantity'
        ? { Amount: dpuHours.toFixed(10), Unit: 'DPU-Hour' }
        : { Amount: (dpuHours * dollarsPerDpuHour).toFixed(10), Unit: 'USD' },
    ]),
  );
}
