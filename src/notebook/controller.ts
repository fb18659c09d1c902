import * as vscode from 'vscode';
import { errorText } from '../host/reportError';
import { demandTrust } from '../host/trust';
import { glueLanguage, notebookTypes } from '../manifest';
import type { CellRunner } from './cellRunner';
import { ExecutionQueue } from './executionQueue';
import { noticeLongCell } from './longCellNotice';
import type { NotebookSession } from './notebookSession';
import { failureOutput } from './errorOutput';

export interface ControllerOptions {
  readonly id: string;
  readonly label: string;
  /** Name of the official kernel's kernelspec: notebooks that name it are offered this controller first. */
  readonly kernelspec: string;
  readonly languages: readonly string[];
  readonly runner: CellRunner;
  readonly sessionOf: (notebook: vscode.NotebookDocument) => Promise<NotebookSession>;
  readonly log: vscode.LogOutputChannel;
  readonly onSelected: (notebook: vscode.NotebookDocument, isSelected: boolean) => void;
}

interface Underway {
  readonly queue: ExecutionQueue<vscode.NotebookCell>;
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
        options.onSelected(notebook, selected);
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        this.offer(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.underway.delete(notebook.uri.toString());
      }),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.offer(notebook);
  }

  dispose(): void {
    for (const { cancel, abandon } of this.underway.values()) {
      abandon.abort(new vscode.CancellationError());
      cancel.abort(new vscode.CancellationError());
    }
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

  private async execute(
    cells: readonly vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
  ): Promise<void> {
    const key = notebook.uri.toString();
    const underway = this.underway.get(key) ?? this.prepare(notebook);
    this.underway.set(key, underway);
    await underway.queue.add(cells);
  }

  private prepare(notebook: vscode.NotebookDocument): Underway {
    const underway: Underway = {
      queue: new ExecutionQueue(
        (cell) => this.runCell(cell, notebook, underway),
        (cell) => {
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

  private async runCell(
    cell: vscode.NotebookCell,
    notebook: vscode.NotebookDocument,
    underway: Underway,
  ): Promise<boolean> {
    if (cell.index < 0) return true;
    underway.cancel = new AbortController();
    underway.abandon = new AbortController();
    const execution = this.controller.createNotebookCellExecution(cell);
    const started = Date.now();
    execution.start(started);
    let succeeded = false;
    try {
      await execution.clearOutput();
      demandTrust();
      const session = await this.options.sessionOf(notebook);
      const signals = { cancel: underway.cancel.signal, abandon: underway.abandon.signal };
      succeeded = await this.options.runner.run(cell, session, execution, signals);
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
      noticeLongCell(cell, Date.now() - started, succeeded);
    }
    return succeeded;
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
