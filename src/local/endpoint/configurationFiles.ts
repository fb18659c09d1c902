import { randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AccessKey } from '../services/keys';
import type { SsoPortal } from '../world/sso';
import type { World } from '../world/world';
import { signInPath } from './signInPage';

export interface ConfigurationFiles {
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profiles: readonly string[];
}

/** What the files hold that only the user may know. */
interface Secrets {
  readonly userKeys: ReadonlyMap<string, AccessKey>;
  /** Of the sign-in page, when the world has one. */
  readonly password?: string;
}

/** Writes ordinary AWS configuration that leads every AWS tool to the endpoint; only the user can read it. */
export async function writeConfigurationFiles(
  directory: string,
  endpoint: string,
  world: World,
  { userKeys, password = '' }: Secrets,
): Promise<ConfigurationFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const common = [`region = ${world.defaultRegion}`, `endpoint_url = ${endpoint}`];
  const roleProfiles = [...world.accounts.values()].flatMap(({ roles }) =>
    roles.flatMap(({ arn, profile }) => (profile === undefined ? [] : [{ arn, ...profile }])),
  );
  const others = new Set(
    [...world.accounts.values()].flatMap(({ users }) =>
      users.flatMap(({ profile, forSessions }) => (forSessions ? [] : [profile])),
    ),
  );
  const config = [
    ...[...userKeys.keys()].map((profile) => [`[profile ${profile}]`, ...common]),
    ...roleProfiles.map(({ name, arn, sourceProfile, externalId }) => [
      `[profile ${name}]`,
      ...common,
      `role_arn = ${arn}`,
      `source_profile = ${sourceProfile}`,
      // The AWS CLI keeps assumed credentials on disk by what was asked for: without something new in it, it would
      // use those of an earlier Local Glue, whose keys this one doesn't know.
      `external_id = ${externalId ?? randomUUID()}`,
    ]),
    ...(world.sso === undefined ? [] : ssoSections(world.sso, common, `${endpoint}${signInPath}`, password)),
  ];
  const credentials = [...userKeys].map(([profile, key]) => [
    `[${profile}]`,
    `aws_access_key_id = ${key.id}`,
    `aws_secret_access_key = ${key.secret}`,
  ]);
  const configFile = path.join(directory, 'config');
  const credentialsFile = path.join(directory, 'credentials');
  await writePrivate(configFile, config);
  await writePrivate(credentialsFile, credentials);
  return {
    configFile,
    credentialsFile,
    profiles: [
      ...[...userKeys.keys()].filter((profile) => !others.has(profile)),
      ...roleProfiles.map(({ name }) => name),
      ...(world.sso?.permissionSets ?? []).map(({ profile }) => profile),
    ],
  };
}

/** As `aws configure sso` writes them, with the password in a comment. */
function ssoSections(sso: SsoPortal, common: readonly string[], page: string, password: string): string[][] {
  return [
    [
      `[sso-session ${sso.session}]`,
      `# Password of ${page}: ${password}`,
      `sso_start_url = ${sso.startUrl}`,
      `sso_region = ${sso.region}`,
      ...(sso.refresh ? ['sso_registration_scopes = sso:account:access'] : []),
    ],
    ...sso.permissionSets.map(({ name, account, profile }) => [
      `[profile ${profile}]`,
      ...common,
      `sso_session = ${sso.session}`,
      `sso_account_id = ${account}`,
      `sso_role_name = ${name}`,
    ]),
  ];
}

async function writePrivate(file: string, sections: readonly (readonly string[])[]): Promise<void> {
  await writeFile(file, sections.map((lines) => `${lines.join('\n')}\n`).join('\n'), { mode: 0o600 });
  await chmod(file, 0o600);
}
