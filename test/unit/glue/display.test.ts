import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableCsv } from '../../../src/glue/display/csv';
import { displayLine } from '../../../src/glue/display/displayCode';
import { readDisplayed } from '../../../src/glue/display/displayed';
import { resultsOf } from '../../../src/glue/display/results';
import { cellText, rowCountText, type Cell, type Table } from '../../../src/glue/display/table';
import { tableHtml, tableText } from '../../../src/glue/display/tableText';
import { english } from '../english';

const own = (id: string) => id === 'ID';
const between = (shown: object, id = 'ID') =>
  `<glue-sessions:${id}>${JSON.stringify(shown)}</glue-sessions:${id}>\n`;

function table(rows: readonly (readonly Cell[])[], change: Partial<Table> = {}): Table {
  return {
    kind: 'table',
    source: 'spark',
    columns: [
      { name: 'id', type: 'bigint', kind: 'integer' },
      { name: 'name', type: 'string', kind: 'text' },
    ],
    rows,
    total: null,
    hasMore: false,
    isCut: false,
    ...change,
  };
}

describe('what a statement printed', () => {
  it('is split into text and what was displayed, in order', () => {
    const shown = table([[1, 'a']]);
    expect(
      readDisplayed(`before\n${between(shown)}between${between({ ...shown, text: 'plain' })}`, own),
    ).toEqual([
      { kind: 'text', text: 'before\n' },
      { kind: 'shown', shown },
      { kind: 'text', text: 'between' },
      { kind: 'shown', shown, plain: 'plain' },
    ]);
  });

  it('is text alone where the delimiters are not its own', () => {
    const printed = between(table([[1, 'a']]), 'other');
    expect(readDisplayed(printed, own)).toEqual([{ kind: 'text', text: printed }]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = readDisplayed(text, own);
        expect(found.map((part) => (part.kind === 'text' ? part.text : '')).join('')).toBe(text);
      }),
    );
  });

  it('tells what did not arrive whole, or is no table', () => {
    const whole = between(table([[1, 'a']]));
    expect(readDisplayed(`a\n${whole.slice(0, -30)}`, own)).toEqual([
      { kind: 'text', text: 'a\n' },
      { kind: 'broken' },
    ]);
    for (const bad of [
      { kind: 'table' },
      { ...table([]), rows: [[1]] },
      { ...table([]), rows: [[1, { x: 1 }]] },
      { ...table([]), columns: [{ name: 'x', type: 'y', kind: 'z' }] },
      { kind: 'schema', columns: [{ name: 1 }] },
      { kind: 'bundle', data: [] },
      ['table'],
    ]) {
      expect(readDisplayed(between(bad), own), JSON.stringify(bad)).toEqual([{ kind: 'broken' }]);
    }
  });
});

describe('a table for readers that know none of ours', () => {
  it('is what Spark prints', () => {
    expect(
      tableText(
        table([
          [1, 'a\nb'],
          [-20, null],
        ]),
      ),
    ).toBe('+---+----+\n|id |name|\n+---+----+\n|1  |a\\nb|\n|-20|null|\n+---+----+\n');
    const many = table(Array.from({ length: 30 }, (_, id) => [id, 'x']));
    expect(tableText(many)).toMatch(/\|19 \|x {3}\|\n\+---\+----\+\nonly showing top 20 rows\n$/);
  });

  it('is HTML in which nothing of a cell is markup', () => {
    const html = tableHtml(table([[1, '<img src=x onerror="alert(1)">&\'']]));
    expect(html).toContain('<td>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;</td>');
    expect(html).not.toContain('<img');
  });

  it('says how many rows there are, as far as that is known', () => {
    expect(english(rowCountText(table([[1, 'a']])))).toBe('1 row');
    expect(english(rowCountText(table([[1, 'a']], { hasMore: true })))).toBe('First 1 row; there are more');
    expect(english(rowCountText(table([[1, 'a']], { hasMore: true, total: 12345 })))).toBe(
      'First 1 row of 12,345',
    );
    expect(english(rowCountText(table([], { hasMore: true, isCut: true })))).toMatch(/too large to send/);
  });

  it('keeps the point of a float', () => {
    expect(cellText(210, { kind: 'float' })).toBe('210.0');
    expect(cellText(210, { kind: 'integer' })).toBe('210');
    expect(cellText(1e300, { kind: 'float' })).toBe('1e+300');
    expect(cellText('NaN', { kind: 'float' })).toBe('NaN');
  });
});

describe('CSV', () => {
  it('follows RFC 4180, in the order asked for', () => {
    const csv = tableCsv(
      table([
        [1, 'a,b'],
        [2, 'say "x"'],
        [3, 'two\r\nlines'],
        [4, null],
      ]),
      [2, 0, 1, 3, 99],
    );
    expect(csv).toBe('id,name\r\n3,"two\r\nlines"\r\n1,"a,b"\r\n2,"say ""x"""\r\n4,\r\n');
  });

  it('takes formulas their effect, and leaves numbers alone', () => {
    const lines = tableCsv(
      table([
        [-1, '=1+1'],
        [2, '+49 1'],
        [3, '-5.5'],
        [4, '@SUM(A1)'],
        [5, '-x'],
        [6, '\tx'],
        [7, '+1e5'],
      ]),
      [0, 1, 2, 3, 4, 5, 6],
    ).split('\r\n');
    expect(lines.slice(1, 8)).toEqual([
      "-1,'=1+1",
      "2,'+49 1",
      '3,-5.5',
      "4,'@SUM(A1)",
      "5,'-x",
      "6,'\tx",
      '7,+1e5',
    ]);
  });

  it('reads back as it was', () => {
    const text = fc.string().filter((value) => !/^[=+\-@\t\r]/.test(value));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        const csv = tableCsv(table(texts.map((value) => [1, value])), [...texts.keys()]);
        expect(
          readCsv(csv)
            .slice(1)
            .map((row) => row[1]),
        ).toEqual(texts);
      }),
    );
  });
});

describe('the outputs of a statement', () => {
  const results = (textPlain: string) =>
    resultsOf({ status: 'ok', traceback: [], textPlain }, own, (frame) => `nonce for ${frame ?? 'a table'}`);

  it('hold a table three times: for this extension, as HTML, as text', () => {
    const [text, shown] = results(`x\n${between({ ...table([[1, 'a']]), text: 'as pandas prints it' })}`);
    expect(text).toEqual({ kind: 'stdout', text: 'x\n' });
    const items = shown?.kind === 'items' ? shown.items : [];
    expect(items.map(({ mime }) => mime)).toEqual([
      'application/vnd.glue-sessions.table+json',
      'text/html',
      'text/plain',
    ]);
    expect(JSON.parse(String(items[0]?.data))).toMatchObject({
      nonce: 'nonce for a table',
      rows: [[1, 'a']],
    });
    expect(items[2]?.data).toBe('as pandas prints it');
  });

  it('hold no token of the session, for a schema a nonce by which its rows may be asked', () => {
    const columns = [{ name: 'id', type: 'bigint', isNullable: false }];
    const [shown] = results(
      between({ kind: 'schema', columns, frame: 'token', text: 'DataFrame[id: bigint]' }),
    );
    const items = shown?.kind === 'items' ? shown.items : [];
    expect(JSON.parse(String(items[0]?.data))).toEqual({ kind: 'schema', columns, nonce: 'nonce for token' });
    expect(items[2]?.data).toBe('DataFrame[id: bigint]');
  });

  it('hold what an object shows of itself, images as such', () => {
    const data = { 'image/png': 'AAEC', 'text/html': '<b>x</b>', 'application/json': { a: 1 } };
    const [shown] = results(between({ kind: 'bundle', data, text: 'repr' }));
    expect(shown).toEqual({
      kind: 'items',
      items: [
        { mime: 'image/png', data: Buffer.from([0, 1, 2]) },
        { mime: 'text/html', data: '<b>x</b>' },
        { mime: 'application/vnd.glue-sessions.tree+json', data: '{"a":1}' },
        { mime: 'text/plain', data: '{\n  "a": 1\n}' },
      ],
    });
  });
});

it('arms the display in one line, with all it takes where the session may not have it', () => {
  const short = displayLine('display(df)', { id: 'ID', limit: 5, rowsAtOnce: false }, false);
  expect(short).toContain('begin(person, \\"ID\\", 5, False, True, True)');
  expect(short.length).toBeLessThan(250);
  const installing = displayLine('1', { id: 'ID', limit: 5, rowsAtOnce: true }, true);
  expect(installing).toContain('begin(person, \\"ID\\", 5, True, False, True)');
  expect(installing).not.toContain('\n');
  expect(installing.length).toBeLessThan(20_000);
});

/** A reader of RFC 4180, to hold the writer to. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replace(/""/g, '"') ?? plain ?? '');
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
