import * as assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import { pythonScheme } from '../../src/notebook/languageFeatures';
import { callsOf } from './journal';
import {
  allowed,
  errorOf,
  notebookWithSession,
  openNotebook,
  runCell,
  runCells,
  settings,
  textOf,
} from './notebooks';

/** What is offered where | stands in the last of these cells. */
async function offered(...sources: readonly string[]): Promise<vscode.CompletionItem[]> {
  const marked = sources.at(-1) ?? '';
  const notebook = await openNotebook(...sources.slice(0, -1), marked.replace('|', ''));
  return offeredIn(notebook, notebook.cellCount - 1, marked.indexOf('|'));
}

async function offeredIn(
  notebook: vscode.NotebookDocument,
  index: number,
  offset: number,
): Promise<vscode.CompletionItem[]> {
  const { document } = notebook.cellAt(index);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    document.positionAt(offset),
  );
  return list.items;
}

const labels = (items: readonly vscode.CompletionItem[]) =>
  items.map(({ label }) => (typeof label === 'string' ? label : label.label));

describe('the notebook language', () => {
  it('completes names and arguments of magics, and calls nobody', async () => {
    // By the user that notebooks here call as before a cell says otherwise.
    const asked = () =>
      callsOf('glue:GetConnections').filter(({ caller }) => caller?.endsWith(':user/ISBlogUser') === true);
    const before = asked().length;
    assert.ok(labels(await offered('%|')).includes('%glue_version'));
    assert.ok(labels(await offered('%%|')).includes('%%assume_role'));
    assert.deepEqual(labels(await offered('%glue_version |')).slice(0, 2), ['6.0', '5.1']);
    assert.ok(labels(await offered('%worker_type G.|')).includes('G.2X'));
    assert.ok(labels(await offered('%region eu|')).includes('eu-west-2'));
    assert.ok(labels(await offered('%%configure\n{"|"}')).includes('idle_timeout'));
    // A place that no cell has called: asking it for its connections would stand in the journal.
    const notebook = await openNotebook('%region ap-southeast-2', '%connections ');
    await runCell(notebook, 0);
    await offeredIn(notebook, 1, 13);
    assert.deepEqual(asked().slice(before), []);
  });

  it('completes connections, roles and tags of the account, once a cell has called it, and starts nothing', async () => {
    const notebook = await openNotebook(
      allowed,
      settings,
      "%%tags\n{'team': 'analytics'}",
      '%connections ',
      '%iam_role ',
      "%%tags\n{'team': ''}",
    );
    await runCells(notebook, 0, 3);
    const before = callsOf('glue:CreateSession').length;
    assert.ok(labels(await offeredIn(notebook, 3, 13)).includes('session_vpc'));
    assert.ok(
      labels(await offeredIn(notebook, 4, 10)).some((label) => label.endsWith('AWSGlueServiceRole-blog')),
    );
    assert.ok(labels(await offeredIn(notebook, 5, 18)).includes('analytics'));
    const asked = callsOf('glue:GetConnections').length;
    await offeredIn(notebook, 3, 13);
    assert.equal(callsOf('glue:GetConnections').length, asked, 'remembered');
    assert.equal(callsOf('glue:CreateSession').length, before);
  });

  it('tells of a magic where the mouse is', async () => {
    const notebook = await openNotebook('%worker_type G.1X');
    const { document } = notebook.cellAt(0);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 3),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (part instanceof vscode.MarkdownString ? part.value : '')),
    );
    // Spaces of plain text stand as entities in Markdown.
    assert.match(text.join('\n').replaceAll('&nbsp;', ' '), /Worker type of the session[\s\S]*G\.025X/);
  });

  it('asks whoever knows Python, with the cells above and without magics', async () => {
    let asked = '';
    const provider = vscode.languages.registerCompletionItemProvider(
      { scheme: pythonScheme, language: 'python' },
      {
        provideCompletionItems: (document, position) => {
          asked = document.getText();
          const item = new vscode.CompletionItem('forwarded');
          item.range = new vscode.Range(position.line, 0, position.line, position.character);
          return [item];
        },
      },
    );
    try {
      const items = await offered('%region us-east-1\nabove = 1', '%%tags\n{"a": "b"}\nabo|');
      assert.equal(asked, '\nabove = 1\n\n\nabo');
      const item = items.find(({ label }) => label === 'forwarded');
      assert.deepEqual(item?.range, new vscode.Range(2, 0, 2, 3));
    } finally {
      provider.dispose();
    }
  });

  it('shows in %status where each value came from', async () => {
    const notebook = await openNotebook(
      allowed,
      '%idle_timeout 30\n%region us-east-1',
      '%%tags\n{"team": "a"}',
      '%status',
    );
    await runCells(notebook, 0, 4);
    const text = textOf(notebook.cellAt(3));
    assert.match(text, /Idle timeout \(minutes\) +30 {2}\(magic\)/);
    assert.match(text, /Worker type +G\.1X {2}\(default\)/);
    assert.match(text, /us-east-1 {2}\(magic\)/);
    assert.match(text, /Tags +team=a \(magic\)/);
  });

  it('tags the session that runs, and says that settings hold for the next', async () => {
    const notebook = await notebookWithSession(
      '1',
      '%%tags\n{"billing": "late"}',
      '%number_of_workers 5',
      '%session_id',
      '%help iam_role',
    );
    await runCell(notebook, 2);
    const before = callsOf('glue:TagResource').length;
    assert.match(await runCell(notebook, 3), /which runs, has these tags too/);
    assert.equal(callsOf('glue:TagResource').length, before + 1);
    assert.match(await runCell(notebook, 4), /goes on as it is; %new_session/);
    assert.match(await runCell(notebook, 5), /Session id: \S+/);
    assert.match(await runCell(notebook, 6), /Runtime role: what the session runs as/);
  });
});

describe('errors', () => {
  const java = [
    'class Py4JJavaError(Exception): pass',
    'raise Py4JJavaError("An error occurred while calling o1.load.\\n: java.io.IOException: outer\\n\\tat org.apache.X.y(X.scala:1)\\nCaused by: java.lang.ClassNotFoundException: Failed to find data source: delta. Please\\n\\tat a.B.c(B.java:2)\\n\\t... 3 more\\n")',
  ].join('\n');

  it('show the cause, a link to the line, what to do, and the Java trace folded', async () => {
    const notebook = await notebookWithSession(java, 'import no_such_module', 'raise ValueError("mine")');
    await runCell(notebook, 2);
    const cell = notebook.cellAt(2);
    const error = errorOf(cell);
    assert.match(
      error?.message ?? '',
      /^java\.lang\.ClassNotFoundException: Failed to find data source: delta/,
    );
    const stack = stripVTControlCharacters(error?.stack ?? '');
    assert.match(stack, /^Py4JJavaError: java\.lang\.ClassNotFoundException/);
    assert.match(stack, new RegExp(`Cell In\\[${String(cell.executionSummary?.executionOrder)}\\], line 2`));
    assert.match(stack, /… 3 Java frames/);
    const items = cell.outputs.flatMap((output) => output.items);
    const textOfMime = (mime: string) =>
      items
        .filter((item) => item.mime === mime)
        .map(({ data }) => Buffer.from(data).toString('utf8'))
        .join('\n');
    assert.match(textOfMime('text/markdown'), /What to do:\*\* .*datalake-formats/);
    assert.match(textOfMime('text/html'), /<details><summary>[\s\S]*X\.scala:1[\s\S]*B\.java:2/);
    assert.match(await runCell(notebook, 3), /%additional_python_modules no\\?_such\\?_module/);
    assert.doesNotMatch(await runCell(notebook, 4), /What to do/);
  });
});
