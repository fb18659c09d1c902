import type { Clock } from './clock';
import {
  atWorst,
  ruleFor,
  warningOf,
  type ForgottenLimits,
  type ForgottenWarning,
  type ReadStopRule,
  type StopRule,
} from './forgotten';
import type { ListedSession } from './listedSession';

/** A session that seems forgotten is looked at anew, but not again before this (milliseconds). */
const lookAgainMs = 10 * 60_000;

/** What was said of which session, by whichever window. */
export interface WarningMemory {
  /** Takes the right to say it. @returns false when it was said before, here or in another window */
  readonly claim: (arn: string, what: ForgottenWarning['stage'] | 'rule') => Promise<boolean>;
  /** Until when nothing is said (milliseconds since the epoch, Infinity for ever); undefined when nobody asked for that. */
  readonly snoozedUntil: (arn: string) => Promise<number | undefined>;
}

export interface ForgottenWatchOptions {
  readonly clock: Clock;
  readonly memory: WarningMemory;
  readonly limits: () => ForgottenLimits;
  /** Those the person wrote; none unless they did. */
  readonly rules: () => readonly ReadStopRule[];
  readonly pricePerDpuHour: () => number;
  readonly myUserIds: () => ReadonlySet<string>;
  /**
   * Reads a session and its last activity from the service. @returns undefined when that can't be had without asking
   * the person for something
   */
  readonly look: (listed: ListedSession) => Promise<ListedSession | undefined>;
  readonly warn: (warning: ForgottenWarning) => void;
  /** Stops a session by a rule and says so. */
  readonly stop: (listed: ListedSession, rule: StopRule) => Promise<void>;
}

/** Finds forgotten ones among a person's sessions: warns of each once before and once after a limit, and obeys their rules. */
export class ForgottenWatch {
  private readonly lookedAt = new Map<string, number>();
  /** Of these all has been said: without a rule no call is made for them any more. */
  private readonly settled = new Set<string>();
  /** Of these a rule has wanted the end. */
  private readonly ruled = new Set<string>();
  private underway: Promise<void> = Promise.resolve();

  constructor(private readonly options: ForgottenWatchOptions) {}

  /** One check at a time. @param sessions the person's own, as they were last seen */
  check(sessions: readonly ListedSession[]): Promise<void> {
    const checked = this.underway.then(async () => {
      for (const listed of sessions) await this.checkOne(listed);
    });
    this.underway = checked.catch(() => undefined);
    return checked;
  }

  /** The person wants to hear of it again, later. */
  resume(arn: string): void {
    this.settled.delete(arn);
    this.lookedAt.delete(arn);
  }

  private async checkOne(seen: ListedSession): Promise<void> {
    const { clock, limits, rules, pricePerDpuHour, memory } = this.options;
    const now = clock.now();
    const hasRules = rules().length > 0;
    if (this.settled.has(seen.arn) && !hasRules) return;
    // Only one that may have reached something is worth a call.
    const mayBe = atWorst(seen);
    const isSuspect =
      warningOf(mayBe, limits(), pricePerDpuHour(), now) !== undefined ||
      this.ruleFor(mayBe, rules()) !== undefined;
    if (!isSuspect || now - (this.lookedAt.get(seen.arn) ?? -Infinity) < lookAgainMs) return;
    const until = await memory.snoozedUntil(seen.arn);
    const isQuiet = until !== undefined && until > now;
    if (isQuiet && !hasRules) return;
    this.lookedAt.set(seen.arn, now);
    const listed = await this.options.look(seen);
    const rule = listed === undefined ? undefined : this.ruleFor(listed, rules());
    if (listed !== undefined && rule !== undefined) {
      const wasRuled = this.ruled.has(listed.arn);
      this.ruled.add(listed.arn);
      if (await memory.claim(listed.arn, 'rule')) return this.options.stop(listed, rule);
      // Another window may be about to do the same. Should it still run when it is looked at again, it was not stopped.
      if (!wasRuled) return;
    }
    if (!isQuiet) await this.warn(listed ?? seen, now);
  }

  private async warn(listed: ListedSession, now: number): Promise<void> {
    const { limits, pricePerDpuHour, memory } = this.options;
    const warning = warningOf(listed, limits(), pricePerDpuHour(), now);
    if (warning === undefined) return;
    if (warning.stage === 'after') this.settled.add(listed.arn);
    if (!(await memory.claim(listed.arn, warning.stage))) return;
    // What would only come before it is not said after it.
    if (warning.stage === 'after') await memory.claim(listed.arn, 'before');
    this.options.warn(warning);
  }

  private ruleFor(listed: ListedSession, rules: readonly ReadStopRule[]): StopRule | undefined {
    const { clock, pricePerDpuHour, myUserIds } = this.options;
    const surroundings = { now: clock.now(), myUserIds: myUserIds() };
    return ruleFor(listed, rules, pricePerDpuHour(), surroundings);
  }
}
