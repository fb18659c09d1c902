import * as vscode from 'vscode';
import type { ParsedCell } from '../magics/parseCell';
import { InvalidInputError } from '../glue/errors';

/**
 * Writes `%connections NAME` into the cell that configures the session: the last one above with settings magics, else
 * the cell itself. Gives the cells to run again, in order.
 */
export async function writeConnection(
  cell: vscode.NotebookCell,
  connection: string,
): Promise<readonly vscode.NotebookCell[]> {
  const { notebook } = cell;
  const above = notebook.getCells().slice(0, cell.index);
  const { parseCell } = await import('../magics/readCell');
  const configuring = above.reverse().find((candidate) => hasSettings(candidate, parseCell)) ?? cell;
  const edit = new vscode.WorkspaceEdit();
  const { document } = configuring;
  const lines = document.getText().split('\n');
  const existing = lines.findIndex((line) => /^\s*%connections\b/.test(line));
  if (existing >= 0) {
    edit.replace(document.uri, document.lineAt(existing).range, `%connections ${connection}`);
  } else {
    const last = lines.findLastIndex((line) => /^\s*%\w/.test(line));
    const position = new vscode.Position(last + 1, 0);
    const isAtEnd = last + 1 >= lines.length;
    const end = document.lineAt(lines.length - 1).range.end;
    if (isAtEnd) edit.insert(document.uri, end, `\n%connections ${connection}`);
    else edit.insert(document.uri, position, `%connections ${connection}\n`);
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new InvalidInputError(
      vscode.l10n.t(
        'The notebook could not be changed. Write this into the cell with the settings: {0}',
        `%connections ${connection}`,
      ),
    );
  }
  return configuring === cell ? [cell] : [configuring, cell];
}

function hasSettings(cell: vscode.NotebookCell, parse: (text: string) => Pick<ParsedCell, 'calls'>): boolean {
  if (cell.kind !== vscode.NotebookCellKind.Code) return false;
  try {
    return parse(cell.document.getText()).calls.some(
      ({ name }) => name === 'iam_role' || name === 'connections',
    );
  } catch (error) {
    // A cell that can't be read configures nothing.
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}
