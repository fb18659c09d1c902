import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { AwsCallError } from '../glue/errors';
import type { GlueApis } from '../glue/glueApi';
import { targetKey, type StaticCredentials, type Target } from '../glue/target';
import { commands } from '../manifest';
import type { CellNote } from './cellStatus';

/** So long a sign-in in the browser is waited for (milliseconds), looking this often. */
const signInMs = 10 * 60_000;
const lookMs = 2000;

export interface SignInOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
}

/** A statement that runs on while nobody can ask about it. */
export interface SignInRequest {
  readonly cell: vscode.NotebookCell;
  readonly target: Target;
  readonly error: AwsCallError;
  readonly signal: AbortSignal | undefined;
  readonly show: (note: CellNote) => void;
}

interface Waiting {
  readonly request: SignInRequest;
  readonly resolve: () => void;
}

/** Holds the polling of statements whose credentials have ended, until the person has signed in again. */
export class SignIn {
  private readonly waiting = new Map<vscode.NotebookCell, Waiting>();

  constructor(private readonly options: SignInOptions) {}

  /** Says below the cell what is needed; resolves once that was done, rejects with the signal's reason. */
  async wait(request: SignInRequest): Promise<void> {
    const { cell, signal } = request;
    this.tell(request, needed(request));
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.set(cell, { request, resolve });
        signal?.addEventListener('abort', () => {
          reject(signal.reason instanceof Error ? signal.reason : new vscode.CancellationError());
        });
      });
    } finally {
      this.waiting.delete(cell);
    }
  }

  /** The button below the cell: what was needed is asked for, or was done. Others who wait for the same go on as well. */
  async continue(cell: vscode.NotebookCell): Promise<void> {
    const waiting = this.waiting.get(cell);
    if (waiting === undefined) return;
    const { request } = waiting;
    if (!(await this.renew(request))) return;
    const key = targetKey(request.target);
    for (const other of [...this.waiting.values()]) {
      if (targetKey(other.request.target) === key) other.resolve();
    }
  }

  private async renew(request: SignInRequest): Promise<boolean> {
    const { apis } = this.options;
    if (request.target.credentials !== undefined) {
      const keys = await askKeys();
      if (keys !== undefined) apis.useKeys(request.target, keys);
      return keys !== undefined;
    }
    return isSso(request.error) ? this.signInBySso(request) : true;
  }

  private async signInBySso(request: SignInRequest): Promise<boolean> {
    const { apis, clock } = this.options;
    const { target, signal } = request;
    openSsoLogin(target);
    this.tell(request, vscode.l10n.t('$(key) Waiting for the sign-in in the terminal'));
    const started = clock.now();
    while (clock.now() - started < signInMs && signal?.aborted !== true) {
      apis.forget(target);
      try {
        await apis.of(target).credentialsExpireAt(signal);
        return true;
      } catch (error) {
        if (!(error instanceof AwsCallError) || !error.needsCredentials) throw error;
      }
      await clock.sleep(lookMs, signal);
    }
    this.tell(request, needed(request));
    return false;
  }

  private tell({ cell, error, show }: SignInRequest, text: string): void {
    show({
      text,
      tooltip: vscode.l10n.t(
        '{0} The statement runs on in its session; nothing of it is lost.',
        error.message,
      ),
      command: { command: commands.continueStatement, title: '', arguments: [cell] },
    });
  }
}

/** What has to be done, as the text of the button that does it or goes on after it. */
function needed({ error, target }: SignInRequest): string {
  if (target.credentials !== undefined)
    return vscode.l10n.t('$(key) The keys don’t hold any more: give new ones to go on');
  if (isSso(error)) return vscode.l10n.t('$(key) The sign-in has ended: sign in with aws sso login to go on');
  if (error.message.includes('MFA') || target.roles.some(({ mfaSerial }) => mfaSerial !== undefined))
    return vscode.l10n.t('$(key) The credentials have ended: give an MFA code to go on');
  return vscode.l10n.t('$(key) The credentials have ended: renew them, then go on here');
}

function isSso({ code, message }: AwsCallError): boolean {
  return code === 'Credentials' && message.includes('aws sso login');
}

/** Without a shell: the name of a profile may come from a notebook. */
function openSsoLogin({ profile, files }: Target): void {
  const terminal = vscode.window.createTerminal({
    name: 'aws sso login',
    shellPath: 'aws',
    shellArgs: ['sso', 'login', ...(profile === undefined ? [] : ['--profile', profile])],
    ...(files !== undefined && {
      env: { AWS_CONFIG_FILE: files.configFile, AWS_SHARED_CREDENTIALS_FILE: files.credentialsFile },
    }),
  });
  terminal.show();
}

/** New keys in place of those written in a cell. They stay in memory. */
async function askKeys(): Promise<StaticCredentials | undefined> {
  const { readRole } = await import('../magics/readCell');
  const read = (text: string) => {
    const body = readRole(text);
    return body.kind === 'credentials' ? body.credentials : undefined;
  };
  const wanted = vscode.l10n.t('As in %%assume_role: {"aws_access_key_id": …, "aws_secret_access_key": …}');
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('New keys'),
    prompt: wanted,
    password: true,
    ignoreFocusOut: true,
    validateInput: (typed) => {
      try {
        return read(typed) === undefined ? wanted : undefined;
      } catch (error) {
        return error instanceof Error ? error.message : wanted;
      }
    },
  });
  return text === undefined ? undefined : read(text);
}
