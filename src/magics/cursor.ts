import { magicNamed, type Magic, type MagicName } from './table';

type NamedMagic = Magic & { readonly name: MagicName };

/** What stands at a place of a cell, as far as the notebook language knows it. Columns are from 0. */
export type AtCursor =
  /** The name of a magic, typed so far or whole. */
  | { readonly kind: 'name'; readonly start: number; readonly end: number; readonly magic?: NamedMagic }
  /** One value of a magic's argument. */
  | { readonly kind: 'argument'; readonly magic: NamedMagic; readonly start: number }
  /** A text within the body of %%tags: a key, or the value of one. */
  | { readonly kind: 'tagKey'; readonly start: number }
  | { readonly kind: 'tagValue'; readonly key: string; readonly start: number }
  /** A key within the body of %%configure. */
  | { readonly kind: 'configureKey'; readonly start: number }
  /** SQL below %%sql. */
  | { readonly kind: 'sql' }
  | { readonly kind: 'code' };

/** Tells what stands at a place. @param lines of the cell @param column behind which the cursor stands */
export function atCursor(lines: readonly string[], line: number, column: number): AtCursor {
  const text = lines[line] ?? '';
  const name = /^(\s*)(%%?\w*)/.exec(text);
  const [, indent = '', word = ''] = name ?? [];
  if (name !== null && column > indent.length && column <= indent.length + word.length) {
    const magic = magicNamed(word);
    const isSame = magic !== undefined && (magic.kind === 'cell') === word.startsWith('%%');
    return {
      kind: 'name',
      start: indent.length,
      end: indent.length + word.length,
      ...(isSame && { magic }),
    };
  }
  const before = text.slice(0, column);
  const magic = name === null || word.startsWith('%%') ? undefined : magicNamed(word);
  if (magic?.kind === 'line' && /^\s*%\w+[ \t]/.test(before)) {
    const pattern = magic.argument.kind === 'list' ? /[\s,"'[]*([^,\s"']*)$/ : /["']?(\S*)$/;
    const typed = pattern.exec(before.replace(/^\s*%\w+[ \t]+/, ''))?.[1] ?? '';
    return { kind: 'argument', magic, start: column - typed.length };
  }
  return inBody(lines, line, before);
}

function inBody(lines: readonly string[], line: number, before: string): AtCursor {
  const above = lines.slice(0, line + 1).map((text) => /^\s*%%(\w+)/.exec(text)?.[1]);
  const cell = above.findLast((name) => name !== undefined);
  if (cell === 'sql') return { kind: 'sql' };
  if (cell !== 'tags' && cell !== 'configure') return { kind: 'code' };
  const body = [...lines.slice(above.lastIndexOf(cell), line), before].join('\n');
  // Balanced: the body has ended, and what follows is code.
  if (/\}\s*\n[\s\S]*$/.test(body) && !/\{[^}]*$/.test(body)) return { kind: 'code' };
  const value = /["']([^"'\n]+)["']\s*[:=]\s*["']([^"'\n]*)$/.exec(before);
  if (value !== null)
    return cell === 'tags'
      ? { kind: 'tagValue', key: value[1] ?? '', start: before.length - (value[2]?.length ?? 0) }
      : { kind: 'code' };
  const key = /(?:^|[{,])\s*["']([^"'\n]*)$/.exec(before);
  if (key === null) return { kind: 'code' };
  const start = before.length - (key[1]?.length ?? 0);
  return cell === 'tags' ? { kind: 'tagKey', start } : { kind: 'configureKey', start };
}
