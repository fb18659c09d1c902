import type { StatementOutput } from '../glueApi';
import { readDisplayed, type Bundle, type Displayed } from './displayed';
import { tableMime, treeMime, type Schema, type Shown, type Table } from './table';
import { schemaHtml, tableHtml, tableText } from './tableText';

export interface ResultItem {
  readonly mime: string;
  readonly data: string | Uint8Array;
}

/** One output of a cell. */
export type Result =
  | { readonly kind: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'items'; readonly items: readonly ResultItem[] };

/** Gives the nonce of a table, with which its messages are obeyed. @param frame of a schema: what its rows are asked by */
export type IssueNonce = (frame?: string) => string | undefined;

/**
 * What a statement gave as outputs of a cell: text and what it displayed in order, then the rich result of the service.
 * @param isOwn whether an id is that of the statement's own delimiters
 */
export function resultsOf(
  output: StatementOutput,
  isOwn: (id: string) => boolean,
  issueNonce: IssueNonce,
): readonly Result[] {
  const printed = (output.textPlain ?? '') + (output.stdOut ?? '');
  const results = readDisplayed(printed, isOwn).map((displayed) => displayedResult(displayed, issueNonce));
  if (output.stdErr !== undefined && output.stdErr !== '')
    results.push({ kind: 'stderr', text: output.stdErr });
  const rich = richItem(output);
  if (rich !== undefined) results.push({ kind: 'items', items: [rich] });
  return results;
}

function displayedResult(displayed: Displayed, issueNonce: IssueNonce): Result {
  if (displayed.kind === 'text') return { kind: 'stdout', text: displayed.text };
  if (displayed.kind === 'broken') {
    const text = 'A table was sent here, and did not arrive whole. Show fewer rows or columns.\n';
    return { kind: 'stderr', text };
  }
  const { shown, plain } = displayed;
  switch (shown.kind) {
    case 'table':
      if (shown.columns.length === 0)
        return { kind: 'stdout', text: plain === undefined ? '' : `${plain}\n` };
      return tableResult(withNonce(shown, issueNonce()), plain ?? tableText(shown), tableHtml(shown));
    case 'schema': {
      const nonce = displayed.frame === undefined ? undefined : issueNonce(displayed.frame);
      return tableResult(withNonce(shown, nonce), plain ?? '', schemaHtml(shown));
    }
    case 'bundle':
      return { kind: 'items', items: bundleItems(shown, plain) };
  }
}

function withNonce(shown: Table | Schema, nonce: string | undefined): Shown {
  return nonce === undefined ? shown : { ...shown, nonce };
}

function tableResult(shown: Shown, plain: string, html: string): Result {
  return {
    kind: 'items',
    items: [
      { mime: tableMime, data: JSON.stringify(shown) },
      { mime: 'text/html', data: html },
      { mime: 'text/plain', data: plain },
    ],
  };
}

function bundleItems({ data }: Bundle, plain: string | undefined): readonly ResultItem[] {
  const items = Object.entries(data).map(([mime, value]): ResultItem => {
    const isImage = mime.startsWith('image/') && mime !== 'image/svg+xml';
    if (typeof value === 'string' && isImage) return { mime, data: Buffer.from(value, 'base64') };
    if (mime === 'application/json') return { mime: treeMime, data: JSON.stringify(value) };
    return { mime, data: typeof value === 'string' ? value : JSON.stringify(value) };
  });
  const hasText = plain === undefined || items.some(({ mime }) => mime === 'text/plain');
  return hasText ? items : [...items, { mime: 'text/plain', data: plain }];
}

function richItem({ mimeType, result }: StatementOutput): ResultItem | undefined {
  if (mimeType === undefined || result === undefined || mimeType === 'text/plain') return undefined;
  const [type, encoding] = mimeType.split(';');
  if (type === undefined || type === '') return undefined;
  return { mime: type, data: encoding === 'base64' ? Buffer.from(result, 'base64') : result };
}
