import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import * as vscode from 'vscode';
import { contextKeys } from '../manifest';
import type { AwsConfigurationFiles } from '../glue/target';
import { readSettings } from './settings';

/** A Local Glue that this window started. */
export interface RunningLocalGlue {
  readonly endpoint: string;
  readonly files: AwsConfigurationFiles;
  readonly profiles: readonly string[];
}

interface Announcement extends AwsConfigurationFiles {
  readonly endpoint: string;
  readonly profiles: readonly string[];
}

/** Local Glue could not be started; the message is its own. */
export class LocalGlueError extends Error {
  override readonly name = 'LocalGlueError';
}

/** Starts and stops Local Glue, in a process of its own that ends with this window. */
export class LocalGlue implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private child: ChildProcess | undefined;
  private starting: Promise<RunningLocalGlue> | undefined;
  private current: RunningLocalGlue | undefined;

  constructor(
    private readonly program: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get running(): RunningLocalGlue | undefined {
    return this.current;
  }

  /** Starts it unless it runs. @throws LocalGlueError with what it said */
  start(report: (message: string) => void): Promise<RunningLocalGlue> {
    this.starting ??= this.launch(report).catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  /** Ends it, and the sessions it runs with it. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  dispose(): void {
    this.child?.kill('SIGTERM');
    this.changed.dispose();
  }

  private async launch(report: (message: string) => void): Promise<RunningLocalGlue> {
    const child = spawn(process.execPath, [this.program, ...localGlueArguments()], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', LOCAL_GLUE_STOP_WITH_STDIN: '1' },
      cwd: path.dirname(this.program),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    let said = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      said = line;
      this.log.info(`Local Glue: ${line}`);
      report(line);
    });
    const announcement = await new Promise<Announcement>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => {
        resolve(JSON.parse(line) as Announcement);
      });
      child.once('error', reject);
      child.once('close', () => {
        this.child = undefined;
        this.starting = undefined;
        this.set(undefined);
        reject(new LocalGlueError(vscode.l10n.t('Local Glue did not start: {0}', said)));
      });
    });
    const { endpoint, profiles, configFile, credentialsFile } = announcement;
    const running = { endpoint, profiles, files: { configFile, credentialsFile } };
    this.set(running);
    return running;
  }

  private set(running: RunningLocalGlue | undefined): void {
    this.current = running;
    void vscode.commands.executeCommand('setContext', contextKeys.localGlueRunning, running !== undefined);
    this.changed.fire();
  }
}

function localGlueArguments(): string[] {
  const [world, python] = [readSettings.localWorld(), readSettings.localPython()];
  return [
    '--port',
    String(readSettings.localPort()),
    '--engine',
    readSettings.localEngine(),
    ...(world === undefined ? [] : ['--world', world]),
    ...(python === undefined ? [] : ['--python', python]),
  ];
}
