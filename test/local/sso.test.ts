import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pythonTools } from '../../scripts/pythonTools.mjs';
import { adviseOnTarget } from '../../src/glue/targetAdvice';
import { startLocalGlue, type LocalGlue } from './localGlue';
import { approve, ask, passwordOf, ssoWorld } from './signIn';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
const role =
  /^arn:aws:sts::444455556666:assumed-role\/AWSReservedSSO_Analyst_[0-9a-f]{16}\/alice@example.com$/;

let local: LocalGlue;
let password: string;
beforeAll(async () => {
  local = await startLocalGlue({ args: ['--engine', 'python'], world: ssoWorld() });
  password = await passwordOf(local.configFile);
});
afterAll(() => local.stop());

type Members = Readonly<Record<string, string>>;

async function oidc(path_: string, members: object, at = local): Promise<Members & { status: number }> {
  const { status, body } = await ask(`${at.endpoint}${path_}`, 'POST', {}, members);
  return { ...(JSON.parse(body) as Members), status } as Members & { status: number };
}

/** A client, and a code that waits for its approval. */
async function begin(at = local) {
  const client = await oidc(
    '/client/register',
    { clientName: 'test', clientType: 'public', scopes: ['sso:account:access'] },
    at,
  );
  const { clientId = '', clientSecret = '' } = client;
  const own = { clientId, clientSecret };
  const device = await oidc(
    '/device_authorization',
    { ...own, startUrl: 'https://people.awsapps.com/start/#' },
    at,
  );
  const { deviceCode = '', userCode = '' } = device;
  const token = (as: object = own) => oidc('/token', { ...as, grantType, deviceCode }, at);
  return { own, deviceCode, userCode, token };
}

const pending = { status: 400, error: 'authorization_pending' };

describe('a device code', () => {
  it('becomes a token once a person has approved it on the page, and only once', async () => {
    const { userCode, token, own } = await begin();
    expect(await token()).toMatchObject(pending);
    const page = await ask(`${local.endpoint}/device?user_code=${userCode}`, 'GET');
    expect(page.body).toContain(`value="${userCode}"`);
    expect(await token()).toMatchObject(pending);
    expect((await approve(local.endpoint, userCode, password)).body).toContain('Access is allowed');
    const given = await token();
    expect(given).toMatchObject({ status: 200, tokenType: 'Bearer', expiresIn: 3600 });
    expect(await token()).toMatchObject({ status: 400, error: 'invalid_grant' });
    const refresh = { ...own, grantType: 'refresh_token', refreshToken: given.refreshToken };
    expect(await oidc('/token', refresh)).toMatchObject({ status: 200, expiresIn: 3600 });
    expect(await oidc('/token', refresh)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it('is not approved without the code, the password, or both right', async () => {
    const { userCode, token } = await begin();
    const other = userCode === 'BBBB-BBBB' ? 'CCCC-CCCC' : 'BBBB-BBBB';
    for (const [code, secret] of [
      ['', password],
      [other, password],
      [userCode, ''],
      [userCode, `${password}x`],
    ] as const) {
      expect((await approve(local.endpoint, code, secret)).status).toBe(403);
    }
    expect(await token()).toMatchObject(pending);
  });

  it('takes five passwords and no more', async () => {
    const { userCode, token } = await begin();
    for (let turn = 0; turn < 5; turn++) await approve(local.endpoint, userCode, 'guess');
    expect((await approve(local.endpoint, userCode, password)).status).toBe(403);
    expect(await token()).toMatchObject(pending);
  });

  it('is not approved by another page, under another name of this machine, or by an address alone', async () => {
    const { userCode, token } = await begin();
    const form = new URLSearchParams({ user_code: userCode, password });
    const { host, port } = new URL(local.endpoint);
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { origin: `http://localhost:${port}` },
      { origin: `https://${host}` },
      // DNS rebinding: the page's own name leads here.
      { origin: 'http://evil.example', host: 'evil.example' },
      { origin: `http://evil.example:${port}`, host: `evil.example:${port}` },
    ];
    for (const headers of foreign) {
      const answer = await ask(`${local.endpoint}/device`, 'POST', headers, form);
      expect(answer, JSON.stringify(headers)).toEqual({ status: 403, body: '' });
    }
    const address = `${local.endpoint}/device?${form.toString()}`;
    expect((await ask(address, 'GET')).body).not.toContain('Access is allowed');
    expect((await ask(address, 'POST', { origin: local.endpoint }, form)).status).toBe(403);
    expect((await ask(address, 'POST')).status).toBe(403);
    expect(await token()).toMatchObject(pending);
    // Nor does any other call take the page's Origin.
    const call = await ask(`${local.endpoint}/token`, 'POST', { origin: local.endpoint }, {});
    expect(call).toEqual({ status: 403, body: '' });
  });

  it('comes onto the page as nothing but a code', async () => {
    const page = await ask(`${local.endpoint}/device?user_code=${encodeURIComponent('"><b>x</b>')}`, 'GET');
    expect(page.body).not.toContain('<b>');
  });

  it('is good for the client that asked for it, and its tokens too', async () => {
    const [one, other] = [await begin(), await begin()];
    await approve(local.endpoint, one.userCode, password);
    expect(await one.token(other.own)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await one.token({ ...one.own, clientSecret: other.own.clientSecret })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    const { refreshToken } = await one.token();
    expect(await oidc('/token', { ...other.own, grantType: 'refresh_token', refreshToken })).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('ends after its time, whoever approves it then', async () => {
    const short = await startLocalGlue({
      args: ['--engine', 'python'],
      world: ssoWorld('deviceCodeSeconds: 1'),
    });
    try {
      const { userCode, token } = await begin(short);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const answer = await approve(short.endpoint, userCode, await passwordOf(short.configFile));
      expect(answer.status).toBe(403);
      expect(await token()).toMatchObject({ status: 400, error: 'expired_token' });
    } finally {
      await short.stop();
    }
  });

  it('is refused where Local Glue does not know what AWS does', async () => {
    const client = { clientName: 'test', clientType: 'public' };
    expect(await oidc('/client/register', { ...client, grantTypes: ['authorization_code'] })).toMatchObject({
      error: 'unsupported_grant_type',
      error_description: expect.stringContaining('--use-device-code') as string,
    });
    expect(await oidc('/client/register', { ...client, scopes: ['other'] })).toMatchObject({
      error: 'invalid_scope',
    });
    const { own } = await begin();
    expect(
      await oidc('/device_authorization', { ...own, startUrl: 'https://other.awsapps.com/start' }),
    ).toMatchObject({ error: 'invalid_request' });
  });
});

it('serves boto3 as the public models have it', { timeout: 300_000 }, async () => {
  const programs = await pythonTools('aws-tools-1', ['boto3==1.40.40', 'awscli==1.42.40']);
  const program = `
import boto3, botocore, json, urllib.request, urllib.parse
from botocore.config import Config
from botocore.exceptions import ClientError
endpoint, password = '${local.endpoint}', '${password}'
unsigned = Config(signature_version=botocore.UNSIGNED)
def check(shape, value, where):
    if shape.type_name == 'structure':
        assert not set(value) - set(shape.members), (where, value)
        for name, item in value.items(): check(shape.members[name], item, where + '.' + name)
    elif shape.type_name == 'list':
        for item in value: check(shape.member, item, where)
def client(name):
    made = boto3.client(name, region_name='us-east-1', endpoint_url=endpoint, config=unsigned)
    def on_answer(http_response, model, **rest):
        if http_response.status_code == 200 and model.output_shape: check(model.output_shape, json.loads(http_response.content), model.name)
    made.meta.events.register('after-call.' + name, on_answer)
    return made
o, p = client('sso-oidc'), client('sso')
registered = o.register_client(clientName='boto3', clientType='public')
own = dict(clientId=registered['clientId'], clientSecret=registered['clientSecret'])
started = o.start_device_authorization(startUrl='https://people.awsapps.com/start', **own)
def token(): return o.create_token(grantType='${grantType}', deviceCode=started['deviceCode'], **own)
def refused(error, call):
    try: call()
    except error: return
    raise AssertionError('was not refused')
refused(o.exceptions.AuthorizationPendingException, token)
form = urllib.parse.urlencode(dict(user_code=started['userCode'], password=password)).encode()
urllib.request.urlopen(urllib.request.Request(started['verificationUri'], form, {'Origin': endpoint}))
given = token()
assert 'refreshToken' not in given and 28000 < given['expiresIn'] <= 28800, given
refused(o.exceptions.InvalidGrantException, token)
refused(o.exceptions.InvalidClientException, lambda: o.create_token(grantType='refresh_token', refreshToken='x', clientId='x', clientSecret='x'))
refused(o.exceptions.InvalidRequestException, lambda: o.create_token(grantType='refresh_token', **own))
refused(o.exceptions.UnsupportedGrantTypeException, lambda: o.create_token(grantType='authorization_code', code='x', **own))
bearer = dict(accessToken=given['accessToken'])
accounts = p.list_accounts(**bearer)['accountList']
assert accounts == [dict(accountId='444455556666', accountName='production')], accounts
roles = p.list_account_roles(accountId='444455556666', maxResults=1, **bearer)
assert [r['roleName'] for r in roles['roleList']] == ['Analyst'] and roles['nextToken'], roles
wish = dict(roleName='Analyst', accountId='444455556666')
keys = p.get_role_credentials(**wish, **bearer)['roleCredentials']
who = boto3.client('sts', region_name='us-east-1', endpoint_url=endpoint, aws_access_key_id=keys['accessKeyId'], aws_secret_access_key=keys['secretAccessKey'], aws_session_token=keys['sessionToken']).get_caller_identity()
try: p.get_role_credentials(roleName='Admin', accountId='444455556666', **bearer)
except ClientError as error: assert error.response['Error']['Code'] == 'ForbiddenException', error
else: raise AssertionError('gave keys')
refused(p.exceptions.UnauthorizedException, lambda: p.get_role_credentials(accessToken='x', **wish))
p.logout(**bearer)
refused(p.exceptions.UnauthorizedException, lambda: p.get_role_credentials(**wish, **bearer))
print(who['Arn'])
`;
  const { stdout } = await promisify(execFile)(path.join(programs, 'python'), ['-c', program]);
  expect(stdout.trim()).toMatch(role);
});

describe('a profile with a sign-in, by the SDK of the extension', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'glue-sessions-sso-'));
    vi.stubEnv('HOME', home);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  const cacheFile = () =>
    path.join(home, '.aws/sso/cache', `${createHash('sha1').update('people').digest('hex')}.json`);

  /** Leaves behind what `aws sso login` does. @param seconds that the cache gives the token, whatever it was given */
  async function signIn(seconds: number): Promise<Members> {
    const { own, userCode, token } = await begin();
    await approve(local.endpoint, userCode, password);
    const { accessToken = '', refreshToken = '' } = await token();
    const until = (s: number) => new Date(Date.now() + s * 1000).toISOString();
    const text = { accessToken, refreshToken, expiresAt: until(seconds), ...own };
    await mkdir(path.dirname(cacheFile()), { recursive: true });
    await writeFile(cacheFile(), JSON.stringify({ ...text, registrationExpiresAt: until(86_400) }));
    return text;
  }

  const calls = (operation: string) =>
    local.journal().filter((line) => line.operation === operation && line.outcome === 'ok').length;

  it('finds sessions as who signed in, and is bound by the policies of the permission set', async () => {
    const { accessToken = '' } = await signIn(3600);
    const api = local.api('analyst');
    expect((await api.callerIdentity()).arn).toMatch(role);
    expect((await api.listSessions({})).sessions.map(({ id }) => id)).toEqual(['of-everyone']);
    await expect(local.api('reader').usageProfile('x')).rejects.toThrow(
      /assumed-role\/AWSReservedSSO_Reader_.*is not authorized to perform: glue:GetUsageProfile/,
    );
    // Signed out elsewhere: keys that there are hold on, new ones are not to be had.
    await ask(`${local.endpoint}/logout`, 'POST', { 'x-amz-sso_bearer_token': accessToken });
    await api.listSessions({});
    await expect(local.api('analyst', [], { region: 'eu-west-1' }).listSessions({})).rejects.toMatchObject({
      code: 'Credentials',
      message: expect.stringContaining('Sign in with: aws sso login') as string,
    });
  });

  it('has its token refreshed where it came from, never at AWS', async () => {
    await signIn(60);
    const before = calls('sso-oidc:CreateToken');
    await local.api('analyst', [], { region: 'us-west-2' }).listSessions({});
    expect(calls('sso-oidc:CreateToken')).toBe(before + 1);
    const { expiresAt = '' } = JSON.parse(await readFile(cacheFile(), 'utf8')) as Members;
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('says what is wrong when it is not the sign-in', async () => {
    await signIn(3600);
    const ended = await startLocalGlue({ args: ['--engine', 'python'], world: ssoWorld() });
    await ended.stop();
    const text = await readFile(local.configFile, 'utf8');
    const failure = async (name: string, changed: string): Promise<unknown> => {
      const configFile = path.join(home, name);
      await writeFile(configFile, changed);
      const files = { configFile, credentialsFile: local.credentialsFile };
      return local
        .api('analyst', [], { files })
        .listSessions({})
        .then(
          () => undefined,
          (error: unknown) => error,
        );
    };
    const refused = await failure('other-role', text.replace('= Analyst', '= Analist'));
    expect(refused).toMatchObject({ code: 'Credentials' });
    expect(adviseOnTarget(refused, { roles: [] }, true)).toMatchObject({ problem: 'profile' });
    const away = await failure('no-portal', text.replaceAll(local.endpoint, ended.endpoint));
    expect(away).toMatchObject({ code: 'Network', outcome: 'notExecuted' });
    expect(adviseOnTarget(away, { roles: [] }, true)).toMatchObject({ problem: 'network' });
  });
});
