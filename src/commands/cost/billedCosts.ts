import type * as vscode from 'vscode';
import { queryKey, type BilledCost, type BilledCostQuery } from '../../glue/money/billedCost';

/** An answer of Cost Explorer, and when it was given (milliseconds since the epoch). */
export interface RememberedCost {
  readonly cost: BilledCost;
  readonly readOn: number;
}

const memoryKey = 'billedCosts';
const dayMs = 86_400_000;
const mostKept = 30;

/** Answers of Cost Explorer, remembered for a day across windows: each one was paid for. */
export class BilledCosts {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly now: () => number,
  ) {}

  find(profile: string, query: BilledCostQuery): RememberedCost | undefined {
    return new Map(this.kept()).get(queryKey(profile, query));
  }

  async keep(profile: string, query: BilledCostQuery, cost: BilledCost): Promise<void> {
    const key = queryKey(profile, query);
    const others = this.kept().filter(([other]) => other !== key);
    await this.memory.update(memoryKey, [[key, { cost, readOn: this.now() }], ...others].slice(0, mostKept));
  }

  private kept(): readonly (readonly [string, RememberedCost])[] {
    const kept = this.memory.get<readonly (readonly [string, RememberedCost])[]>(memoryKey, []);
    return kept.filter(([, { readOn }]) => this.now() - readOn < dayMs);
  }
}
