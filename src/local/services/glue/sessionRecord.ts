import type { Engine, EngineSession, EngineSessionOptions } from '../../engine/engine';
import { scalaSession } from '../../engine/scalaSession';
import type { SessionUsage } from '../bill';
import { ServiceError } from '../serviceError';
import type { HoldOutput } from './heldOutput';
import { StatementQueue, type StatementJournal } from './statementQueue';

type Status = 'PROVISIONING' | 'READY' | 'FAILED' | 'TIMEOUT' | 'STOPPING' | 'STOPPED';

/** What stays the same of a session from its creation. */
export interface SessionFacts {
  readonly id: string;
  readonly arn: string;
  readonly role: string;
  readonly command: { readonly Name?: string; readonly PythonVersion?: string };
  readonly description?: string;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly connections: readonly string[];
  /** DPU. */
  readonly maxCapacity: number;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
  readonly securityConfiguration?: string;
  readonly glueVersion: string;
  readonly idleTimeoutMinutes: number;
  readonly timeoutMinutes?: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** How a session came to be: just created, or there when the world began. */
export type Beginning =
  | { readonly kind: 'created' }
  | {
      readonly kind: 'existing';
      readonly status: 'READY' | 'STOPPED' | 'TIMEOUT' | 'FAILED';
      readonly executionSeconds?: number;
      readonly errorMessage?: string;
    };

export interface SessionSurroundings {
  readonly engine: Engine;
  readonly engineOptions: Omit<EngineSessionOptions, 'sessionId' | 'glueVersion' | 'arguments'>;
  readonly journal: StatementJournal;
  readonly now: () => number;
  /** Undefined: results are told in the answer, whatever their size. */
  readonly hold?: HoldOutput;
}

/** One session with its process, which starts with it, or at the first statement when the session came with the world. */
export class SessionRecord {
  private currentTags: Readonly<Record<string, string>>;
  private hadTags: boolean;
  private status: Status;
  private errorMessage: string | undefined;
  private readyAt: number | undefined;
  private completedAt: number | undefined;
  private process: Promise<EngineSession> | undefined;
  private readonly queue: StatementQueue;
  private readonly ending = new AbortController();

  constructor(
    readonly facts: SessionFacts,
    tags: Readonly<Record<string, string>>,
    beginning: Beginning,
    private readonly surroundings: SessionSurroundings,
  ) {
    this.currentTags = { ...tags };
    this.hadTags = Object.keys(tags).length > 0;
    this.queue = new StatementQueue(
      facts.id,
      () => this.engineSession(),
      surroundings.journal,
      surroundings.now,
      surroundings.hold,
    );
    if (beginning.kind === 'created') {
      this.status = 'PROVISIONING';
      void this.provision();
      return;
    }
    this.status = beginning.status;
    this.errorMessage = beginning.errorMessage;
    this.readyAt = facts.createdAt;
    if (beginning.status !== 'READY') {
      this.completedAt = Math.min(
        facts.createdAt + (beginning.executionSeconds ?? 600) * 1000,
        surroundings.now(),
      );
    }
  }

  get tags(): Readonly<Record<string, string>> {
    return this.currentTags;
  }

  set tags(tags: Readonly<Record<string, string>>) {
    this.currentTags = tags;
    this.hadTags ||= Object.keys(tags).length > 0;
  }

  /** Whether it has tags or once had some. */
  get wasTagged(): boolean {
    return this.hadTags;
  }

  get isLive(): boolean {
    return this.status === 'PROVISIONING' || this.status === 'READY';
  }

  /** Whether nothing of it runs any more, and it may be deleted. */
  get isOver(): boolean {
    return !this.isLive && this.status !== 'STOPPING';
  }

  get statements(): StatementQueue {
    return this.queue;
  }

  /** The session as the service tells it. */
  describe(): object {
    this.applyTimeouts();
    const { facts } = this;
    const executionSeconds =
      this.completedAt === undefined || this.readyAt === undefined
        ? undefined
        : Math.max(0, (this.completedAt - this.readyAt) / 1000);
    return {
      Id: facts.id,
      CreatedOn: facts.createdAt / 1000,
      Status: this.status,
      ...(this.errorMessage !== undefined && { ErrorMessage: this.errorMessage }),
      ...(facts.description !== undefined && { Description: facts.description }),
      Role: facts.role,
      Command: facts.command,
      DefaultArguments: facts.defaultArguments,
      ...(facts.connections.length > 0 && { Connections: { Connections: facts.connections } }),
      Progress: this.status === 'PROVISIONING' ? 0.5 : 1,
      MaxCapacity: facts.maxCapacity,
      ...(facts.securityConfiguration !== undefined && {
        SecurityConfiguration: facts.securityConfiguration,
      }),
      GlueVersion: facts.glueVersion,
      ...(facts.numberOfWorkers !== undefined && { NumberOfWorkers: facts.numberOfWorkers }),
      ...(facts.workerType !== undefined && { WorkerType: facts.workerType }),
      ...(this.completedAt !== undefined && { CompletedOn: this.completedAt / 1000 }),
      // Whether the service fills these while a session is live is not documented, so here it doesn't.
      ...(executionSeconds !== undefined && {
        ExecutionTime: executionSeconds,
        DPUSeconds: executionSeconds * facts.maxCapacity,
      }),
      IdleTimeout: facts.idleTimeoutMinutes,
    };
  }

  /** What it used; undefined when it never was ready. */
  usage(account: string, region: string): SessionUsage | undefined {
    this.applyTimeouts();
    if (this.readyAt === undefined) return undefined;
    return {
      account,
      region,
      tags: this.currentTags,
      capacity: this.facts.maxCapacity,
      from: this.readyAt,
      to: this.completedAt,
    };
  }

  /** @throws ServiceError when the session can't take a statement now. */
  demandReady(): void {
    this.applyTimeouts();
    if (this.status === 'READY') return;
    throw new ServiceError(
      'IllegalSessionStateException',
      `Session is not ready, session_id=${this.facts.id}, status=${this.status}`,
    );
  }

  /** @throws ServiceError when it has ended already. */
  stop(): void {
    this.applyTimeouts();
    if (!this.isLive) {
      throw new ServiceError(
        'IllegalSessionStateException',
        `Session ${this.facts.id} is in ${this.status} state`,
      );
    }
    this.status = 'STOPPING';
    void this.end('STOPPED');
  }

  /** Moves the session on when its idle time or its time is over: called now and then, and whenever somebody asks. */
  applyTimeouts(): void {
    if (this.status !== 'READY') return;
    const { idleTimeoutMinutes, timeoutMinutes, createdAt } = this.facts;
    const idleSince = this.queue.idleSince() ?? (this.queue.isBusy ? undefined : this.readyAt);
    const now = this.surroundings.now();
    const idleOver = idleSince !== undefined && now - idleSince > idleTimeoutMinutes * 60_000;
    const timeOver = timeoutMinutes !== undefined && now - createdAt > timeoutMinutes * 60_000;
    if (!idleOver && !timeOver) return;
    const endedAt = idleOver ? idleSince + idleTimeoutMinutes * 60_000 : now;
    this.status = 'TIMEOUT';
    this.completedAt = endedAt;
    void this.end('TIMEOUT');
  }

  /** Address of its Spark UI; undefined where it has none. */
  async sparkUi(): Promise<string | undefined> {
    // One that came with the world has no process yet, and is not started for a look at it.
    return this.process?.then(
      (session) => session.sparkUi(),
      () => undefined,
    );
  }

  /** Ends the process, whatever the status. */
  async dispose(): Promise<void> {
    this.ending.abort();
    await this.process?.then(
      (session) => session.stop(),
      () => undefined,
    );
  }

  private async provision(): Promise<void> {
    try {
      await this.engineSession();
      if (this.status === 'PROVISIONING') {
        this.status = 'READY';
        this.readyAt = this.surroundings.now();
      }
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private engineSession(): Promise<EngineSession> {
    this.process ??= this.startProcess();
    return this.process;
  }

  private async startProcess(): Promise<EngineSession> {
    const { engine, engineOptions } = this.surroundings;
    if (this.facts.defaultArguments['--session-language'] === 'scala') return scalaSession();
    const options: EngineSessionOptions = {
      ...engineOptions,
      sessionId: this.facts.id,
      glueVersion: this.facts.glueVersion,
      arguments: this.facts.defaultArguments,
    };
    const session = await engine.start(options, this.ending.signal);
    void session.exited.then((reason) => {
      if (reason !== undefined && this.isLive) this.fail(reason);
    });
    return session;
  }

  private fail(reason: string): void {
    if (!this.isLive) return;
    this.status = 'FAILED';
    this.errorMessage = reason.slice(0, 2048);
    this.completedAt = this.surroundings.now();
    this.queue.failWaiting();
  }

  private async end(status: 'STOPPED' | 'TIMEOUT'): Promise<void> {
    this.queue.cancelAll();
    await this.dispose();
    this.status = status;
    this.completedAt ??= this.surroundings.now();
    this.readyAt ??= this.completedAt;
  }
}
