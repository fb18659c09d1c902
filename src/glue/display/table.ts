import { sentence, type Sentence } from '../sentence';

/** What a column holds, as far as showing, sorting and drawing it needs to know. */
export type ColumnKind = 'integer' | 'float' | 'decimal' | 'boolean' | 'date' | 'text' | 'binary' | 'other';

export interface Column {
  readonly name: string;
  /** As pandas or Spark call it. */
  readonly type: string;
  readonly kind: ColumnKind;
}

/** Integers beyond 2^53, decimals, dates, NaN and infinities are text. */
export type Cell = null | boolean | number | string;

export interface Table {
  readonly kind: 'table';
  readonly source: 'pandas' | 'spark';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there are, where that is known without counting. */
  readonly total: number | null;
  /** Whether there are rows beyond those here. */
  readonly hasMore: boolean;
  /** Whether rows were left out because of their size. */
  readonly isCut: boolean;
  readonly columnsLeftOut?: number;
}

/** A Spark DataFrame whose rows nobody has asked for. */
export interface Schema {
  readonly kind: 'schema';
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isNullable: boolean }[];
}

/** What the output of a cell holds for the renderer. */
export type Shown = (Table | Schema) & {
  /** Known to the window that wrote the output, and to no other: only with it is a message obeyed. */
  readonly nonce?: string;
};

/** MIME types of this extension's renderer. */
export const tableMime = 'application/vnd.glue-sessions.table+json';
export const treeMime = 'application/vnd.glue-sessions.tree+json';

/** Id of the renderer in package.json. */
export const rendererId = 'glue-sessions-results';

/** What is asked for a table. Rows are positions in it as it was sent. */
export type TableMessage =
  | { readonly type: 'showRows'; readonly nonce: string }
  | { readonly type: 'exportCsv'; readonly nonce: string; readonly rows: readonly number[] };

/** What the renderer asks of the extension; first, the translations of its texts. */
export type RendererMessage = TableMessage | { readonly type: 'words' };

/** The translations of texts by their English. */
export interface RendererWords {
  readonly words: Readonly<Record<string, string>>;
}

/** How an asking went. */
export interface RendererReply {
  readonly nonce: string;
  readonly text: string;
  readonly mayAskAgain: boolean;
}

export function isNumeric({ kind }: Column): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'decimal';
}

/** A cell as text: floats keep the point that JSON loses. */
export function cellText(cell: Cell, { kind }: Pick<Column, 'kind'>): string {
  if (cell === null) return 'null';
  if (typeof cell === 'number' && kind === 'float' && Number.isInteger(cell) && Math.abs(cell) < 1e16)
    return cell.toFixed(1);
  return String(cell);
}

/** How many rows there are and how many of them are here, in words. */
export function rowCountText({ rows, total, hasMore, isCut }: Table): Sentence {
  const count = (rows: number) =>
    rows === 1 ? sentence('1 row') : sentence('{0} rows', rows.toLocaleString('en'));
  const reason = isCut ? sentence(' (the others are too large to send)') : '';
  if (!hasMore) return count(rows.length);
  return total === null
    ? sentence('First {0}; there are more{1}', count(rows.length), reason)
    : sentence('First {0} of {1}{2}', count(rows.length), total.toLocaleString('en'), reason);
}
