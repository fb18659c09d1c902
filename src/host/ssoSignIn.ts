import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { AwsCallError } from '../glue/errors';
import type { GlueApis } from '../glue/glueApi';
import type { Profile } from '../glue/profile';
import type { Target } from '../glue/target';
import { findAwsCli, loginArguments, type AwsCli } from './awsCli';
import type { ProfileSource } from './profileSource';

/** So long a sign-in in the browser is waited for (milliseconds), looking this often. */
const signInMs = 10 * 60_000;
const lookMs = 1000;

export interface SsoSignInOptions {
  readonly apis: GlueApis;
  readonly profiles: ProfileSource;
  readonly clock: Clock;
}

/** The sign-in is done by the AWS CLI, and there is none. */
export class NoAwsCliError extends Error {
  override readonly name = 'NoAwsCliError';

  constructor(profile: string | undefined) {
    const option = profile === undefined ? '' : ` --profile ${profile}`;
    super(
      vscode.l10n.t(
        'No AWS CLI of version 2 was found on the PATH of VS Code, and the sign-in is done by it. Install it, start VS Code anew, and try again; or run "aws sso login{0}" where it is.',
        option,
      ),
    );
  }
}

/** The profile that a target begins with; undefined where the AWS configuration has none of that name. */
export async function profileOf(target: Target, profiles: ProfileSource): Promise<Profile | undefined> {
  const name = target.profile ?? process.env.AWS_PROFILE ?? 'default';
  return (await profiles.listProfiles(target.files)).find((profile) => profile.name === name);
}

/**
 * Signs a target in by `aws sso login` in a terminal, and waits until the token cache holds a new sign-in. Where somebody
 * has signed in meanwhile, elsewhere, nothing is opened.
 * @param onWaiting told before the terminal is opened
 * @returns whether it can be used now; false when the terminal was closed, or nobody signed in
 * @throws NoAwsCliError where there is no AWS CLI
 */
export async function signInBySso(
  target: Target,
  { apis, profiles, clock }: SsoSignInOptions,
  signal?: AbortSignal,
  onWaiting?: () => void,
): Promise<boolean> {
  if (await holds(target, apis, signal)) return true;
  const profile = await profileOf(target, profiles);
  // Refused with the names of those that there are; what is no profile is no name for a program's command line either.
  if (profile === undefined && target.profile !== undefined) {
    await apis.of(target).credentialsExpireAt(signal);
  }
  onWaiting?.();
  const token = profile?.ssoToken;
  const before = token === undefined ? undefined : await profiles.signedInUntil(token);
  const name = profile?.signInProfile ?? target.profile;
  const cli = await findAwsCli(process.env, signal);
  if (cli === undefined) throw new NoAwsCliError(name);
  const terminal = openTerminal(target, cli, name);
  const isNew = async () => {
    if (token === undefined) return holds(target, apis, signal);
    const until = await profiles.signedInUntil(token);
    return until !== undefined && until !== before && until > clock.now();
  };
  const started = clock.now();
  while (clock.now() - started < signInMs && signal?.aborted !== true) {
    if (await isNew()) {
      apis.forget(target);
      return true;
    }
    if (terminal.exitStatus !== undefined && terminal.exitStatus.code !== 0) return false;
    await clock.sleep(lookMs, signal);
  }
  return false;
}

/** Whether keys are to be had now, with all read anew. */
async function holds(target: Target, apis: GlueApis, signal: AbortSignal | undefined): Promise<boolean> {
  apis.forget(target);
  try {
    await apis.of(target).credentialsExpireAt(signal);
    return true;
  } catch (error) {
    if (error instanceof AwsCallError && error.needsCredentials) return false;
    throw error;
  }
}

/** Without a shell: the name of a profile may come from a notebook. */
function openTerminal({ files }: Target, cli: AwsCli, profile: string | undefined): vscode.Terminal {
  const terminal = vscode.window.createTerminal({
    name: 'aws sso login',
    shellPath: cli.file,
    shellArgs: [...loginArguments(cli, profile, isElsewhere())],
    ...(files !== undefined && {
      env: { AWS_CONFIG_FILE: files.configFile, AWS_SHARED_CREDENTIALS_FILE: files.credentialsFile },
    }),
  });
  terminal.show();
  return terminal;
}

/** Whether the browser that opens for the person is on another machine than this extension. */
function isElsewhere(): boolean {
  return vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
}
