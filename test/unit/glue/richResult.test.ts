import { describe, expect, it } from 'vitest';
import { figureInPage, valuesOf } from '../../../src/glue/display/plotlyFigure';
import { english } from '../english';
import { plotlyPicture } from '../../../src/glue/display/plotlyPicture';
import { resultsOf, type Result } from '../../../src/glue/display/results';
import type { StatementOutput } from '../../../src/glue/glueApi';

function results(output: Partial<StatementOutput>): readonly Result[] {
  return resultsOf(
    { status: 'ok', traceback: [], ...output },
    () => false,
    () => undefined,
  );
}

const mimes = (found: readonly Result[]) =>
  found.flatMap((result) => (result.kind === 'items' ? result.items.map(({ mime }) => mime) : [result.kind]));

/** As plotly 6 writes a page: its script from the network, arrays packed. */
const page = `<div><script type="text/javascript">window.PlotlyConfig = {};</script>
<script charset="utf-8" src="https://cdn.plot.ly/plotly-3.0.1.min.js"></script>
<div id="a1"></div><script>if (document.getElementById("a1")) { Plotly.newPlot( "a1", [{"name":"x] \\u003cb\\u003e","x":["a","b"],"y":{"dtype":"i1","bdata":"AQI="},"type":"bar"}], {"title":{"text":"Orders"},"xaxis":{"title":{"text":"who"}}}, {"responsive": true} ) };</script></div>`;

describe('what the service sends beside the text', () => {
  it('is an image, Markdown, a page or JSON', () => {
    expect(results({ mimeType: 'image/png;base64', result: 'AAEC' })).toEqual([
      { kind: 'items', items: [{ mime: 'image/png', data: Buffer.from([0, 1, 2]) }] },
    ]);
    expect(mimes(results({ mimeType: 'text/markdown', result: '**x**', textPlain: 'a' }))).toEqual([
      'stdout',
      'text/markdown',
    ]);
    expect(mimes(results({ mimeType: 'text/html', result: '<table></table>' }))).toEqual(['text/html']);
    expect(results({ mimeType: 'application/json', result: '{"a": [1]}' })).toEqual([
      {
        kind: 'items',
        items: [
          { mime: 'application/vnd.glue-sessions.tree+json', data: '{"a":[1]}' },
          { mime: 'text/plain', data: '{\n  "a": [\n    1\n  ]\n}' },
        ],
      },
    ]);
    expect(mimes(results({ mimeType: 'application/json', result: 'not JSON' }))).toHaveLength(2);
    expect(results({ mimeType: 'text/plain', result: 'x' })).toEqual([]);
  });

  it('loads no script from the network', () => {
    const [shown, note] = results({
      mimeType: 'text/html',
      result: '<p>a</p><SCRIPT async src = "https://example.com/x.js"></SCRIPT><script>1</script>',
    });
    expect(shown).toEqual({
      kind: 'items',
      items: [{ mime: 'text/html', data: '<p>a</p><script>1</script>' }],
    });
    expect(note).toMatchObject({ kind: 'stderr', text: expect.stringMatching(/taken out/) as string });
  });

  it('is, left in S3, told with where it is', () => {
    const found = results({
      mimeType: 'text/uri-list',
      result: 's3://bucket/r',
      stdOut: 's3://bucket/out',
      textPlain: '',
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'stdout' });
    const text = found[0]?.kind === 'stdout' ? found[0].text : '';
    expect(text).toContain('result: s3://bucket/r\n  printed text: s3://bucket/out');
    expect(text).toContain('s3:GetObject');
  });
});

describe('a figure of plotly', () => {
  it('is read out of its page, and becomes a picture and its own JSON', () => {
    const [shown] = results({ mimeType: 'text/html', result: page });
    const items = shown?.kind === 'items' ? shown.items : [];
    expect(items.map(({ mime }) => mime)).toEqual([
      'application/vnd.plotly.v1+json',
      'image/svg+xml',
      'text/plain',
    ]);
    const svg = String(items[1]?.data);
    expect(svg.match(/<rect/g)).toHaveLength(2);
    expect(svg).toContain('>Orders</text>');
    expect(svg).toContain('>who</text>');
    expect(/aria-label="([^"]*)"/.exec(svg)?.[1]).toMatch(/^Orders: bars.* of 2 values$/);
    expect(JSON.stringify(items)).not.toContain('cdn.plot.ly');
    expect(figureInPage('<p>Plotly.newPlot( "x", [oops]</p>')).toBeUndefined();
  });

  it('packs its numbers as numpy has them', () => {
    const packed = Buffer.from(new Float64Array([1.5, -2]).buffer).toString('base64');
    expect(valuesOf({ dtype: 'f8', bdata: packed })).toEqual([1.5, -2]);
    expect(valuesOf({ dtype: 'c16', bdata: packed })).toEqual([]);
  });

  it('draws lines with gaps, over numbers, times and names', () => {
    const draw = (trace: object) => plotlyPicture({ data: [{ type: 'scatter', ...trace }], layout: {} }).svg;
    const withGap = draw({ mode: 'lines', x: [1, 2, 3, 4], y: [1, null, 2, 3] });
    expect(
      /<path d="(M[^"]*)" fill="none" stroke="#636efa"/.exec(withGap)?.[1]?.match(/[ML]/g)?.join(''),
    ).toBe('MML');
    expect(draw({ x: ['2024-01-01', '2024-03-01'], y: [1, 2] })).toMatch(/>2024-0\d-\d\d<\/text>/);
    expect(draw({ x: ['ä', 'b'], y: [1, 2] })).toContain('>ä</text>');
    expect(draw({ y: [3, 4] })).toContain('<circle');
    for (const svg of [draw({ x: [], y: [] }), draw({ x: [1], y: [1] }), draw({ x: [null], y: [null] })]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('draws histograms, lying bars and pies', () => {
    const draw = (trace: object) =>
      plotlyPicture({ data: [trace as Record<string, unknown>], layout: {} }).svg;
    expect(draw({ type: 'histogram', x: [1, 2, 2, 3] }).match(/<rect/g)).toHaveLength(2);
    expect(draw({ type: 'bar', orientation: 'h', x: [1, 2], y: ['a', 'b'] }).match(/<rect/g)).toHaveLength(2);
    expect(draw({ type: 'pie', labels: ['a', 'b'], values: [3, 1] })).toContain('a (75.0 %)');
  });

  it('says what it leaves out', () => {
    const { svg, note } = plotlyPicture({
      data: [{ type: 'surface' }, { type: 'surface' }, { type: 'scatter', y: [1] }],
      layout: {},
    });
    expect(english(note)).toContain('2 traces of type surface');
    expect(svg).toContain('2 traces of type surface');
  });

  it('lets no text or colour become markup', () => {
    const { svg } = plotlyPicture({
      data: [
        {
          type: 'bar',
          name: '<script>',
          x: ['"><script>alert(1)</script>'],
          y: [1],
          marker: { color: 'red"/><script>' },
        },
      ],
      layout: { title: { text: 'a & b <script>x</script>' } },
    });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('a &amp; b');
  });
});
