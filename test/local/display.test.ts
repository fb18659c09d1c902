import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import { rowsCode, sqlCode } from '../../src/glue/display/displayCalls';
import { displayLine } from '../../src/glue/display/displayCode';
import { readDisplayed, type Displayed } from '../../src/glue/display/displayed';
import type { StatementOutput } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { runtimeRole, startLocalGlue, type LocalGlue } from './localGlue';
import { permit } from '../unit/scriptedApi';

/** A session whose statements show what they give, as cells do; `plainly` sends code as another kernel would. */
async function startShowing(args: readonly string[]) {
  const local: LocalGlue = await startLocalGlue({ args });
  const api = local.api('session-creator');
  await startSession(
    api,
    {
      id: 'display',
      role: runtimeRole,
      command: { name: 'glueetl', pythonVersion: '3' },
      defaultArguments: {},
      connections: ['session_vpc'],
      glueVersion: '5.0',
      tags: {},
    },
    { clock: systemClock, permit },
  );
  const send = async (code: string, id: string, prelude?: string): Promise<StatementOutput> => {
    const marked = markCode(code, 'python', id, prelude);
    const statement = await runStatement({ api, sessionId: 'display', marked, clock: systemClock });
    return statement!.output!;
  };
  let isInstalled = false;
  const run = async (code: string, { limit = 1000, rowsAtOnce = false } = {}) => {
    const id = randomUUID();
    const line = displayLine(code, { id, limit, rowsAtOnce }, !isInstalled);
    isInstalled = true;
    const output = await send(code, id, line);
    return { output, shown: readDisplayed(output.textPlain ?? '', (found) => found === id) };
  };
  return { local, run, plainly: async (code: string) => (await send(code, randomUUID())).textPlain ?? '' };
}

type Showing = Awaited<ReturnType<typeof startShowing>>;

const onlyTable = (shown: readonly Displayed[]) => {
  expect(shown).toHaveLength(1);
  const [first] = shown;
  if (first?.kind !== 'shown' || first.shown.kind !== 'table') throw new Error(JSON.stringify(first));
  return { ...first.shown, plain: first.plain };
};

describe('cells in a session without pandas and Spark', () => {
  let session: Showing;
  beforeAll(async () => {
    session = await startShowing(['--engine', 'python']);
  });
  afterAll(() => session.local.stop());
  const text = async (code: string) => (await session.run(code)).output.textPlain;

  it('print as they do without', async () => {
    for (const code of [
      '1 + 1',
      'None',
      "'a' * 100",
      'x = 5',
      'print("a", end="")',
      'for i in range(3): i',
      'class Loud:\n    def __repr__(self): return "loud"\nLoud()',
      '_',
      'from __future__ import annotations\n3',
      '"""text\n% of it"""',
    ]) {
      expect(await text(code), code).toBe(await session.plainly(code));
    }
  });

  it('leave `_` to what was shown last, and define nothing', async () => {
    await text('40 + 2');
    expect(await text('_ + 1')).toBe('43\n');
    expect(await text('sorted(name for name in globals() if "glue" in name or name == "dis" + "play")')).toBe(
      '[]\n',
    );
  });

  it('tell errors by the lines that the person wrote', async () => {
    const failed = async (code: string) => (await session.run(code)).output;
    expect((await failed('x = 1\n1 / 0')).traceback.join('')).toMatch(/line 2, in <module>/);
    const syntax = await failed('x = 1\ny = (');
    expect(syntax.traceback.join('')).toMatch(/line 2\b/);
    expect(syntax.errorValue).toMatch(/line 2\)$/);
    expect(
      await text('import traceback\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()'),
    ).toMatch(/line 3, in <module>/);
  });

  it('show what an object gives of itself only when asked to', async () => {
    const page =
      'class Page:\n    def _repr_html_(self): return "<b>x</b>"\n    def __repr__(self): return "page"\n';
    expect(await text(`${page}Page()`)).toBe('page\n');
    const { shown } = await session.run(`${page}display(Page(), 5)`);
    expect(shown).toEqual([
      { kind: 'shown', shown: { kind: 'bundle', data: { 'text/html': '<b>x</b>' } }, plain: 'page' },
      { kind: 'text', text: '5\n' },
    ]);
  });

  it('survive a person who takes the names they use', async () => {
    expect(await text('getattr = compile = globals = None\n"still here"')).toBe("'still here'\n");
    expect(await text('1')).toBe('1\n');
    await text('del getattr, compile, globals');
    expect(await text('import sys\nsys.displayhook = lambda value: print("mine", value)\n1')).toBe(
      'mine 1\n',
    );
    expect(await text('2')).toBe('mine 2\n');
    await text('sys.displayhook = sys.__displayhook__');
    expect(await text('display = lambda value: print("own", value)\ndisplay(1)')).toBe('own 1\n');
  });
});

describe('frames', { timeout: 120_000 }, () => {
  let session: Showing;
  beforeAll(async () => {
    session = await startShowing([]);
    await session.run('import pandas as pd, decimal, datetime');
  }, 900_000);
  afterAll(() => session.local.stop());

  it('of pandas are tables, with the text that pandas prints', async () => {
    const { shown } = await session.run('df = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 3]})\ndf', {
      limit: 2,
    });
    expect(onlyTable(shown)).toMatchObject({
      source: 'pandas',
      columns: [
        { name: 'a', type: 'int64', kind: 'integer' },
        { name: 'b', type: 'float64', kind: 'float' },
      ],
      rows: [
        [1, 1.5],
        [2, 'NaN'],
      ],
      total: 3,
      hasMore: true,
      plain: '   a    b\n0  1  1.5\n1  2  NaN\n2  3  3.0',
    });
    expect((await session.run('_ is df')).output.textPlain).toBe('True\n');
  });

  it('of pandas keep their index where it says something', async () => {
    const { shown } = await session.run('df[df.a > 2].rename_axis("key")');
    expect(onlyTable(shown).columns.map(({ name }) => name)).toEqual(['key', 'a', 'b']);
    const pivot = await session.run(
      'pd.DataFrame({("x", 1): [1]}, index=pd.MultiIndex.from_tuples([("p", "q")]))',
    );
    expect(onlyTable(pivot.shown)).toMatchObject({
      columns: [{ name: '' }, { name: '' }, { name: 'x / 1' }],
    });
  });

  it('are text in the cells of others, in the same session', async () => {
    await session.run('x = 1');
    expect(await session.plainly('df')).toBe('   a    b\n0  1  1.5\n1  2  NaN\n2  3  3.0\n');
    await session.run('def show(): display(df.head(1))\nshow()');
    expect(await session.plainly('show()')).toBe('   a    b\n0  1  1.5\n');
    expect(await session.plainly('spark.range(1)')).toBe('DataFrame[id: bigint]\n');
  });

  it('hold any value', async () => {
    const { shown } = await session.run(
      `pd.DataFrame({"v": [None, float("inf"), 2**60, decimal.Decimal("1.10"), b"\\x00\\xff", {"a": [1]}, "<script>alert(1)</script>", "\\ud800", "\\u202e\\U0001f600", "x" * 200_000, datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc), pd.NaT]}, dtype=object)`,
    );
    const cells = onlyTable(shown).rows.map(([cell]) => cell);
    expect(cells.slice(0, 9)).toEqual([
      null,
      'Infinity',
      String(2n ** 60n),
      '1.10',
      '0x00ff',
      "{'a': [1]}",
      '<script>alert(1)</script>',
      '?',
      '\u202e\u{1f600}',
    ]);
    expect(String(cells[9])).toHaveLength(100_001);
    expect(cells.slice(10)).toEqual(['2024-01-02 00:00:00+00:00', 'NaT']);
  });

  it('of Spark show their columns, and their rows when asked, without a job before', async () => {
    const jobs = 'len(sc.statusTracker().getJobIdsForGroup(None))';
    const before = (await session.run(jobs)).output.textPlain;
    const { shown } = await session.run(
      'people = spark.range(5).selectExpr("id", "cast(id as string) as `a.b`", "id")\npeople',
    );
    expect(shown).toMatchObject([
      {
        kind: 'shown',
        shown: { kind: 'schema', columns: [{ name: 'id' }, { name: 'a.b', type: 'string' }, { name: 'id' }] },
        plain: 'DataFrame[id: bigint, a.b: string, id: bigint]',
      },
    ]);
    expect((await session.run(jobs)).output.textPlain).toBe(before);
    const frame = shown[0]?.kind === 'shown' ? (shown[0].frame ?? '') : '';
    const rows = await session.run(rowsCode(frame), { limit: 2 });
    expect(onlyTable(rows.shown)).toMatchObject({
      rows: [
        [0, '0', 0],
        [1, '1', 1],
      ],
      total: null,
      hasMore: true,
    });
    expect((await session.run(rowsCode('gone'))).output.errorValue).toMatch(/Run its cell again/);
    expect(onlyTable((await session.run('people', { rowsAtOnce: true })).shown).rows).toHaveLength(5);
  });

  it('of Spark have its own text for times, nested and exact values', async () => {
    await session.run('spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")');
    const { shown } = await session.run(
      sqlCode(
        `SELECT timestamp'2024-01-02 03:04:05' t, date'2024-01-02' d, 1.10BD n, array(1, 2) a, named_struct('x', 1) s, map('k', 1) m, cast('ab' as binary) b, cast(null as string) z, double('NaN') f, true o, 9007199254740993 big`,
      ),
    );
    const { columns, rows } = onlyTable(shown);
    expect(rows).toEqual([
      [
        '2024-01-02 03:04:05',
        '2024-01-02',
        '1.10',
        '[1, 2]',
        '{1}',
        '{k -> 1}',
        '0x6162',
        null,
        'NaN',
        true,
        '9007199254740993',
      ],
    ]);
    expect(columns.map(({ kind }) => kind).join(' ')).toBe(
      'date date decimal other other other binary text float boolean integer',
    );
  });

  it('that fail while they are read fail the cell', async () => {
    const { output } = await session.run(sqlCode('SELECT raise_error("no such luck")'));
    expect(output.errorValue).toContain('no such luck');
    expect((await session.run(sqlCode('SELECT nope'))).output.errorName).toBe('AnalysisException');
  });

  it('of Spark are printed by show(), as ever', async () => {
    expect((await session.run('spark.range(1).show()')).output.textPlain).toBe(
      '+---+\n| id|\n+---+\n|  0|\n+---+\n\n',
    );
  });

  it('leave a plot to be the result', async () => {
    const { output } = await session.run('import matplotlib.pyplot as plt\nplt.plot([1])\n%matplot plt');
    expect(output.mimeType).toBe('image/png;base64');
  });

  it('of plotly are pictures as a last expression too, and once where a magic shows them', async () => {
    const { shown } = await session.run(
      'import plotly.express as px\nfig = px.line(x=[1, 2], y=[3, 4])\nfig',
    );
    expect(shown).toMatchObject([
      { kind: 'shown', shown: { kind: 'bundle', data: { 'application/vnd.plotly.v1+json': {} } } },
    ]);
    const magic = await session.run('fig.update_layout(title="t")\n%plotly fig');
    expect(magic.output.mimeType).toBe('text/html');
    expect(magic.shown).toMatchObject([{ kind: 'text' }]);
  });

  it('of plotly and matplotlib are displayed as such', async () => {
    const { shown } = await session.run(
      'import plotly.express as px\ndisplay(px.line(x=[1, 2], y=[3, 4]))\nf = plt.figure()\ndisplay(f)',
    );
    expect(
      shown.map(
        (part) => part.kind === 'shown' && part.shown.kind === 'bundle' && Object.keys(part.shown.data),
      ),
    ).toEqual([['application/vnd.plotly.v1+json'], ['image/png']]);
  });
});
