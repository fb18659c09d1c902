/**
 * What runs the statements of a session. Made by `createEngine` (see createEngine.ts), used by the session service.
 * The engine knows nothing of AWS: no accounts, permissions, ids or wire formats.
 */
export interface Engine {
  /** For people: `Spark 3.5.6 on Python 3.11.7, Java 17.0.15` or `Python 3.11.7, no Spark`. Known once prepared. */
  readonly description: string;
  /** Finds or makes the Python that sessions run in, saying what it does through `report`. Idempotent; a failure is thrown anew at each call. */
  prepare(report: (message: string) => void): Promise<void>;
  /**
   * Starts a process for a session; resolves once it accepts statements.
   * @param ending aborted when the session is no longer wanted: `start` then rejects and leaves no process
   */
  start(options: EngineSessionOptions, ending: AbortSignal): Promise<EngineSession>;
  /** Ends all children; nothing can be started afterwards. */
  dispose(): Promise<void>;
}

export interface EngineSessionOptions {
  readonly sessionId: string;
  /** As asked for in CreateSession (`5.0`): the engine may differ and says so in the output of the first statement. */
  readonly glueVersion: string;
  /** DefaultArguments of the session (`--conf`, `--additional-python-modules`, …). */
  readonly arguments: Readonly<Record<string, string>>;
  /** Folder whose subfolders stand for S3 buckets. */
  readonly s3Directory: string;
  /** Databases and tables of the catalog, for `from_catalog` and `SHOW TABLES`. */
  readonly catalog: readonly CatalogDatabase[];
}

export interface CatalogDatabase {
  readonly name: string;
  readonly tables: readonly {
    readonly name: string;
    /** `s3://bucket/prefix` */
    readonly location: string;
    readonly format: 'json' | 'csv' | 'parquet';
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  }[];
}

export interface EngineSession {
  /** Whether the process is still there. */
  readonly isAlive: boolean;
  /** Runs one statement at a time: the caller queues. Rejects only when the process is gone. */
  run(code: string, onProgress: (progress: number) => void): Promise<EngineOutput>;
  /** Interrupts the running statement (Spark jobs and Python alike); the session stays usable. The statement's `run` then resolves with `cancelled`. */
  cancel(): void;
  /** Address of Spark's own UI, on the loopback, started when it is first asked for; undefined where there is none. */
  sparkUi(): Promise<string | undefined>;
  /** Ends the process and its children. */
  stop(): Promise<void>;
  /** Settles when the process has ended, with the reason when nobody asked for it. */
  readonly exited: Promise<string | undefined>;
}

/** What a statement gave, before it is put in the service's shape. */
export type EngineOutput =
  | {
      readonly kind: 'ok';
      readonly text: string;
      readonly image?: { readonly mimeType: 'image/png'; readonly base64: string };
      readonly html?: string;
    }
  | {
      readonly kind: 'error';
      readonly text: string;
      readonly errorName: string;
      readonly errorValue: string;
      readonly traceback: readonly string[];
    }
  | { readonly kind: 'cancelled' };
