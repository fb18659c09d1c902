import * as vscode from 'vscode';
import type { Statement, StatementOutput } from '../glue/glueApi';
import { errorOutput } from './errorOutput';

/** Whether a statement that has ended did so without an error. */
export function succeeded({ state, output }: Statement): boolean {
  return (
    state !== 'ERROR' && state !== 'FAILED' && state !== 'CANCELLED' && (output?.status ?? 'ok') !== 'error'
  );
}

/** What a statement gave as outputs of a cell: text, then image or page, then the error. */
export function outputsOf(statement: Statement): vscode.NotebookCellOutput[] {
  const { output } = statement;
  const outputs: vscode.NotebookCellOutput[] = [];
  if (output !== undefined) {
    const text = (output.textPlain ?? '') + (output.stdOut ?? '');
    if (text !== '') outputs.push(stdout(text));
    if (output.stdErr !== undefined && output.stdErr !== '') {
      outputs.push(new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stderr(output.stdErr)]));
    }
    const rich = richItem(output);
    if (rich !== undefined) outputs.push(new vscode.NotebookCellOutput([rich]));
  }
  if (!succeeded(statement) && statement.state !== 'CANCELLED') outputs.push(errorOutput(statement));
  return outputs;
}

/** Text as a stream, as the official kernel's notebooks have it. */
export function stdout(text: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stdout(text)]);
}

function richItem({ mimeType, result }: StatementOutput): vscode.NotebookCellOutputItem | undefined {
  if (mimeType === undefined || result === undefined || mimeType === 'text/plain') return undefined;
  const [type, encoding] = mimeType.split(';');
  if (type === undefined || type === '') return undefined;
  const data = encoding === 'base64' ? Buffer.from(result, 'base64') : Buffer.from(result, 'utf8');
  return new vscode.NotebookCellOutputItem(data, type);
}
