import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { hashOf, newRecord, recordedStatement, type CellRecord, type RecordedStatement } from './cellRecord';
import { findCell } from './recordedCell';
import type { RecordStore } from './recordStore';

/** So long VS Code may take to back up a notebook whose outputs changed (milliseconds). */
const backupMs = 3000;

/** A record's cell in the notebook, as it is now. */
export interface RecoveredCell {
  readonly record: CellRecord;
  /** Undefined when the cell isn't there any more. */
  readonly cell: vscode.NotebookCell | undefined;
  readonly isEdited: boolean;
}

/** The records of the executions of this window, and those of earlier windows that it takes over. */
export class CellRecords implements vscode.Disposable {
  /** Executions of this window that go on, by record id. */
  private readonly underway = new Set<string>();
  /** Whose results are in the notebook; VS Code may not have backed it up yet. */
  private readonly delivered = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly store: RecordStore,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Writes down that a cell waits for its turn. */
  open(cell: vscode.NotebookCell): OpenRecord {
    const record = newRecord(randomUUID(), cell.notebook.uri.toString(), identityOf(cell), Date.now());
    const opened = this.take(record);
    opened.save();
    return opened;
  }

  /** Goes on with a record that was claimed. */
  take(record: CellRecord): OpenRecord {
    this.underway.add(record.id);
    return new OpenRecord(record, this.store, this.log, (result) => {
      this.underway.delete(record.id);
      if (result === 'delivered') this.removeSoon(record.id);
    });
  }

  /** What was underway in this notebook when a window ended, or when it was closed, oldest first. */
  async claim(notebook: vscode.NotebookDocument): Promise<readonly RecoveredCell[]> {
    const uri = notebook.uri.toString();
    const records = await this.store.claim(
      (record) =>
        record.notebook === uri && !this.underway.has(record.id) && !this.delivered.has(record.id),
    );
    const cells = notebook.getCells();
    const present = cells.map(identityOf);
    return records.map((record) => {
      const found = findCell(record.cell, present);
      return { record, cell: found && cells[found.index], isEdited: found?.isEdited === true };
    });
  }

  /** A notebook got another address: its records go with it. */
  async move(from: string, to: string): Promise<void> {
    const records = await this.store.claim(({ notebook }) => notebook === from);
    for (const record of records) await this.store.write({ ...record, notebook: to });
  }

  dispose(): void {
    for (const [id, timer] of this.delivered) {
      clearTimeout(timer);
      this.store.removeNow(id);
    }
  }

  private removeSoon(id: string): void {
    const timer = setTimeout(() => {
      this.delivered.delete(id);
      this.store.remove(id).catch((error: unknown) => {
        this.log.warn(`a record was not removed: ${String(error)}`);
      });
    }, backupMs);
    this.delivered.set(id, timer);
  }
}

/** The record of one execution, while it goes on. */
export class OpenRecord {
  /** Changes reach the disk one after the other. */
  private saving = Promise.resolve();

  constructor(
    private record: CellRecord,
    private readonly store: RecordStore,
    private readonly log: vscode.LogOutputChannel,
    private readonly onClosed: (result: 'delivered' | 'left' | 'dropped') => void,
  ) {}

  get current(): CellRecord {
    return this.record;
  }

  /** Resolves once the statement is on disk: to be awaited before it is sent. @throws Error when the disk refuses */
  async sending(statement: Omit<RecordedStatement, 'hadKeys'>, cell: vscode.NotebookCell): Promise<void> {
    this.record = {
      ...this.record,
      notebook: cell.notebook.uri.toString(),
      cell: identityOf(cell),
      statement: recordedStatement(statement),
    };
    await this.after(() => this.store.write(this.record));
  }

  /** Writes it down; nothing waits for that. */
  save(): void {
    this.after(() => this.store.write(this.record)).catch((error: unknown) => {
      this.log.warn(`a cell's turn was not written down: ${String(error)}`);
    });
  }

  /** The result is in the notebook, and will be backed up with it. */
  delivered(): void {
    this.onClosed('delivered');
  }

  /** The result is not in the notebook: a later look goes on from here. */
  leave(): void {
    this.onClosed('left');
  }

  /** Nothing was sent, and nobody waits for it. */
  drop(): void {
    this.after(() => this.store.remove(this.record.id)).catch((error: unknown) => {
      this.log.warn(`a record was not removed: ${String(error)}`);
    });
    this.onClosed('dropped');
  }

  private after(step: () => Promise<void>): Promise<void> {
    const next = this.saving.then(step);
    this.saving = next.catch(() => undefined);
    return next;
  }
}

/** How a cell is known again. VS Code's notebook format keeps the id of nbformat 4.5 in the cell's metadata. */
function identityOf(cell: vscode.NotebookCell) {
  const { id } = cell.metadata as { readonly id?: unknown };
  return {
    ...(typeof id === 'string' && { id }),
    index: cell.index,
    textHash: hashOf(cell.document.getText()),
  };
}
