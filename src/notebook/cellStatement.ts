import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis, Session, Statement } from '../glue/glueApi';
import type { MarkedCode } from '../glue/statementMarker';
import { resumeStatement, runStatement } from '../glue/statementRunner';
import type { RecordedStatement } from './cellRecord';
import type { OpenRecord } from './cellRecords';
import type { CellStatus } from './cellStatus';
import { failureOutput } from './errorOutput';
import type { AttachedSession } from './notebookSession';
import { outputsOf, stdout, succeeded } from './outputs';
import type { ShownTables } from './shownTables';
import { StatementDisplay, unawaited } from './statementDisplay';

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

export interface CellStatementOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly cellStatus: CellStatus;
  readonly log: vscode.LogOutputChannel;
  readonly tables: ShownTables;
}

/** Sends the statements of cells, or goes on with one that was sent, and shows it in its cell from beginning to end. */
export class CellStatement {
  /** How many statements carried parts of long code, by session; of this window. */
  private readonly uploads = new Map<string, number>();

  constructor(private readonly options: CellStatementOptions) {}

  /** @returns whether it succeeded. @throws as runStatement does */
  async run(at: CellExecution, { target, session }: AttachedSession, marked: MarkedCode): Promise<boolean> {
    const { apis, clock } = this.options;
    const display = this.display(at, clock.now(), session);
    try {
      const statement = await runStatement({
        api: apis.of(target),
        sessionId: session.id,
        marked,
        onSending: (mark) =>
          at.record.sending({ target, sessionId: session.id, ...mark, sentAt: clock.now() }, at.cell),
        onUpload: (part, parts) => {
          this.uploads.set(session.id, (this.uploads.get(session.id) ?? 0) + 1);
          display.showUpload(part, parts);
        },
        ...this.watch(at, display),
      });
      return await this.show(statement, session.id, at, display);
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
    const display = this.display(at, sent.sentAt, session);
    try {
      const statement = await resumeStatement({
        api: this.options.apis.of(sent.target),
        sessionId: sent.sessionId,
        mark: sent,
        sendingAt: sent.sentAt,
        onSent: () => {
          void execution.clearOutput();
          if (isEdited) void execution.appendOutput(stdout(earlierVersion()));
        },
        ...this.watch(at, display),
      });
      return statement === undefined ? undefined : await this.show(statement, sent.sessionId, at, display);
    } finally {
      display.dispose();
    }
  }

  private display(
    { cell, execution }: CellExecution,
    started: number,
    session: Session | undefined,
  ): StatementDisplay {
    const { clock, cellStatus } = this.options;
    return new StatementDisplay({ cell, execution, cellStatus, clock, started, session });
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
    sessionId: string,
    { cell, execution }: CellExecution,
    display: StatementDisplay,
  ): Promise<boolean> {
    if (statement === undefined || statement.state === 'CANCELLED') {
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
    unawaited(display.end(statement, await outputsOf(statement, place)), this.options.log);
    return succeeded(statement);
  }
}

function earlierVersion(): string {
  return vscode.l10n.t('Output of an earlier version of this cell, which was edited after it was run:\n');
}
