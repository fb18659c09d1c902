/** Runs cells one after the other; when one fails, those behind it are dropped. */
export class ExecutionQueue<Item> {
  private readonly waiting: Item[] = [];
  private isRunning = false;

  constructor(
    private readonly run: (item: Item) => Promise<boolean>,
    private readonly drop: (item: Item) => void,
  ) {}

  /** Adds items and resolves when the queue is empty. */
  async add(items: readonly Item[]): Promise<void> {
    this.waiting.push(...items);
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let item = this.waiting.shift(); item !== undefined; item = this.waiting.shift()) {
        if (!(await this.run(item))) this.clear();
      }
    } finally {
      this.isRunning = false;
    }
  }

  /** Drops what waits. */
  clear(): void {
    for (const item of this.take()) this.drop(item);
  }

  /** Gives what waits out of its hands. */
  take(): Item[] {
    return this.waiting.splice(0);
  }
}
