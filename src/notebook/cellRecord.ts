import { createHash } from 'node:crypto';
import type { Target } from '../glue/target';

/** Of another version of this format: not read, and left where it is. */
const version = 1;

/** Which cell: by its id (nbformat 4.5 and later), else by its place and text. */
export interface RecordedCell {
  readonly id?: string;
  readonly index: number;
  /** SHA-256 of the cell's text, hexadecimal. */
  readonly textHash: string;
}

/** A statement that is being sent, or was: by the marker it is found again in its session. */
export interface RecordedStatement {
  /** Without keys: see `hadKeys`. */
  readonly target: Target;
  /** It was reached with keys from a cell, which are kept nowhere. */
  readonly hadKeys: boolean;
  readonly sessionId: string;
  readonly marker: string;
  readonly linesBefore: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** One execution of a cell, as it is known after a reload or a crash. It holds no code and no secrets. */
export interface CellRecord {
  readonly version: 1;
  /** Random. */
  readonly id: string;
  /** URI of the notebook. */
  readonly notebook: string;
  readonly cell: RecordedCell;
  /** Milliseconds since the epoch. */
  readonly queuedAt: number;
  /** Undefined while nothing was sent. */
  readonly statement?: RecordedStatement;
}

export function newRecord(id: string, notebook: string, cell: RecordedCell, queuedAt: number): CellRecord {
  return { version, id, notebook, cell, queuedAt };
}

/** The statement as it is recorded: the target without its keys. */
export function recordedStatement(statement: Omit<RecordedStatement, 'hadKeys'>): RecordedStatement {
  const { credentials, ...target } = statement.target;
  return { ...statement, target, hadKeys: credentials !== undefined };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a file holds: a record, one of another version, or nothing that can be read. */
export function parseRecord(text: string): CellRecord | 'unknownVersion' | 'corrupt' {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Half a file, or no file of ours.
    return 'corrupt';
  }
  if (!isObject(json) || typeof json.version !== 'number') return 'corrupt';
  if (json.version !== version) return 'unknownVersion';
  return isRecord(json) ? json : 'corrupt';
}

function isRecord(json: Fields): json is Fields & CellRecord {
  const { id, notebook, cell, queuedAt, statement } = json;
  return (
    typeof id === 'string' &&
    typeof notebook === 'string' &&
    typeof queuedAt === 'number' &&
    isObject(cell) &&
    (cell.id === undefined || typeof cell.id === 'string') &&
    typeof cell.index === 'number' &&
    typeof cell.textHash === 'string' &&
    (statement === undefined || isStatement(statement))
  );
}

function isStatement(json: unknown): boolean {
  return (
    isObject(json) &&
    isObject(json.target) &&
    Array.isArray(json.target.roles) &&
    typeof json.hadKeys === 'boolean' &&
    typeof json.sessionId === 'string' &&
    typeof json.marker === 'string' &&
    typeof json.linesBefore === 'number' &&
    typeof json.sentAt === 'number'
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
