/** Something that is read by itself, and shown by itself: on its way, there, or not to be had, with the reason. */
export type Part<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

export const loading: Part<never> = { state: 'loading' };

/** What became of reading it; never rejects. */
export async function partOf<T>(reading: Promise<T>): Promise<Part<T>> {
  try {
    return { state: 'ready', value: await reading };
  } catch (error) {
    return { state: 'failed', error };
  }
}
