import * as vscode from 'vscode';
import { commands } from '../manifest';
import type { CellRecords, OpenRecord } from './cellRecords';
import type { CellStatus } from './cellStatus';
import type { RecoveredResults } from './recoveredResults';

export interface RecoveryOptions {
  readonly records: CellRecords;
  readonly cellStatus: CellStatus;
  readonly results: RecoveredResults;
}

/** What goes on with a cell that runs: the controller that is selected for its notebook. */
export interface Resumes {
  resume(
    cell: vscode.NotebookCell,
    record: OpenRecord,
    how: { readonly isEdited: boolean; readonly onNotSent: () => void },
  ): Promise<void>;
}

/** Takes up again what was underway in a notebook when its window ended, or when it was closed. */
export class Recovery {
  constructor(private readonly options: RecoveryOptions) {}

  /** Called once a kernel of ours is selected for the notebook: before that, VS Code lets no cell run. */
  async recover(notebook: vscode.NotebookDocument, controller: Resumes): Promise<void> {
    const { records, results } = this.options;
    const going: Promise<void>[] = [];
    for (const { cell, record, isEdited } of await records.claim(notebook)) {
      if (cell === undefined) going.push(results.offer(record));
      else if (record.current.statement === undefined) this.keepUnsent(record, cell);
      else going.push(this.goOn(record, cell, controller, isEdited, windowEnded()));
    }
    await Promise.all(going);
  }

  /** Looks again for the output of a cell whose last execution ended without it. */
  async lookAgain(cell: vscode.NotebookCell, controller: Resumes): Promise<void> {
    const left = this.options.records.leftOf(cell);
    if (left !== undefined) {
      const record = this.options.records.take(left.current, cell);
      await this.goOn(record, cell, controller, false, neverArrived());
    }
  }

  private async goOn(
    record: OpenRecord,
    cell: vscode.NotebookCell,
    controller: Resumes,
    isEdited: boolean,
    whyNotSent: string,
  ): Promise<void> {
    const onNotSent = () => {
      record.leave();
      this.sayNotSent(cell, whyNotSent);
    };
    await controller.resume(cell, record, { isEdited, onNotSent });
  }

  private keepUnsent(record: OpenRecord, cell: vscode.NotebookCell): void {
    record.leave();
    record.close();
    this.sayNotSent(cell, windowEnded());
  }

  private sayNotSent(cell: vscode.NotebookCell, why: string): void {
    this.options.cellStatus.set(cell, [
      {
        text: vscode.l10n.t('$(debug-restart) Not sent: run it again'),
        tooltip: why,
        command: { command: commands.runAgain, title: '', arguments: [cell] },
      },
    ]);
  }
}

function windowEnded(): string {
  return vscode.l10n.t('The window ended before this cell was sent to its session');
}

function neverArrived(): string {
  return vscode.l10n.t('The session does not list this cell: what was sent never arrived, so it did not run');
}
