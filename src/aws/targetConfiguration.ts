import { SaidError } from '../glue/errors';
import { sentence } from '../glue/sentence';
import type { Target } from '../glue/target';
import { isLoopback } from './loopback';
import { listProfiles, readProfile, serviceIds, type ConfiguredProfile, type ServiceName } from './profiles';

/** A profile that isn't there, or no Region to be had; the message says what to do. */
export class TargetConfigurationError extends SaidError {
  override readonly name = 'TargetConfigurationError';
}

/** Where a target's calls go. */
export interface TargetConfiguration {
  /** The profile whose credentials are taken: the target's, or the ambient one. */
  readonly profileName: string;
  readonly region: string;
  /** That profile is one of IAM Identity Center, itself and not by what it builds on. */
  readonly isSso: boolean;
  /** By service; undefined: AWS's own. */
  readonly endpoints: Readonly<Record<ServiceName, string | undefined>>;
  /** The Glue endpoint is on this machine, so nothing may leave it. */
  readonly loopbackOnly: boolean;
}

/**
 * Reads what a target leaves to its profile and to the environment.
 * @throws TargetConfigurationError for a profile that isn't there, or when no Region is to be had
 */
export async function readTargetConfiguration(
  target: Target,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<TargetConfiguration> {
  const profileName = target.profile ?? environment.AWS_PROFILE ?? 'default';
  const profile = await readProfile(profileName, target.files);
  if (profile === undefined && (target.profile !== undefined || environment.AWS_PROFILE !== undefined)) {
    const known = (await listProfiles(target.files)).map(({ name }) => name).join(', ') || '–';
    throw new TargetConfigurationError(
      sentence(
        'The AWS configuration has no profile "{0}"; it has: {1}. Choose one of them, or add it with: aws configure --profile {0}',
        profileName,
        known,
      ),
    );
  }
  const ambientRegion = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const region =
    target.region ??
    (target.profile === undefined ? (ambientRegion ?? profile?.region) : (profile?.region ?? ambientRegion));
  if (region === undefined) {
    throw new TargetConfigurationError(
      sentence(
        'No Region is set: profile "{0}" has none. Say %region, set glueSessions.region, or add a region to the profile.',
        profileName,
      ),
    );
  }
  const endpointOf = (service: ServiceName) => configuredEndpoint(service, profile, environment);
  const glue = target.endpoint ?? endpointOf('glue');
  const loopbackOnly = glue !== undefined && isLoopback(glue);
  // Beside a Glue on this machine, the other services are asked there too: their real ones must not be reached.
  const beside = (service: ServiceName) => {
    const own = target.endpoint !== undefined && loopbackOnly ? undefined : endpointOf(service);
    return loopbackOnly && (own === undefined || !isLoopback(own)) ? glue : own;
  };
  return {
    profileName,
    region,
    isSso: profile?.source === 'sso',
    endpoints: {
      glue,
      sts: beside('sts'),
      ec2: beside('ec2'),
      iam: beside('iam'),
      tagging: beside('tagging'),
      quotas: beside('quotas'),
      costs: beside('costs'),
      sso: beside('sso'),
      ssoOidc: beside('ssoOidc'),
      s3: beside('s3'),
    },
    loopbackOnly,
  };
}

/** Precedence as in the AWS SDKs and tools reference guide, "Service-specific endpoints". */
function configuredEndpoint(
  service: ServiceName,
  profile: ConfiguredProfile | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const ignore = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
  if (ignore === 'true' || (ignore === undefined && profile?.ignoresEndpoints === true)) return undefined;
  return (
    environment[`AWS_ENDPOINT_URL_${serviceIds[service].toUpperCase()}`] ??
    environment.AWS_ENDPOINT_URL ??
    profile?.serviceEndpoints[service] ??
    profile?.endpointUrl
  );
}
