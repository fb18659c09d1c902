import type { StatementOutput } from '../glueApi';
import { readDisplayed, type Bundle, type Displayed } from './displayed';
import { formItems, heldInS3, richResult, type ResultItem } from './richResult';
import { tableMime, type Schema, type Shown, type Table } from './table';
import { schemaHtml, tableHtml, tableText } from './tableText';
import { inEnglish, sentence, type Say } from '../sentence';

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
  say: Say = inEnglish,
): readonly Result[] {
  const held = heldInS3(output);
  if (held !== undefined)
    return [
      ...textResults(output.textPlain ?? '', isOwn, issueNonce, say),
      { kind: 'stdout', text: say(held) },
    ];
  const results = textResults((output.textPlain ?? '') + (output.stdOut ?? ''), isOwn, issueNonce, say);
  const { items, note } = richResult(output, say);
  return [
    ...results,
    ...stderr(output.stdErr),
    ...(items.length > 0 ? [{ kind: 'items' as const, items }] : []),
    ...stderr(note && say(note)),
  ];
}

function textResults(
  printed: string,
  isOwn: (id: string) => boolean,
  issueNonce: IssueNonce,
  say: Say = inEnglish,
): readonly Result[] {
  return readDisplayed(printed, isOwn).map((displayed) => displayedResult(displayed, issueNonce, say));
}

function stderr(text: string | undefined): readonly Result[] {
  return text === undefined || text === '' ? [] : [{ kind: 'stderr', text }];
}

function displayedResult(displayed: Displayed, issueNonce: IssueNonce, say: Say): Result {
  if (displayed.kind === 'text') return { kind: 'stdout', text: displayed.text };
  if (displayed.kind === 'broken') {
    const text = say(
      sentence('A table was sent here, and did not arrive whole. Show fewer rows or columns.'),
    );
    return { kind: 'stderr', text: `${text}\n` };
  }
  const { shown, plain } = displayed;
  switch (shown.kind) {
    case 'table':
      if (shown.columns.length === 0)
        return { kind: 'stdout', text: plain === undefined ? '' : `${plain}\n` };
      return tableResult(withNonce(shown, issueNonce()), plain ?? tableText(shown), tableHtml(shown, say));
    case 'schema': {
      const nonce = displayed.frame === undefined ? undefined : issueNonce(displayed.frame);
      return tableResult(withNonce(shown, nonce), plain ?? '', schemaHtml(shown));
    }
    case 'bundle':
      return { kind: 'items', items: bundleItems(shown, plain, say) };
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

function bundleItems({ data }: Bundle, plain: string | undefined, say: Say): readonly ResultItem[] {
  const items = Object.entries(data).flatMap(([mime, value]) => formItems(mime, value, say));
  const hasText = plain === undefined || items.some(({ mime }) => mime === 'text/plain');
  return hasText ? items : [...items, { mime: 'text/plain', data: plain }];
}
