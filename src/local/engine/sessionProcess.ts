import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { EngineOutput, EngineSession, EngineSessionOptions } from './engine';
import { EngineError } from './engineError';
import type { PreparedPython } from './python';

const graceMilliseconds = 2000;

type Message =
  | { readonly ready: { readonly python: string; readonly spark: string | null } }
  | { readonly failed: string }
  | { readonly progress: number }
  | { readonly done: Done };

type Done =
  | { readonly cancelled: true }
  | { readonly text: string; readonly image?: string; readonly html?: string }
  | { readonly errorName: string; readonly errorValue: string; readonly traceback: readonly string[] };

/** The Python process of one session (see runtime/session.py for what is said over its pipes). */
export class SessionProcess implements EngineSession {
  readonly exited: Promise<string | undefined>;
  private readonly child: ChildProcess;
  private readonly started = deferred<{ readonly python: string; readonly spark: string | null }>();
  private current:
    | { resolve: (done: Done) => void; reject: (error: Error) => void; onProgress: (p: number) => void }
    | undefined;
  private stopping = false;
  private lastError = '';
  private notice: string | undefined;

  constructor(
    python: PreparedPython,
    script: string,
    options: EngineSessionOptions,
    log: (line: string) => void,
  ) {
    this.child = spawn(python.program, ['-u', '-B', script], {
      env: {
        ...process.env,
        ...python.environment,
        PYTHONIOENCODING: 'utf-8',
        PYSPARK_PYTHON: python.program,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that Spark's JVM ends with it.
      detached: process.platform !== 'win32',
    });
    this.notice = versionNotice(options.glueVersion, python);
    this.exited = new Promise((resolve) => {
      const end = (reason: string) => {
        const told = this.stopping ? undefined : reason;
        const error = new EngineError(told ?? 'The session was stopped');
        this.started.reject(error);
        this.current?.reject(error);
        this.current = undefined;
        resolve(told);
      };
      this.child.on('error', (error) => {
        end(`The session's process could not be started: ${error.message}`);
      });
      this.child.on('close', (code, signal) => {
        end(
          `The session's process ended (${signal ?? String(code)}). ${this.lastError.trim().split('\n').at(-1) ?? ''}`.trim(),
        );
      });
    });
    // Rejected before anyone waits for it when the process can't start.
    this.started.promise.catch(() => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.lastError = (this.lastError + chunk.toString()).slice(-4000);
    });
    this.child.stdin?.on('error', (error) => {
      log(`session ${options.sessionId}: ${error.message}`);
    });
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.receive(JSON.parse(line) as Message);
      });
    }
    this.send({
      op: 'start',
      spark: python.spark,
      arguments: options.arguments,
      s3Directory: options.s3Directory,
      catalog: options.catalog,
    });
  }

  /** Resolves once statements are accepted. */
  async ready(): Promise<void> {
    await this.started.promise;
  }

  async run(code: string, onProgress: (progress: number) => void): Promise<EngineOutput> {
    const done = await new Promise<Done>((resolve, reject) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        reject(new EngineError("The session's process has ended"));
        return;
      }
      this.current = { resolve, reject, onProgress };
      this.send({ op: 'run', code });
    });
    this.current = undefined;
    if ('cancelled' in done) return { kind: 'cancelled' };
    if ('errorName' in done) return { kind: 'error', text: '', ...done };
    const text = (this.notice === undefined ? '' : `${this.notice}\n`) + done.text;
    this.notice = undefined;
    return {
      kind: 'ok',
      text,
      ...(done.image !== undefined && { image: { mimeType: 'image/png' as const, base64: done.image } }),
      ...(done.html !== undefined && { html: done.html }),
    };
  }

  cancel(): void {
    this.send({ op: 'cancel' });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.send({ op: 'stop' });
    const late = setTimeout(() => {
      this.kill();
    }, graceMilliseconds);
    await this.exited;
    clearTimeout(late);
    this.kill();
  }

  private receive(message: Message): void {
    if ('ready' in message) this.started.resolve(message.ready);
    else if ('failed' in message) {
      this.lastError = message.failed;
      this.started.reject(new EngineError(message.failed));
    } else if ('progress' in message) this.current?.onProgress(message.progress);
    else this.current?.resolve(message.done);
  }

  private send(message: object): void {
    if (this.child.stdin?.writable === true) this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** The whole group: Spark's JVM is a child of the process. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: all of it has ended already, which is what was wanted.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Sessions of every Glue version run on one Spark here; a person should know when it isn't theirs. */
function versionNotice(glueVersion: string, python: PreparedPython): string | undefined {
  if (!python.spark || glueVersion.startsWith('5.')) return undefined;
  return `Local Glue runs Glue ${glueVersion} on ${python.description}: AWS Glue has other versions there.`;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
