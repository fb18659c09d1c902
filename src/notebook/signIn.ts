import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { AwsCallError } from '../glue/errors';
import type { GlueApis } from '../glue/glueApi';
import { targetKey, type StaticCredentials, type Target } from '../glue/target';
import type { ProfileSource } from '../host/profileSource';
import { profileOf, signInBySso } from '../host/ssoSignIn';
import { commands } from '../manifest';
import type { CellNote } from './cellStatus';
import { saidBy } from '../glue/sentence';
import { errorText } from '../host/reportError';
import { translated } from '../host/translated';

export interface SignInOptions {
  readonly apis: GlueApis;
  readonly profiles: ProfileSource;
  readonly clock: Clock;
  readonly log: vscode.LogOutputChannel;
}

/** While a cell waits for keys, the AWS configuration is looked at so often (milliseconds). */
const lookMs = 2000;

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

/** Holds statements whose credentials have ended, sent or not, until the person has signed in again. */
export class SignIn {
  private readonly waiting = new Map<vscode.NotebookCell, Waiting>();
  /** Cells that failed for want of a sign-in before anything was sent. */
  private readonly failed = new WeakMap<vscode.NotebookCell, SignInRequest>();

  /** Sign-ins in a terminal, by target. */
  private readonly signingIn = new Map<string, Promise<boolean>>();

  constructor(private readonly options: SignInOptions) {}

  /** Says below the cell what is needed; resolves once that was done, here or elsewhere, rejects with the signal's reason. */
  async wait(request: SignInRequest): Promise<void> {
    const { cell, signal } = request;
    this.failed.delete(cell);
    this.tell(request, needed(request));
    const over = new AbortController();
    const given = new Promise<void>((resolve) => {
      this.waiting.set(cell, { request, resolve });
    });
    const ended = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      await Promise.race([given, this.untilRenewed(request.target, ended)]);
    } finally {
      over.abort();
      this.waiting.delete(cell);
    }
  }

  /** Below a cell that failed for want of a sign-in or a code: the way to it, after which the cell runs again. */
  offer(request: SignInRequest): readonly CellNote[] {
    if (isMfa(request.error)) return [codeNote(request.cell)];
    if (!isSso(request.error)) return [];
    this.failed.set(request.cell, request);
    const note = {
      text: vscode.l10n.t('$(key) Sign in with aws sso login and run again'),
      tooltip: vscode.l10n.t('Runs aws sso login in a terminal, and the cell once you have signed in'),
      command: { command: commands.continueStatement, title: '', arguments: [request.cell] },
    };
    return [note];
  }

  /** The button below the cell: what was needed is asked for, or was done. Others who wait for the same go on as well. */
  async continue(cell: vscode.NotebookCell): Promise<void> {
    const waiting = this.waiting.get(cell);
    if (waiting === undefined) return this.runAgain(cell);
    const { request } = waiting;
    if (!(await this.renew(request))) return;
    const key = targetKey(request.target);
    for (const other of [...this.waiting.values()]) {
      if (targetKey(other.request.target) === key) other.resolve();
    }
  }

  /** Resolves once the AWS configuration gives other keys, or somebody has signed in elsewhere. @throws the signal's reason */
  private async untilRenewed(target: Target, signal: AbortSignal): Promise<void> {
    let before: string | undefined;
    for (;;) {
      const now = await this.sourceOf(target);
      if (before !== undefined && now !== undefined && now !== before) return;
      before ??= now;
      await this.options.clock.sleep(lookMs, signal);
    }
  }

  /** What the keys come from, to be compared; undefined where it can't be read now, or they stood in a cell. */
  private async sourceOf(target: Target): Promise<string | undefined> {
    const { profiles, log } = this.options;
    if (target.credentials !== undefined) return undefined;
    try {
      const profile = await profileOf(target, profiles);
      const token = profile?.ssoToken;
      const until = token === undefined ? undefined : await profiles.signedInUntil(token);
      return JSON.stringify([profile?.fingerprint, until]);
    } catch (error) {
      log.debug(`the AWS configuration can't be read: ${String(error)}`);
      return undefined;
    }
  }

  private async runAgain(cell: vscode.NotebookCell): Promise<void> {
    const request = this.failed.get(cell);
    if (request === undefined || !(await this.signInBySso(request))) return;
    // Pressed twice, it runs once.
    if (!this.failed.delete(cell)) return;
    await vscode.commands.executeCommand(commands.runAgain, cell);
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

  /** One terminal for each target, however often the button is pressed. */
  private signInBySso(request: SignInRequest): Promise<boolean> {
    const key = targetKey(request.target);
    const underway = this.signingIn.get(key) ?? this.signInByTerminal(request);
    this.signingIn.set(key, underway);
    return underway.finally(() => this.signingIn.delete(key));
  }

  private async signInByTerminal(request: SignInRequest): Promise<boolean> {
    let isSignedIn = false;
    try {
      isSignedIn = await signInBySso(request.target, this.options, request.signal, () => {
        this.tell(request, vscode.l10n.t('$(key) Waiting for the sign-in in the terminal'));
      });
    } finally {
      if (!isSignedIn) this.tell(request, needed(request));
    }
    return isSignedIn;
  }

  private tell(request: SignInRequest, text: string): void {
    request.show({
      text,
      tooltip: `${translated(saidBy(request.error))} ${this.consequence(request)}`,
      command: { command: commands.continueStatement, title: '', arguments: [request.cell] },
    });
  }

  private consequence({ cell, error }: SignInRequest): string {
    if (this.failed.has(cell)) return vscode.l10n.t('The cell runs again once you have signed in.');
    return isSending(error)
      ? vscode.l10n.t('The cell has not been sent yet; it is once they hold.')
      : vscode.l10n.t('The statement runs on in its session; nothing of it is lost.');
  }
}

/** What has to be done, as the text of the button that does it or goes on after it. */
function needed({ error, target }: SignInRequest): string {
  if (target.credentials !== undefined)
    return vscode.l10n.t('$(key) The keys don’t hold any more: give new ones to go on');
  if (isSso(error)) return vscode.l10n.t('$(key) The sign-in has ended: sign in with aws sso login to go on');
  if (isMfa(error) || target.roles.some(({ mfaSerial }) => mfaSerial !== undefined))
    return vscode.l10n.t('$(key) The credentials have ended: give an MFA code to go on');
  return vscode.l10n.t('$(key) The credentials have ended: renew them, then go on here');
}

/** Whether it is the sending of a statement that was refused, not the look at one. */
export function isSending({ action }: AwsCallError): boolean {
  return action === 'glue:RunStatement';
}

/** Below a cell that was not sent, since no code was given, or a wrong one. */
function codeNote(cell: vscode.NotebookCell): CellNote {
  return {
    text: vscode.l10n.t('$(key) Give an MFA code and run again'),
    tooltip: vscode.l10n.t('Asks for the code of the MFA device, and runs the cell'),
    command: { command: commands.runAgain, title: '', arguments: [cell] },
  };
}

function isMfa({ code, message }: AwsCallError): boolean {
  return code === 'Credentials' && message.includes('MFA');
}

function isSso({ code, message }: AwsCallError): boolean {
  return code === 'Credentials' && message.includes('aws sso login');
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
        return error instanceof Error ? errorText(error) : wanted;
      }
    },
  });
  return text === undefined ? undefined : read(text);
}
