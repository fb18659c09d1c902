import * as vscode from 'vscode';
import type { Statement, StatementOutput } from '../glue/glueApi';

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

/** A failure that isn't of the user's code: named, told in words, without a stack. */
export function failureOutput(name: string, message: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.error({ name, message, stack: `${red(name)}: ${message}` }),
  ]);
}

function richItem({ mimeType, result }: StatementOutput): vscode.NotebookCellOutputItem | undefined {
  if (mimeType === undefined || result === undefined || mimeType === 'text/plain') return undefined;
  const [type, encoding] = mimeType.split(';');
  if (type === undefined || type === '') return undefined;
  const data = encoding === 'base64' ? Buffer.from(result, 'base64') : Buffer.from(result, 'utf8');
  return new vscode.NotebookCellOutputItem(data, type);
}

function errorOutput({ state, output }: Statement): vscode.NotebookCellOutput {
  const name = output?.errorName ?? vscode.l10n.t('Statement failed');
  const message =
    output?.errorValue ??
    vscode.l10n.t('The service gave no reason (state {0}). The session may have ended: see %status.', state);
  const traceback = (output?.traceback ?? []).map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  const stack = traceback.length > 0 ? traceback.map(colored).join('').trimEnd() : `${red(name)}: ${message}`;
  return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.error({ name, message, stack })]);
}

/** The colours IPython has people used to: places in green, the error's name in red. */
function colored(entry: string): string {
  return entry
    .replace(
      /File ("[^"]*"), line (\d+)(, in (\S+))?/g,
      (_, file: string, line: string, __, name: string | undefined) =>
        `File \u001b[32m${file}\u001b[39m, line \u001b[32m${line}\u001b[39m${name === undefined ? '' : `, in \u001b[36m${name}\u001b[39m`}`,
    )
    .replace(/^([A-Z]\w*(?:Error|Exception|Interrupt|Warning|Exit)\w*)(?=:|$)/gm, red('$1'));
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}
