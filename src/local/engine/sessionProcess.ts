import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineOutput, EngineSession, EngineSessionOptions } from './engine';
import { EngineError } from './engineError';
import type { PreparedPython } from './python';

const graceMilliseconds = 2000;

type Message =
  | { readonly ready: { readonly python: string; readonly spark: string | null } }
  | { readonly failed: string }
  | { readonly progress: number }
  | { readonly sparkUi: string | null }
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
  private readonly askingSparkUi: ((address: string | undefined) => void)[] = [];
  private readonly name: string;
  private readonly scratch: string;
  private stopping = false;
  private lastError = '';
  private notice: string | undefined;

  constructor(
    python: PreparedPython,
    script: string,
    options: EngineSessionOptions,
    private readonly log: (line: string) => void,
  ) {
    this.name = options.sessionId;
    this.scratch = mkdtempSync(path.join(tmpdir(), 'glue-session-'));
    const program = /[\\/]/.test(python.program) ? path.resolve(python.program) : python.program;
    this.child = spawn(program, ['-u', '-B', script], {
      cwd: this.scratch,
      env: {
        ...process.env,
        ...python.environment,
        PYTHONIOENCODING: 'utf-8',
        PYSPARK_PYTHON: program,
        // What Spark's UI is bound to, whatever else is set.
        SPARK_LOCAL_IP: '127.0.0.1',
        // Whatever the session leaves in these goes with it.
        TMPDIR: this.scratch,
        TEMP: this.scratch,
        TMP: this.scratch,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that Spark's JVM ends with it.
      detached: process.platform !== 'win32',
    });
    this.notice = versionNotice(options.glueVersion, python);
    this.exited = this.watch();
    // Rejected before anyone waits for it when the process can't start.
    this.started.promise.catch(() => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.lastError = (this.lastError + chunk.toString()).slice(-4000);
    });
    this.child.stdin?.on('error', (error) => {
      this.log(`session ${this.name}: ${error.message}`);
    });
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.receive(line);
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

  get isAlive(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves once statements are accepted. */
  async ready(): Promise<void> {
    await this.started.promise;
  }

  async run(code: string, onProgress: (progress: number) => void): Promise<EngineOutput> {
    const done = await new Promise<Done>((resolve, reject) => {
      if (!this.isAlive) {
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

  async sparkUi(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.askingSparkUi.push(resolve);
      void this.exited.then(() => {
        resolve(undefined);
      });
      this.send({ op: 'sparkUi' });
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.send({ op: 'stop' });
    const late = setTimeout(() => {
      this.kill();
    }, graceMilliseconds);
    await this.exited;
    clearTimeout(late);
  }

  /** Settles with the reason when the process has ended unasked, and nothing of it is left. */
  private async watch(): Promise<string | undefined> {
    const reason = await new Promise<string>((resolve) => {
      this.child.on('error', (error) => {
        resolve(`The session's process could not be started: ${error.message}`);
      });
      const ended = (code: number | null, signal: NodeJS.Signals | null) => {
        const last = this.lastError.trim().split('\n').at(-1) ?? '';
        resolve(`The session's process ended (${signal ?? String(code)}). ${last}`.trim());
      };
      this.child.on('exit', (code, signal) => {
        // What it started lives on and holds its pipes open, so that 'close' wouldn't come.
        this.kill();
        setTimeout(ended, graceMilliseconds, code, signal).unref();
      });
      this.child.on('close', ended);
    });
    const told = this.stopping ? undefined : reason;
    const error = new EngineError(told ?? 'The session was stopped');
    this.started.reject(error);
    this.current?.reject(error);
    this.current = undefined;
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 3 }).catch((failure: unknown) => {
      this.log(`session ${this.name}: ${String(failure)}`);
    });
    return told;
  }

  private receive(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      this.lastError = 'The code wrote into the pipe that leads to Local Glue';
      this.kill();
      return;
    }
    if ('ready' in message) this.started.resolve(message.ready);
    else if ('failed' in message) {
      this.lastError = message.failed;
      this.started.reject(new EngineError(message.failed));
    } else if ('progress' in message) this.current?.onProgress(message.progress);
    else if ('sparkUi' in message) this.askingSparkUi.shift()?.(message.sparkUi ?? undefined);
    else this.current?.resolve(message.done);
  }

  private send(message: object): void {
    if (this.child.stdin?.writable === true) this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** The whole group: Spark's JVM is a child of the process. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => undefined);
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
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
