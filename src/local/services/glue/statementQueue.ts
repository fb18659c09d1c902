import { createHash } from 'node:crypto';
import type { EngineOutput, EngineSession } from '../../engine/engine';
import { ServiceError } from '../serviceError';
import type { EngineResult, HoldOutput } from './heldOutput';

type State = 'WAITING' | 'RUNNING' | 'AVAILABLE' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'ERROR';

interface StatementRecord {
  readonly id: number;
  readonly code: string;
  state: State;
  progress: number;
  startedAt: number | undefined;
  completedAt: number | undefined;
  output: object | undefined;
}

/** Takes note of every statement executed. */
export type StatementJournal = (entry: {
  readonly session: string;
  readonly statement: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Hexadecimal SHA-256 of the code. */
  readonly sha256: string;
}) => void;

/** The statements of a session: run one after the other, in order of arrival. */
export class StatementQueue {
  private readonly records: StatementRecord[] = [];
  private running = Promise.resolve();
  private executionCount = 0;

  constructor(
    private readonly sessionId: string,
    private readonly engineSession: () => Promise<EngineSession>,
    private readonly journal: StatementJournal,
    private readonly now: () => number,
    /** Undefined: all is told in the answer. */
    private readonly hold: HoldOutput | undefined,
  ) {}

  get isBusy(): boolean {
    return this.records.some(({ state }) => !isFinal(state));
  }

  /** When the last statement ended (milliseconds since the epoch); undefined while one is underway or none was. */
  idleSince(): number | undefined {
    const ends = this.records.map(({ completedAt }) => completedAt ?? 0);
    return this.isBusy || ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b));
  }

  /** Queues code and gives the statement's id. */
  add(code: string): number {
    const record: StatementRecord = {
      id: this.records.length,
      code,
      state: 'WAITING',
      progress: 0,
      startedAt: undefined,
      completedAt: undefined,
      output: undefined,
    };
    this.records.push(record);
    this.running = this.running.then(() => this.execute(record));
    return record.id;
  }

  /** @throws ServiceError when there is no such statement. */
  describe(id: number): object {
    return describe(this.find(id));
  }

  describeAll(): object[] {
    return this.records.map(describe);
  }

  /** @throws ServiceError when there is no such statement, or it has ended. */
  cancel(id: number): void {
    const record = this.find(id);
    if (record.state === 'WAITING') {
      record.state = 'CANCELLED';
      record.completedAt = this.now();
    } else if (record.state === 'RUNNING' || record.state === 'CANCELLING') {
      // Asked again, it interrupts again: code may have caught the first one.
      record.state = 'CANCELLING';
      this.engineSession().then(
        (session) => {
          session.cancel();
        },
        // The session tells why it has no process.
        () => undefined,
      );
    } else {
      throw new ServiceError(
        'IllegalSessionStateException',
        `Statement ${String(id)} of session ${this.sessionId} is in ${record.state} state`,
      );
    }
  }

  cancelAll(): void {
    for (const record of this.records) {
      if (isFinal(record.state)) continue;
      record.state = 'CANCELLED';
      record.completedAt = this.now();
    }
  }

  /** The session has failed: what waits will never run. */
  failWaiting(): void {
    for (const record of this.records) {
      if (record.state !== 'WAITING') continue;
      record.state = 'ERROR';
      record.completedAt = this.now();
    }
  }

  private async execute(record: StatementRecord): Promise<void> {
    if (record.state !== 'WAITING') return;
    record.state = 'RUNNING';
    record.startedAt = this.now();
    const session = await this.engineSession().catch(() => undefined);
    // Cancelled, or ended with its session, while the process started: it must not run now.
    if (stateOf(record) !== 'RUNNING' || session?.isAlive !== true) {
      if (isFinal(record.state)) return;
      record.state = session?.isAlive === true ? 'CANCELLED' : 'ERROR';
      record.completedAt = this.now();
      return;
    }
    // The process may die under a statement; the session tells why, the statement only that it failed.
    const settled: EngineOutput | undefined = await session
      .run(record.code, (progress) => (record.progress = progress))
      .catch(() => undefined);
    const end = this.now();
    const sha256 = createHash('sha256').update(record.code).digest('hex');
    this.journal({ session: this.sessionId, statement: record.id, start: record.startedAt, end, sha256 });
    if (isFinal(record.state)) return;
    record.completedAt = end;
    record.progress = 1;
    if (settled === undefined) {
      record.state = 'ERROR';
      return;
    }
    if (settled.kind === 'cancelled') {
      record.state = 'CANCELLED';
      return;
    }
    let held: ReturnType<HoldOutput>;
    try {
      held = settled.kind === 'ok' ? this.hold?.(settled, this.sessionId, record.id) : undefined;
    } catch {
      // A disk that is full: what the statement gave is lost, and the statement with it.
      record.state = 'ERROR';
      return;
    }
    // Evidence: glue.md, "Refusals and failures": what is held in S3 comes with this state.
    record.state = held === undefined ? 'AVAILABLE' : 'COMPLETED';
    record.output = outputOf(settled, ++this.executionCount, held);
  }

  private find(id: number): StatementRecord {
    const record = this.records[id];
    if (record === undefined) {
      throw new ServiceError(
        'EntityNotFoundException',
        `Statement ${String(id)} not found in session ${this.sessionId}`,
      );
    }
    return record;
  }
}

/** Rich results travel in MimeType and Result, outside the public model. Evidence: glue.md, "The API". */
function outputOf(
  output: Exclude<EngineOutput, { kind: 'cancelled' }>,
  executionCount: number,
  held: ReturnType<HoldOutput>,
): object {
  if (output.kind === 'error') {
    return {
      ...(output.text !== '' && { Data: { TextPlain: output.text } }),
      ExecutionCount: executionCount,
      Status: 'error',
      ErrorName: output.errorName,
      ErrorValue: output.errorValue,
      Traceback: output.traceback,
    };
  }
  if (held !== undefined) {
    const data = {
      MimeType: 'text/uri-list',
      ...(held.stdOut !== undefined && { StdOut: held.stdOut }),
      ...(held.result !== undefined && { Result: held.result }),
    };
    return { Data: data, ExecutionCount: executionCount, Status: 'ok' };
  }
  return {
    Data: { TextPlain: output.text, ...richOf(output) },
    ExecutionCount: executionCount,
    Status: 'ok',
  };
}

function richOf(output: EngineResult): object {
  return output.image
    ? { MimeType: `${output.image.mimeType};base64`, Result: output.image.base64 }
    : output.html !== undefined
      ? { MimeType: 'text/html', Result: output.html }
      : {};
}

function describe(record: StatementRecord): object {
  return {
    Id: record.id,
    Code: record.code,
    State: record.state,
    ...(record.output !== undefined && { Output: record.output }),
    Progress: record.progress,
    ...(record.startedAt !== undefined && { StartedOn: record.startedAt }),
    ...(record.completedAt !== undefined && { CompletedOn: record.completedAt }),
  };
}

/** The state as it is now, whatever the compiler believes after an assignment. */
function stateOf(record: StatementRecord): State {
  return record.state;
}

function isFinal(state: State): boolean {
  return state === 'AVAILABLE' || state === 'COMPLETED' || state === 'CANCELLED' || state === 'ERROR';
}
