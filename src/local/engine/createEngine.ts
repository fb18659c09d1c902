import path from 'node:path';
import type { Engine, EngineSession, EngineSessionOptions } from './engine';
import { EngineError } from './engineError';
import { findPython, preparePython, type PreparedPython } from './python';
import { SessionProcess } from './sessionProcess';

export { EngineError } from './engineError';

export interface EngineFactoryOptions {
  /** `auto`: Spark where it can be had; `python`: none. */
  readonly kind: 'auto' | 'spark' | 'python';
  /** Program to use in place of the ones looked for. */
  readonly python?: string;
  /** Where a virtual environment is made, once. */
  readonly cacheDirectory: string;
  /** Folder with session.py. */
  readonly runtimeDirectory: string;
  readonly log: (line: string) => void;
}

/** Makes the engine of a Local Glue; nothing is started or installed before it is asked to. */
export function createEngine(options: EngineFactoryOptions): Engine {
  return new PythonEngine(options);
}

class PythonEngine implements Engine {
  description = 'not prepared yet';
  private preparing: Promise<PreparedPython> | undefined;
  private readonly sessions = new Set<SessionProcess>();
  private readonly disposing = new AbortController();

  constructor(private readonly options: EngineFactoryOptions) {}

  async prepare(report: (message: string) => void): Promise<void> {
    this.preparing ??= this.findOrMake(report);
    try {
      await this.preparing;
    } catch (error) {
      // What stopped it (no network, no Python) may be gone at the next call.
      this.preparing = undefined;
      throw error;
    }
  }

  async start(options: EngineSessionOptions, ending: AbortSignal): Promise<EngineSession> {
    await Promise.race([this.prepare(this.options.log), rejectionOf(ending)]);
    const python = await this.preparing;
    if (this.disposing.signal.aborted || python === undefined)
      throw new EngineError('Local Glue is stopping');
    const session = new SessionProcess(
      python,
      path.join(this.options.runtimeDirectory, 'session.py'),
      options,
      this.options.log,
    );
    this.sessions.add(session);
    const stop = () => void session.stop();
    ending.addEventListener('abort', stop);
    void session.exited.then(() => {
      this.sessions.delete(session);
      ending.removeEventListener('abort', stop);
    });
    await session.ready();
    return session;
  }

  async dispose(): Promise<void> {
    this.disposing.abort();
    await Promise.all([...this.sessions].map((session) => session.stop()));
    await this.preparing?.catch(() => undefined);
  }

  private async findOrMake(report: (message: string) => void): Promise<PreparedPython> {
    const started = Date.now();
    const prepared =
      this.options.kind === 'python'
        ? {
            program: await findPython(this.options.python, 'any'),
            spark: false,
            environment: {},
            description: 'Python, no Spark',
          }
        : await preparePython(
            this.options.python,
            this.options.cacheDirectory,
            report,
            this.disposing.signal,
          );
    this.description = prepared.description;
    report(
      `Sessions run in ${prepared.description} (${prepared.program}), found in ${String(Date.now() - started)} ms`,
    );
    return prepared;
  }
}

/** Rejects once the session is no longer wanted. */
async function rejectionOf(ending: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stopped = () => {
      reject(new EngineError('The session was stopped before it had started'));
    };
    if (ending.aborted) stopped();
    else ending.addEventListener('abort', stopped, { once: true });
  });
}
