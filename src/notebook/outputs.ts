import * as vscode from 'vscode';
import type { Result } from '../glue/display/results';
import type { Statement } from '../glue/glueApi';
import { lazy } from '../glue/lazy';
import type { ShownTables } from './shownTables';
import { errorOutputs } from './errorOutput';
import { translated } from '../host/translated';

const display = lazy(() => import('../glue/display/display'));

/** Whether a statement that has ended did so without an error. */
export function succeeded({ state, output }: Statement): boolean {
  return (
    state !== 'ERROR' && state !== 'FAILED' && state !== 'CANCELLED' && (output?.status ?? 'ok') !== 'error'
  );
}

/** Where outputs go, and what is remembered of them. */
export interface OutputPlace {
  readonly notebook: vscode.NotebookDocument;
  /** Where the tables are made known, so that what is asked of them is obeyed. */
  readonly tables: ShownTables;
  /** That the cell shows. */
  readonly executionOrder: number;
  /** Of the delimiters of what the statement displayed, where it does not stand in its code. */
  readonly id?: string;
}

/** What a statement gave as outputs of a cell: what it printed and displayed, then image or page, then the error. */
export async function outputsOf(
  statement: Statement,
  place?: OutputPlace,
): Promise<vscode.NotebookCellOutput[]> {
  const outputs: vscode.NotebookCellOutput[] = [];
  if (statement.output !== undefined) {
    const { resultsOf } = await display();
    const isOwn = (id: string) => id === place?.id || statement.code?.includes(id) === true;
    const issue = (frame?: string) => place?.tables.issue(place.notebook, frame);
    outputs.push(...resultsOf(statement.output, isOwn, issue, translated).map(toOutput));
  }
  if (!succeeded(statement) && statement.state !== 'CANCELLED') {
    outputs.push(...(await errorOutputs(statement, place?.executionOrder ?? statement.id + 1)));
  }
  return outputs;
}

/** Text as a stream, as the official kernel's notebooks have it. */
export function stdout(text: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stdout(text)]);
}

/** Adds lines to a cell's outputs, as a stream; none: nothing. */
export async function say(execution: vscode.NotebookCellExecution, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await execution.appendOutput(stdout(`${lines.join('\n')}\n`));
}

function toOutput(result: Result): vscode.NotebookCellOutput {
  switch (result.kind) {
    case 'stdout':
      return stdout(result.text);
    case 'stderr':
      return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stderr(result.text)]);
    case 'items':
      return new vscode.NotebookCellOutput(
        result.items.map(
          ({ mime, data }) =>
            new vscode.NotebookCellOutputItem(typeof data === 'string' ? Buffer.from(data) : data, mime),
        ),
      );
  }
}
