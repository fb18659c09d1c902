import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { allowed, glueMetadata, runCell, runCells, settings, textOf } from './notebooks';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

/** A notebook as the official kernel writes it. */
async function officialNotebook(name: string, sources: readonly string[]): Promise<string> {
  const file = path.join(folder(), name);
  const notebook = {
    cells: sources.map((source) => ({
      cell_type: 'code',
      execution_count: null,
      metadata: { tags: ['kept'] },
      outputs: [],
      source: source.split(/(?<=\n)/),
    })),
    metadata: { ...glueMetadata, extra: { kept: true } },
    nbformat: 4,
    nbformat_minor: 4,
  };
  await writeFile(file, `${JSON.stringify(notebook, undefined, 1)}\n`);
  return file;
}

describe('a notebook of the official kernel', () => {
  it('runs with this kernel unasked, keeps its metadata, and holds its outputs in the file', async () => {
    const file = await officialNotebook('official.ipynb', [allowed, settings, '6 * 7', '1 / 0']);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    assert.equal(notebook.cellAt(2).document.languageId, 'python_glue_session');
    // Nobody chose a kernel: the preferred one is taken.
    await runCells(notebook, 0, 3);
    assert.match(textOf(notebook.cellAt(2)), /42/);
    await runCell(notebook, 3);
    await notebook.save();
    const saved = JSON.parse(await readFile(file, 'utf8')) as {
      metadata: unknown;
      nbformat_minor: number;
      cells: {
        metadata: unknown;
        outputs: { output_type: string; ename?: string; traceback?: string[] }[];
      }[];
    };
    assert.deepEqual(saved.metadata, { ...glueMetadata, extra: { kept: true } });
    assert.equal(saved.nbformat_minor, 4);
    for (const { metadata } of saved.cells) {
      // VS Code's own serializer compares the language id, which it lower-cased, with language_info.name, and notes the
      // difference, whichever kernel is chosen. Nothing else is added.
      assert.deepEqual(metadata, { tags: ['kept'], vscode: { languageId: 'python_glue_session' } });
    }
    const error = saved.cells[3]?.outputs.find(({ output_type: type }) => type === 'error');
    assert.equal(error?.ename, 'ZeroDivisionError');
    assert.ok((error.traceback?.length ?? 0) > 0);
  });

  it('is not made dirty by opening it', async () => {
    const file = await officialNotebook('untouched.ipynb', ['1']);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(notebook.isDirty, false);
  });
});
