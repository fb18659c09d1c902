/** A figure of plotly as its JSON has it, as far as it is drawn here. Source: plotly's figure reference. */
export interface PlotlyFigure {
  readonly data: readonly PlotlyTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
}

export type PlotlyTrace = Readonly<Record<string, unknown>>;

/** The figure in a page that plotly made: what its script hands to `Plotly.newPlot`. */
export function figureInPage(html: string): PlotlyFigure | undefined {
  const calls = [...html.matchAll(/Plotly\.newPlot\(\s*(?:"[^"]*"|'[^']*')\s*,/g)];
  // A page may hold plotly itself, in which the words stand too; the figure comes last.
  for (const call of calls.reverse()) {
    const data = readJson(html, call.index + call[0].length);
    const comma = data && html.indexOf(',', data.end);
    const layout = comma === undefined || comma < 0 ? undefined : readJson(html, comma + 1);
    const figure = toFigure({ data: data?.value, layout: layout?.value });
    if (figure !== undefined) return figure;
  }
  return undefined;
}

export function toFigure(value: unknown): PlotlyFigure | undefined {
  if (!isRecord(value) || !Array.isArray(value.data) || !value.data.every(isRecord)) return undefined;
  return { data: value.data, layout: isRecord(value.layout) ? value.layout : {} };
}

/** The values of an array of a trace: written out, or as plotly 6 packs them (base64 of the bytes, little endian). */
export function valuesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value) || typeof value.bdata !== 'string' || typeof value.dtype !== 'string') return [];
  const bytes = Buffer.from(value.bdata, 'base64');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = readers[value.dtype];
  if (reader === undefined) return [];
  const [size, read] = reader;
  return Array.from({ length: Math.floor(bytes.byteLength / size) }, (_, at) => read(view, at * size));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Reader = readonly [size: number, read: (view: DataView, at: number) => number];

const readers: Readonly<Record<string, Reader | undefined>> = {
  f8: [8, (view, at) => view.getFloat64(at, true)],
  f4: [4, (view, at) => view.getFloat32(at, true)],
  i1: [1, (view, at) => view.getInt8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i2: [2, (view, at) => view.getInt16(at, true)],
  u2: [2, (view, at) => view.getUint16(at, true)],
  i4: [4, (view, at) => view.getInt32(at, true)],
  u4: [4, (view, at) => view.getUint32(at, true)],
};

/** The JSON value that begins at a place in a text, and where it ends. */
function readJson(text: string, start: number): { value: unknown; end: number } | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if ('[{'.includes(match[0])) depth++;
    else if (']}'.includes(match[0])) depth--;
    if (depth > 0) continue;
    try {
      return { value: JSON.parse(text.slice(start, token.lastIndex)) as unknown, end: token.lastIndex };
    } catch {
      return undefined;
    }
  }
  return undefined;
}
