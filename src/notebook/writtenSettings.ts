import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import type { MagicCall } from '../magics/parseCell';

/**
 * Writes `%NAME VALUE` into the cell that configures the session: the last one above with settings magics, else the cell
 * itself. Gives the cells to run again, in order.
 */
export async function writeLineMagic(
  cell: vscode.NotebookCell,
  name: 'connections' | 'iam_role',
  value: string,
): Promise<readonly vscode.NotebookCell[]> {
  const isSetting = ({ name: called }: MagicCall) => called === 'iam_role' || called === 'connections';
  const configuring = (await lastCell(above(cell), isSetting))?.cell ?? cell;
  const edit = new vscode.WorkspaceEdit();
  const { document } = configuring;
  const written = `%${name} ${value}`;
  const lines = document.getText().split('\n');
  const existing = lines.findIndex((line) => new RegExp(`^\\s*%${name}\\b`).test(line));
  if (existing >= 0) edit.replace(document.uri, document.lineAt(existing).range, written);
  else {
    const last = lines.findLastIndex((line) => /^\s*%\w/.test(line));
    const isAtEnd = last + 1 >= lines.length;
    const end = document.lineAt(lines.length - 1).range.end;
    if (isAtEnd) edit.insert(document.uri, end, `\n${written}`);
    else edit.insert(document.uri, new vscode.Position(last + 1, 0), `${written}\n`);
  }
  await apply(edit, written);
  return configuring === cell ? [cell] : [configuring, cell];
}

/**
 * Sets a tag in the last `%%tags` cell up to this one, or in a new cell above it. Gives the cells to run again, in order.
 */
export async function writeTag(
  cell: vscode.NotebookCell,
  key: string,
  value: string,
): Promise<readonly vscode.NotebookCell[]> {
  const { notebook } = cell;
  const found = await lastCell(above(cell), ({ name }) => name === 'tags');
  const edit = new vscode.WorkspaceEdit();
  if (found === undefined) {
    const written = tagsText({ [key]: value });
    const data = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      written,
      cell.document.languageId === 'sql' ? 'python' : cell.document.languageId,
    );
    const { index } = cell;
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [data])]);
    await apply(edit, written);
    return [notebook.cellAt(index), cell];
  }
  const { readTags } = await import('../magics/readCell');
  const { document } = found.cell;
  const written = tagsText({ ...readTags(found.call.body), [key]: value });
  const range = document.validateRange(new vscode.Range(found.call.line, 0, document.lineCount, 0));
  edit.replace(document.uri, range, written);
  await apply(edit, written);
  return [found.cell, cell];
}

function tagsText(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `%%tags\n{${pairs.join(', ')}}`;
}

async function apply(edit: vscode.WorkspaceEdit, written: string): Promise<void> {
  if (await vscode.workspace.applyEdit(edit)) return;
  throw new InvalidInputError(
    vscode.l10n.t(
      'The notebook could not be changed. Write this into the cell with the settings: {0}',
      written,
    ),
  );
}

/** The cells before this one, the nearest first. */
function above(cell: vscode.NotebookCell): readonly vscode.NotebookCell[] {
  return cell.notebook.getCells().slice(0, cell.index).reverse();
}

/** The first of the cells that calls such a magic. */
async function lastCell(
  cells: readonly vscode.NotebookCell[],
  isMeant: (call: MagicCall) => boolean,
): Promise<{ readonly cell: vscode.NotebookCell; readonly call: MagicCall } | undefined> {
  const { parseCell } = await import('../magics/readCell');
  for (const cell of cells) {
    if (cell.kind !== vscode.NotebookCellKind.Code) continue;
    try {
      const call = parseCell(cell.document.getText()).calls.findLast(isMeant);
      if (call !== undefined) return { cell, call };
    } catch (error) {
      // A cell that can't be read configures nothing.
      if (!(error instanceof InvalidInputError)) throw error;
    }
  }
  return undefined;
}
