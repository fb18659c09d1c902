import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis, Statement } from '../glue/glueApi';
import { errorText } from '../host/reportError';
import type { OpenRecord } from './cellRecords';

const scheme = 'glue-recovered';

export interface RecoveredResultsOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly log: vscode.LogOutputChannel;
}

/** Results of cells that are in no notebook any more: shown as a read-only text, never put into another cell. */
export class RecoveredResults implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string[]>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  constructor(private readonly options: RecoveredResultsOptions) {}

  /** Waits for the statement of the record, and offers what it gave. The record goes once somebody has looked at it. */
  async offer(record: OpenRecord): Promise<void> {
    try {
      const statement = await this.read(record);
      if (statement !== undefined && !(await this.show(record, statement))) record.leave();
    } catch (error) {
      record.leave();
      this.options.log.warn(`the result of a deleted cell was not had: ${errorText(error)}`);
    } finally {
      record.close();
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (this.texts.get(uri.toString()) ?? []).join('\n\n');
  }

  dispose(): void {
    this.changed.dispose();
    this.registration.dispose();
  }

  private async read({ current }: OpenRecord): Promise<Statement | undefined> {
    const sent = current.statement;
    if (sent === undefined) return undefined;
    // Nobody is asked for keys on behalf of a cell that is gone.
    if (sent.hadKeys) throw new Error('it was sent with keys from a cell, which are kept nowhere');
    const { readResult } = await import('./recoveredResult');
    return readResult(sent, this.options);
  }

  private async show({ current }: OpenRecord, statement: Statement): Promise<boolean> {
    const notebook = vscode.Uri.parse(current.notebook);
    const name = vscode.workspace.asRelativePath(notebook);
    const look = vscode.l10n.t('Show Result');
    const choice = await vscode.window.showInformationMessage(
      vscode.l10n.t('A cell of {0} that is no longer there has a result.', name),
      look,
    );
    if (choice !== look) return false;
    const uri = vscode.Uri.from({
      scheme,
      path: `/${vscode.l10n.t('Recovered results')} – ${name.split('/').at(-1) ?? name}.txt`,
      query: current.notebook,
    });
    const texts = this.texts.get(uri.toString()) ?? [];
    const { resultText } = await import('./recoveredResult');
    const text = current.statement && (await resultText(name, current.statement, statement));
    this.texts.set(uri.toString(), [...texts, ...(text === undefined ? [] : [text])]);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    return true;
  }
}
