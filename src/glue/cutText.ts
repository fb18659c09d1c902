/**
 * Bytes of a text that are shown: more lines than VS Code unfolds by itself. It takes its page over a frame or two to put
 * in more, on a slow machine over a twentieth of a second for twice as much.
 */
const shownBytes = { first: 48 * 1024, last: 16 * 1024 };

export interface CutText {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  /** Bytes between the two. */
  readonly omitted: number;
}

/**
 * Beginning and end of a text that is too long to show, cut between lines where there are any near.
 * @param text UTF-8
 * @returns undefined when it can be shown whole
 */
export function cutText(text: Uint8Array): CutText | undefined {
  if (text.length <= 2 * (shownBytes.first + shownBytes.last)) return undefined;
  const start = cutNear(text, shownBytes.first);
  const end = cutNear(text, text.length - shownBytes.last);
  return { first: text.subarray(0, start), last: text.subarray(end), omitted: end - start };
}

/** The place behind the last line break before a position; else one between characters. */
function cutNear(text: Uint8Array, position: number): number {
  const near = text.lastIndexOf(10, position) + 1;
  if (position - near < 16 * 1024) return near;
  let place = position;
  // Bytes 10xxxxxx go on with a character.
  while (((text[place] ?? 0) & 0xc0) === 0x80) place -= 1;
  return place;
}
