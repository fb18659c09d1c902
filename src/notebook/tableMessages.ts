import * as vscode from 'vscode';
import { rendererId } from '../glue/display/table';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import { runStatement } from '../glue/statementRunner';
import { errorText } from '../host/reportError';
import type { GlueController } from './controller';
import type { NotebookSession } from './notebookSession';
import { outputsOf } from './outputs';
import type { SessionDisplay } from './sessionDisplay';
import type { ShownTables } from './shownTables';

export interface TableMessagesOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly tables: ShownTables;
  readonly sessionDisplay: SessionDisplay;
  readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined;
  readonly controllerOf: (notebook: vscode.NotebookDocument) => GlueController | undefined;
  readonly log: vscode.LogOutputChannel;
}

/** What the file that answers must not have a copy of its own of: it knows errors by their class. */
const shared = { runStatement, outputsOf, errorText };
export type SharedFunctions = typeof shared;

/** Listens to the renderer of tables. What it asks for is loaded at the first asking. */
export function listenToTables(options: TableMessagesOptions): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(rendererId);
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    const { answer } = await import('./tableRequests');
    await answer(message, editor, messaging, options, shared);
  });
}
