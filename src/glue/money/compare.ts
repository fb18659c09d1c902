import type { BilledCost } from './billedCost';
import type { CostBy, CostRow } from './liveCost';

/** A group with both costs; one of them is undefined where nothing is known of it. */
export interface ComparedRow {
  readonly value?: string;
  readonly live?: CostRow;
  /** Dollars. */
  readonly billed?: number;
}

/** Puts what was reckoned here beside what AWS bills, by value; the dearest first. */
export function compareCosts(
  by: CostBy,
  live: readonly CostRow[],
  billed: BilledCost | undefined,
): readonly ComparedRow[] {
  const rows = new Map<string | undefined, ComparedRow>();
  for (const row of live)
    rows.set(row.value, { ...(row.value !== undefined && { value: row.value }), live: row });
  for (const { value: name, dollars } of billed?.rows ?? []) {
    const value = by.kind === 'owner' ? ownerName(name) : name;
    const before = rows.get(value) ?? { ...(value !== undefined && { value }) };
    rows.set(value, { ...before, billed: (before.billed ?? 0) + dollars });
  }
  return [...rows.values()].sort((one, other) => dearest(other) - dearest(one));
}

/** Reckoned cost by account and Region is billed by account alone. */
export function byAccount(rows: readonly CostRow[]): readonly CostRow[] {
  const accounts = new Map<string, CostRow>();
  for (const row of rows) {
    const value = row.value?.split(' ')[0] ?? '';
    const before = accounts.get(value) ?? { dollars: 0, dpuHours: 0, sessions: 0, live: 0 };
    accounts.set(value, {
      value,
      dollars: before.dollars + row.dollars,
      dpuHours: before.dpuHours + row.dpuHours,
      sessions: before.sessions + row.sessions,
      live: before.live + row.live,
    });
  }
  return [...accounts.values()];
}

/** As `ownerOf` shows owners: the id of an assumed role is left out. */
function ownerName(owner: string | undefined): string | undefined {
  return owner?.includes(':') === true ? owner.slice(owner.indexOf(':') + 1) : owner;
}

function dearest({ live, billed }: ComparedRow): number {
  return Math.max(live?.dollars ?? 0, billed ?? 0);
}
