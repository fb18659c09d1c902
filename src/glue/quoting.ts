/**
 * Values inside code that a person pastes: none can end its quotes, begin a line of its own, or look like something else
 * than it is.
 */

/** A word of a POSIX shell (sh, bash, zsh). Control characters stay in it: escape them in what the word holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** JSON on one line, with nothing in it that can't be seen: controls, line separators and marks that turn text round are escaped. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(unseen, (character) => unitEscapes(character));
}

/** A Python literal of plain data: texts, numbers, truth values, lists and records. `undefined` members are left out. */
export function pythonLiteral(value: unknown, indent = ''): string {
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item, inner)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return 'None';
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  if (members.length === 0) return '{}';
  const lines = members.map(([key, item]) => `${inner}${pythonText(key)}: ${pythonLiteral(item, inner)},`);
  return ['{', ...lines, `${indent}}`].join('\n');
}

/** JSON's escapes are Python's, but for characters beyond U+FFFF: two halves would be two characters. */
function pythonText(text: string): string {
  return JSON.stringify(text).replace(unseen, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point > 0xffff ? String.raw`\U${point.toString(16).padStart(8, '0')}` : unitEscapes(character);
  });
}

/** Characters that show nothing, break the line, or change the order in which others are shown. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function unitEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
