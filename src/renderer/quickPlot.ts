import { isNumeric, type Column, type Table } from '../glue/display/table';
import { numberIn, timeIn } from './order';
import { sentence } from '../glue/sentence';
import { say } from './words';

const [width, height] = [300, 170];
const margin = { left: 40, right: 8, top: 8, bottom: 22 };
const mostBins = 20;

export function canPlot(column: Column): boolean {
  return isNumeric(column) || column.kind === 'date';
}

/** How the values of a column lie: bars for numbers, a line over time for dates. */
export function quickPlot(
  table: Table,
  rows: readonly number[],
  position: number,
): SVGSVGElement | undefined {
  const column = table.columns[position];
  if (column === undefined) return undefined;
  const isTime = column.kind === 'date';
  const values = rows
    .map((row) => (isTime ? timeIn : numberIn)(table.rows[row]?.[position] ?? null))
    .filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (values.length === 0) return undefined;
  const bins = binned(values);
  const text = isTime ? dateText : numberText;
  const kind = isTime ? sentence('Rows over time') : sentence('Histogram');
  const svg = shape('svg', {
    viewBox: `0 0 ${String(width)} ${String(height)}`,
    width,
    height,
    role: 'img',
    'aria-label': say(
      sentence(
        '{0} of {1}: {2} values from {3} to {4}, at most {5} in one of {6} steps',
        kind,
        column.name,
        values.length,
        text(bins.low),
        text(bins.high),
        bins.most,
        bins.counts.length,
      ),
    ),
  });
  const x = (bin: number) => margin.left + (bin / bins.counts.length) * (width - margin.left - margin.right);
  const y = (count: number) =>
    height - margin.bottom - (count / bins.most) * (height - margin.top - margin.bottom);
  for (const [bin, count] of bins.counts.entries()) {
    const from = text(bins.low + bin * bins.step);
    const title = shape(
      'title',
      {},
      say(sentence('{0} to {1}: {2}', from, text(bins.low + (bin + 1) * bins.step), count)),
    );
    const bar = isTime
      ? shape('circle', { cx: (x(bin) + x(bin + 1)) / 2, cy: y(count), r: 3, class: 'gs-mark' }, title)
      : shape(
          'rect',
          {
            x: x(bin) + 0.5,
            y: y(count),
            width: Math.max(1, x(1) - x(0) - 1),
            height: y(0) - y(count),
            class: 'gs-mark',
          },
          title,
        );
    svg.append(bar);
  }
  if (isTime) {
    const points = bins.counts.map(
      (count, bin) => `${String((x(bin) + x(bin + 1)) / 2)},${String(y(count))}`,
    );
    svg.append(shape('polyline', { points: points.join(' '), class: 'gs-line' }));
  }
  svg.append(
    shape('line', { x1: margin.left, x2: width - margin.right, y1: y(0), y2: y(0), class: 'gs-axis' }),
    label(margin.left, height - 6, 'start', text(bins.low)),
    label(width - margin.right, height - 6, 'end', text(bins.high)),
    label(margin.left - 4, y(bins.most) + 8, 'end', String(bins.most)),
    label(margin.left - 4, y(0), 'end', '0'),
  );
  return svg;
}

interface Bins {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly counts: readonly number[];
  readonly most: number;
}

function binned(values: readonly number[]): Bins {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const count = low === high ? 1 : Math.min(mostBins, Math.max(4, Math.ceil(Math.sqrt(values.length))));
  const step = (high - low) / count || 1;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    const bin = Math.min(count - 1, Math.floor((value - low) / step));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, step, counts, most: Math.max(...counts) };
}

function numberText(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

function dateText(value: number): string {
  return new Date(value)
    .toISOString()
    .replace(/T00:00:00\.000Z$/, '')
    .replace(/T(\d\d:\d\d).*$/, ' $1');
}

function label(x: number, y: number, anchor: string, text: string): SVGElement {
  return shape('text', { x, y, 'text-anchor': anchor, class: 'gs-tick' }, text);
}

function shape<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}
