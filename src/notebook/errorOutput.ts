import * as vscode from 'vscode';
import type { Statement } from '../glue/glueApi';

/** A failure that isn't of the user's code: named, told in words, without a stack. */
export function failureOutput(name: string, message: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.error({ name, message, stack: `${red(name)}: ${message}` }),
  ]);
}

/** The error of a statement that failed, as notebooks hold it: with the user's own lines, in colour. */
export function errorOutput({ state, output }: Statement): vscode.NotebookCellOutput {
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
