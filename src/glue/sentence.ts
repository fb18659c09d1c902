/** A sentence for people whose parts are apart, so that whoever shows it can say it in the language of VS Code. */
export interface Sentence {
  /** English, with {0}, {1} … for the parts: the key of its translations. */
  readonly text: string;
  readonly parts: readonly (string | number | Sentence)[];
}

/** A sentence, or what somebody else worded, which stays as it is. */
export type Said = string | Sentence;

/** Says it in a language. */
export type Say = (said: Said) => string;

/** @param text written out in the call: that is where its translation is looked for (scripts/l10n.mts) */
export function sentence(text: string, ...parts: Sentence['parts']): Sentence {
  return { text, parts };
}

/** Sentences below one another. */
export function lines(all: readonly Said[]): Sentence {
  return { text: all.map((_, position) => `{${position}}`).join('\n'), parts: all };
}

/** Sentences and texts one behind the other. */
export function joined(...all: readonly Said[]): Sentence {
  return { text: all.map((_, position) => `{${position}}`).join(''), parts: all };
}

/** What an error says, apart where it can be said in other languages. */
export function saidBy(error: unknown): Said {
  if (!(error instanceof Error)) return String(error);
  return 'sentence' in error && isSentence(error.sentence) ? error.sentence : error.message;
}

function isSentence(value: unknown): value is Sentence {
  return typeof value === 'object' && value !== null && 'text' in value && 'parts' in value;
}

export function inEnglish(said: Said): string {
  if (typeof said === 'string') return said;
  return filled(
    said.text,
    said.parts.map((part) => (typeof part === 'object' ? inEnglish(part) : part)),
  );
}

/** A text with parts in the places of {0}, {1} … */
export function filled(text: string, parts: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (_, position: string) => String(parts[Number(position)] ?? ''));
}
