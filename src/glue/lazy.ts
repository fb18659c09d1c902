/**
 * Loads at the first use, and once: asking Node for a module again and again takes a good part of a millisecond. One that
 * could not be loaded is tried again at the next use.
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
}
