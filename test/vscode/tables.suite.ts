import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  allowed,
  glueMetadata,
  mimesOf,
  notebookWithSession,
  runCell,
  runCells,
  settings,
  show,
  textOf,
} from './notebooks';

/** Stands for pandas, which this session's Python need not have. */
const fakePandas = `import sys, types
class RangeIndex:
    nlevels, start, step, name = 1, 0, 1, None
class Int64:
    kind = "i"
    def __str__(self): return "int64"
class Series(list):
    dtype, tolist = Int64(), lambda self: list(self)
class DataFrame:
    columns, index = ["a"], RangeIndex()
    def __init__(self, values): self.values = values
    def __len__(self): return len(self.values)
    def __repr__(self): return "   a\\n0  1"
    def __getitem__(self, at): return Series(self.values) if at[0] == slice(None) else DataFrame(self.values[at[0]])
    shape, iloc = property(lambda self: (len(self), 1)), property(lambda self: self)
pandas = sys.modules["pandas"] = types.ModuleType("pandas")
pandas.DataFrame = DataFrame`;
const rich = `class Page:
    def _repr_markdown_(self): return "**x**"
    def _repr_json_(self): return {"a": [1]}
    def __repr__(self): return "page"
display(Page())`;

const tableMime = 'application/vnd.glue-sessions.table+json';

interface SavedNotebook {
  readonly cells: readonly {
    readonly outputs: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Over the size from which the world of this suite leaves results in S3; of them only what is printed may be read. */
const long = 'print("begin" + "x" * 1_100_000 + "end")';
const longPage = `class Figure:
    def to_html(self, **options): return "<p>" + "x" * 1_100_000 + "</p>"
figure = Figure()
print("drawn")
%plotly figure`;

describe('tables and rich results', () => {
  it('that the service left in S3 are fetched, and explained where they may not be read', async () => {
    const notebook = await notebookWithSession(long, longPage, '"goes on"');
    // Shortened as any long text.
    assert.match(await runCell(notebook, 2), /\nbeginx+[\s\S]*not shown here[\s\S]*x+end\n$/);
    const text = await runCell(notebook, 3);
    const object = /arn:aws:s3:::session-results\/held\/[\w-]+\/1\/result\.html/.exec(text)?.[0] ?? 'none';
    assert.match(text, /^drawn\n/);
    assert.ok(
      text.includes(
        `Missing: s3:GetObject on ${object} for arn:aws:iam::444455556666:role/GlueSessionCreationRole.`,
      ),
      text,
    );
    assert.ok(text.includes(`"Resource": "${object}"`), text);
    assert.match(text, /aws s3 cp s3:\/\/session-results\/held\/\S+\/1\/result\.html -\n/);
    assert.equal(notebook.cellAt(3).executionSummary?.success, true, 'what it did is done');
    assert.equal(await runCell(notebook, 4), "'goes on'\n");
  });

  it('stand in the cell in each of their forms, where they were displayed, and so in the file', async () => {
    const file = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'tables.ipynb');
    const sources = [allowed, settings, fakePandas, 'print("before")\nDataFrame([1, 2])', rich, '5'];
    const cells = sources.map((source) => ({
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    }));
    await writeFile(file, JSON.stringify({ cells, metadata: glueMetadata, nbformat: 4, nbformat_minor: 4 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await show(notebook);
    await runCells(notebook, 0, 3);
    assert.match(await runCell(notebook, 3), /^before\n/);
    const cell = notebook.cellAt(3);
    assert.deepEqual(mimesOf(cell).slice(1), [tableMime, 'text/html', 'text/plain']);
    const shown = JSON.parse(Buffer.from(cell.outputs[1]?.items[0]?.data ?? []).toString()) as {
      readonly rows: unknown;
      readonly nonce: string;
    };
    assert.deepEqual(shown.rows, [[1], [2]]);
    assert.match(shown.nonce, /^[0-9a-f-]{36}$/);
    await runCell(notebook, 4);
    assert.deepEqual(mimesOf(notebook.cellAt(4)), [
      'text/markdown',
      'application/vnd.glue-sessions.tree+json',
      'text/plain',
    ]);
    await runCell(notebook, 5);
    assert.equal(textOf(notebook.cellAt(5)), '5\n');
    await notebook.save();
    const saved = JSON.parse(await readFile(file, 'utf8')) as SavedNotebook;
    const data = saved.cells[3]?.outputs[1]?.data ?? {};
    assert.deepEqual((data[tableMime] as typeof shown).rows, [[1], [2]]);
    assert.match([data['text/html']].flat().join(''), /<td>1<\/td>/);
    assert.equal([data['text/plain']].flat().join(''), '   a\n0  1');
  });
});
