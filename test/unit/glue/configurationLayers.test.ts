import { describe, expect, it } from 'vitest';
import { joinTags, profileNames, withLayer } from '../../../src/glue/configurationLayers';
import { createSessionRequest } from '../../../src/glue/createSessionRequest';
import type { Origin } from '../../../src/glue/sessionConfiguration';
import { configuration } from '../configuration';

const caller = { account: '444455556666', arn: 'a', userId: 'AIDA' };
const role = 'arn:aws:iam::444455556666:role/R';
const from = <T>(value: T, origin: Origin) => ({ value, origin });

describe('withLayer', () => {
  it('reads every name that the official kernel reads', () => {
    const read = withLayer(
      configuration(),
      {
        glue_role_arn: role,
        session_id_prefix: 'blog',
        glue_job_type: 'streaming',
        glue_version: '4.0',
        glue_worker_type: 'G.2X',
        glue_number_of_workers: '7',
        glue_max_capacity: '2.5',
        glue_idle_timeout: '30',
        glue_timeout: '90',
        glue_connections: '[a, b]',
        glue_tags: '{"team": "analytics"}',
        glue_security_config: 's',
        glue_extra_py_files: 's3://b/x.py, s3://b/y.py',
        glue_extra_jars: 's3://b/z.jar',
        glue_additional_python_modules: 'pandas,numpy',
        spark_conf: '--conf spark.a=b --conf spark.c=d',
      },
      'environment',
    );
    const said = <T>(value: T) => from(value, 'environment');
    expect(read).toMatchObject({
      iamRole: said(role),
      sessionIdPrefix: said('blog'),
      sessionType: said('gluestreaming'),
      glueVersion: said('4.0'),
      workerType: said('G.2X'),
      numberOfWorkers: said(7),
      maxCapacity: said(2.5),
      idleTimeout: said(30),
      timeout: said(90),
      connections: said(['a', 'b']),
      tags: said({ team: 'analytics' }),
      securityConfiguration: said('s'),
      extraPyFiles: said(['s3://b/x.py', 's3://b/y.py']),
      extraJars: said(['s3://b/z.jar']),
      additionalPythonModules: said(['pandas', 'numpy']),
      sparkConf: said('spark.a=b --conf spark.c=d'),
    });
    expect(read.problems).toBeUndefined();
  });

  it.each([
    ['glue_role_arn', 'glue_iam_role', 'iamRole'],
    ['glue_version', 'glue_glue_version', 'glueVersion'],
    ['spark_conf', 'glue_spark_conf', 'sparkConf'],
    ['session_id_prefix', 'glue_session_id_prefix', 'sessionIdPrefix'],
  ] as const)('takes %s before %s, and that where it stands alone', (first, second, key) => {
    expect(withLayer(configuration(), { [first]: 'one', [second]: 'two' }, 'profile')[key]?.value).toBe(
      'one',
    );
    expect(withLayer(configuration(), { [first]: '', [second]: 'two' }, 'profile')[key]?.value).toBe('two');
    expect(profileNames).toEqual(expect.arrayContaining([first, second]));
  });

  const weakerToStronger: readonly Origin[] = ['default', 'setting', 'profile', 'environment', 'magic'];
  it.each(
    weakerToStronger.flatMap((there) =>
      (['profile', 'environment'] as const).map((layer) => [there, layer] as const),
    ),
  )('where a value of %s stands, one of %s counts if it is stronger', (there, layer) => {
    const read = withLayer(
      { ...configuration(), idleTimeout: from(5, there) },
      { glue_idle_timeout: '9' },
      layer,
    );
    const wins = weakerToStronger.indexOf(layer) > weakerToStronger.indexOf(there);
    expect(read.idleTimeout).toEqual(wins ? from(9, layer) : from(5, there));
  });

  it('gives the same whichever layer is added first', () => {
    const environment = { glue_version: '4.0', glue_tags: '{"a": "environment", "b": "environment"}' };
    const profile = {
      glue_version: '3.0',
      glue_worker_type: 'G.2X',
      glue_tags: '{"b": "profile", "c": "profile"}',
    };
    const one = withLayer(withLayer(configuration(), environment, 'environment'), profile, 'profile');
    const other = withLayer(withLayer(configuration(), profile, 'profile'), environment, 'environment');
    expect(one).toEqual(other);
    expect(one).toMatchObject({
      glueVersion: from('4.0', 'environment'),
      workerType: from('G.2X', 'profile'),
      tags: from({ a: 'environment', b: 'environment', c: 'profile' }, 'environment'),
      tagOrigins: { a: 'environment', b: 'environment', c: 'profile' },
    });
  });

  it.each([
    ['glue_number_of_workers', 'many', 'many" is not a whole number'],
    ['glue_max_capacity', '-1', '-1" is not a number above 0'],
    ['glue_idle_timeout', '1.5', '1.5" is not a whole number of minutes'],
    ['glue_tags', "{'team': 'a'}", 'is not a JSON object'],
    ['glue_tags', '["team"]', 'is not a JSON object'],
    ['glue_tags', '{"team": 1}', 'is not a JSON object'],
  ])('refuses the start, and nothing before, when %s is %s', (name, value, reason) => {
    const read = withLayer(
      { ...configuration(), iamRole: from(role, 'magic') },
      { [name]: value },
      'environment',
    );
    expect(() => createSessionRequest(read, caller, () => 'id')).toThrow(reason);
    expect(() => createSessionRequest(read, caller, () => 'id')).toThrow(`${name} of the environment`);
  });

  it('is silent about what a magic has said otherwise', () => {
    const read = withLayer(
      { ...configuration(), iamRole: from(role, 'magic') },
      { glue_idle_timeout: 'x' },
      'profile',
    );
    const said = { ...read, idleTimeout: from(10, 'magic') };
    expect(createSessionRequest(said, caller, () => 'id').idleTimeout).toBe(10);
  });
});

describe('joinTags', () => {
  it('lets magics add to what settings say, and go before it', () => {
    const settings = joinTags(configuration(), { team: 'x', cost: 'y' }, 'setting');
    expect(joinTags(settings, { team: 'analytics' }, 'magic')).toMatchObject({
      tags: from({ team: 'analytics', cost: 'y' }, 'magic'),
      tagOrigins: { team: 'magic', cost: 'setting' },
    });
  });
});

it('joins tags named like methods of objects', () => {
  const joined = joinTags(configuration(), { constructor: 'x', toString: 'y' }, 'magic');
  expect(joined.tags.value).toEqual({ constructor: 'x', toString: 'y' });
});

describe('capacity and workers', () => {
  const asked = { ...configuration(), iamRole: from(role, 'magic') };
  const request = (change: Partial<typeof asked> & { maxCapacity?: { value: number; origin: Origin } }) =>
    createSessionRequest({ ...asked, ...change }, caller, () => 'id');

  it('takes what was said in the stronger place', () => {
    const maxCapacity = from(4, 'profile');
    expect(request({ maxCapacity })).toMatchObject({ maxCapacity: 4 });
    expect(request({ maxCapacity }).workerType).toBeUndefined();
    expect(request({ maxCapacity, workerType: from('G.2X', 'magic') })).toMatchObject({ workerType: 'G.2X' });
    expect(request({ maxCapacity, workerType: from('G.2X', 'magic') }).maxCapacity).toBeUndefined();
  });
});
