import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { hashOf, newRecord, recordedStatement, type CellRecord, type RecordedStatement } from './cellRecord';
import { findCell } from './recordedCell';
import type { RecordStore } from './recordStore';

/** So long VS Code may take to back up a notebook whose outputs changed (milliseconds). */
const backupMs = 3000;

/** So long a cell's turn may stay unwritten (milliseconds): most are sent sooner, and the disk is slower than that. */
const postponedMs = 20;

/** A record's cell in the notebook, as it is now. */
export interface RecoveredCell {
  readonly record: OpenRecord;
  /** Undefined when the cell isn't there any more. */
  readonly cell: vscode.NotebookCell | undefined;
  readonly isEdited: boolean;
}

/** The records of the executions of this window, and those of earlier windows that it takes over. */
export class CellRecords implements vscode.Disposable {
  /** Executions of this window that go on, by record id. */
  private readonly underway = new Map<string, OpenRecord>();
  /** Whose results are in the notebook; VS Code may not have backed it up yet. */
  private readonly delivered = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly store: RecordStore,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Executions that ended without their result, by cell. */
  private readonly left = new WeakMap<vscode.NotebookCell, OpenRecord>();

  /** Writes down that a cell waits for its turn. What was left of an earlier execution is not looked for any more. */
  open(cell: vscode.NotebookCell): OpenRecord {
    this.left.get(cell)?.remove();
    this.left.delete(cell);
    const record = newRecord(randomUUID(), cell.notebook.uri.toString(), identityOf(cell), Date.now());
    const opened = this.take(record, cell);
    opened.save();
    return opened;
  }

  /** Goes on with a record. */
  take(record: CellRecord, cell: vscode.NotebookCell | undefined): OpenRecord {
    const opened: OpenRecord = new OpenRecord(record, this.store, this.log, (wasDelivered) => {
      this.underway.delete(record.id);
      if (wasDelivered) this.removeSoon(record.id);
      if (opened.isLeft && cell !== undefined) this.left.set(cell, opened);
    });
    this.underway.set(record.id, opened);
    return opened;
  }

  /** What was left of the cell's last execution. */
  leftOf(cell: vscode.NotebookCell): OpenRecord | undefined {
    return this.left.get(cell);
  }

  /** What was underway in this notebook when a window ended, or when it was closed, oldest first. */
  async claim(notebook: vscode.NotebookDocument): Promise<readonly RecoveredCell[]> {
    const uri = notebook.uri.toString();
    const records = await this.store.claim(
      (record) => record.notebook === uri && !this.underway.has(record.id) && !this.delivered.has(record.id),
    );
    const cells = notebook.getCells();
    const present = cells.map(identityOf);
    return records.map((record) => {
      const found = findCell(record.cell, present);
      const cell = found && cells[found.index];
      return { record: this.take(record, cell), cell, isEdited: found?.isEdited === true };
    });
  }

  /** A notebook got another address: its records go with it. */
  async move(from: string, to: string): Promise<void> {
    const ending = [...this.underway.values()].filter(({ current }) => current.notebook === from);
    await Promise.all(ending.map(({ closed }) => closed));
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
  private postponed: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private record: CellRecord,
    private readonly store: RecordStore,
    private readonly log: vscode.LogOutputChannel,
    private readonly onClosed: (wasDelivered: boolean) => void,
  ) {}

  private left = false;
  private resolveClosed: () => void = () => undefined;
  /** Resolves when the execution has ended. */
  readonly closed = new Promise<void>((resolve) => {
    this.resolveClosed = resolve;
  });

  /** What it gave is not in the notebook, or not yet: see {@link leave}. */
  get isLeft(): boolean {
    return this.left;
  }

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

  /** Writes it down soon; nothing waits for that. A cell that is sent at once is written down once, with its statement. */
  save(): void {
    this.postponed = setTimeout(() => {
      this.writeTurn();
    }, postponedMs);
  }

  /** Has {@link close} keep the record: a later look goes on from here. */
  leave(): void {
    this.left = true;
    if (this.postponed !== undefined) this.writeTurn();
  }

  /** The execution has ended: its record is removed, unless it was left. What was sent is first backed up with the notebook. */
  close(): void {
    const wasDelivered = !this.left && this.record.statement !== undefined;
    if (!this.left && !wasDelivered) this.remove();
    this.onClosed(wasDelivered);
    this.resolveClosed();
  }

  /** Another execution of the cell is what counts now. */
  remove(): void {
    this.after(() => this.store.remove(this.record.id)).catch((error: unknown) => {
      this.log.warn(`a record was not removed: ${String(error)}`);
    });
  }

  private writeTurn(): void {
    this.after(() => this.store.write(this.record)).catch((error: unknown) => {
      this.log.warn(`a cell's turn was not written down: ${String(error)}`);
    });
  }

  private after(step: () => Promise<void>): Promise<void> {
    clearTimeout(this.postponed);
    this.postponed = undefined;
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
