import { axisOf, nameOf, type Axis } from './plotAxis';
import { isRecord, valuesOf, type PlotlyFigure, type PlotlyTrace } from './plotlyFigure';
import { escaped } from './tableText';
import { inEnglish, sentence, type Say, type Sentence } from '../sentence';

export interface PlotlyPicture {
  /** Colours of the text are the theme's where it has them; without script. */
  readonly svg: string;
  /** Says in words what the picture leaves out. */
  readonly note: Sentence | undefined;
}

const [width, height] = [700, 420];
const inner = { left: 64, right: width - 16, top: 44, bottom: height - 56 };
/** Plotly's own first colours. */
const colors = ['#636efa', '#ef553b', '#00cc96', '#ab63fa', '#ffa15a', '#19d3f3', '#ff6692', '#b6e880'];
const mostPoints = 20_000;

interface Drawn {
  readonly trace: PlotlyTrace;
  readonly color: string;
  readonly xs: readonly unknown[];
  readonly ys: readonly unknown[];
}

/** A figure as a still picture: lines, points, bars, histograms and pies; what else there is, is named. */
export function plotlyPicture({ data, layout }: PlotlyFigure, say: Say = inEnglish): PlotlyPicture {
  const known = data.map((trace, at) => prepared(trace, at)).filter((trace) => trace !== undefined);
  const note = leftOut(data.filter((trace, at) => prepared(trace, at) === undefined));
  const pies = data.filter(({ type }) => type === 'pie');
  const body = known.length > 0 ? axesAndTraces(known, layout) : pies.length > 0 ? pie(pies[0] ?? {}) : '';
  const title = titleText(layout.title);
  const name = spoken(title, known, pies[0], say);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img" aria-label="${escaped(name)}" style="color: var(--vscode-foreground, #333); font: 12px sans-serif; max-width: 100%">`,
    text(width / 2, 22, 'middle', title, 'font-size="15"'),
    body,
    legend(known),
    note === undefined ? '' : text(width / 2, height - 4, 'middle', say(note), 'font-size="11"'),
    '</svg>',
  ];
  return { svg: parts.filter((part) => part !== '').join('\n'), note };
}

/** What a screen reader says in place of the picture. */
function spoken(title: string, traces: readonly Drawn[], pie: PlotlyTrace | undefined, say: Say): string {
  const told = traces.slice(0, 8).map(({ trace, ys }) => {
    const kind = isBar({ trace })
      ? sentence('bars')
      : trace.mode === 'markers'
        ? sentence('points')
        : sentence('line');
    const name = typeof trace.name === 'string' && trace.name !== '' ? ` "${trace.name}"` : '';
    return say(sentence('{0}{1} of {2} values', kind, name, ys.length));
  });
  const slices = pie === undefined ? [] : [say(sentence('pie of {0} values', valuesOf(pie.values).length))];
  const parts = traces.length > 0 ? told : slices;
  const head = title === '' ? say(sentence('Plotly figure')) : title;
  return parts.length === 0 ? head : `${head}: ${parts.join(', ')}`;
}

/** The trace as points, if it is one of those that are drawn. */
function prepared(trace: PlotlyTrace, at: number): Drawn | undefined {
  const type = typeof trace.type === 'string' ? trace.type : 'scatter';
  const color = colorOf(trace) ?? colors[at % colors.length] ?? '';
  const [x, y] = [valuesOf(trace.x), valuesOf(trace.y)];
  if (type === 'histogram') return { trace, color, ...histogram(x.length > 0 ? x : y) };
  if (!['scatter', 'scattergl', 'bar'].includes(type)) return undefined;
  const count = Math.min(mostPoints, Math.max(x.length, y.length));
  const indices = () => Array.from({ length: count }, (_, index) => index);
  return {
    trace,
    color,
    xs: x.length > 0 ? x.slice(0, count) : indices(),
    ys: y.length > 0 ? y.slice(0, count) : indices(),
  };
}

function histogram(values: readonly unknown[]): { xs: readonly unknown[]; ys: readonly unknown[] } {
  const numbers = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const counts = new Map<unknown, number>();
  if (numbers.length < values.filter((value) => value !== null).length) {
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return { xs: [...counts.keys()], ys: [...counts.values()] };
  }
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const bins = Math.max(1, Math.min(30, Math.ceil(Math.sqrt(numbers.length))));
  const step = (high - low) / bins || 1;
  const middles = Array.from({ length: bins }, (_, bin) => low + (bin + 0.5) * step);
  for (const value of numbers) {
    const middle = middles[Math.min(bins - 1, Math.floor((value - low) / step))];
    counts.set(middle, (counts.get(middle) ?? 0) + 1);
  }
  return { xs: middles, ys: middles.map((middle) => counts.get(middle) ?? 0) };
}

function axesAndTraces(traces: readonly Drawn[], layout: Readonly<Record<string, unknown>>): string {
  const hasBars = traces.some(isBar);
  const lying = traces.some(({ trace }) => trace.orientation === 'h' && isBar({ trace }));
  const x = axisOf(
    traces.flatMap(({ xs }) => xs),
    inner.left,
    inner.right,
    hasBars && lying,
    hasBars && !lying,
  );
  const y = axisOf(
    traces.flatMap(({ ys }) => ys),
    inner.bottom,
    inner.top,
    hasBars && !lying,
    hasBars && lying,
  );
  const bars = traces.filter(isBar);
  return [
    ...ticks(x, y),
    ...traces.map((drawn) =>
      isBar(drawn) ? barsOf(drawn, x, y, lying, bars.indexOf(drawn), bars.length) : lineOf(drawn, x, y),
    ),
    text(
      (inner.left + inner.right) / 2,
      height - 22,
      'middle',
      titleText(isRecord(layout.xaxis) ? layout.xaxis.title : ''),
    ),
    text(
      14,
      (inner.top + inner.bottom) / 2,
      'middle',
      titleText(isRecord(layout.yaxis) ? layout.yaxis.title : ''),
      `transform="rotate(-90 14 ${String((inner.top + inner.bottom) / 2)})"`,
    ),
  ].join('\n');
}

function isBar({ trace }: Pick<Drawn, 'trace'>): boolean {
  return trace.type === 'bar' || trace.type === 'histogram';
}

function ticks(x: Axis, y: Axis): string[] {
  return [
    ...y.ticks.map(
      ({ at, label }) =>
        `<line x1="${String(inner.left)}" x2="${String(inner.right)}" y1="${round(at)}" y2="${round(at)}" stroke="currentColor" stroke-opacity=".15"/>${text(inner.left - 6, at + 4, 'end', label)}`,
    ),
    ...x.ticks.map(({ at, label }) => text(at, inner.bottom + 16, 'middle', label)),
    `<path d="M${String(inner.left)} ${String(inner.top)}V${String(inner.bottom)}H${String(inner.right)}" fill="none" stroke="currentColor" stroke-opacity=".5"/>`,
  ];
}

function lineOf({ trace, color, xs, ys }: Drawn, x: Axis, y: Axis): string {
  const mode = typeof trace.mode === 'string' ? trace.mode : xs.length < 20 ? 'lines+markers' : 'lines';
  const points = xs.map((value, at) => [x.place(value), y.place(ys[at])] as const);
  let path = '';
  let isOpen = false;
  for (const [px, py] of points) {
    const isPoint = px !== undefined && py !== undefined;
    if (isPoint) path += `${isOpen ? 'L' : 'M'}${round(px)} ${round(py)}`;
    isOpen = isPoint;
  }
  const marks = points.flatMap(([px, py], at) =>
    px === undefined || py === undefined
      ? []
      : [`<circle cx="${round(px)}" cy="${round(py)}" r="3" fill="${color}">${tip(xs[at], ys[at])}</circle>`],
  );
  return [
    mode.includes('lines') ? `<path d="${path}" fill="none" stroke="${color}" stroke-width="2"/>` : '',
    ...(mode.includes('markers') ? marks : []),
  ].join('');
}

function barsOf(
  { color, xs, ys }: Drawn,
  x: Axis,
  y: Axis,
  lying: boolean,
  index: number,
  count: number,
): string {
  const [across, along] = lying ? [y, x] : [x, y];
  const [positions, lengths] = lying ? [ys, xs] : [xs, ys];
  const thickness = (across.step * 0.8) / count;
  const zero = along.place(0) ?? 0;
  return positions
    .map((position, at) => {
      const [middle, end] = [across.place(position), along.place(lengths[at])];
      if (middle === undefined || end === undefined) return '';
      const side = middle - (across.step * 0.8) / 2 + index * thickness;
      const [low, size] = [Math.min(zero, end), Math.abs(end - zero)];
      const box = lying ? [low, side, size, thickness] : [side, low, thickness, size];
      const [left = 0, top = 0, wide = 0, high = 0] = box;
      return `<rect x="${round(left)}" y="${round(top)}" width="${round(wide)}" height="${round(high)}" fill="${color}">${tip(xs[at], ys[at])}</rect>`;
    })
    .join('');
}

function pie(trace: PlotlyTrace): string {
  const labels = valuesOf(trace.labels);
  const values = valuesOf(trace.values)
    .map(Number)
    .map((value) => (value > 0 ? value : 0));
  const sum = values.reduce((a, b) => a + b, 0);
  if (sum === 0) return '';
  const [cx, cy, r] = [width / 2 - 80, height / 2 + 10, 150];
  let turn = 0;
  return values
    .map((value, at) => {
      const [from, to] = [turn, turn + (value / sum) * 2 * Math.PI];
      turn = to;
      const point = (angle: number) =>
        `${round(cx + r * Math.sin(angle))} ${round(cy - r * Math.cos(angle))}`;
      const color = colors[at % colors.length] ?? '';
      const large = to - from > Math.PI ? 1 : 0;
      const slice =
        value === sum
          ? `<circle cx="${String(cx)}" cy="${String(cy)}" r="${String(r)}" fill="${color}"/>`
          : `<path d="M${String(cx)} ${String(cy)}L${point(from)}A${String(r)} ${String(r)} 0 ${String(large)} 1 ${point(to)}Z" fill="${color}">${tip(labels[at], value)}</path>`;
      const line = 60 + at * 18;
      const words = `${nameOf(labels[at] ?? '')} (${(100 * (value / sum)).toFixed(1)} %)`;
      return at < 18
        ? `${slice}<rect x="520" y="${String(line - 9)}" width="10" height="10" fill="${color}"/>${text(536, line, 'start', words)}`
        : slice;
    })
    .join('\n');
}

function legend(traces: readonly Drawn[]): string {
  const named = traces.filter(({ trace }) => typeof trace.name === 'string' && trace.name !== '');
  if (named.length < 2) return '';
  return named
    .slice(0, 8)
    .map(({ trace, color }, at) => {
      const x = inner.left + (at % 4) * 160;
      const y = at < 4 ? 38 : 52;
      return `<rect x="${String(x)}" y="${String(y - 9)}" width="10" height="10" fill="${color}"/>${text(x + 14, y, 'start', String(trace.name).slice(0, 24))}`;
    })
    .join('');
}

function leftOut(traces: readonly PlotlyTrace[]): Sentence | undefined {
  const types = traces.filter(({ type }) => type !== 'pie').map(({ type }) => String(type));
  if (types.length === 0) return undefined;
  const kinds = [...new Set(types)].join(', ');
  const count =
    types.length === 1
      ? sentence('1 trace of type {0}', kinds)
      : sentence('{0} traces of type {1}', types.length, kinds);
  return sentence(
    'This still picture leaves out {0}. A viewer with plotly (JupyterLab, Jupyter Notebook Renderers) shows all.',
    count,
  );
}

function colorOf({ marker, line }: PlotlyTrace): string | undefined {
  const named = [marker, line].map((part) => (isRecord(part) ? part.color : undefined));
  return named.find(
    (color): color is string =>
      typeof color === 'string' && /^(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d., ]+\))$/i.test(color),
  );
}

function titleText(title: unknown): string {
  const found = isRecord(title) ? title.text : title;
  return typeof found === 'string' ? found.replace(/<[^>]*>/g, '').slice(0, 90) : '';
}

function tip(x: unknown, y: unknown): string {
  return `<title>${escaped(`${String(x)}: ${String(y)}`)}</title>`;
}

function text(x: number, y: number, anchor: string, content: string, more = ''): string {
  if (content === '') return '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="currentColor" ${more}>${escaped(content)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
