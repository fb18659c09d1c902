import type { CostBy } from './liveCost';
import type { Period } from './period';

/** A question to Cost Explorer; each page of its answer costs a cent. */
export interface BilledCostQuery {
  readonly period: Period;
  readonly groupBy: { readonly kind: 'tag'; readonly key: string } | { readonly kind: 'account' };
}

/** What AWS bills for interactive sessions. */
export interface BilledCost {
  readonly rows: readonly {
    /** Undefined for what has no such tag. */
    readonly value?: string;
    readonly dollars: number;
    readonly dpuHours: number;
  }[];
  /** Whether AWS still reckons with some of its days. */
  readonly isEstimated: boolean;
  /** Whether there are more groups than were paid for. */
  readonly isCut: boolean;
  /** Calls made, each billed. */
  readonly calls: number;
}

/** A key that costs can be grouped by once it is active. */
export interface CostAllocationTag {
  readonly key: string;
  readonly isActive: boolean;
  /** When it was activated, or not any more (milliseconds since the epoch). */
  readonly updatedOn?: number;
}

/** Dollars of one call of GetCostAndUsage. Source: AWS Cost Explorer pricing. */
export const dollarsPerCall = 0.01;

/** How billed cost is asked for; undefined where AWS's bill does not know what is grouped by. */
export function billedQuery(by: CostBy, period: Period): BilledCostQuery | undefined {
  switch (by.kind) {
    case 'tag':
      return { period, groupBy: { kind: 'tag', key: by.key } };
    case 'owner':
      return { period, groupBy: { kind: 'tag', key: 'owner' } };
    case 'target':
      return { period, groupBy: { kind: 'account' } };
    default:
      return undefined;
  }
}

/** Equal for the same question: what its answer is remembered under. */
export function queryKey(profile: string, { period, groupBy }: BilledCostQuery): string {
  return JSON.stringify([profile, period.from, period.to, groupBy.kind === 'tag' ? groupBy.key : null]);
}
