import { isObject, toSchema, toTable } from './readTable';
import type { Schema, Table } from './table';

/** What an object shows of itself: data by MIME type, images in base64. */
export interface Bundle {
  readonly kind: 'bundle';
  readonly data: Readonly<Record<string, unknown>>;
}

/** A piece of what a statement printed, in order. */
export type Displayed =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'shown';
      readonly shown: Table | Schema | Bundle;
      /** As pandas or Python print it. */
      readonly plain?: string;
      /** With a schema: what the session knows the DataFrame by. */
      readonly frame?: string;
    }
  /** Begun, and cut off before its end, or not readable: what there is of it is of no use to a person. */
  | { readonly kind: 'broken' };

/**
 * Splits what a statement printed into text and what stands between its delimiters.
 * @param isOwn whether an id found in a delimiter is the statement's own: any other is text like all text
 */
export function readDisplayed(printed: string, isOwn: (id: string) => boolean): readonly Displayed[] {
  const found: Displayed[] = [];
  let rest = 0;
  const open = /<glue-sessions:([\w-]+)>/g;
  for (let match = open.exec(printed); match !== null; match = open.exec(printed)) {
    const id = match[1] ?? '';
    if (!isOwn(id)) continue;
    if (match.index > rest) found.push({ kind: 'text', text: printed.slice(rest, match.index) });
    const close = `</glue-sessions:${id}>`;
    const end = printed.indexOf(close, open.lastIndex);
    found.push(end < 0 ? { kind: 'broken' } : readShown(printed.slice(open.lastIndex, end)));
    if (end < 0) return found;
    rest = end + close.length;
    if (printed[rest] === '\n') rest += 1;
    open.lastIndex = rest;
  }
  if (rest < printed.length) found.push({ kind: 'text', text: printed.slice(rest) });
  return found;
}

function readShown(json: string): Displayed {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: 'broken' };
  }
  if (!isObject(value)) return { kind: 'broken' };
  const shown =
    value.kind === 'table' ? toTable(value) : value.kind === 'schema' ? toSchema(value) : toBundle(value);
  if (shown === undefined) return { kind: 'broken' };
  return {
    kind: 'shown',
    shown,
    ...(typeof value.text === 'string' && { plain: value.text }),
    ...(typeof value.frame === 'string' && { frame: value.frame }),
  };
}

function toBundle({ kind, data }: Readonly<Record<string, unknown>>): Bundle | undefined {
  return kind === 'bundle' && isObject(data) ? { kind, data } : undefined;
}
