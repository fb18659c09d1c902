import { appendFileSync, closeSync, openSync } from 'node:fs';

/** Appends one JSON line for each call and each statement: the truth that tests hold callers to. */
export class Journal {
  private file: number | undefined;

  /** @param fileName undefined keeps no journal */
  constructor(fileName: string | undefined) {
    this.file = fileName === undefined ? undefined : openSync(fileName, 'a', 0o600);
  }

  call(entry: { time: number; operation: string; caller: string | undefined; outcome: string }): void {
    this.append({ kind: 'call', ...entry, time: new Date(entry.time).toISOString() });
  }

  statement(entry: {
    readonly session: string;
    readonly statement: number;
    readonly start: number;
    readonly end: number;
    readonly sha256: string;
  }): void {
    this.append({
      kind: 'statement',
      ...entry,
      start: new Date(entry.start).toISOString(),
      end: new Date(entry.end).toISOString(),
    });
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private append(entry: object): void {
    // At once, so that a line is there when the answer is.
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}
