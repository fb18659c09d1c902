import * as vscode from 'vscode';
import { errorText } from '../host/reportError';
import { demandTrust } from '../host/trust';
import { glueLanguage, notebookTypes } from '../manifest';
import type { CellRecords, OpenRecord } from './cellRecords';
import { OutOfSightError } from './cellErrors';
import type { CellRunner } from './cellRunner';
import type { ExecutionSignals } from './cellStatement';
import { ExecutionQueue } from './executionQueue';
import { noticeLongCell } from './longCellNotice';
import type { NotebookSession } from './notebookSession';
import { failureOutput } from './errorOutput';
import { unawaited } from './unawaited';

export interface ControllerOptions {
  readonly id: string;
  readonly label: string;
  /** Name of the official kernel's kernelspec: notebooks that name it are offered this controller first. */
  readonly kernelspec: string;
  readonly languages: readonly string[];
  /** Loaded at its first use. */
  readonly runner: () => Promise<CellRunner>;
  readonly records: CellRecords;
  readonly sessionOf: (notebook: vscode.NotebookDocument) => Promise<NotebookSession>;
  readonly log: vscode.LogOutputChannel;
  readonly onSelected: (
    notebook: vscode.NotebookDocument,
    isSelected: boolean,
    controller: GlueController,
  ) => void;
}

/** A cell's turn in the queue of its notebook. */
interface Turn {
  readonly cell: vscode.NotebookCell;
  readonly record: OpenRecord;
  /** Its statement was sent in another life of this window, and is only waited for. */
  readonly resumed?: { readonly isEdited: boolean; readonly onNotSent: () => void };
}

interface Underway {
  readonly queue: ExecutionQueue<Turn>;
  cancel: AbortController;
  abandon: AbortController;
}

/** A kernel in the list of VS Code: queues cells, runs them in order, and interrupts them. */
export class GlueController implements vscode.Disposable {
  private readonly controller: vscode.NotebookController;
  private readonly underway = new Map<string, Underway>();
  private readonly subscriptions: readonly { dispose: () => unknown }[];

  constructor(private readonly options: ControllerOptions) {
    this.controller = vscode.notebooks.createNotebookController(
      options.id,
      notebookTypes.jupyter,
      options.label,
    );
    this.controller.supportedLanguages = [...options.languages, glueLanguage, 'sql'];
    this.controller.supportsExecutionOrder = true;
    this.controller.description = vscode.l10n.t('AWS Glue interactive session');
    this.controller.executeHandler = (cells, notebook) => this.execute(cells, notebook);
    this.controller.interruptHandler = (notebook) => {
      this.interrupt(notebook);
    };
    this.subscriptions = [
      this.controller,
      this.controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        options.onSelected(notebook, selected, this);
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        this.offer(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.leave(notebook.uri.toString());
      }),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.offer(notebook);
  }

  dispose(): void {
    for (const key of this.underway.keys()) this.leave(key);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** A notebook of the official kernel, or one that speaks its language, gets this kernel without being asked. */
  private offer(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookTypes.jupyter) return;
    const isOurs = kernelspecOf(notebook) === this.options.kernelspec;
    const affinity = isOurs
      ? vscode.NotebookControllerAffinity.Preferred
      : vscode.NotebookControllerAffinity.Default;
    this.controller.updateNotebookAffinity(notebook, affinity);
  }

  /** Waits for a statement that was sent before, with the cell shown as running. */
  async resume(
    cell: vscode.NotebookCell,
    record: OpenRecord,
    resumed: Turn['resumed'] & object,
  ): Promise<void> {
    await this.underwayOf(cell.notebook).queue.add([{ cell, record, resumed }]);
  }

  /** Puts other items into an output of a cell that does not run; its order, time and success stay as they were. */
  async replaceOutput(
    cell: vscode.NotebookCell,
    output: vscode.NotebookCellOutput,
    items: readonly vscode.NotebookCellOutputItem[],
  ): Promise<void> {
    const { executionOrder, timing, success } = cell.executionSummary ?? {};
    const execution = this.controller.createNotebookCellExecution(cell);
    execution.executionOrder = executionOrder;
    execution.start(timing?.startTime);
    try {
      await execution.replaceOutputItems([...items], output);
    } finally {
      execution.end(success, timing?.endTime);
    }
  }

  private async execute(
    cells: readonly vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
  ): Promise<void> {
    const turns = cells.map((cell) => ({ cell, record: this.options.records.open(cell) }));
    await this.underwayOf(notebook).queue.add(turns);
  }

  private underwayOf(notebook: vscode.NotebookDocument): Underway {
    const key = notebook.uri.toString();
    const underway = this.underway.get(key) ?? this.prepare(notebook);
    this.underway.set(key, underway);
    return underway;
  }

  private prepare(notebook: vscode.NotebookDocument): Underway {
    const underway: Underway = {
      queue: new ExecutionQueue(
        (turn) => this.takeTurn(turn, notebook, underway),
        ({ cell, record }) => {
          record.close();
          if (notebook.isClosed) return;
          // Ends the clock that VS Code shows on a cell that waits.
          const execution = this.controller.createNotebookCellExecution(cell);
          execution.start();
          execution.end(undefined);
        },
      ),
      cancel: new AbortController(),
      abandon: new AbortController(),
    };
    return underway;
  }

  private async takeTurn(
    turn: Turn,
    notebook: vscode.NotebookDocument,
    underway: Underway,
  ): Promise<boolean> {
    const { cell, record } = turn;
    if (cell.index < 0) {
      record.close();
      return true;
    }
    underway.cancel = new AbortController();
    underway.abandon = new AbortController();
    const execution = this.controller.createNotebookCellExecution(cell);
    const started = record.current.statement?.sentAt ?? Date.now();
    execution.start(started);
    let succeeded: boolean | undefined = false;
    try {
      demandTrust();
      const session = await this.options.sessionOf(notebook);
      succeeded = await this.run(turn, session, execution, {
        cancel: underway.cancel.signal,
        abandon: underway.abandon.signal,
      });
    } catch (error) {
      this.options.log.error(
        'cell execution',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
      await execution.appendOutput(
        failureOutput(error instanceof Error ? error.name : 'Error', errorText(error)),
      );
    } finally {
      execution.end(succeeded, Date.now());
      record.close();
      noticeLongCell(cell, Date.now() - started, succeeded === true);
    }
    return succeeded !== false;
  }

  private async run(
    { cell, record, resumed }: Turn,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signals: ExecutionSignals,
  ): Promise<boolean | undefined> {
    const runner = await this.options.runner();
    const { statement } = record.current;
    if (resumed === undefined || statement === undefined) {
      if (cell.outputs.length > 0) unawaited(execution.clearOutput(), this.options.log);
      return runner.run(cell, session, execution, signals, record);
    }
    const succeeded = await runner.resume(cell, session, execution, signals, record, resumed.isEdited);
    if (succeeded === undefined) resumed.onNotSent();
    return succeeded;
  }

  /** The notebook or the window goes: what was sent runs on, and is found again by its record. */
  private leave(key: string): void {
    const underway = this.underway.get(key);
    if (underway === undefined) return;
    this.underway.delete(key);
    const waiting = underway.queue.take();
    for (const { record } of waiting) {
      record.leave();
      record.close();
    }
    underway.abandon.abort(new OutOfSightError());
  }

  /** The first interrupt cancels at the service and drops what waits; the second gives the cell back. */
  private interrupt(notebook: vscode.NotebookDocument): void {
    const underway = this.underway.get(notebook.uri.toString());
    if (underway === undefined) return;
    underway.queue.clear();
    const reason = new vscode.CancellationError();
    if (underway.cancel.signal.aborted) underway.abandon.abort(reason);
    else underway.cancel.abort(reason);
  }
}

/** Name of the kernelspec in the file's metadata. */
export function kernelspecOf(notebook: vscode.NotebookDocument): string | undefined {
  const metadata = notebook.metadata as {
    readonly kernelspec?: { readonly name?: string };
    readonly metadata?: { readonly kernelspec?: { readonly name?: string } };
  };
  return metadata.metadata?.kernelspec?.name ?? metadata.kernelspec?.name;
}
