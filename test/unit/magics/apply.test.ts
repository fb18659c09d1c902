import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import { applyMagic, type Applied } from '../../../src/magics/apply';
import { readConfigure, readRole, readTags } from '../../../src/magics/bodies';
import { parseCell } from '../../../src/magics/parseCell';
import { configuration } from '../configuration';
import { english } from '../english';

function apply(text: string): Applied {
  return parseCell(text).calls.reduce<Applied>(
    (applied, call) => {
      const next = applyMagic(applied.configuration, call);
      return { ...next, notes: [...applied.notes, ...next.notes] };
    },
    { configuration: configuration(), notes: [] },
  );
}

const set = (text: string) => apply(text).configuration;

describe('applyMagic', () => {
  it('sets what each line magic says, and remembers that a magic said it', () => {
    const result = set(
      [
        '%iam_role arn:aws:iam::444455556666:role/R',
        '%region eu-west-2',
        '%idle_timeout 30',
        '%timeout 120',
        '%session_id_prefix blog',
        '%glue_version 4.0',
        '%worker_type g.2x',
        '%number_of_workers 3',
        '%connections a, "b"',
        '%security_config s',
        '%extra_py_files s3://b/x.py, s3://b/y.py',
        '%extra_jars s3://b/z.jar',
        '%additional_python_modules pandas, numpy==1.26',
        '%spark_conf spark.a=b --conf spark.c=d',
        '%temp_dir s3://b/tmp',
        '%streaming',
      ].join('\n'),
    );
    expect(result).toMatchObject({
      iamRole: { value: 'arn:aws:iam::444455556666:role/R', origin: 'magic' },
      target: { value: { region: 'eu-west-2' } },
      idleTimeout: { value: 30 },
      timeout: { value: 120 },
      sessionIdPrefix: { value: 'blog' },
      glueVersion: { value: '4.0' },
      workerType: { value: 'G.2X' },
      numberOfWorkers: { value: 3 },
      connections: { value: ['a', 'b'] },
      securityConfiguration: { value: 's' },
      extraPyFiles: { value: ['s3://b/x.py', 's3://b/y.py'] },
      extraJars: { value: ['s3://b/z.jar'] },
      additionalPythonModules: { value: ['pandas', 'numpy==1.26'] },
      sparkConf: { value: 'spark.a=b --conf spark.c=d' },
      extraArguments: { value: { '--TempDir': 's3://b/tmp' } },
      sessionType: { value: 'gluestreaming' },
    });
    expect(set('%iam_role AWSGlueServiceRole').iamRole?.value).toBe('AWSGlueServiceRole');
    expect(set('%max_capacity 2.5').maxCapacity?.value).toBe(2.5);
    expect(set('%session_type ETL').sessionType.value).toBe('glueetl');
  });

  it.each([
    ['%status', 'status'],
    ['%list_sessions', 'listSessions'],
    ['%stop_session', 'stopSession'],
    ['%new_session', 'newSession'],
    ['%reauthenticate', 'reauthenticate'],
    ['%session_id abc', 'attach'],
    ['%reconnect abc', 'attach'],
  ])('asks for %s as an action', (text, kind) => {
    expect(apply(text).action?.kind).toBe(kind);
  });

  it.each<[string, object]>([
    ["%connections 'a', 'b'", { connections: { value: ['a', 'b'] } }],
    ['%connections ["a", "b"]', { connections: { value: ['a', 'b'] } }],
    ['%connections []', { connections: { value: [] } }],
    ['%worker_type "\'G.2X\'"', { workerType: { value: 'G.2X' } }],
    ['%region US-EAST-1', { target: { value: { region: 'us-east-1' } }, regionOrigin: 'magic' }],
    ['%iam_role service-role/R', { iamRole: { value: 'service-role/R' } }],
    ['%job_type gluestreaming', { sessionType: { value: 'gluestreaming' } }],
    [
      '%additional_python_modules pandas>=1.0,<2.0',
      { additionalPythonModules: { value: ['pandas>=1.0', '<2.0'] } },
    ],
    [
      '%additional_python_modules a --no-deps, b',
      { additionalPythonModules: { value: ['a --no-deps', 'b'] } },
    ],
    ['%%configure\n{"session_id": "mine"}', { sessionId: { value: 'mine' } }],
    ['%%configure\n{"glue_version": 4.0, "idle_timeout": 5}', { glueVersion: { value: '4.0' } }],
    [
      '%%configure\n{"WorkerType": "G.2X", "jars": ["s3://b/x.jar"]}',
      { extraJars: { value: ['s3://b/x.jar'] } },
    ],
    ['%%configure\n{"number-of-workers": 3}', { numberOfWorkers: { value: 3 } }],
    [
      '%%configure\n{"--region": "eu-west-2", "--profile": "p"}',
      {
        extraArguments: { value: { '--region': 'eu-west-2', '--profile': 'p' } },
        target: { value: { roles: [] } },
      },
    ],
  ])('sets %s', (text, expected) => {
    expect(set(text)).toMatchObject(expected);
  });

  it('asks for workers in place of a capacity', () => {
    expect(set('%max_capacity 4\n%number_of_workers 3').maxCapacity).toBeUndefined();
    expect(set('%worker_type G.2X\n%max_capacity 4').maxCapacity?.value).toBe(4);
  });

  it('adds tags to those there are, for the session that runs too; an empty dict begins anew', () => {
    const result = apply("%%tags\n{'team': 'a', 'billing': 'b'}\n%%tags\n{'team': 'c'}");
    expect(result.configuration.tags.value).toEqual({ team: 'c', billing: 'b' });
    expect(result.action).toEqual({ kind: 'tag', tags: { team: 'c' } });
    expect(set("%%tags\n{'team': 'a'}\n%%tags\n{}").tags.value).toEqual({});
    expect(apply('%%configure\n{"tags": {"team": "a"}, "idle_timeout": 5}')).toMatchObject({
      configuration: { tags: { value: { team: 'a' } }, idleTimeout: { value: 5 } },
      action: { kind: 'tag', tags: { team: 'a' } },
    });
  });

  it('shows what is set when asked without a value', () => {
    expect(apply('%session_id').action).toEqual({ kind: 'showSessionId' });
    expect(apply('%spark_conf').notes.map(english)).toEqual(['Spark configuration: none']);
    expect(english(apply('%spark_conf a=b\n%conf').notes.at(-1))).toBe('Spark configuration: a=b');
    expect(apply('%help %%tags').notes.map(english).join('\n')).toMatch(/%%tags/);
    expect(apply('%help').notes.map(english).join('\n')).toMatch(/%idle_timeout/);
  });

  it('wants roles, profiles and endpoints approved', () => {
    expect(apply('%%assume_role\narn:aws:iam::444455556666:role/R').approvals).toEqual([
      { kind: 'role', value: 'arn:aws:iam::444455556666:role/R' },
    ]);
    expect(apply('%profile p').approvals).toEqual([{ kind: 'profile', value: 'p' }]);
    const endpoint = { kind: 'endpoint', value: 'http://127.0.0.1:4571/' };
    expect(apply('%endpoint http://127.0.0.1:4571/').approvals).toEqual([endpoint]);
    const both = '%%configure\n{"profile": "p", "idle_timeout": 5, "endpoint": "http://127.0.0.1:4571/"}';
    expect(apply(both).approvals).toEqual([{ kind: 'profile', value: 'p' }, endpoint]);
  });

  it('begins anew with a profile, and keeps Region and endpoint', () => {
    const target = set('%region us-east-1\n%%assume_role\narn:aws:iam::444455556666:role/R\n%profile other')
      .target.value;
    expect(target).toEqual({ profile: 'other', region: 'us-east-1', roles: [] });
  });

  it.each([
    ['%number_of_workers many', 'whole number, 2 or more'],
    ['%number_of_workers 1', 'whole number, 2 or more'],
    ['%idle_timeout 1.5', 'whole number, 1 or more'],
    ['%idle_timeout', 'needs a value'],
    ['%max_capacity -1', 'a number above 0'],
    ['%worker_type G.3X', 'expected one of G.1X'],
    ['%glue_version 2.0', 'Glue 2.0 is gone'],
    ['%session_type constructor', 'expected one of etl'],
    ['%glue_version 7.0', 'expected one of 6.0'],
    ['%iam_role arn:aws:iam::4444:role/R', '"4444" is not one'],
    ['%iam_role arn:aws:iam::444455556666:roles/R', 'not of a role'],
    ['%region Ireland', 'a Region such as us-east-1'],
    ['%endpoint localhost', 'an address such as'],
    ['%endpoint file:///etc/passwd', 'an address such as'],
    ['%additional_python_modules pandas numpy', 'separated by commas: pandas, numpy'],
    ['%session_id_prefix my work', 'letters, digits'],
    ['%glue_ray', 'no Ray sessions'],
  ])('refuses %s', (text, reason) => {
    expect(() => apply(text)).toThrow(InvalidInputError);
    expect(() => apply(text)).toThrow(reason);
  });

  it('says what has no effect on a session', () => {
    expect(english(apply('%min_workers 2').notes[0])).toMatch('no effect');
    expect(english(apply('%%configure\n{"max_retries": 3}').notes[0])).toMatch('no effect');
    expect(english(apply('%%configure\n{"executorMemory": "4G"}').notes[0])).toMatch('worker type');
    expect(english(apply('%enable_glue_datacatalog').notes[0])).toMatch('always enabled');
  });
});

describe('%%configure', () => {
  it('takes the documented forms', () => {
    const result = set(
      '%%configure -f\n{\n  # a comment\n  "--user-jars-first": "true",\n  "--conf": "spark.a=b --conf spark.c=d",\n  "number_of_workers": "5",\n  "idle_timeout": 20,\n  \'worker_type\': \'G.2X\',\n  "--enable-metrics": true,\n  "--long": """one\n   two""",\n  "nothing": null,\n}',
    );
    expect(result).toMatchObject({
      numberOfWorkers: { value: 5 },
      idleTimeout: { value: 20 },
      workerType: { value: 'G.2X' },
      sparkConf: { value: 'spark.a=b --conf spark.c=d' },
      extraArguments: {
        value: { '--user-jars-first': 'true', '--enable-metrics': 'true', '--long': 'one two' },
      },
    });
  });

  it('takes lists, Spark configuration as an object, and Python words', () => {
    expect(
      readConfigure("{'a': ['x', 'y'], 'conf': {'k': 1, 'l': 2}, 'b': True, 'c': None}").members,
    ).toEqual({
      a: 'x,y',
      conf: 'k=1 --conf l=2',
      b: 'true',
    });
  });

  it('keeps words and # inside texts', () => {
    expect(readConfigure('{"a": "True # None"}').members).toEqual({ a: 'True # None' });
  });

  it('refuses a wrong member and changes nothing', () => {
    expect(() => apply('%%configure\n{"idle_timeout": 5, "worker_type": "huge"}')).toThrow('expected one of');
  });
});

describe('readTags', () => {
  it.each([
    ["{'team': 'analytics', 'billing': 'data-platform'}"],
    ['{"team": "analytics", "billing": "data-platform"}'],
    ["{\n 'team': 'analytics', # who\n 'billing': 'data-platform',\n}"],
  ])('reads %s', (body) => {
    expect(readTags(body)).toEqual({ team: 'analytics', billing: 'data-platform' });
  });

  it.each([
    ["['team']", 'got a list'],
    ['5', 'got a number'],
    ['', 'neither JSON nor a Python dict'],
    ["{'team': {'a': 'b'}}", 'the value of "team" is an object'],
    ["{'team': ['a']}", 'the value of "team" is a list'],
    ["{'team': None}", 'the value of "team" is nothing'],
    ["{'team': 'a'", 'neither JSON nor a Python dict'],
    ["{'aws:team': 'a'}", 'reserved for AWS'],
    [`{'${'k'.repeat(129)}': 'a'}`, '129 characters'],
    [
      JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${String(i)}`, 'v']))),
      '51 tags',
    ],
  ])('refuses case %#', (body, reason) => {
    expect(() => readTags(body)).toThrow(InvalidInputError);
    expect(() => readTags(body)).toThrow(reason);
  });

  it('reads every dict of texts in both styles', () => {
    const key = fc.stringMatching(/^[a-zA-Z][\w .:/=+@-]{0,20}$/).filter((text) => !/^aws:/i.test(text));
    const value = fc.stringMatching(/^[\w .:/=+@-]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 10 }), (tags) => {
        const json = JSON.stringify(tags);
        // Trimmed, as the official kernel does.
        const trimmed = Object.fromEntries(Object.entries(tags).map(([k, v]) => [k.trim(), v.trim()]));
        expect(readTags(json)).toEqual(trimmed);
        expect(readTags(json.replaceAll('"', "'"))).toEqual(trimmed);
      }),
    );
  });
});

describe('readRole', () => {
  const arn = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
  it.each([arn, `{ '${arn}' }`, `"${arn}"`, `# the role\n${arn}\n`, `{"role_arn": "${arn}"}`])(
    'takes %s',
    (body) => {
      expect(readRole(body)).toEqual({ kind: 'role', role: { roleArn: arn } });
    },
  );

  it('takes what a role may want besides', () => {
    expect(
      readRole(`{'role_arn': '${arn}', 'external_id': 'x', 'mfa_serial': 'm', 'session_name': 's'}`),
    ).toEqual({
      kind: 'role',
      role: { roleArn: arn, externalId: 'x', mfaSerial: 'm', sessionName: 's' },
    });
  });

  it.each([
    '{"aws_access_key_id": "AKIAX", "aws_secret_access_key": "s", "aws_session_token": "t"}',
    '{{ "aws_access_key_id" = "AKIAX", "aws_secret_access_key" = "s", "aws_session_token" = "t" }}',
  ])('takes keys as documented: %s', (body) => {
    expect(readRole(body)).toEqual({
      kind: 'credentials',
      credentials: { accessKeyId: 'AKIAX', secretAccessKey: 's', sessionToken: 't' },
    });
  });

  it.each([
    ['', 'wants the ARN of a role'],
    ['arn:aws:iam::44445555:role/R', '"44445555" is not one'],
    ["{'arn:aws:iam::444455556666:role'}", 'Expected arn:aws:iam::ACCOUNT:role/NAME'],
    ['{"aws_access_key_id": "AKIAX"}', 'aws_access_key_id'],
  ])('refuses %s', (body, reason) => {
    expect(() => readRole(body)).toThrow(reason);
  });

  it('never repeats a key in a message', () => {
    for (const body of [
      '{"aws_secret_access_key": "hush-hush"',
      '{"aws_secret_access_key": "hush-hush"}',
      'hush-hush hush',
    ]) {
      expect(() => readRole(body)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hush') as string }),
      );
    }
  });
});
