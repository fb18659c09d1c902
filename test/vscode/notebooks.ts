import * as vscode from 'vscode';
import { creationRole, runtimeRole } from '../local/smallSession';
import { kernels, notebookTypes } from '../../src/manifest';

export const extensionId = 'glue-sessions.glue-sessions';
export { creationRole, runtimeRole };

/** Magics that lead to a session that the story's rules allow. */
export const allowed = `%%assume_role
${creationRole}`;
export const settings = `%iam_role ${runtimeRole}
%region us-east-1
%connections session_vpc
%worker_type G.1X
%number_of_workers 2`;

export const glueMetadata = {
  kernelspec: { display_name: 'Glue PySpark', language: 'python', name: 'glue_pyspark' },
  language_info: {
    codemirror_mode: { name: 'python', version: 3 },
    file_extension: '.py',
    mimetype: 'text/x-python',
    name: 'Python_Glue_Session',
    pygments_lexer: 'python3',
  },
};

/** Opens a notebook with these code cells and this extension's kernel. */
export async function openNotebook(...sources: readonly string[]): Promise<vscode.NotebookDocument> {
  const data = new vscode.NotebookData(
    sources.map(
      (source) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, 'python_glue_session'),
    ),
  );
  data.metadata = { metadata: glueMetadata, nbformat: 4, nbformat_minor: 5 };
  const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
  await show(notebook);
  return notebook;
}

/** Shows a notebook and gives it this extension's kernel. */
export async function show(notebook: vscode.NotebookDocument): Promise<void> {
  await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: kernels.pyspark,
    extension: extensionId,
  });
}

/** A notebook with a session that runs, its first two cells done. */
export async function notebookWithSession(...sources: readonly string[]): Promise<vscode.NotebookDocument> {
  const notebook = await openNotebook(allowed, settings, ...sources);
  await runCells(notebook, 0, 2);
  return notebook;
}

/** Starts cells as the run button does; the command ends when they have ended. */
export function startCells(notebook: vscode.NotebookDocument, start: number, end: number): void {
  void vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start, end }],
    document: notebook.uri,
  });
}

/** Runs cells and waits until the last of them has ended. */
export async function runCells(notebook: vscode.NotebookDocument, start: number, end: number): Promise<void> {
  const last = notebook.cellAt(end - 1);
  const ended = untilEnded(last);
  startCells(notebook, start, end);
  await ended;
}

/** Runs one cell; gives its text once it has ended. */
export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<string> {
  await runCells(notebook, index, index + 1);
  return textOf(notebook.cellAt(index));
}

/** Resolves when the cell's next (or present) execution has ended. */
export function untilEnded(cell: vscode.NotebookCell): Promise<void> {
  const before = cell.executionSummary?.timing?.endTime;
  return until(() => {
    const end = cell.executionSummary?.timing?.endTime;
    return end !== undefined && end !== before;
  });
}

/** Polls, since not every change that matters has an event. */
export async function until(holds: () => boolean, milliseconds = 100_000): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    if (Date.now() - started > milliseconds) throw new Error(`did not come true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Everything a cell shows, as text; of an error its name and message. */
export function textOf(cell: vscode.NotebookCell): string {
  const error = errorOf(cell);
  const shown = cell.outputs.map((output) => output.items.map(textOfItem).join(''));
  return [...shown, ...(error === undefined ? [] : [`${error.name}: ${error.message}`])].join('\n');
}

/** The error of a cell, as notebooks hold it. */
export function errorOf(
  cell: vscode.NotebookCell,
): { readonly name: string; readonly message: string; readonly stack?: string } | undefined {
  const item = cell.outputs
    .flatMap(({ items }) => items)
    .find(({ mime }) => mime === 'application/vnd.code.notebook.error');
  return item === undefined
    ? undefined
    : (JSON.parse(Buffer.from(item.data).toString('utf8')) as {
        name: string;
        message: string;
        stack?: string;
      });
}

export function mimesOf(cell: vscode.NotebookCell): string[] {
  return cell.outputs.flatMap(({ items }) => items.map(({ mime }) => mime));
}

function textOfItem({ mime, data }: vscode.NotebookCellOutputItem): string {
  if (mime === 'application/vnd.code.notebook.error') return '';
  return /^(?:text|application)\//.test(mime) ? Buffer.from(data).toString('utf8') : `[${mime}]`;
}
