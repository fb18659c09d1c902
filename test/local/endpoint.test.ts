import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateSessionRequest } from '../../src/glue/glueApi';
import { systemClock } from '../../src/glue/clock';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { stopSession } from '../../src/glue/stopSession';
import { applyTagEdit, planTagChange } from '../../src/glue/tagChanges';
import { creationRole, startLocalGlue, until, type LocalGlue } from './localGlue';
import { smallSession } from './smallSession';
import { permit } from '../unit/scriptedApi';

const wish: CreateSessionRequest = { ...smallSession, tags: { team: 'analytics' } };

const assumed = [{ roleArn: creationRole }];

/** The endpoint and its rules, over HTTP with the real SDK; sessions run Python without Spark, which has tests of its own. */
describe('Local Glue over HTTP', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'] });
  });
  afterAll(() => local.stop());

  const creator = () => local.api('isbloguser', assumed);
  let number = 0;
  const create = async (change: Partial<CreateSessionRequest> = {}) => {
    number += 1;
    return startSession(
      creator(),
      { ...wish, id: `session-${String(number)}`, ...change },
      { clock: systemClock, permit },
    );
  };
  const run = async (sessionId: string, code: string, cancel?: AbortSignal) => {
    const ended = await runStatement({
      api: creator(),
      sessionId,
      marked: markCode(code, 'python', randomUUID()),
      clock: systemClock,
      ...(cancel && { cancel }),
    });
    return ended!;
  };
  const arnOf = (id: string) => `arn:aws:glue:us-east-1:444455556666:session/${id}`;

  it('knows who calls, with keys and through the role, and whether keys are in hand', async () => {
    const another = local.api('session-creator', [], { region: 'eu-west-2' });
    expect(await another.holdsKeys()).toBe(false);
    await another.callerIdentity();
    expect(await another.holdsKeys()).toBe(true);
    expect(await local.api('isbloguser').callerIdentity()).toMatchObject({
      account: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/ISBlogUser',
    });
    expect(await creator().callerIdentity()).toMatchObject({
      account: '444455556666',
      arn: 'arn:aws:sts::444455556666:assumed-role/GlueSessionCreationRole/ISBlogUser',
    });
    // The profile names no role session: the person's own name is taken, the same each time, not one of the SDK's.
    expect(await local.api('session-creator').callerIdentity()).toMatchObject({
      account: '444455556666',
      arn: 'arn:aws:sts::444455556666:assumed-role/GlueSessionCreationRole/ISBlogUser',
    });
    expect((await creator().credentialsExpireAt())! - Date.now()).toBeGreaterThan(3_000_000);
  });

  it('denies a start without, and with an unapproved network, in the words of AWS', async () => {
    const reason =
      /^User: arn:aws:sts::444455556666:assumed-role\/GlueSessionCreationRole\/ISBlogUser is not authorized to perform: glue:CreateSession on resource: arn:aws:glue:us-east-1:444455556666:session\/s with an explicit deny in an identity-based policy$/;
    for (const connections of [[], ['scratch_vpc'], ['session_vpc', 'scratch_vpc']]) {
      await expect(creator().createSession({ ...wish, connections })).rejects.toMatchObject({
        code: 'AccessDenied',
        message: expect.stringMatching(reason) as string,
      });
    }
  });

  it('runs a session from its start to its stop', async () => {
    const session = await create();
    expect(session).toMatchObject({
      status: 'READY',
      connections: ['session_vpc'],
      maxCapacity: 2,
      workerType: 'G.1X',
      idleTimeout: 60,
    });
    const ended = await run(session.id, 'print("hi")\n6 * 7');
    expect(ended.output).toMatchObject({ status: 'ok', textPlain: 'hi\n42\n' });
    const stopped = await stopSession(creator(), session.id, { clock: systemClock });
    expect(stopped.status).toBe('STOPPED');
    expect(stopped.dpuSeconds).toBeCloseTo(stopped.executionTime! * 2);
    await expect(run(session.id, '1')).rejects.toMatchObject({ code: 'IllegalSessionState' });
    await creator().deleteSession(session.id);
    await expect(creator().getSession(session.id)).rejects.toMatchObject({ code: 'EntityNotFound' });
  });

  it('takes a session of Scala, and tells at its first statement that nothing here runs it', async () => {
    const session = await create({ defaultArguments: { '--session-language': 'scala' } });
    expect(session.defaultArguments['--session-language']).toBe('scala');
    const ended = await run(session.id, 'val x = 1');
    expect(ended.output).toMatchObject({
      status: 'error',
      errorName: 'NoScalaInLocalGlue',
      errorValue: expect.stringMatching(/runs Python only.*was not run/) as string,
    });
  });

  it('lists sessions by tag and in pages', async () => {
    const [a, b] = [await create({ tags: { team: 'red' } }), await create({ tags: { team: 'blue' } })];
    const red = await creator().listSessions({ tags: { team: 'red' } });
    expect(red.sessions.map(({ id }) => id)).toEqual([a.id]);
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await creator().listSessions({
        maxResults: 1,
        ...(nextToken !== undefined && { nextToken }),
      });
      ids.push(...page.sessions.map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(ids).toEqual(expect.arrayContaining([a.id, b.id]));
    expect(new Set(ids).size).toBe(ids.length);
    await expect(creator().listSessions({ nextToken: 'bogus!' })).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('changes tags on a running session', async () => {
    const { id } = await create();
    await creator().tagResource(arnOf(id), { billing: 'x', team: 'y' });
    await creator().untagResource(arnOf(id), ['team']);
    expect(await creator().getTags(arnOf(id))).toEqual({ billing: 'x' });
    await expect(creator().tagResource(arnOf(id), { 'aws:x': 'y' })).rejects.toMatchObject({
      code: 'InvalidInput',
    });
    await expect(creator().getTags(arnOf('nobody'))).rejects.toMatchObject({ code: 'EntityNotFound' });
  });

  it('tells errors with name, value and the lines of the user alone', async () => {
    const { id } = await create();
    const { output, state } = await run(id, 'def f(x):\n    return 1 / x\n\nf(0)');
    expect(state).toBe('AVAILABLE');
    expect(output).toMatchObject({
      status: 'error',
      errorName: 'ZeroDivisionError',
      errorValue: 'division by zero',
    });
    const text = output!.traceback.join('');
    expect(text).toMatch(/line 4, in <module>\n\s+f\(0\)/);
    expect(text).toMatch(/line 2, in f\n\s+return 1 \/ x/);
    expect(text).not.toMatch(/execution\.py/);
    expect((await run(id, 'x = (')).output).toMatchObject({ errorName: 'SyntaxError' });
    expect((await run(id, '1')).output?.textPlain).toBe('1\n');
  });

  it('says plainly that this engine has no Spark', async () => {
    const { id } = await create();
    const imported = await run(id, 'from pyspark.context import SparkContext');
    expect(imported.output?.errorValue).toMatch(/--engine python/);
    expect((await run(id, 'spark.range(3)')).output?.errorValue).toMatch(/--engine python/);
  });

  it('queues statements, one at a time, and cancels those that wait', async () => {
    const { id } = await create();
    const api = creator();
    const first = await api.runStatement(id, 'import time; time.sleep(1.5)');
    const second = await api.runStatement(id, '2');
    const third = await api.runStatement(id, '3');
    expect((await api.getStatement(id, second)).state).toBe('WAITING');
    await api.cancelStatement(id, second);
    await until('the third has run', async () => (await api.getStatement(id, third)).state === 'AVAILABLE');
    expect((await api.listStatements(id)).statements.map(({ state }) => state)).toEqual([
      'AVAILABLE',
      'CANCELLED',
      'AVAILABLE',
    ]);
    await expect(api.cancelStatement(id, first)).rejects.toMatchObject({ code: 'IllegalSessionState' });
  });

  it('interrupts a loop and leaves the session usable', async () => {
    const { id } = await create();
    await run(id, 'x = 5');
    const cancel = new AbortController();
    setTimeout(() => {
      cancel.abort();
    }, 300);
    expect((await run(id, 'import time\nwhile True: time.sleep(0.05)', cancel.signal)).state).toBe(
      'CANCELLED',
    );
    expect((await run(id, 'x')).output?.textPlain).toBe('5\n');
  });

  it('ends a session whose process dies, and says why', async () => {
    const { id } = await create();
    const ended = await run(id, 'import os; os._exit(3)');
    expect(ended.state).toBe('ERROR');
    await until('the session has failed', async () => (await creator().getSession(id)).status === 'FAILED');
    expect((await creator().getSession(id)).errorMessage).toMatch(/process ended \(3\)/);
  });

  it.each([
    [
      { id: '' },
      /Value '' at 'id' failed to satisfy constraint: Member must have length greater than or equal to 1/,
    ],
    [{ id: 'x'.repeat(256) }, /Member must have length less than or equal to 255/],
    [{ role: 'arn:aws:iam::444455556666:user/Somebody' }, /Member must satisfy regular expression pattern/],
    [{ workerType: 'G.3X' }, /Member must satisfy enum value set/],
    [
      { requestOrigin: 'a b' },
      /at 'requestOrigin' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    ],
    [
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${String(i)}`, 'v'])) },
      /Member must have length less than or equal to 50/,
    ],
    [{ numberOfWorkers: 1 }, /greater than or equal to 2/],
    [{ glueVersion: '2.0' }, /2.0 is not supported/],
  ])('refuses bad input %#', async (change, reason) => {
    await expect(creator().createSession({ ...wish, ...change })).rejects.toMatchObject({
      message: expect.stringMatching(reason) as string,
    });
  });

  it('has no Spark UI to show, and says so as the model has it', async () => {
    const { id } = await create();
    await expect(creator().dashboardUrl(id)).rejects.toMatchObject({
      code: 'OperationNotSupported',
      message: 'The operation is not available in the region.',
    });
    await expect(creator().dashboardUrl('nonesuch')).rejects.toMatchObject({ code: 'EntityNotFound' });
  });

  it('refuses code over the limit', async () => {
    const { id } = await create();
    await expect(creator().runStatement(id, 'x'.repeat(68_001))).rejects.toMatchObject({
      code: 'Validation',
    });
  });

  it('refuses to pass a role of another account, or one that Glue may not take', async () => {
    await expect(
      creator().createSession({
        ...wish,
        role: 'arn:aws:iam::111122223333:role/AWSGlueServiceRole-notebooks',
      }),
    ).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringMatching(/Cross-account/) as string,
    });
    await expect(creator().createSession({ ...wish, role: creationRole })).rejects.toMatchObject({
      message: expect.stringMatching(/iam:PassRole on resource/) as string,
    });
    await expect(
      local
        .api('isbloguser')
        .createSession({ ...wish, role: 'arn:aws:iam::111122223333:role/AWSGlueServiceRole-nobody' }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/should be given assume role permissions for Glue Service/) as string,
    });
  });

  it('tells networks and hides nothing but passwords', async () => {
    const connections = await creator().listConnections();
    expect(connections.map(({ name }) => name)).toEqual(['session_vpc', 'scratch_vpc']);
    expect(await creator().describeSubnets([connections[0]!.subnetId!])).toMatchObject([
      { vpcId: 'vpc-0b10c5e5510000001', cidrBlock: '10.0.0.0/24', availableAddresses: 251 },
    ]);
    await expect(creator().describeSubnets(['subnet-none'])).rejects.toMatchObject({
      code: 'InvalidSubnetID.NotFound',
    });
    expect(await creator().describeSecurityGroups(connections[0]!.securityGroupIds)).toMatchObject([
      { id: 'sg-0b10c5e5510000001', vpcId: 'vpc-0b10c5e5510000001', name: 'glue-sessions' },
    ]);
    await expect(creator().getConnection('none')).rejects.toMatchObject({ code: 'EntityNotFound' });
  });

  it('answers of a session what it has, and as the model has it what it has not', async () => {
    const { id } = await create();
    expect(await creator().systemLogsUrl(id)).toBeUndefined();
    await expect(creator().dashboardUrl(id)).rejects.toMatchObject({ code: 'OperationNotSupported' });
    for (const method of ['dashboardUrl', 'systemLogsUrl'] as const) {
      await expect(creator()[method]('none')).rejects.toMatchObject({ code: 'EntityNotFound' });
      await expect(local.api('isbloguser')[method](id)).rejects.toMatchObject({ code: 'EntityNotFound' });
    }
    await stopSession(creator(), id, { clock: systemClock });
  });

  it('refuses wrong keys, a wrong secret and unsigned calls', async () => {
    const keys = (accessKeyId: string) =>
      local.api('isbloguser', [], { credentials: { accessKeyId, secretAccessKey: 'wrong' } });
    await expect(keys('AKIAAAAAAAAAAAAAAAAA').listSessions({})).rejects.toMatchObject({
      code: 'UnrecognizedClient',
    });
    const known = /aws_access_key_id = (\w+)/.exec(
      await (await import('node:fs/promises')).readFile(local.credentialsFile, 'utf8'),
    )![1]!;
    await expect(keys(known).listSessions({})).rejects.toMatchObject({ code: 'InvalidSignature' });
    expect((await raw(local.endpoint, { 'x-amz-target': 'AWSGlue.ListSessions' })).status).toBe(400);
  });

  it('refuses any other Host and anything with an Origin, before it looks at the rest', async () => {
    const foreign: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { origin: 'http://127.0.0.1' },
    ];
    for (const headers of foreign) {
      expect(await raw(local.endpoint, headers)).toEqual({ status: 403, body: '' });
    }
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:99']) {
      expect((await raw(local.endpoint, { host })).status).toBe(400);
    }
  });

  it('answers bad requests and lives on', async () => {
    const { port } = new URL(local.endpoint);
    const line = async (text: string) => (await exchange(Number(port), text)).split('\r\n')[0];
    expect(await line('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).toMatch(/ 405 /);
    expect(await line('POST / HTTP/1.0\r\n\r\n')).toMatch(/ 403 /);
    expect(await line('POST // HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n')).toMatch(/ 404 /);
    expect(await line('nonsense\r\n\r\n')).toMatch(/ 400 /);
    expect(
      await line(
        'POST /?X-Amz-Signature=00 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: AWSGlue.X\r\nContent-Length: 0\r\n\r\n',
      ),
    ).toMatch(/ 400 /);
    // Refused by its head alone: the body never comes.
    expect(
      await line('POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000000000\r\n\r\n{'),
    ).toMatch(/ 403 /);
    expect((await raw(local.endpoint, { 'x-amz-target': 'AWSGlue.X' }, '['.repeat(5_000_000))).status).toBe(
      413,
    );
    expect((await raw(local.endpoint, { 'x-amz-target': 'Other.X' })).body).toMatch(/UnknownOperation/);
    expect((await creator().callerIdentity()).account).toBe('444455556666');
  });

  it('keeps odd tags as they are', async () => {
    // Object.fromEntries, since a literal would set the prototype.
    const tags = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['größe ✓', 'a=b, "c"/+@ü'],
    ]);
    const { id } = await create({ tags });
    expect(Object.entries(await creator().getTags(arnOf(id))).sort()).toEqual(Object.entries(tags).sort());
    const found = await creator().listSessions({ tags: { 'größe ✓': 'a=b, "c"/+@ü' } });
    expect(found.sessions.map((session) => session.id)).toEqual([id]);
  });

  it('writes its configuration for its user alone', async () => {
    for (const file of [local.configFile, local.credentialsFile])
      expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('keeps a journal of calls and statements', async () => {
    const { id } = await create();
    await run(id, '1 + 1');
    const lines = local.journal();
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: 'call', operation: 'glue:CreateSession', outcome: 'AccessRefused' }),
    );
    expect(lines.filter((line) => line.kind === 'statement' && line.session === id)).toHaveLength(1);
    expect(lines.at(-1)).not.toHaveProperty('code');
  });
});

describe('roles', () => {
  const world = `
accounts:
  '111122223333':
    policies: &all
      Everything: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: '*', Resource: '*' }] }
      Nothing: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 's3:*', Resource: '*' }] }
    users:
      ada: { profile: ada, managedPolicies: [Everything] }
      bob: { profile: bob, managedPolicies: [Nothing] }
  '444455556666':
    policies: *all
    roles:
      External:
        managedPolicies: [Everything]
        maxSessionDuration: 7200
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: sts:AssumeRole, Condition: { StringEquals: { 'sts:ExternalId': secret } } }] }
      Tagged:
        managedPolicies: [Everything]
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }] }
      Untaggable:
        managedPolicies: [Everything]
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: sts:AssumeRole }] }
      Runtime:
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: glue.amazonaws.com }, Action: sts:AssumeRole }] }
      Restricted:
        # What AwsGlueSessionUserRestrictedPolicy has of sessions.
        inlinePolicies:
          restricted:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: 'glue:CreateSession', Resource: '*', Condition: { StringEquals: { 'aws:RequestTag/owner': '$\{aws:userid}' }, ForAnyValue:StringEquals: { 'aws:TagKeys': [owner] } } }
              - { Effect: Allow, Action: 'glue:TagResource', Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/owner': '$\{aws:userid}', 'aws:RequestTag/owner': '$\{aws:userid}' } } }
              - { Effect: Allow, Action: ['glue:StopSession', 'glue:GetSession'], Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/owner': '$\{aws:userid}' } } }
              - { Effect: Allow, Action: 'iam:PassRole', Resource: '*' }
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: sts:AssumeRole }] }
      Bounded:
        managedPolicies: [Everything]
        permissionsBoundary: Nothing
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: sts:AssumeRole }] }
      Own:
        inlinePolicies:
          own: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'glue:ListSessions', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalTag/team': red } } }] }
        trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '111122223333' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }] }
`;
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world });
  });
  afterAll(() => local.stop());
  const role = (name: string) => `arn:aws:iam::444455556666:role/${name}`;
  const arnOfOwned = 'arn:aws:glue:us-east-1:444455556666:session/owned';
  const denied = {
    code: 'AccessDenied',
    message: expect.stringMatching(
      /not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role\/\w+$/,
    ) as string,
  };

  it('need the external id they ask for', async () => {
    await expect(local.api('ada', [{ roleArn: role('External') }]).listSessions({})).rejects.toMatchObject(
      denied,
    );
    const known = local.api('ada', [{ roleArn: role('External'), externalId: 'secret' }]);
    expect((await known.listSessions({})).sessions).toEqual([]);
  });

  it('need an allow on the side of the caller too', async () => {
    await expect(local.api('bob', [{ roleArn: role('Tagged') }]).listSessions({})).rejects.toMatchObject(
      denied,
    );
  });

  it('are no longer than they may be, and one hour in a chain', async () => {
    const long = local.api('ada', [
      { roleArn: role('External'), externalId: 'secret', durationSeconds: 10_800 },
    ]);
    await expect(long.listSessions({})).rejects.toMatchObject({
      message: expect.stringMatching(/MaxSessionDuration/) as string,
    });
    const within = local.api('ada', [
      { roleArn: role('External'), externalId: 'secret', durationSeconds: 7200 },
    ]);
    expect((await within.listSessions({})).sessions).toEqual([]);
    const chained = local.api('ada', [
      { roleArn: role('Tagged') },
      { roleArn: role('External'), externalId: 'secret', durationSeconds: 7200 },
    ]);
    await expect(chained.listSessions({})).rejects.toMatchObject({
      message: expect.stringMatching(/sts:AssumeRole|role chaining/) as string,
    });
  });

  it('are bounded by a permissions boundary', async () => {
    await expect(local.api('ada', [{ roleArn: role('Bounded') }]).listSessions({})).rejects.toMatchObject({
      message: expect.stringMatching(
        /because no permissions boundary allows the glue:ListSessions action$/,
      ) as string,
    });
  });

  it('carry session tags that policies see', async () => {
    await expect(local.api('ada', [{ roleArn: role('Own') }]).listSessions({})).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    const red = local.api('ada', [{ roleArn: role('Own'), sessionTags: { team: 'red' } }]);
    expect((await red.listSessions({})).sessions).toEqual([]);
  });

  it('carry session tags only where both sides allow TagSession, and are told which it was', async () => {
    const tagged = (name: string) =>
      local.api('ada', [{ roleArn: role(name), sessionTags: { team: 'red' } }]).listSessions({});
    await expect(tagged('Untaggable')).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringMatching(
        /not authorized to perform: sts:TagSession on resource: .*role\/Untaggable/,
      ) as string,
    });
    const plain = local.api('ada', [{ roleArn: role('Untaggable') }]);
    expect((await plain.listSessions({})).sessions).toEqual([]);
  });

  it("keep people to sessions of their own under AWS's restricted policy, tags included", async () => {
    const mine = () => local.api('ada', [{ roleArn: role('Restricted') }]);
    const { userId, arn: caller } = await mine().callerIdentity();
    expect(caller).toMatch(/assumed-role\/Restricted\/ada$/);
    const request = { ...wish, id: 'owned', role: role('Runtime'), connections: [] };
    await expect(mine().createSession({ ...request, tags: { owner: 'ada' } })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    await mine().createSession({ ...request, tags: { owner: userId } });
    const change = planTagChange({ owner: userId }, { add: { team: 'red' }, remove: [] });
    await expect(mine().tagResource(arnOfOwned, change.edit.add)).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    const options = { clock: systemClock, onApplied: () => undefined };
    await applyTagEdit(mine(), arnOfOwned, change, options);
    const administrator = local.api('ada', [{ roleArn: role('External'), externalId: 'secret' }]);
    expect(await administrator.getTags(arnOfOwned)).toEqual({ owner: userId, team: 'red' });
    const somebody = local.api('ada', [{ roleArn: role('Restricted'), sessionName: 'bob' }]);
    await expect(applyTagEdit(somebody, arnOfOwned, change, options)).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    await expect(somebody.stopSession('owned')).rejects.toMatchObject({ code: 'AccessDenied' });
    // The same person in another window and on another day.
    await mine().stopSession('owned');
  });
});

describe('a large world', () => {
  it('starts at once with ten thousand sessions and costs no process', async () => {
    const local = await startLocalGlue({
      args: ['--engine', 'python'],
      world: `
accounts:
  '444455556666':
    users: { admin: { profile: admin, managedPolicies: [AdministratorAccess] } }
    roles:
      AWSGlueServiceRole-blog: { trustPolicy: { Statement: [{ Effect: Allow, Principal: { Service: glue.amazonaws.com }, Action: sts:AssumeRole }] } }
    regions:
      us-east-1:
        sessions:
          - { id: ended-, count: 9990, status: STOPPED, tags: { team: [a, b, c] } }
          - { id: live-, count: 10, status: READY, ageSeconds: 60, tags: { team: a } }
`,
    });
    const api = local.api('admin');
    const started = Date.now();
    let [total, nextToken]: [number, string | undefined] = [0, undefined];
    do {
      const page = await api.listSessions({
        maxResults: 1000,
        ...(nextToken !== undefined && { nextToken }),
      });
      total += page.sessions.length;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(total).toBe(10_000);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect((await api.listSessions({ tags: { team: 'b' } })).sessions[0]?.status).toBe('STOPPED');
    const id = await api.runStatement('live-01', '20 + 1');
    await until(
      'the statement ran',
      async () => (await api.getStatement('live-01', id)).output?.textPlain === '21\n',
    );
    await local.stop();
  });
});

describe('idle sessions', () => {
  it('time out by themselves, and keep what they cost', async () => {
    const local = await startLocalGlue({
      args: ['--engine', 'python'],
      world: `
accounts:
  '444455556666':
    users: { admin: { profile: admin, managedPolicies: [AdministratorAccess] } }
    regions: { us-east-1: { sessions: [{ id: forgotten, status: READY, ageSeconds: 7200, idleTimeoutMinutes: 60 }] } }
`,
    });
    const session = await local.api('admin').getSession('forgotten');
    expect(session).toMatchObject({ status: 'TIMEOUT', executionTime: 3600, dpuSeconds: 7200 });
    await local.stop();
  });
});

describe('slow and throttled', () => {
  it('delays and throttles as asked; the runner bears with it and runs once', async () => {
    const local = await startLocalGlue({ args: ['--engine', 'python', '--rate', '4', '--latency', '30'] });
    const api = local.api('session-creator');
    const session = await startSession(api, { ...wish, id: 'slow' }, { clock: systemClock, permit });
    const ended = await runStatement({
      api,
      sessionId: session.id,
      marked: markCode('5', 'python', 'm'),
      clock: systemClock,
    });
    expect(ended?.output?.textPlain).toBe('5\n');
    const many = await Promise.all(
      Array.from({ length: 12 }, () =>
        api.getSession('slow').then(
          () => 'ok',
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );
    expect(many).toContain('ok');
    expect(local.journal().some(({ outcome }) => outcome === 'ThrottlingException')).toBe(true);
    expect(local.journal().filter(({ kind }) => kind === 'statement')).toHaveLength(1);
    await local.stop();
  });
});

describe('a target on this machine', () => {
  /** Stands for the internet: whoever arrives here has left the machine's Glue. */
  let trap: Server;
  const arrived: string[] = [];
  beforeAll(async () => {
    trap = createServer((request, response) => {
      arrived.push(request.headers.host ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => trap.listen(0, '0.0.0.0', resolve));
  });
  afterAll(() => new Promise((resolve) => trap.close(resolve)));

  it('reaches loopback only, whatever the service and whatever the profile says', async () => {
    const local = await startLocalGlue({ args: ['--engine', 'python'] });
    const folder = await mkdtemp(path.join(tmpdir(), 'profiles-'));
    const address = trap.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const machine = `http://${await ownAddress()}:${port}`;
    const credentials = await (await import('node:fs/promises')).readFile(local.credentialsFile, 'utf8');
    const role = `role_arn = ${creationRole}\nsource_profile = isbloguser`;
    await writeFile(
      path.join(folder, 'config'),
      [
        `[profile isbloguser]\nregion = us-east-1\nendpoint_url = ${local.endpoint}`,
        `[profile role]\nregion = us-east-1\nendpoint_url = ${local.endpoint}\n${role}`,
        `[profile mixed]\nregion = us-east-1\nservices = mixed\n${role}`,
        `[services mixed]\nglue =\n  endpoint_url = ${local.endpoint}\nsts =\n  endpoint_url = ${machine}\nec2 =\n  endpoint_url = ${machine}`,
        `[profile nowhere]\nregion = us-east-1\nendpoint_url = ${machine}\n${role}`,
        `[profile sso]\nregion = us-east-1\nendpoint_url = ${local.endpoint}\nsso_start_url = https://x.example\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r`,
      ].join('\n'),
    );
    await writeFile(path.join(folder, 'credentials'), credentials);
    const files = {
      configFile: path.join(folder, 'config'),
      credentialsFile: path.join(folder, 'credentials'),
    };
    const of = (profile: string, change = {}) => local.api(profile, [], { files, ...change });

    expect((await of('role').callerIdentity()).account).toBe('444455556666');
    expect((await of('mixed').callerIdentity()).account).toBe('444455556666');
    expect(await of('mixed').describeSubnets(['subnet-0b10c5e5510000001'])).toHaveLength(1);
    expect((await of('nowhere', { endpoint: local.endpoint }).listSessions({})).sessions).toEqual([]);
    await expect(of('sso').listSessions({})).rejects.toMatchObject({ code: 'Credentials' });
    await expect(of('missing').listSessions({})).rejects.toMatchObject({
      code: 'Credentials',
      message: expect.stringMatching(/no profile "missing"/) as string,
    });
    expect(arrived).toEqual([]);

    // The trap does catch a target that is not on this machine.
    await of('nowhere')
      .listSessions({})
      .catch(() => undefined);
    expect(arrived.length).toBeGreaterThan(0);
    await local.stop();
    await rm(folder, { recursive: true, force: true });
  });
});

/** Sends text as it is and gives what came back by the time the first line was there. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', reject);
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
  });
}

function raw(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  sending = '{}',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      endpoint,
      { method: 'POST', headers, setHost: headers.host === undefined },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end(sending);
  });
}

/** An address of this machine that is not loopback. */
async function ownAddress(): Promise<string> {
  const { networkInterfaces } = await import('node:os');
  const found = Object.values(networkInterfaces())
    .flat()
    .find((item) => item !== undefined && !item.internal && item.family === 'IPv4');
  return found?.address ?? '0.0.0.0';
}
