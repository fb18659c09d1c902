import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRequestHandler } from '../../../src/aws/requestHandler';
import { toCallError } from '../../../src/aws/callError';
import { createCredentials } from '../../../src/aws/credentials';
import { readTargetConfiguration } from '../../../src/aws/targetConfiguration';

const startUrl = 'https://example.awsapps.com/start';
const config = `
[profile signed-in]
region = eu-west-1
sso_start_url = ${startUrl}
sso_region = us-west-2
sso_account_id = 111122223333
sso_role_name = Analyst
[profile through-role]
region = eu-west-1
role_arn = arn:aws:iam::444455556666:role/GlueSessionCreationRole
source_profile = signed-in
[sso-session corp]
sso_start_url = ${startUrl}
sso_region = us-west-2
[profile corp]
region = eu-west-1
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Analyst
services = corp
[services corp]
sso =
  endpoint_url = https://portal.corp.example
sso_oidc =
  endpoint_url = https://sign-in.corp.example/base/
[profile ambient]
region = eu-west-1
endpoint_url = https://ambient.example
[profile on-this-machine]
region = eu-west-1
services = mixed
[services mixed]
glue =
  endpoint_url = http://127.0.0.1:1
sso =
  endpoint_url = https://portal.corp.example
`;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'glue-sessions-sso-'));
  await writeFile(path.join(home, 'config'), config);
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_CONFIG_FILE', path.join(home, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path.join(home, 'none'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

/** What `aws sso login` leaves behind. */
async function signIn(hours: number, called = startUrl): Promise<void> {
  const cache = path.join(home, '.aws/sso/cache');
  await mkdir(cache, { recursive: true });
  const name = createHash('sha1').update(called).digest('hex');
  const expiresAt = new Date(Date.now() + hours * 3600_000).toISOString();
  await writeFile(
    path.join(cache, `${name}.json`),
    JSON.stringify({
      ...{ accessToken: 'token', refreshToken: 'again', clientId: 'id', clientSecret: 'secret' },
      ...{ expiresAt, startUrl },
    }),
  );
}

/** Asks for the credentials of a profile; nothing leaves this machine. @returns where calls went */
async function ask(profile: string) {
  const hosts: string[] = [];
  const requestHandler = createRequestHandler(false);
  const keys = {
    accessKeyId: 'ASIA1',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: Date.now() + 3600_000,
  };
  const body = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA2</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(keys.expiration).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  requestHandler.handle = ({ hostname, path: place, headers }) => {
    hosts.push(hostname);
    expect(headers.host).toBe(hostname);
    const token = { accessToken: 'new', tokenType: 'Bearer', expiresIn: 3600 };
    const text = hostname.startsWith('portal.')
      ? JSON.stringify({ roleCredentials: keys })
      : place === '/base/token'
        ? JSON.stringify(token)
        : body;
    const response = { statusCode: 200, headers: {}, body: Buffer.from(text) };
    return Promise.resolve({ response } as never);
  };
  const target = { profile, roles: [] };
  const configuration = await readTargetConfiguration(target, process.env);
  const provider = createCredentials(target, configuration, requestHandler, {
    roleSessionName: () => undefined,
    mfaCode: () => Promise.reject(new Error('no MFA here')),
  });
  return { provider, hosts };
}

describe('a profile with a sign-in', () => {
  it('asks the portal in the Region of the sign-in, whatever the Region of the target', async () => {
    await signIn(8);
    const { provider, hosts } = await ask('signed-in');
    expect((await provider()).accessKeyId).toBe('ASIA1');
    expect(hosts).toEqual(['portal.sso.us-west-2.amazonaws.com']);
  });

  it('assumes a role in the Region of the target', async () => {
    await signIn(8);
    const { provider, hosts } = await ask('through-role');
    expect((await provider()).accessKeyId).toBe('ASIA2');
    expect([...new Set(hosts)]).toEqual([
      'portal.sso.us-west-2.amazonaws.com',
      'sts.eu-west-1.amazonaws.com',
    ]);
  });

  it('asks each of its two services where the profile says', async () => {
    await signIn(0.01, 'corp');
    const { provider, hosts } = await ask('corp');
    expect((await provider()).accessKeyId).toBe('ASIA1');
    expect(hosts).toEqual(['sign-in.corp.example', 'portal.corp.example']);
  });

  it('takes no token where the ambient profile leads', async () => {
    vi.stubEnv('AWS_PROFILE', 'ambient');
    await signIn(8);
    const { provider, hosts } = await ask('through-role');
    await provider();
    expect([...new Set(hosts)]).toEqual([
      'portal.sso.us-west-2.amazonaws.com',
      'sts.eu-west-1.amazonaws.com',
    ]);
  });

  it('asks on this machine alone, where Glue is on it', async () => {
    const target = { profile: 'on-this-machine', roles: [] };
    const { endpoints } = await readTargetConfiguration(target, process.env);
    expect([endpoints.sso, endpoints.ssoOidc]).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:1']);
  });

  it.each([
    ['never signed in', undefined],
    ['signed in some time ago', -1],
  ])('says how to sign in, and calls nobody: %s', async (_, hours) => {
    if (hours !== undefined) await signIn(hours);
    for (const profile of ['signed-in', 'through-role']) {
      const { provider, hosts } = await ask(profile);
      const error: unknown = await provider().catch((failure: unknown) => failure);
      const told = toCallError(error, 'glue:GetStatement', undefined);
      expect(told).toMatchObject({
        code: 'Credentials',
        message: expect.stringContaining('aws sso login') as string,
      });
      expect(hosts).toEqual([]);
    }
  });
});
