import * as vscode from 'vscode';
import { rendererId, type RendererMessage, type RendererWords } from '../glue/display/table';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import type { GlueController } from './controller';
import type { NotebookSession } from './notebookSession';
import type { SessionsWithDisplay } from './markedStatement';
import type { ShownTables } from './shownTables';

export interface TableMessagesOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly tables: ShownTables;
  readonly withDisplay: SessionsWithDisplay;
  readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined;
  readonly controllerOf: (notebook: vscode.NotebookDocument) => GlueController | undefined;
  readonly log: vscode.LogOutputChannel;
}

/** Listens to the renderer of tables. What it asks for is loaded at the first asking. */
export function listenToTables(options: TableMessagesOptions): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(rendererId);
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    if ((message as Partial<RendererMessage> | null)?.type === 'words') {
      await messaging.postMessage({ words: vscode.l10n.bundle ?? {} } satisfies RendererWords, editor);
      return;
    }
    const { answer } = await import('./tableRequests');
    await answer(message, editor, messaging, options);
  });
}
