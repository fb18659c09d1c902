/** Lets through as many calls a second as it is told, with a burst of one second's worth. */
export class RateLimit {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly callsPerSecond: number,
    private readonly now: () => number,
  ) {
    this.tokens = callsPerSecond;
    this.filledAt = now();
  }

  /** Whether one more call may pass now. */
  take(): boolean {
    const now = this.now();
    const gained = ((now - this.filledAt) / 1000) * this.callsPerSecond;
    this.tokens = Math.min(Math.max(1, this.callsPerSecond), this.tokens + gained);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
