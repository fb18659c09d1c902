import path from 'node:path';
import * as vscode from 'vscode';
import { tableCsv } from '../glue/display/csv';
import { rowsCode } from '../glue/display/displayCalls';
import { isObject, toTable } from '../glue/display/readTable';
import { tableMime, type TableMessage, type RendererReply } from '../glue/display/table';
import { runStatement } from '../glue/statementRunner';
import { withProgress } from '../host/cancellation';
import { errorText } from '../host/reportError';
import { demandTrust } from '../host/trust';
import { markedStatement } from './markedStatement';
import { outputsOf, succeeded } from './outputs';
import type { ShownTables } from './shownTables';
import type { TableMessagesOptions } from './tableMessages';

interface FoundTable {
  readonly cell: vscode.NotebookCell;
  readonly output: vscode.NotebookCellOutput;
  readonly shown: Readonly<Record<string, unknown>>;
  readonly frame: string | undefined;
}

/** Answers the renderer: does what it asks for a table that this window wrote and that is still there. */
export async function answer(
  message: unknown,
  editor: vscode.NotebookEditor,
  messaging: vscode.NotebookRendererMessaging,
  options: TableMessagesOptions,
): Promise<void> {
  if (!isMessage(message)) return;
  const { nonce } = message;
  const reply = (text: string, mayAskAgain = true) =>
    messaging.postMessage({ nonce, text, mayAskAgain } satisfies RendererReply, editor);
  const found = find(nonce, editor.notebook, options.tables);
  if (found === undefined) {
    await reply(vscode.l10n.t('Run the cell again first: this output is from before.'), false);
    return;
  }
  try {
    demandTrust();
    const isExport = message.type === 'exportCsv';
    await reply(isExport ? await exportCsv(found, message.rows) : await showRows(found, options));
  } catch (error) {
    options.log.warn(`what a table asked for failed: ${String(error)}`);
    await reply(errorText(error));
  }
}

function find(nonce: string, notebook: vscode.NotebookDocument, tables: ShownTables): FoundTable | undefined {
  const table = tables.find(notebook, nonce);
  if (table === undefined) return undefined;
  for (const cell of notebook.getCells()) {
    for (const output of cell.outputs) {
      const item = output.items.find(({ mime }) => mime === tableMime);
      const shown = item && readJson(item.data);
      if (isObject(shown) && shown.nonce === nonce) return { cell, output, shown, frame: table.frame };
    }
  }
  return undefined;
}

/** Runs a job in the session of the notebook, and puts the rows where the columns stood. */
async function showRows(
  { cell, output, frame }: FoundTable,
  { apis, clock, tables, withDisplay, sessionOf, controllerOf }: TableMessagesOptions,
): Promise<string> {
  const { notebook } = cell;
  const current = sessionOf(notebook)?.current;
  const controller = controllerOf(notebook);
  if (frame === undefined || current === undefined || controller === undefined) {
    return vscode.l10n.t('The session of this DataFrame is gone. Run the cell again.');
  }
  const sessionId = current.session.id;
  const marked = await markedStatement(rowsCode(frame), 'python', sessionId, withDisplay);
  const statement = await withProgress(vscode.l10n.t('Reading rows in {0}', sessionId), (cancel) =>
    runStatement({ api: apis.of(current.target), sessionId, marked, clock, cancel }),
  );
  if (statement === undefined || statement.state === 'CANCELLED') return vscode.l10n.t('Cancelled.');
  if (!succeeded(statement)) return statement.output?.errorValue ?? statement.state;
  const executionOrder = cell.executionSummary?.executionOrder ?? 0;
  const [rows] = await outputsOf(statement, { notebook, tables, executionOrder });
  if (rows !== undefined) await controller.replaceOutput(cell, output, rows.items);
  return '';
}

/** Asks where to, and writes the rows there. */
async function exportCsv({ cell, shown }: FoundTable, rows: readonly number[]): Promise<string> {
  const table = toTable(shown);
  if (table === undefined) return '';
  const folder = vscode.workspace.getWorkspaceFolder(cell.notebook.uri)?.uri;
  const name = `${path.basename(cell.notebook.uri.path, '.ipynb')}.csv`;
  const uri = await vscode.window.showSaveDialog({
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { CSV: ['csv'] },
    title: vscode.l10n.t('Save the table as CSV'),
  });
  if (uri === undefined) return '';
  await vscode.workspace.fs.writeFile(uri, Buffer.from(tableCsv(table, rows)));
  const saved = path.basename(uri.path);
  return rows.length === 1
    ? vscode.l10n.t('1 row saved in {0}.', saved)
    : vscode.l10n.t('{0} rows saved in {1}.', rows.length, saved);
}

function isMessage(value: unknown): value is TableMessage {
  if (!isObject(value) || typeof value.nonce !== 'string') return false;
  return value.type === 'showRows' || (value.type === 'exportCsv' && isPositions(value.rows));
}

function isPositions(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((position) => Number.isSafeInteger(position));
}

/** Undefined when it is no JSON: others' outputs may hold anything. */
function readJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch {
    return undefined;
  }
}
