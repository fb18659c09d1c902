import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalGlue, type LocalGlue } from './localGlue';

const execute = promisify(execFile);
const cache = process.env.GLUE_SESSIONS_CACHE ?? path.join(homedir(), '.cache', 'glue-sessions');
const environment = path.join(cache, 'python', 'aws-tools-1');

let local: LocalGlue;
beforeAll(async () => {
  const python = path.join(environment, 'bin', 'python');
  const isThere = await access(path.join(environment, 'installed')).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(path.dirname(environment), { recursive: true });
    await execute('python3', ['-m', 'venv', '--clear', environment]);
    await execute(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      'boto3==1.40.40',
      'awscli==1.42.40',
    ]);
    await execute(python, [
      '-c',
      `open(${JSON.stringify(path.join(environment, 'installed'))}, 'w').close()`,
    ]);
  }
  local = await startLocalGlue({ args: ['--engine', 'python'] });
}, 300_000);
afterAll(() => local.stop());

function awsEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_CONFIG_FILE: local.configFile,
    AWS_SHARED_CREDENTIALS_FILE: local.credentialsFile,
    AWS_PAGER: '',
  };
}

/** Runs Python with a Glue client `g` of the profile that assumes the role, every answer held to botocore's model. */
async function boto3(code: string): Promise<string> {
  const program = `
import boto3, json, time
from botocore.exceptions import ClientError
session = boto3.Session(profile_name='session-creator')
g = session.client('glue')
model = g.meta.service_model

def check(shape, value, where):
    if shape.type_name == 'structure':
        unknown = set(value) - set(shape.members)
        assert not unknown, f'{where} has members the model has not: {unknown}'
        missing = set(shape.required_members) - set(value)
        assert not missing, f'{where} lacks {missing}'
        for name, item in value.items():
            check(shape.members[name], item, f'{where}.{name}')
    elif shape.type_name == 'list':
        for item in value:
            check(shape.member, item, where)

def on_answer(http_response=None, parsed=None, model=None, **rest):
    if http_response is not None and http_response.status_code == 200:
        check(model.output_shape, json.loads(http_response.content), model.name)

g.meta.events.register('after-call.glue', lambda http_response, parsed, model, **rest: on_answer(http_response, parsed, model))
role = 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog'
${code}`;
  const { stdout } = await execute(path.join(environment, 'bin', 'python'), ['-c', program], {
    env: awsEnvironment(),
  });
  return stdout;
}

it('does the whole story with boto3, every answer as the model has it', { timeout: 60_000 }, async () => {
  const said = await boto3(`
print(session.client('sts').get_caller_identity()['Account'])
try:
    g.create_session(Id='b1', Role=role, Command={'Name': 'glueetl', 'PythonVersion': '3'})
except ClientError as e:
    print(e.response['Error']['Code'], 'explicit deny' in e.response['Error']['Message'], e.response['Error']['Message'][:5])
g.create_session(Id='b1', Role=role, Command={'Name': 'glueetl', 'PythonVersion': '3'}, Connections={'Connections': ['session_vpc']},
                 Tags={'team': 'analytics'}, DefaultArguments={'--enable-glue-datacatalog': 'true'}, IdleTimeout=60, WorkerType='G.1X', NumberOfWorkers=2)
while g.get_session(Id='b1')['Session']['Status'] == 'PROVISIONING':
    time.sleep(0.1)
statement = g.run_statement(SessionId='b1', Code='6 * 7')['Id']
while g.get_statement(SessionId='b1', Id=statement)['Statement']['State'] != 'AVAILABLE':
    time.sleep(0.05)
print(g.get_statement(SessionId='b1', Id=statement)['Statement']['Output']['Data']['TextPlain'].strip())
print(len(g.list_statements(SessionId='b1')['Statements']))
print(g.list_sessions(Tags={'team': 'analytics'})['Ids'], g.list_sessions(Tags={'team': 'other'})['Ids'])
arn = 'arn:aws:glue:us-east-1:444455556666:session/b1'
g.tag_resource(ResourceArn=arn, TagsToAdd={'billing': 'x'})
g.untag_resource(ResourceArn=arn, TagsToRemove=['team'])
print(g.get_tags(ResourceArn=arn)['Tags'])
print([c['Name'] for c in g.get_connections(HidePassword=True)['ConnectionList']], g.get_connection(Name='session_vpc')['Connection']['ConnectionType'])
try:
    g.get_session(Id='nobody')
except g.exceptions.EntityNotFoundException as e:
    print('not found')
g.stop_session(Id='b1')
while g.get_session(Id='b1')['Session']['Status'] != 'STOPPED':
    time.sleep(0.1)
print(g.get_session(Id='b1')['Session']['DPUSeconds'] > 0)
g.delete_session(Id='b1')
ec2 = session.client('ec2')
try:
    ec2.describe_vpcs()
except ClientError as e:
    # AWSGlueServiceRole has DescribeSubnets, not DescribeVpcs.
    print(e.response['Error']['Code'])
print(boto3.Session(profile_name='isbloguser').client('ec2').describe_vpcs()['Vpcs'])
print(len(ec2.describe_subnets()['Subnets']), len(ec2.describe_security_groups(Filters=[{'Name': 'vpc-id', 'Values': ['vpc-0b10c5e5510000001']}])['SecurityGroups']))
`);
  expect(said.trim().split('\n')).toEqual([
    '444455556666',
    'AccessDeniedException True User:',
    '42',
    '1',
    "['b1'] []",
    "{'billing': 'x'}",
    "['session_vpc', 'scratch_vpc'] NETWORK",
    'not found',
    'True',
    'UnauthorizedOperation',
    '[]',
    '2 1',
  ]);
});

it('does the story with the AWS CLI', { timeout: 90_000 }, async () => {
  const aws = async (...args: string[]) => {
    const { stdout } = await execute(
      path.join(environment, 'bin', 'aws'),
      ['glue', ...args, '--profile', 'session-creator', '--output', 'json'],
      { env: awsEnvironment() },
    );
    return (stdout === '' ? {} : JSON.parse(stdout)) as Record<string, unknown>;
  };
  await aws(
    'create-session',
    '--id',
    'cli',
    '--role',
    'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog',
    '--command',
    'Name=glueetl,PythonVersion=3',
    '--connections',
    'Connections=session_vpc',
    '--tags',
    'team=analytics',
  );
  expect(await aws('list-sessions', '--tags', 'team=analytics')).toMatchObject({ Ids: ['cli'] });
  expect(await aws('get-tags', '--resource-arn', 'arn:aws:glue:us-east-1:444455556666:session/cli')).toEqual({
    Tags: { team: 'analytics' },
  });
  await expect
    .poll(() => aws('get-session', '--id', 'cli'), { timeout: 20_000 })
    .toMatchObject({ Session: { Status: 'READY' } });
  expect(await aws('run-statement', '--session-id', 'cli', '--code', '40 + 2')).toEqual({ Id: 0 });
  await expect
    .poll(() => aws('get-statement', '--session-id', 'cli', '--id', '0'), { timeout: 20_000 })
    .toMatchObject({ Statement: { Output: { Data: { TextPlain: '42\n' } } } });
  await aws('stop-session', '--id', 'cli');
  expect(await aws('list-sessions')).toMatchObject({ Sessions: [{ Id: 'cli' }] });
});
