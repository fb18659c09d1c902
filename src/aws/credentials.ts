import { userInfo } from 'node:os';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  getDefaultRoleAssumerWithWebIdentity,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import {
  createCredentialChain,
  fromEnv,
  fromIni,
  fromNodeProviderChain,
  fromSSO,
  fromTemporaryCredentials,
} from '@aws-sdk/credential-providers';
import type { FetchHttpHandler } from '@smithy/fetch-http-handler';
import type { AssumedRole, Target } from '../glue/target';
import { createSsoHandler } from './ssoHandler';
import type { TargetConfiguration } from './targetConfiguration';
import { SaidError } from '../glue/errors';
import { sentence } from '../glue/sentence';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type CredentialProvider = () => Promise<Credentials>;

/** Asks once, and again shortly before what it has ends. */
export interface RememberedCredentials extends CredentialProvider {
  /** Whether the next call gives what there is, without asking. */
  readonly isHolding: () => boolean;
}

export interface CredentialOptions {
  /** Name that role sessions carry; undefined takes that of the caller. */
  readonly roleSessionName: () => string | undefined;
  readonly mfaCode: (serial: string) => Promise<string>;
}

/** Before credentials end, they are asked for anew (milliseconds). */
const renewBeforeMs = 5 * 60_000;

/** The credentials of a target: its profile's, then those of each role assumed with the ones before. Renewed before they end. */
export function createCredentials(
  target: Target,
  configuration: TargetConfiguration,
  requestHandler: FetchHttpHandler,
  options: CredentialOptions,
): RememberedCredentials {
  const clientConfig = {
    region: configuration.region,
    requestHandler,
    ignoreConfiguredEndpointUrls: true,
    ...(configuration.endpoints.sts !== undefined && { endpoint: configuration.endpoints.sts }),
  };
  const base = remember(baseProvider(target, configuration, requestHandler, clientConfig, options));
  let sessionName: Promise<string> | undefined;
  const nameOnce = () => (sessionName ??= stableSessionName(base, clientConfig, options));
  return target.roles.reduce(
    (source, role) => remember(() => assume(role, source, clientConfig, nameOnce, options)),
    base,
  );
}

interface ClientConfig {
  readonly region: string;
  readonly requestHandler: FetchHttpHandler;
  /** The SDK knows those of the ambient profile alone; those of the target are given to it. */
  readonly ignoreConfiguredEndpointUrls: boolean;
  readonly endpoint?: string;
}

function baseProvider(
  target: Target,
  configuration: TargetConfiguration,
  requestHandler: FetchHttpHandler,
  clientConfig: ClientConfig,
  options: CredentialOptions,
): CredentialProvider {
  if (target.credentials !== undefined) {
    const { credentials } = target;
    return () => Promise.resolve(credentials);
  }
  const ini = {
    profile: configuration.profileName,
    ...(target.files !== undefined && {
      filepath: target.files.credentialsFile,
      configFilepath: target.files.configFile,
    }),
    ignoreCache: true,
    // What is left for this is IAM Identity Center, whose Region is its own: the SDK would prefer one given.
    clientConfig: {
      requestHandler: createSsoHandler(requestHandler, configuration.endpoints),
      ignoreConfiguredEndpointUrls: true,
    },
    mfaCodeProvider: options.mfaCode,
    roleAssumer: (source: Credentials, request: AssumeRoleCommandInput) =>
      assumeRoleOfProfile(source, request, clientConfig, options),
    roleAssumerWithWebIdentity: getDefaultRoleAssumerWithWebIdentity(clientConfig),
  };
  // By fromIni the SDK would look for it in the person's own files.
  if (configuration.isSso && target.files !== undefined) return fromSSO(ini);
  if (target.profile !== undefined) return fromIni(ini);
  // The instance metadata service is reached by a way of its own, which no request handler sees.
  if (configuration.loopbackOnly) return createCredentialChain(fromEnv(), fromIni(ini));
  return fromNodeProviderChain(ini);
}

/** What the SDK calls a role session whose profile gives it no name: another one each time. */
const unstableName = /^aws-sdk-js-\d+$/;

/** A profile with a role, but no `role_session_name`, gets the stable name too: `owner` tags hold it. */
async function assumeRoleOfProfile(
  source: Credentials,
  request: AssumeRoleCommandInput,
  clientConfig: ClientConfig,
  options: CredentialOptions,
): Promise<Credentials> {
  const isNamed = !unstableName.test(request.RoleSessionName ?? '');
  const sessionName = isNamed
    ? request.RoleSessionName
    : await stableSessionName(() => Promise.resolve(source), clientConfig, options);
  const client = new STSClient({ ...clientConfig, credentials: source });
  try {
    const command = new AssumeRoleCommand({ ...request, RoleSessionName: sessionName });
    const { Credentials: given } = await client.send(command);
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
      throw new SaidError(sentence('the answer holds no credentials for {0}', request.RoleArn ?? ''));
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
      ...(given.Expiration !== undefined && { expiration: given.Expiration }),
    };
  } finally {
    client.destroy();
  }
}

async function assume(
  role: AssumedRole,
  source: CredentialProvider,
  clientConfig: ClientConfig,
  sessionName: () => Promise<string>,
  options: CredentialOptions,
): Promise<Credentials> {
  const provider = fromTemporaryCredentials({
    masterCredentials: source,
    clientConfig,
    mfaCodeProvider: options.mfaCode,
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName ?? (await sessionName()),
      ...(role.durationSeconds !== undefined && { DurationSeconds: role.durationSeconds }),
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      ...(role.mfaSerial !== undefined && { SerialNumber: role.mfaSerial }),
      ...(role.sourceIdentity !== undefined && { SourceIdentity: role.sourceIdentity }),
      ...(role.sessionTags !== undefined && {
        Tags: Object.entries(role.sessionTags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  });
  return provider();
}

/** The person's own name in every window and on every day: policies with the `owner` tag compare it. */
async function stableSessionName(
  base: CredentialProvider,
  clientConfig: ClientConfig,
  options: CredentialOptions,
): Promise<string> {
  const chosen = options.roleSessionName();
  if (chosen !== undefined) return clean(chosen);
  const client = new STSClient({ ...clientConfig, credentials: base });
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    return clean(Arn?.split('/').at(-1) ?? userInfo().username);
  } finally {
    client.destroy();
  }
}

function clean(name: string): string {
  return name
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}

/** Asks once for what several callers want, and again shortly before it ends; a failure is not remembered. */
function remember(provider: CredentialProvider): RememberedCredentials {
  let current: Promise<Credentials> | undefined;
  let expiresAt = Infinity;
  let hasAnswer = false;
  const isFresh = () => Date.now() < expiresAt - renewBeforeMs;
  const ask = () => {
    if (current !== undefined && isFresh()) return current;
    expiresAt = Infinity;
    hasAnswer = false;
    const asked = provider();
    current = asked;
    asked.then(
      ({ expiration }) => {
        if (current !== asked) return;
        expiresAt = expiration?.getTime() ?? Infinity;
        hasAnswer = true;
      },
      () => {
        if (current === asked) current = undefined;
      },
    );
    return asked;
  };
  return Object.assign(ask, { isHolding: () => hasAnswer && isFresh() });
}
