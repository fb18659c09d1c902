import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Target } from '../glue/target';
import { LeaseFiles, type ClaimedLease } from './leaseFiles';
import type { WindowPresence } from './windowPresence';

/** What the process that outlives the window is told (src/stopLater.ts). */
export interface StopRequest {
  /** As which presence the process is known. */
  readonly keeper: string;
  readonly graceMs: number;
  readonly leases: string;
  readonly uses: string;
  /** With the keys in use. */
  readonly target: Target;
  readonly sessionId: string;
}

export interface LeasesOptions {
  /** Folder of the leases. */
  readonly directory: string;
  /** Folder of what other windows use: see SessionUses. */
  readonly uses: string;
  readonly presence: WindowPresence;
  /** The built src/stopLater.ts. */
  readonly program: string;
  /** For how long a window that is loaded anew may take until its notebooks are back (milliseconds). */
  readonly graceMs: () => number;
  readonly now: () => number;
}

/**
 * Sessions that shall stop with their window. VS Code doesn't tell a window that is closed from one that is loaded anew,
 * so whether they stop is settled a while later, by a process of its own: unless a window uses them by then.
 */
export class SessionLeases {
  private readonly files: LeaseFiles;

  constructor(private readonly options: LeasesOptions) {
    this.files = new LeaseFiles(options.directory, options.presence);
  }

  /**
   * Has a session stopped unless a window uses it by then. Resolves once that is in hand. Where it can't be reached now,
   * the next window that starts tries to.
   * @param target without keys of a cell being kept
   * @param reach gives the target with the keys in use
   */
  async leave(target: Target, sessionId: string, reach: () => Promise<Target>): Promise<void> {
    const keeper = randomUUID();
    const { directory, uses, now } = this.options;
    const graceMs = this.options.graceMs();
    await this.files.write({
      sessionId,
      keeper,
      dueAt: now() + graceMs,
      ...(target.credentials === undefined && { target }),
    });
    const reached = await reach();
    await this.handOver({ keeper, graceMs, leases: directory, uses, target: reached, sessionId });
  }

  /** A notebook goes on with the session. */
  takeOver(sessionId: string): Promise<void> {
    return this.files.remove(sessionId);
  }

  /** Whether any session is left to be stopped, due or not. */
  hasAny(): Promise<boolean> {
    return this.files.hasAny();
  }

  /** What should have been stopped, one after the other: its process was ended with the machine, or could not do it. */
  overdue(): AsyncIterable<ClaimedLease> {
    return this.files.due(this.options.now());
  }

  private async handOver(request: StopRequest): Promise<void> {
    // Where to call is in the request, whatever this window's profile.
    const { AWS_PROFILE: _, ...environment } = process.env;
    const child = spawn(process.execPath, [this.options.program], {
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...environment, ELECTRON_RUN_AS_NODE: '1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.stdin.once('error', reject);
      child.stdin.end(JSON.stringify(request), resolve);
    });
    child.unref();
  }
}
