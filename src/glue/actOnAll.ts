import { forEachBounded } from './boundedConcurrency';

/** What became of each item of an action on several. Every item is in exactly one of the lists. */
export interface Outcome<T> {
  readonly done: readonly T[];
  readonly failed: readonly { readonly item: T; readonly error: unknown }[];
  /** Begun, and not seen to its end when the person cancelled or patience ended: it may yet come about. */
  readonly underway: readonly T[];
  /** Not begun before the person cancelled. */
  readonly untouched: readonly T[];
}

export interface ActOptions {
  readonly atOnce: number;
  /** Ends the action after the items that are underway: what is done stays done. */
  readonly signal?: AbortSignal;
  /** Called after each item, with how many have come to an end. */
  readonly onProgress?: (ended: number) => void;
}

/**
 * Does `act` for every item, a few at a time. One that fails stops none of the others; after cancelling none is begun.
 * Never rejects. An `act` that rejects with the signal's own reason has done nothing.
 */
export async function actOnAll<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
  { atOnce, signal, onProgress }: ActOptions,
): Promise<Outcome<T>> {
  const done: T[] = [];
  const failed: { item: T; error: unknown }[] = [];
  const untouched: T[] = [];
  await forEachBounded(items, atOnce, async (item) => {
    if (signal?.aborted === true) {
      untouched.push(item);
      return;
    }
    try {
      await act(item);
      done.push(item);
    } catch (error) {
      if (isCutOff(error, signal)) untouched.push(item);
      else failed.push({ item, error });
    }
    onProgress?.(done.length + failed.length);
  });
  return { done, failed, underway: [], untouched };
}

/** Whether work ended because the person cancelled, and for no other cause. */
export function isCutOff(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason;
}
