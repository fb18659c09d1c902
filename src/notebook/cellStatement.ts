import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { AwsCallError } from '../glue/errors';
import type { GlueApi, GlueApis, Session, Statement } from '../glue/glueApi';
import type { MarkedCode } from '../glue/statementMarker';
import { resumeStatement, runStatement } from '../glue/statementRunner';
import { steadyReads } from '../glue/steadyReads';
import type { Target } from '../glue/target';
import { hashOf, type RecordedStatement } from './cellRecord';
import type { OpenRecord } from './cellRecords';
import type { CellStatus } from './cellStatus';
import { failureOutput } from './errorOutput';
import type { AttachedSession } from './notebookSession';
import { outputsOf, stdout, succeeded } from './outputs';
import type { ShownTables } from './shownTables';
import { isSending, type SignIn } from './signIn';
import { StatementDisplay } from './statementDisplay';
import { unawaited } from './unawaited';
import { translated } from '../host/translated';

/** Signals of one execution: cancel ends the statement at the service, abandon gives the cell back. */
export interface ExecutionSignals {
  readonly cancel: AbortSignal;
  readonly abandon: AbortSignal;
}

/** One execution of a cell, with what its statement needs. */
export interface CellExecution {
  readonly cell: vscode.NotebookCell;
  readonly execution: vscode.NotebookCellExecution;
  readonly signals: ExecutionSignals;
  readonly record: OpenRecord;
}

/** A statement ended otherwise than by its own doing: with its session, or cancelled by somebody else. */
export class StatementLostError extends Error {
  override readonly name = 'StatementLostError';
}

export interface CellStatementOptions {
  readonly apis: GlueApis;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly cellStatus: CellStatus;
  readonly log: vscode.LogOutputChannel;
  readonly tables: ShownTables;
}

/** Sends the statements of cells, or goes on with one that was sent, and shows it in its cell from beginning to end. */
export class CellStatement {
  /** How many statements carried parts of long code, by session; of this window. */
  private readonly uploads = new Map<string, number>();
  /** How long the cells of a notebook took (milliseconds), by the hash of their text. */
  private readonly durations = new WeakMap<vscode.NotebookDocument, Map<string, number>>();

  constructor(private readonly options: CellStatementOptions) {}

  /** @returns whether it succeeded. @throws as runStatement does */
  async run(at: CellExecution, { target, session }: AttachedSession, marked: MarkedCode): Promise<boolean> {
    const { clock } = this.options;
    const display = this.display(at, clock.now(), target, session);
    const durations = this.durationsOf(at.cell.notebook);
    const textHash = hashOf(at.cell.document.getText());
    let endedMs: number | undefined;
    try {
      const statement = await runStatement({
        api: this.steady(target, at, display),
        sessionId: session.id,
        marked,
        onSending: (mark) =>
          at.record.sending({ target, sessionId: session.id, ...mark, sentAt: clock.now() }, at.cell),
        onUpload: (part, parts) => {
          this.uploads.set(session.id, (this.uploads.get(session.id) ?? 0) + 1);
          display.showUpload(part, parts);
        },
        expectedMs: durations.get(textHash),
        onEnded: (ageMs) => (endedMs = ageMs),
        ...this.watch(at, display),
      });
      const isDone = await this.show(statement, target, session.id, at, display);
      if (isDone && endedMs !== undefined) durations.set(textHash, endedMs);
      return isDone;
    } finally {
      display.dispose();
    }
  }

  /**
   * Goes on with a statement that another life of this window sent, or was about to send.
   * @param session when it is known
   * @returns whether it succeeded; undefined when it was not sent. @throws as resumeStatement does
   */
  async resume(
    at: CellExecution,
    sent: RecordedStatement,
    session: Session | undefined,
    isEdited: boolean,
  ): Promise<boolean | undefined> {
    const { execution } = at;
    const display = this.display(at, sent.sentAt, sent.target, session);
    try {
      const target = await this.withKeys(sent, at, display);
      const statement = await resumeStatement({
        api: this.steady(target, at, display),
        sessionId: sent.sessionId,
        mark: sent,
        sendingAt: sent.sentAt,
        onSent: () => {
          void execution.clearOutput();
          if (isEdited) void execution.appendOutput(stdout(earlierVersion()));
        },
        ...this.watch(at, display),
      });
      return statement === undefined
        ? undefined
        : await this.show(statement, target, sent.sessionId, at, display);
    } finally {
      display.dispose();
    }
  }

  private durationsOf(notebook: vscode.NotebookDocument): Map<string, number> {
    const durations = this.durations.get(notebook) ?? new Map<string, number>();
    this.durations.set(notebook, durations);
    return durations;
  }

  private display(
    { cell, execution }: CellExecution,
    started: number,
    target: Target,
    session: Session | undefined,
  ): StatementDisplay {
    const { clock, cellStatus } = this.options;
    return new StatementDisplay({ cell, execution, cellStatus, clock, started, session, target });
  }

  /** Where it was sent. Keys from a cell are kept nowhere: they are asked for again. */
  private async withKeys(
    { target, hadKeys, marker }: RecordedStatement,
    { cell, signals }: CellExecution,
    display: StatementDisplay,
  ): Promise<Target> {
    if (!hadKeys) return target;
    const text = vscode.l10n.t(
      'The keys that the cell was sent with stood in the notebook and are kept nowhere.',
    );
    const keyless = { ...target, credentials: { accessKeyId: marker, secretAccessKey: '' } };
    await this.options.signIn.wait({
      cell,
      target: keyless,
      error: new AwsCallError('Credentials', text, 'glue:GetStatement', 'notExecuted', undefined),
      signal: signals.abandon,
      show: (note) => {
        display.hold(note);
      },
    });
    return keyless;
  }

  /** With patience for what says nothing about the statement; it is told in the log, or below the cell. */
  private steady(target: Target, { cell, signals }: CellExecution, display: StatementDisplay): GlueApi {
    const { apis, clock, log, signIn } = this.options;
    return steadyReads(apis.of(target), {
      clock,
      onRetry: ({ action, code, message }) => {
        log.info(`${action} again: ${code}: ${message}`);
      },
      renewCredentials: () => {
        apis.forget(target);
      },
      untilSignedIn: (error, signal) =>
        signIn.wait({
          cell,
          target,
          error,
          // What was not sent yet is not sent at all once it is interrupted; what was can't be cancelled without keys.
          signal: isSending(error) ? AbortSignal.any([signals.cancel, signals.abandon]) : signal,
          show: (note) => {
            display.hold(note);
          },
        }),
    });
  }

  private watch({ signals }: CellExecution, display: StatementDisplay) {
    return {
      clock: this.options.clock,
      ...signals,
      onProgress: (seen: Statement) => {
        display.show(seen);
      },
    };
  }

  private async show(
    statement: Statement | undefined,
    target: Target,
    sessionId: string,
    at: CellExecution,
    display: StatementDisplay,
  ): Promise<boolean> {
    const { cell, execution, signals } = at;
    const isCancelled = statement === undefined || statement.state === 'CANCELLED';
    const isLost = isCancelled ? !signals.cancel.aborted : isWithoutReason(statement);
    if (isLost) {
      throw new StatementLostError(
        isCancelled
          ? vscode.l10n.t('The statement was cancelled, by somebody or something other than this notebook.')
          : vscode.l10n.t('The statement failed, and the service gave no reason.'),
      );
    }
    if (isCancelled) {
      await execution.appendOutput(
        failureOutput(
          vscode.l10n.t('Interrupted'),
          vscode.l10n.t('The statement was cancelled; the session goes on.'),
        ),
      );
      return false;
    }
    // A cell is one execution, however many statements brought its code into the session.
    const count = statement.output?.executionCount ?? statement.id + 1;
    const executionOrder = count - (this.uploads.get(sessionId) ?? 0);
    execution.executionOrder = executionOrder;
    const place = { notebook: cell.notebook, tables: this.options.tables, executionOrder };
    const whole = await withHeld(statement, this.steady(target, at, display), signals);
    unawaited(display.end(whole, await outputsOf(whole, place)), this.options.log);
    return succeeded(statement);
  }
}

/** With what the service left in S3; as it is when the person doesn't wait for it: then its addresses are told. */
async function withHeld(
  statement: Statement,
  { getObject }: GlueApi,
  { cancel, abandon }: ExecutionSignals,
): Promise<Statement> {
  const { output } = statement;
  if (output?.mimeType?.startsWith('text/uri-list') !== true) return statement;
  const { fetchHeld } = await import('../glue/heldResult');
  try {
    const signal = AbortSignal.any([cancel, abandon]);
    return { ...statement, output: await fetchHeld(output, getObject, signal, translated) };
  } catch (error) {
    if (cancel.aborted && !abandon.aborted) return statement;
    throw error;
  }
}

function isWithoutReason({ state, output }: Statement): boolean {
  return (state === 'ERROR' || state === 'FAILED') && output === undefined;
}

function earlierVersion(): string {
  return vscode.l10n.t('Output of an earlier version of this cell, which was edited after it was run:\n');
}
