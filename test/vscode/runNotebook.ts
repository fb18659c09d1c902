/** What `npm run notebook` runs inside VS Code: opens the notebook, runs its cells in order, saves it. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { kernels } from '../../src/manifest';

const extensionId = 'glue-sessions.glue-sessions';

/** Rejects when a cell failed, unless errors are allowed. */
export async function run(): Promise<void> {
  const file = process.env.GLUE_SESSIONS_NOTEBOOK ?? '';
  const allowErrors = process.env.GLUE_SESSIONS_ALLOW_ERRORS === '1';
  await vscode.extensions.getExtension(extensionId)?.activate();
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
  await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: kernels.pyspark,
    extension: extensionId,
  });
  const failed: number[] = [];
  const codeCells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  for (const [index, cell] of codeCells.entries()) {
    const started = Date.now();
    const succeeded = await execute(notebook, cell);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`CELL ${String(index + 1)} ${succeeded ? 'ok' : 'error'} ${seconds} s`);
    if (!succeeded) {
      console.log(`CELL   ${firstError(cell)}`);
      failed.push(index + 1);
      if (!allowErrors) break;
    }
  }
  assert.ok(await notebook.save(), 'the notebook could not be saved');
  if (!allowErrors) assert.deepEqual(failed, []);
}

/** Runs a cell and waits for its end. */
async function execute(notebook: vscode.NotebookDocument, cell: vscode.NotebookCell): Promise<boolean> {
  const before = cell.executionSummary?.timing?.endTime;
  const ended = new Promise<void>((resolve) => {
    const subscription = vscode.workspace.onDidChangeNotebookDocument((change) => {
      if (change.notebook !== notebook) return;
      const end = cell.executionSummary?.timing?.endTime;
      if (end === undefined || end === before) return;
      subscription.dispose();
      resolve();
    });
  });
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: cell.index, end: cell.index + 1 }],
    document: notebook.uri,
  });
  await ended;
  return cell.executionSummary?.success === true;
}

function firstError(cell: vscode.NotebookCell): string {
  const item = cell.outputs
    .flatMap(({ items }) => items)
    .find(({ mime }) => mime === 'application/vnd.code.notebook.error');
  if (item === undefined) return '';
  const { name, message } = JSON.parse(Buffer.from(item.data).toString('utf8')) as {
    name: string;
    message: string;
  };
  return `${name}: ${message}`;
}
