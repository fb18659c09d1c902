import type { StatementOutput } from '../glueApi';
import { figureInPage, toFigure, type PlotlyFigure } from './plotlyFigure';
import { plotlyPicture } from './plotlyPicture';
import { treeMime } from './table';
import { joined, lines, sentence, type Say, type Sentence } from '../sentence';

export interface ResultItem {
  readonly mime: string;
  readonly data: string | Uint8Array;
}

const plotlyMime = 'application/vnd.plotly.v1+json';

/** What the service sent beside the text, outside its public model: as items of one output, with a sentence if need be. */
export function richResult(
  { mimeType, result }: StatementOutput,
  say: Say,
): {
  readonly items: readonly ResultItem[];
  readonly note?: Sentence;
} {
  if (mimeType === undefined || result === undefined || mimeType === 'text/plain') return { items: [] };
  const [type = '', encoding] = mimeType.split(';').map((part) => part.trim());
  if (type === '' || type === 'text/uri-list') return { items: [] };
  if (encoding === 'base64') return { items: [{ mime: type, data: Buffer.from(result, 'base64') }] };
  if (type === 'text/html') return pageItems(result, say);
  return { items: formItems(type, type.endsWith('json') ? parsed(result) : result, say) };
}

/** One form of an object as items: images from base64, figures as pictures, JSON as a tree. */
export function formItems(mime: string, value: unknown, say: Say): readonly ResultItem[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (mime === plotlyMime) {
    const figure = toFigure(value);
    return figure === undefined ? [{ mime, data: text }] : figureItems(figure, say);
  }
  if (mime === 'application/json') {
    const plain = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
    return [
      { mime: treeMime, data: JSON.stringify(value) },
      { mime: 'text/plain', data: plain },
    ];
  }
  const isImage = mime.startsWith('image/') && mime !== 'image/svg+xml';
  return [{ mime, data: isImage && typeof value === 'string' ? Buffer.from(value, 'base64') : text }];
}

/**
 * Results that the service left in S3 (MimeType `text/uri-list`; glue.md, "The API"), told in words: where
 * nobody waits for them to be fetched (heldResult.ts).
 */
export function heldInS3({ mimeType, result, stdOut, stdErr }: StatementOutput): Sentence | undefined {
  if (mimeType?.split(';')[0]?.trim() !== 'text/uri-list') return undefined;
  const parts = [
    [sentence('result'), result],
    [sentence('printed text'), stdOut],
    [sentence('errors'), stdErr],
  ] as const;
  const addresses = parts.flatMap(([name, text]) =>
    (text ?? '')
      .split(/\s+/)
      .filter((address) => address.startsWith('s3://'))
      .map((address) => ({ name, address })),
  );
  return lines([
    sentence('The service left what this statement gave in S3:'),
    ...addresses.map(({ name, address }) => joined('  ', name, `: ${address}`)),
    sentence('Read it with a profile that may do s3:GetObject there, for example:'),
    `  aws s3 cp ${addresses[0]?.address ?? 's3://…'} -`,
    '',
  ]);
}

/** A page without what it would load from the network as script; a figure of plotly as a picture. */
function pageItems(
  html: string,
  say: Say,
): { readonly items: readonly ResultItem[]; readonly note?: Sentence } {
  const figure = figureInPage(html);
  if (figure !== undefined) return { items: figureItems(figure, say) };
  const script = /<script\b[^>]*\bsrc\s*=[^>]*>\s*(?:<\/script\s*>)?/gi;
  const data = html.replace(script, '');
  return data === html
    ? { items: [{ mime: 'text/html', data }] }
    : {
        items: [{ mime: 'text/html', data }],
        note: lines([
          sentence(
            'This page wanted to load script from the network: that was taken out, so parts of it may be missing.',
          ),
          '',
        ]),
      };
}

function figureItems(figure: PlotlyFigure, say: Say): readonly ResultItem[] {
  const { svg, note } = plotlyPicture(figure, say);
  return [
    { mime: plotlyMime, data: JSON.stringify(figure) },
    { mime: 'image/svg+xml', data: svg },
    { mime: 'text/plain', data: say(note ?? sentence('A plotly figure')) },
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
