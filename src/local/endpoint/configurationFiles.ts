import { randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AccessKey } from '../services/keys';
import type { World } from '../world/world';

export interface ConfigurationFiles {
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profiles: readonly string[];
}

/** Writes ordinary AWS configuration that leads every AWS tool to the endpoint; only the user can read it. */
export async function writeConfigurationFiles(
  directory: string,
  endpoint: string,
  world: World,
  userKeys: ReadonlyMap<string, AccessKey>,
): Promise<ConfigurationFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const common = [`region = ${world.defaultRegion}`, `endpoint_url = ${endpoint}`];
  const roleProfiles = [...world.accounts.values()].flatMap(({ roles }) =>
    roles.flatMap(({ arn, profile }) => (profile === undefined ? [] : [{ arn, ...profile }])),
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
    profiles: [...userKeys.keys(), ...roleProfiles.map(({ name }) => name)],
  };
}

async function writePrivate(file: string, sections: readonly (readonly string[])[]): Promise<void> {
  await writeFile(file, sections.map((lines) => `${lines.join('\n')}\n`).join('\n'), { mode: 0o600 });
  await chmod(file, 0o600);
}
