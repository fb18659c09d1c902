import * as vscode from 'vscode';
import { notebookTypes } from '../manifest';
import type { CommandContext } from './commandContext';

interface SampleCell {
  readonly cell_type: 'markdown' | 'code';
  readonly source: readonly string[];
}

/** Opens the sample as a new notebook, so that it can be changed and saved anywhere. */
export async function openSampleCommand({ extensionUri }: CommandContext): Promise<void> {
  const file = vscode.Uri.joinPath(extensionUri, 'samples', 'assume-role-tags-vpc.ipynb');
  const bytes = await vscode.workspace.fs.readFile(file);
  const sample = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
    readonly cells: readonly SampleCell[];
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  const cells = sample.cells.map(({ cell_type: type, source }) =>
    type === 'markdown'
      ? new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, source.join(''), 'markdown')
      : new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source.join(''), 'python'),
  );
  const data = new vscode.NotebookData(cells);
  data.metadata = { metadata: sample.metadata, nbformat: 4, nbformat_minor: 5 };
  const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
  await vscode.window.showNotebookDocument(notebook);
}
