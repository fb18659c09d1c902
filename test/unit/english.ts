import { inEnglish, type Said } from '../../src/glue/sentence';

/** What a sentence says in English; nothing when there is none. */
export function english(said: Said | undefined): string {
  return said === undefined ? '' : inEnglish(said);
}
