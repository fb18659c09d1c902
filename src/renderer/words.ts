import { filled, type Said } from '../glue/sentence';

type Words = Readonly<Record<string, string>>;

/** Translations by their English: a renderer knows no language of its own, this extension sends them. */
let words: Words = {};

/** In the language of VS Code, once that is known; in English before. */
export function say(said: Said): string {
  if (typeof said === 'string') return said;
  return filled(
    words[said.text] ?? said.text,
    said.parts.map((part) => (typeof part === 'object' ? say(part) : part)),
  );
}

/** Takes the translations in. @returns whether there are any */
export function learn(sent: Words): boolean {
  words = sent;
  return Object.keys(sent).length > 0;
}
