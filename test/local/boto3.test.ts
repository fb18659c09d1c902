import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonTools } from '../../scripts/pythonTools.mjs';
import { boto3Code, cliCode, type SessionToCopy } from '../../src/glue/sessionCode';
import { creationRole, runtimeRole, startLocalGlue, type LocalGlue } from './localGlue';

const execute = promisify(execFile);

let programs: string;
let local: LocalGlue;
beforeAll(async () => {
  programs = await pythonTools('aws-tools-1', ['boto3==1.40.40', 'awscli==1.42.40']);
  local = await startLocalGlue({ args: ['--engine', 'python'] });
  const bucket = path.join(path.dirname(local.configFile), '..', 's3', 'aws-glue-held', 'a b');
  await mkdir(bucket, { recursive: true });
  await writeFile(path.join(bucket, 'x.json'), '{"a": 1}');
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
  const { stdout } = await execute(path.join(programs, 'python'), ['-c', program], {
    env: awsEnvironment(),
  });
  return stdout;
}

it('does the whole story with boto3, every answer as the model has it', { timeout: 60_000 }, async () => {
  const said = await boto3(`
print(session.client('sts').get_caller_identity()['Account'])
s3 = session.client('s3')
got = s3.get_object(Bucket='aws-glue-held', Key='a b/x.json')
print(got['Body'].read(), got['ContentType'], s3.head_object(Bucket='aws-glue-held', Key='a b/x.json')['ContentLength'])
for bucket, key in [('aws-glue-held', 'none'), ('secret', 'x')]:
    try:
        s3.get_object(Bucket=bucket, Key=key)
    except ClientError as e:
        print(e.response['Error']['Code'], '"arn:aws:s3:::secret/x"' in e.response['Error']['Message'])
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
    'b\'{"a": 1}\' application/json 8',
    'NoSuchKey False',
    'AccessDenied True',
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
      path.join(programs, 'aws'),
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

it(
  'holds every input to the limits of the model, and refuses with what the model has',
  { timeout: 120_000 },
  async () => {
    const said = await boto3(`
from botocore.config import Config
# The client itself checks nothing here: the service must.
raw = session.client('glue', config=Config(parameter_validation=False, retries={'max_attempts': 0}))
common = {'ValidationException', 'AccessDeniedException', 'SerializationException', 'ThrottlingException'}
arn = 'arn:aws:glue:us-east-1:444455556666:session/m1'
fine = {
    'CreateSession': dict(Id='m1', Role=role, Command={'Name': 'glueetl', 'PythonVersion': '3'}, Connections={'Connections': ['session_vpc']}),
    'GetSession': dict(Id='m1'), 'ListSessions': {}, 'RunStatement': dict(SessionId='m1', Code='1'),
    'GetStatement': dict(SessionId='m1', Id=0), 'ListStatements': dict(SessionId='m1'), 'CancelStatement': dict(SessionId='m1', Id=0),
    'GetTags': dict(ResourceArn=arn), 'TagResource': dict(ResourceArn=arn, TagsToAdd={'a': 'b'}),
    'UntagResource': dict(ResourceArn=arn, TagsToRemove=['a']), 'GetConnection': dict(Name='session_vpc'), 'GetConnections': {},
    'StopSession': dict(Id='m1'), 'DeleteSession': dict(Id='m1'),
}

def call(operation, change):
    """The error code, or ok; a member that is None is left out."""
    given = {k: v for k, v in {**fine[operation], **change}.items() if v is not None}
    try:
        getattr(raw, __import__('botocore').xform_name(operation))(**given)
        return 'ok', ''
    except ClientError as e:
        return e.response['Error']['Code'], e.response['Error']['Message']

def longer(shape):
    """Values that break the shape: too short, too long, of a wrong pattern, too small, too large, not in the list."""
    facts = shape.metadata
    if shape.type_name == 'string':
        if facts.get('min', 0) > 0: yield '', 'greater than or equal to'
        if 'max' in facts: yield 'x' * (facts['max'] + 1), 'less than or equal to'
        # Newlines and control characters are in no pattern but those of several lines.
        if 'pattern' in facts: yield chr(1) + 'x' * 30, 'regular expression'
        if getattr(shape, 'enum', None): yield 'nonesuch', 'enum value set'
    elif shape.type_name in ('integer', 'long'):
        if 'min' in facts: yield facts['min'] - 1, 'greater than or equal to'
        if 'max' in facts: yield facts['max'] + 1, 'less than or equal to'
    elif shape.type_name == 'list':
        if 'max' in facts: yield ['x'] * (facts['max'] + 1), 'less than or equal to'
        for bad, why in longer(shape.member): yield [bad], why
    elif shape.type_name == 'map':
        if 'max' in facts: yield {'k%d' % i: 'v' for i in range(facts['max'] + 1)}, 'less than or equal to'
        for bad, why in longer(shape.key): yield {bad: 'v'}, why
        for bad, why in longer(shape.value): yield {'k': bad}, why
    elif shape.type_name == 'structure':
        for name, member in shape.members.items():
            for bad, why in longer(member): yield {name: bad}, why

# What the service is newer in than this botocore, or Local Glue's one connection makes moot.
skipped = {'ApplyOverrideForComputeEnvironment', 'ConnectionSchemaVersion', 'ConnectionType'}
tried, wrong = 0, []
for operation in fine:
    shape = model.operation_model(operation).input_shape
    allowed = {e.name for e in model.operation_model(operation).error_shapes} | common
    for name in shape.required_members:
        tried += 1
        code, message = call(operation, {name: None})
        expected = "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null" % (name[0].lower() + name[1:])
        if (code, message) != ('ValidationException', expected): wrong.append((operation, name, code, message))
    for name, member in shape.members.items():
        if name in skipped: continue
        for bad, why in longer(member):
            if isinstance(bad, dict) and set(bad) & skipped: continue
            tried += 1
            code, message = call(operation, {name: bad})
            if code != 'ValidationException' or why not in message: wrong.append((operation, name, str(bad)[:40], code, message[:120]))
    missing = {k: 'nobody' if k in ('Id', 'SessionId', 'Name') and fine[operation][k] not in (0,) else arn + '-none' for k in fine[operation] if k in ('Id', 'SessionId', 'Name', 'ResourceArn') and not isinstance(fine[operation][k], int)}
    if missing and operation != 'CreateSession':
        tried += 1
        code, message = call(operation, missing)
        if code not in allowed - common or 'validation' in message: wrong.append((operation, 'missing', code, message))
print(tried, json.dumps(wrong))
print(call('GetTags', {'ResourceArn': 'arn:aws:glue:us-east-1:111122223333:session/x'}))
print(call('ListSessions', {'NextToken': 'bogus'})[0], call('ListStatements', {'SessionId': 'nobody', 'NextToken': 'x'})[0])
`);
    const [first, ...rest] = said.trim().split('\n');
    expect(first).toMatch(/^\d{3} \[\]$/);
    expect(rest).toEqual([
      expect.stringMatching(
        /AccessDenied.*because no resource-based policy allows the glue:GetTags action/,
      ) as string,
      'InvalidInputException EntityNotFoundException',
    ]);
  },
);

it('starts the same session from copied code, with boto3 and the AWS CLI', { timeout: 60_000 }, async () => {
  const hostile = `it's $HOME "so" \`id\`; file:///etc/passwd \\ é 😀`;
  const roles = [{ roleArn: creationRole, sessionName: 'ada' }];
  const original = local.api('isbloguser', roles);
  const tags = { team: hostile, "k'$(id)": '"}', owner: (await original.callerIdentity()).userId };
  const created = await original.createSession({
    id: 'copied-from',
    role: runtimeRole,
    command: { name: 'glueetl', pythonVersion: '3' },
    description: hostile,
    defaultArguments: { '--conf': 'spark.a=b', '--note': hostile },
    connections: ['session_vpc'],
    numberOfWorkers: 3,
    workerType: 'G.2X',
    idleTimeout: 45,
    glueVersion: '4.0',
    tags,
  });
  const { configFile, credentialsFile } = local;
  const copied: SessionToCopy = {
    session: created,
    tags,
    region: 'us-east-1',
    target: {
      profile: 'isbloguser',
      files: { configFile, credentialsFile },
      roles,
    },
  };
  const { PATH = '' } = process.env;
  const clean = { PATH: `${programs}:${PATH}`, HOME: '/nowhere', AWS_PAGER: '' };
  await Promise.all([
    execute('python', ['-c', boto3Code(copied, 'by-boto3')], { env: clean }),
    execute('sh', ['-c', cliCode(copied, 'by-cli')], { env: clean }),
  ]);
  for (const id of ['by-boto3', 'by-cli']) {
    const { createdOn: _, status: __, progress: ___, ...made } = await original.getSession(id);
    const { createdOn: ____, status: _____, progress: ______, ...wanted } = created;
    expect(made).toEqual({ ...wanted, id });
    expect(await original.getTags(`arn:aws:glue:us-east-1:444455556666:session/${id}`)).toEqual(tags);
    await original.stopSession(id);
  }
});
