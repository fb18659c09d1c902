import { retryDelay } from '../backoff';
import type { Clock } from '../clock';
import { AwsCallError } from '../errors';

/** Which of the calls that wait goes first: the lowest number. */
export const rank = { transit: 0, pages: 1, liveTags: 2, rowsInView: 3, again: 4 } as const;

export type Rank = (typeof rank)[keyof typeof rank];

/** Calls underway at once, and sent at once after a rest. */
const mostAtOnce = 8;
/** From one call to the next (milliseconds): making one takes a few, and between two of them others get their turn. */
const apartMs = 5;
/** Calls a second: at first, at least and at most. AWS publishes no limit for these operations. */
const rates = { first: 15, least: 0.5, most: 50 };
/** By so many calls a second the rate grows with every second: until the first throttle, and after it. */
const growth = { untried: 3, known: 0.5 };
/** What is left of the rate after a throttle. */
const afterThrottle = 0.7;
/** For how long a call is tried again while the service throttles (milliseconds). */
const patienceMs = 10 * 60_000;
/** A call without an answer is sent so many times in all, unless it took longer than this (milliseconds). */
const failing = { attempts: 3, quickMs: 5000 };

interface Waiting {
  readonly rank: Rank;
  readonly start: () => void;
}

/**
 * Sends calls in bulk no faster than the service takes them: few at once, at a rate that grows while all goes well and
 * falls when the service throttles. After a throttle nothing is sent for a while; the refused call waits with the rest.
 * What a person waits for does not come here, so it never queues behind.
 */
export class BulkPace {
  private rate = rates.first;
  private tokens = mostAtOnce;
  private filledAt: number;
  private atOnce = 0;
  private pausedUntil = 0;
  private sentAt = -Infinity;
  private throttledAt = -Infinity;
  private throttlesInARow = 0;
  private readonly waiting: Waiting[] = [];
  private isTimerSet = false;

  constructor(private readonly clock: Clock) {
    this.filledAt = clock.now();
  }

  /** Makes a read when its turn comes, again after a throttle or a broken connection. @throws what the last attempt threw */
  async run<T>(rankOfCall: Rank, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const begun = this.clock.now();
    for (let attempt = 1; ; attempt++) {
      await this.turn(rankOfCall, signal);
      const sentAt = this.clock.now();
      try {
        const result = await call();
        this.noteSuccess(sentAt);
        return result;
      } catch (error) {
        const now = this.clock.now();
        if (!(error instanceof AwsCallError)) throw error;
        if (error.isThrottle) {
          this.noteThrottle(sentAt);
          if (now - begun > patienceMs) throw error;
          continue;
        }
        const isPassing = error.outcome === 'unknown' && now - sentAt < failing.quickMs;
        if (!isPassing || attempt >= failing.attempts) throw error;
        await this.clock.sleep(retryDelay(attempt - 1), signal);
      } finally {
        this.atOnce -= 1;
        this.serve();
      }
    }
  }

  private turn(rankOfCall: Rank, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const entry: Waiting = {
        rank: rankOfCall,
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal?.addEventListener('abort', leave, { once: true });
      const behind = this.waiting.findIndex((other) => other.rank > rankOfCall);
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, entry);
      this.serve();
    });
  }

  /** Starts the one whose turn it is, and comes back when the next one's is. */
  private serve(): void {
    const now = this.clock.now();
    if (now < this.filledAt) this.clockWasSetBack(now);
    this.tokens = Math.min(mostAtOnce, this.tokens + ((now - this.filledAt) / 1000) * this.rate);
    this.filledAt = now;
    const isDue = now >= this.pausedUntil && now >= this.sentAt + apartMs && this.tokens >= 1;
    if (isDue && this.atOnce < mostAtOnce && this.waiting.length > 0) {
      this.tokens -= 1;
      this.atOnce += 1;
      this.sentAt = now;
      this.waiting.shift()?.start();
    }
    if (this.waiting.length === 0 || this.atOnce >= mostAtOnce || this.isTimerSet) return;
    this.isTimerSet = true;
    const untilToken = ((1 - this.tokens) / this.rate) * 1000;
    const untilDue = Math.max(1, untilToken, this.pausedUntil - now, this.sentAt + apartMs - now);
    void this.clock.sleep(untilDue).then(() => {
      this.isTimerSet = false;
      this.serve();
    });
  }

  /** Times that were noted lie ahead now: nothing waits for them. */
  private clockWasSetBack(now: number): void {
    this.filledAt = now;
    this.sentAt = -Infinity;
    this.pausedUntil = now;
  }

  private noteSuccess(sentAt: number): void {
    if (sentAt >= this.throttledAt) this.throttlesInARow = 0;
    const perSecond = this.throttledAt === -Infinity ? growth.untried : growth.known;
    this.rate = Math.min(rates.most, this.rate + perSecond / this.rate);
  }

  /** Calls that were underway together and were throttled together count once. */
  private noteThrottle(sentAt: number): void {
    if (sentAt < this.throttledAt) return;
    const now = this.clock.now();
    this.rate = Math.max(rates.least, this.rate * afterThrottle);
    this.tokens = Math.min(this.tokens, 1);
    this.pausedUntil = now + retryDelay(this.throttlesInARow);
    this.throttlesInARow += 1;
    this.throttledAt = now;
  }
}
