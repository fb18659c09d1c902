import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** So long a program may take to say its version (milliseconds). */
const versionMs = 10_000;

/** An AWS CLI that may be run. */
export interface AwsCli {
  readonly file: string;
  /** As it says itself; undefined where it can't be asked, or says something else. */
  readonly version: { readonly major: number; readonly minor: number } | undefined;
}

/**
 * The AWS CLI of this machine that can sign in, as the extension's own environment finds it: a terminal may look elsewhere.
 * Undefined where there is none; version 1, which has no `sso login`, is none. One that can't be asked for its version is
 * the last choice.
 */
export async function findAwsCli(
  environment: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<AwsCli | undefined> {
  // What Windows runs by way of a shell (aws.cmd, pip's version 1) is none: a shell reads more in a name than it says.
  const name = process.platform === 'win32' ? 'aws.exe' : 'aws';
  const folders = (environment.PATH ?? environment.Path ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  let silent: AwsCli | undefined;
  for (const file of folders.map((folder) => path.join(folder, name))) {
    if (!(await isProgram(file))) continue;
    const version = await versionOf(file, environment, signal);
    if (version === undefined) silent ??= { file, version };
    else if (version.major > 1) return { file, version };
  }
  // It may still sign in, and says in its terminal why it doesn't.
  return silent;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * What `aws sso login` is called with.
 * @param isElsewhere the person's browser is on another machine than the CLI: it prints the address, for a click in the
 *   terminal. From version 2.22 on (CLI user guide, "Configuring IAM Identity Center authentication") it would wait for the
 *   browser at a port of its own machine, unless it is told to use a device code.
 */
export function loginArguments(
  { version }: AwsCli,
  profile: string | undefined,
  isElsewhere: boolean,
): readonly string[] {
  const hasPkce = version !== undefined && (version.major > 2 || version.minor >= 22);
  return [
    'sso',
    'login',
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(isElsewhere ? ['--no-browser'] : []),
    ...(isElsewhere && hasPkce ? ['--use-device-code'] : []),
  ];
}

async function versionOf(
  file: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<AwsCli['version']> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], {
      env: environment,
      timeout: versionMs,
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    });
    const [, major, minor] = /^aws-cli\/(\d+)\.(\d+)\./.exec(stdout) ?? [];
    return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
