import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis, Statement, StatementOutput } from '../glue/glueApi';
import { resumeStatement } from '../glue/statementRunner';
import { errorText } from '../host/reportError';
import type { RecordedStatement } from './cellRecord';
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
    const { apis, clock } = this.options;
    return resumeStatement({
      api: apis.of(sent.target),
      sessionId: sent.sessionId,
      mark: sent,
      sendingAt: sent.sentAt,
      clock,
    });
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
    const text = current.statement && (await resultText(name, current.statement, statement));
    this.texts.set(uri.toString(), [...texts, ...(text === undefined ? [] : [text])]);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    return true;
  }
}

/** The statement with its code, as the person wrote it: without it nobody would know what the result is of. */
async function resultText(
  notebook: string,
  { sessionId, linesBefore, marker }: RecordedStatement,
  { id, code = '', state, output, startedOn }: Statement,
): Promise<string> {
  const when = startedOn === undefined ? '' : new Date(startedOn).toLocaleString();
  const written = code.split('\n').slice(linesBefore);
  const failure =
    output?.errorName === undefined
      ? []
      : [...output.traceback, `${output.errorName}: ${output.errorValue ?? ''}`];
  return [
    vscode.l10n.t('{0}, session {1}, statement {2}, {3} ({4})', notebook, sessionId, id, when, state),
    '',
    ...written.filter((line) => line !== marker).map((line) => `> ${line}`),
    '',
    ...(output === undefined ? [] : await resultLines(output, code)),
    ...failure,
  ].join('\n');
}

/** What it printed and displayed, as text. */
async function resultLines(output: StatementOutput, code: string): Promise<readonly string[]> {
  const { resultsOf } = await import('../glue/display/display');
  const results = resultsOf(
    output,
    (id) => code.includes(id),
    () => undefined,
  );
  return results.map((result) => {
    if (result.kind !== 'items') return result.text;
    const plain = result.items.find(({ mime }) => mime === 'text/plain')?.data;
    if (typeof plain === 'string') return plain;
    const types = result.items.map(({ mime }) => mime).join(', ');
    return vscode.l10n.t('There is a result of type {0} as well: run the code again to see it.', types);
  });
}
