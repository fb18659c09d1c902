import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  ListCostAllocationTagsCommand,
  UpdateCostAllocationTagsStatusCommand,
  type CostExplorerClientConfig,
  type Group,
} from '@aws-sdk/client-cost-explorer';
import type { GlueApi } from '../glue/glueApi';
import type { BilledCost, BilledCostQuery, CostAllocationTag } from '../glue/money/billedCost';

/** The most keys of one UpdateCostAllocationTagsStatus. Source: botocore's public model. */
const keysAtOnce = 20;
/** The most pages of one question, a cent each. */
const mostPages = 20;

/**
 * Cost Explorer in a file of its own: asked only by the page "Cost". Its one endpoint is in us-east-1, and each
 * GetCostAndUsage is billed: no call is made twice by itself.
 */
export function createCostReader(
  config: CostExplorerClientConfig,
): Pick<GlueApi, 'billedCost' | 'costAllocationTags' | 'setCostAllocationTags'> {
  const client = new CostExplorerClient({ ...config, region: 'us-east-1', maxAttempts: 1 });
  const http = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    billedCost: async (query, signal) => {
      const sums = new Map<string | undefined, { dollars: number; dpuHours: number }>();
      let [calls, isEstimated] = [0, false];
      let isCut: boolean;
      let NextPageToken: string | undefined;
      do {
        const answer = await client.send(costCommand(query, NextPageToken), http(signal));
        calls += 1;
        for (const { Groups = [], Estimated = false } of answer.ResultsByTime ?? []) {
          isEstimated ||= Estimated;
          for (const group of Groups) add(sums, group, query);
        }
        // Each page is billed: one that comes again, or goes on for ever, is not paid for.
        isCut = calls >= mostPages || answer.NextPageToken === NextPageToken;
        NextPageToken = answer.NextPageToken;
      } while (NextPageToken !== undefined && NextPageToken !== '' && !isCut);
      isCut &&= NextPageToken !== undefined && NextPageToken !== '';
      const rows = [...sums].map(([value, sum]) => ({ ...(value !== undefined && { value }), ...sum }));
      return { rows, isEstimated, isCut, calls } satisfies BilledCost;
    },
    costAllocationTags: async (signal) => {
      const tags: CostAllocationTag[] = [];
      let NextToken: string | undefined;
      do {
        const input = { Type: 'UserDefined' as const, ...(NextToken !== undefined && { NextToken }) };
        const answer = await client.send(new ListCostAllocationTagsCommand(input), http(signal));
        for (const { TagKey = '', Status, LastUpdatedDate } of answer.CostAllocationTags ?? []) {
          const updatedOn = LastUpdatedDate === undefined ? NaN : Date.parse(LastUpdatedDate);
          tags.push({
            key: TagKey,
            isActive: Status === 'Active',
            ...(!Number.isNaN(updatedOn) && { updatedOn }),
          });
        }
        NextToken = answer.NextToken;
      } while (NextToken !== undefined && NextToken !== '');
      return tags;
    },
    setCostAllocationTags: async (keys, isActive, signal) => {
      const failed: { key: string; reason: string }[] = [];
      for (let start = 0; start < keys.length; start += keysAtOnce) {
        const entries = keys.slice(start, start + keysAtOnce).map((TagKey) => ({
          TagKey,
          Status: isActive ? ('Active' as const) : ('Inactive' as const),
        }));
        const command = new UpdateCostAllocationTagsStatusCommand({ CostAllocationTagsStatus: entries });
        const { Errors = [] } = await client.send(command, http(signal));
        failed.push(
          ...Errors.map(({ TagKey = '', Message, Code }) => ({ key: TagKey, reason: Message ?? Code ?? '' })),
        );
      }
      return failed;
    },
  };
}

function costCommand(
  { period, groupBy }: BilledCostQuery,
  NextPageToken: string | undefined,
): GetCostAndUsageCommand {
  return new GetCostAndUsageCommand({
    TimePeriod: { Start: period.from, End: period.to },
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost', 'UsageQuantity'],
    // Source: glue.md, "The API": how interactive sessions stand on the bill.
    Filter: { Dimensions: { Key: 'OPERATION', Values: ['GlueInteractiveSession'] } },
    GroupBy: [
      groupBy.kind === 'tag'
        ? { Type: 'TAG', Key: groupBy.key }
        : { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' },
    ],
    ...(NextPageToken !== undefined && { NextPageToken }),
  });
}

function add(
  sums: Map<string | undefined, { dollars: number; dpuHours: number }>,
  { Keys: [key = ''] = [], Metrics = {} }: Group,
  { groupBy }: BilledCostQuery,
): void {
  // A tag's group is called `team$analytics`; what lacks the tag is `team$`.
  const name = groupBy.kind === 'tag' ? key.slice(groupBy.key.length + 1) : key;
  const value = name === '' ? undefined : name;
  const before = sums.get(value) ?? { dollars: 0, dpuHours: 0 };
  sums.set(value, {
    dollars: before.dollars + Number(Metrics.UnblendedCost?.Amount ?? 0),
    dpuHours: before.dpuHours + Number(Metrics.UsageQuantity?.Amount ?? 0),
  });
}
