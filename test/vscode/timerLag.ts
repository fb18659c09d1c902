/** How late a timer comes: for so long nothing else got its turn either. */
export class TimerLag {
  private last = performance.now();
  private worst = 0;
  private readonly timer = setInterval(() => {
    const now = performance.now();
    this.worst = Math.max(this.worst, now - this.last - 5);
    this.last = now;
  }, 5);

  /** @returns the worst of it (milliseconds) */
  stop(): number {
    clearInterval(this.timer);
    return this.worst;
  }
}
