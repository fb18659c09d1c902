import { userInfo } from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  createCredentialChain,
  fromEnv,
  fromIni,
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AssumedRole, Target } from '../glue/target';
import type { TargetConfiguration } from './targetConfiguration';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type CredentialProvider = () => Promise<Credentials>;

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
  requestHandler: NodeHttpHandler,
  options: CredentialOptions,
): CredentialProvider {
  const clientConfig = {
    region: configuration.region,
    requestHandler,
    ...(configuration.endpoints.sts !== undefined && { endpoint: configuration.endpoints.sts }),
  };
  const base = remember(baseProvider(target, configuration, clientConfig, options));
  let sessionName: Promise<string> | undefined;
  const nameOnce = () => (sessionName ??= stableSessionName(base, clientConfig, options));
  return target.roles.reduce(
    (source, role) => remember(() => assume(role, source, clientConfig, nameOnce, options)),
    base,
  );
}

interface ClientConfig {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  readonly endpoint?: string;
}

function baseProvider(
  target: Target,
  configuration: TargetConfiguration,
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
    clientConfig,
    mfaCodeProvider: options.mfaCode,
  };
  if (target.profile !== undefined) return fromIni(ini);
  // The instance metadata service is reached by a way of its own, which no request handler sees.
  if (configuration.loopbackOnly) return createCredentialChain(fromEnv(), fromIni(ini));
  return fromNodeProviderChain(ini);
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
function remember(provider: CredentialProvider): CredentialProvider {
  let current: Promise<Credentials> | undefined;
  let expiresAt = Infinity;
  return () => {
    if (current !== undefined && Date.now() < expiresAt - renewBeforeMs) return current;
    expiresAt = Infinity;
    const asked = provider();
    current = asked;
    asked.then(
      ({ expiration }) => {
        if (current === asked) expiresAt = expiration?.getTime() ?? Infinity;
      },
      () => {
        if (current === asked) current = undefined;
      },
    );
    return asked;
  };
}
