import { loadSharedConfigFiles } from '@smithy/core/config';
import { profileNames, type NamedValues } from '../glue/configurationLayers';
import type { AwsConfigurationFiles } from '../glue/target';

export type ServiceName = 'glue' | 'sts' | 'ec2';

/** What a profile says that the SDK does not read for a profile named in a client's options (glue.md, "The AWS SDK for JavaScript, tried"). */
export interface Profile {
  readonly name: string;
  readonly region?: string;
  readonly isSso: boolean;
  readonly roleArn?: string;
  readonly endpointUrl?: string;
  readonly serviceEndpoints: Partial<Record<ServiceName, string>>;
  readonly ignoresEndpoints: boolean;
  /** What it says of Glue sessions, as the official kernel's users write it: see profileNames. */
  readonly sessionValues: NamedValues;
}

/** Every profile of the configuration and credentials files, by name. Files that aren't there have none. */
export async function listProfiles(files?: AwsConfigurationFiles): Promise<readonly Profile[]> {
  const { configFile, credentialsFile } = await load(files);
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return [...names]
    .filter((name) => !/^(services|sso-session)\./.test(name))
    .sort()
    .map((name) => describe(name, { ...configFile[name], ...credentialsFile[name] }, configFile));
}

/** One profile; undefined when neither file has it. */
export async function readProfile(name: string, files?: AwsConfigurationFiles): Promise<Profile | undefined> {
  return (await listProfiles(files)).find((profile) => profile.name === name);
}

type Section = Readonly<Record<string, string | undefined>>;

function describe(name: string, section: Section, configFile: Readonly<Record<string, Section>>): Profile {
  const services = section.services === undefined ? undefined : configFile[`services.${section.services}`];
  const serviceEndpoints: Partial<Record<ServiceName, string>> = {};
  for (const service of ['glue', 'sts', 'ec2'] as const) {
    const url = services?.[`${service}.endpoint_url`];
    if (url !== undefined) serviceEndpoints[service] = url;
  }
  return {
    name,
    ...(section.region !== undefined && { region: section.region }),
    isSso: section.sso_session !== undefined || section.sso_start_url !== undefined,
    ...(section.role_arn !== undefined && { roleArn: section.role_arn }),
    ...(section.endpoint_url !== undefined && { endpointUrl: section.endpoint_url }),
    serviceEndpoints,
    ignoresEndpoints: section.ignore_configured_endpoint_urls === 'true',
    sessionValues: Object.fromEntries(
      profileNames.flatMap((key) => (section[key] === undefined ? [] : [[key, section[key]]])),
    ),
  };
}

async function load(files: AwsConfigurationFiles | undefined) {
  return loadSharedConfigFiles({
    ignoreCache: true,
    ...(files !== undefined && { filepath: files.credentialsFile, configFilepath: files.configFile }),
  });
}
