/** Does `work` for every item, at most `limit` at a time; the first failure ends it. */
export async function forEachBounded<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** Work that goes on side by side; its first failure is told at the end, not while the rest is still being added. */
export class Together {
  private readonly all: Promise<{ readonly failure: unknown } | undefined>[] = [];

  add(work: Promise<void>): void {
    this.all.push(
      work.then(
        () => undefined,
        (failure: unknown) => ({ failure }),
      ),
    );
  }

  /** Resolves when all has ended. @throws the first failure */
  async ended(): Promise<void> {
    const failed = (await Promise.all(this.all)).find((end) => end !== undefined);
    if (failed !== undefined) throw failed.failure;
  }
}
