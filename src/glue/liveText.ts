import type { Statement } from './glueApi';

/** What has to happen to text that is shown, so that it says what a statement has printed by now. */
export type TextChange =
  { readonly kind: 'append'; readonly text: string } | { readonly kind: 'replace'; readonly text: string };

/**
 * Text that a statement has printed while it still runs. Few services send any before the end; one that does sends all
 * of it with every answer.
 */
export function printedSoFar({ output }: Statement): string {
  const printed = (output?.textPlain ?? '') + (output?.stdOut ?? '');
  // A table on its way is not text to be read: it comes at the end.
  const table = printed.indexOf('<glue-sessions:');
  return table < 0 ? printed : printed.slice(0, table);
}

/** What leads from the text shown to the one printed; undefined when nothing does. */
export function textChange(shown: string, printed: string): TextChange | undefined {
  if (printed === shown) return undefined;
  return printed.startsWith(shown)
    ? { kind: 'append', text: printed.slice(shown.length) }
    : { kind: 'replace', text: printed };
}
