import type { GlueApis } from './glueApi';
import type { SessionInventory } from './sessionInventory';
import { targetKey, type Target } from './target';

/** What is nice to know of a target beside its sessions. */
export interface TargetFact {
  /** Name given to the account. */
  readonly alias?: string;
  /** When the keys in use end (milliseconds since the epoch); they are renewed before where that takes nobody. */
  readonly keysEndAt?: number;
}

/** Reads what is nice to know of targets once their sessions are there: nothing waits for it, and its failure is no failure. */
export class TargetFacts {
  /** By account: few callers may ask, so each is asked once by each identity. */
  private readonly aliases = new Map<string, string>();
  private readonly asked = new Set<string>();
  private readonly keysEndAt = new Map<string, number | undefined>();
  private readonly listeners = new Set<() => void>();
  private readonly following: { dispose: () => void };

  constructor(
    private readonly apis: GlueApis,
    private readonly inventory: SessionInventory,
    private readonly onUnread: (what: string, error: unknown) => void,
  ) {
    this.following = inventory.onDidChange(() => {
      for (const target of inventory.targets) void this.look(target);
    });
  }

  of(target: Target): TargetFact {
    const account = this.inventory.snapshot(target).identity?.account;
    const alias = account === undefined ? undefined : this.aliases.get(account);
    const keysEndAt = this.keysEndAt.get(targetKey(target));
    return { ...(alias !== undefined && { alias }), ...(keysEndAt !== undefined && { keysEndAt }) };
  }

  onDidChange(listener: () => void): { dispose: () => void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    this.following.dispose();
    this.listeners.clear();
  }

  private async look(target: Target): Promise<void> {
    const { state, identity } = this.inventory.snapshot(target);
    if (state !== 'ready' || identity === undefined) return;
    await Promise.all([this.readAlias(target, identity), this.readKeysEnd(target)]);
  }

  private async readAlias(
    target: Target,
    { account, arn }: { readonly account: string; readonly arn: string },
  ): Promise<void> {
    if (this.aliases.has(account) || this.asked.has(arn)) return;
    this.asked.add(arn);
    try {
      const alias = await this.apis.of(target).accountAlias();
      if (alias === undefined) return;
      this.aliases.set(account, alias);
      this.changed();
    } catch (error) {
      this.onUnread(`the alias of account ${account}`, error);
    }
  }

  /** From what the SDK holds already: it takes no call. */
  private async readKeysEnd(target: Target): Promise<void> {
    const key = targetKey(target);
    try {
      const endAt = await this.apis.of(target).credentialsExpireAt();
      if (this.keysEndAt.get(key) === endAt) return;
      this.keysEndAt.set(key, endAt);
      this.changed();
    } catch (error) {
      this.onUnread('when keys end', error);
    }
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
