import { createHash } from 'node:crypto';
import {
  getSSOTokenFromFile,
  loadSharedConfigFiles,
  loadSsoSessionData,
  type SSOToken,
} from '@smithy/core/config';
import { profileNames, type NamedValues } from '../glue/configurationLayers';
import type { Profile } from '../glue/profile';
import type { AwsConfigurationFiles } from '../glue/target';

export type ServiceName =
  'glue' | 'sts' | 'ec2' | 'iam' | 'tagging' | 'quotas' | 'costs' | 'sso' | 'ssoOidc' | 's3';

/** Each service by the id under which a `services` section and environment variables name it (in capitals there). */
export const serviceIds: Readonly<Record<ServiceName, string>> = {
  glue: 'glue',
  sts: 'sts',
  ec2: 'ec2',
  iam: 'iam',
  tagging: 'resource_groups_tagging_api',
  quotas: 'service_quotas',
  costs: 'cost_explorer',
  sso: 'sso',
  ssoOidc: 'sso_oidc',
  s3: 's3',
};

/** What a profile says that the SDK does not read for a profile named in a client's options (glue.md, "The AWS SDK for JavaScript, tried"). */
export interface ConfiguredProfile extends Profile {
  readonly endpointUrl?: string;
  readonly serviceEndpoints: Partial<Record<ServiceName, string>>;
  readonly ignoresEndpoints: boolean;
  /** What it says of Glue sessions, as the official kernel's users write it: see profileNames. */
  readonly sessionValues: NamedValues;
}

/** Every profile of the configuration and credentials files, by name. Files that aren't there have none. */
export async function listProfiles(files?: AwsConfigurationFiles): Promise<readonly ConfiguredProfile[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ignoreCache: true,
    ...(files !== undefined && { filepath: files.credentialsFile, configFilepath: files.configFile }),
  });
  const ssoSessions = await loadSsoSessionData(
    files === undefined ? {} : { configFilepath: files.configFile },
  );
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const sections = new Map(
    [...names]
      .filter((name) => !/^(services|sso-session)\./.test(name))
      .sort()
      .map((name): [string, Section] => [name, { ...configFile[name], ...credentialsFile[name] }]),
  );
  return [...sections].map(([name, section]) => {
    const where = place(section, configFile);
    return { ...origin(name, sections, [ssoSessions, where]), ...where };
  });
}

/** One profile; undefined when neither file has it. */
export async function readProfile(
  name: string,
  files?: AwsConfigurationFiles,
): Promise<ConfiguredProfile | undefined> {
  return (await listProfiles(files)).find((profile) => profile.name === name);
}

/** Until when an SSO sign-in holds (milliseconds since the epoch); undefined when there was none. @param token see {@link Profile.ssoToken} */
export async function signedInUntil(token: string): Promise<number | undefined> {
  try {
    const { expiresAt } = (await getSSOTokenFromFile(token)) as SSOToken;
    const time = Date.parse(expiresAt);
    return Number.isNaN(time) ? undefined : time;
  } catch (error) {
    // Never signed in, or the file is being written.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

type Section = Readonly<Record<string, string | undefined>>;

/** Whose keys a profile gives. @param besides what else decides over it */
function origin(name: string, sections: ReadonlyMap<string, Section>, besides: unknown): Profile {
  const chain = chainOf(name, sections);
  const section = sections.get(name) ?? {};
  const signsIn = chain.find(
    ([, { sso_session, sso_start_url }]) => (sso_session ?? sso_start_url) !== undefined,
  );
  const sso = signsIn?.[1];
  const ssoToken = sso?.sso_session ?? sso?.sso_start_url;
  const role = section.role_arn;
  const source = sourceOf(section);
  const account = role === undefined ? section.sso_account_id : /::(\d{12}):/.exec(role)?.[1];
  const roleName = role?.split('/').at(-1) ?? section.sso_role_name;
  return {
    name,
    source,
    ...(section.region !== undefined && { region: section.region }),
    ...(account !== undefined && { account }),
    ...(role !== undefined && { roleArn: role }),
    ...(roleName !== undefined && { roleName }),
    ...(section.source_profile !== undefined && { sourceProfile: section.source_profile }),
    ...(section.mfa_serial !== undefined && { mfaSerial: section.mfa_serial }),
    ...(signsIn !== undefined && { signInProfile: signsIn[0] }),
    ...(ssoToken !== undefined && { ssoToken }),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([chain, besides]))
      .digest('base64'),
  };
}

function sourceOf(section: Section): Profile['source'] {
  if (section.role_arn !== undefined) return 'role';
  if ((section.sso_session ?? section.sso_start_url) !== undefined) return 'sso';
  if (section.aws_access_key_id !== undefined) return 'keys';
  return section.credential_process === undefined ? 'other' : 'process';
}

/** The profile, and those that its keys come from. One that builds on itself takes its own keys for the role. */
function chainOf(name: string, sections: ReadonlyMap<string, Section>): readonly [string, Section][] {
  const chain = new Map<string, Section>();
  for (let next: string | undefined = name; next !== undefined && !chain.has(next);) {
    const section = sections.get(next);
    if (section === undefined) break;
    chain.set(next, section);
    next = section.source_profile;
  }
  return [...chain];
}

/** Where calls of a profile go. */
function place(section: Section, configFile: Readonly<Record<string, Section>>) {
  const services = section.services === undefined ? undefined : configFile[`services.${section.services}`];
  const serviceEndpoints: Partial<Record<ServiceName, string>> = {};
  for (const service of Object.keys(serviceIds) as ServiceName[]) {
    const url = services?.[`${serviceIds[service]}.endpoint_url`];
    if (url !== undefined) serviceEndpoints[service] = url;
  }
  return {
    ...(section.endpoint_url !== undefined && { endpointUrl: section.endpoint_url }),
    serviceEndpoints,
    ignoresEndpoints: section.ignore_configured_endpoint_urls === 'true',
    sessionValues: Object.fromEntries(
      profileNames.flatMap((key) => (section[key] === undefined ? [] : [[key, section[key]]])),
    ),
  };
}
