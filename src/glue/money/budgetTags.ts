import type { Clock } from '../clock';
import { costSoFar } from '../cost';
import type { ListedSession } from '../listedSession';
import type { SessionInventory } from '../sessionInventory';
import { targetKey } from '../target';
import { uncountedSessions, type Budget } from './budgets';

/** So many sessions of a target have their tags read at one look: a call each where they don't come by the hundred. */
const mostTagReads = 200;
/** Between two reads of a target (milliseconds): its sessions change every minute, and nobody waits for the sum. */
const readEveryMs = 10 * 60_000;

/** What of the inventory this takes. */
type Sessions = Pick<SessionInventory, 'targets' | 'snapshot' | 'allSessions' | 'readTagsOf'>;

/**
 * Has the tags read that budgets lack: those of ended sessions are read by nobody else until they come into view. Some at
 * a time, those that cost most first; what has been read is remembered by the inventory.
 */
export class BudgetTags {
  /** When each target was read last (milliseconds since the epoch), by its key. */
  private readonly readAt = new Map<string, number>();

  constructor(
    private readonly inventory: Sessions,
    private readonly clock: Clock,
    /** Told what failed: the sum is then of what is known. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Reads some where it is time to, in the places whose last look went well. */
  async read(budgets: readonly Budget[], pricePerDpuHour: number): Promise<void> {
    const { inventory, readAt } = this;
    const now = this.clock.now();
    const targets = inventory.targets.filter(
      (target) =>
        inventory.snapshot(target).state === 'ready' &&
        now - (readAt.get(targetKey(target)) ?? -Infinity) >= readEveryMs,
    );
    if (targets.length === 0) return;
    const dollarsOf = ({ session }: ListedSession) => costSoFar(session, pricePerDpuHour, now)?.dollars ?? 0;
    const lacking = uncountedSessions(budgets, inventory.allSessions(), now)
      .map((listed) => ({ listed, key: targetKey(listed.target), dollars: dollarsOf(listed) }))
      .sort((one, other) => other.dollars - one.dollars);
    const reads = targets.flatMap((target) => {
      const key = targetKey(target);
      const own = lacking.filter((one) => one.key === key).slice(0, mostTagReads);
      if (own.length === 0) return [];
      readAt.set(key, now);
      const sessions = own.map(({ listed }) => listed);
      return [inventory.readTagsOf(target, sessions).catch(this.onFailure)];
    });
    await Promise.all(reads);
  }
}
