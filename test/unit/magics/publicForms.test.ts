import { describe, expect, it } from 'vitest';
import { applyMagic } from '../../../src/magics/apply';
import { parseCell } from '../../../src/magics/parseCell';
import { configuration } from '../configuration';
import { english } from '../english';

/**
 * Forms that notebooks of the official kernel are written in, as AWS's documentation, its samples and public
 * repositories have them; names and numbers are ours.
 */

/** What a cell sets, in short; and the code that is left. */
function run(text: string) {
  const { calls, code, sql, notes } = parseCell(text);
  const said = notes.map(english);
  let now = configuration();
  for (const call of calls) {
    const applied = applyMagic(now, call);
    now = applied.configuration;
    said.push(...applied.notes.map(english));
  }
  const set = Object.fromEntries(
    Object.entries(now).flatMap(([key, item]: [string, unknown]) => {
      const isSet = typeof item === 'object' && item !== null && 'origin' in item && item.origin === 'magic';
      return isSet && 'value' in item ? [[key, item.value]] : [];
    }),
  );
  return { set, code: code.trim(), sql, said: said.join('\n') };
}

const arn = 'arn:aws:iam::444455556666:role/GlueRole';
const [conf, more] = [
  'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
  'spark.a=b',
];

describe('a line', () => {
  it.each<[string, object]>([
    // Spacing
    ['%idle_timeout 60', { idleTimeout: 60 }],
    ['%idle_timeout  60', { idleTimeout: 60 }],
    ['%idle_timeout\t60', { idleTimeout: 60 }],
    ['%idle_timeout 60 ', { idleTimeout: 60 }],
    ['%idle_timeout   2880                       # minutes', { idleTimeout: 2880 }],
    [' %idle_timeout 60', { idleTimeout: 60 }],
    ['\n\n%idle_timeout 60\n\n', { idleTimeout: 60 }],
    ['%idle_timeout 60\r\n%glue_version 4.0\r\n', { idleTimeout: 60, glueVersion: '4.0' }],
    ['%idle_timeout\u00a060', { idleTimeout: 60 }],
    ['%worker_type    G.1X                       # worker SKU', { workerType: 'G.1X' }],
    // Comments
    ['# Session configuration\n%idle_timeout 60', { idleTimeout: 60 }],
    [
      '# ====\n# Cell 1: setup\n# ====\n%idle_timeout 60\n%glue_version 4.0',
      { idleTimeout: 60, glueVersion: '4.0' },
    ],
    [
      '%worker_type G.2X\n# will need more workers, recommended 100\n%number_of_workers 5',
      { workerType: 'G.2X', numberOfWorkers: 5 },
    ],
    ['%worker_type G.2X # --> worker type', { workerType: 'G.2X' }],
    ['%worker_type G.2X #--> worker type', { workerType: 'G.2X' }],
    [
      '%region us-east-1\n#%endpoint https://glue.us-east-2.amazonaws.com/\n%idle_timeout 5',
      { idleTimeout: 5 },
    ],
    ['# %idle_timeout 60', {}],
    ['#%idle_timeout 60', {}],
    [
      '%connections my-vpc-connection            # only if VPC data access is needed',
      { connections: ['my-vpc-connection'] },
    ],
    [
      '%additional_python_modules pandas,pyarrow # optional',
      { additionalPythonModules: ['pandas', 'pyarrow'] },
    ],
    ['%%configure # everything at once\n{"idle_timeout": 5}', { idleTimeout: 5 }],
    // Quotes
    ['%worker_type "G.1X"', { workerType: 'G.1X' }],
    ["%worker_type 'G.1X'", { workerType: 'G.1X' }],
    ['%glue_version "4.0"', { glueVersion: '4.0' }],
    ["%glue_version '3.0'", { glueVersion: '3.0' }],
    ['%number_of_workers "2"', { numberOfWorkers: 2 }],
    ["%idle_timeout '30'", { idleTimeout: 30 }],
    ['%worker_type g.1x', { workerType: 'G.1X' }],
    ['%worker_type standard', { workerType: 'Standard' }],
    // Roles
    [`%iam_role ${arn}`, { iamRole: arn }],
    [`%iam_role "${arn}"`, { iamRole: arn }],
    [`%iam_role '${arn}'`, { iamRole: arn }],
    [`%iam_role ${arn} # runtime`, { iamRole: arn }],
    ['%iam_role AWSGlueServiceRole', { iamRole: 'AWSGlueServiceRole' }],
    [
      '%iam_role arn:aws:iam::444455556666:role/service-role/AWSGlueServiceRole-x',
      { iamRole: 'arn:aws:iam::444455556666:role/service-role/AWSGlueServiceRole-x' },
    ],
    ['%iam_role arn:aws-cn:iam::444455556666:role/R', { iamRole: 'arn:aws-cn:iam::444455556666:role/R' }],
    [
      '%iam_role arn:aws-us-gov:iam::444455556666:role/R',
      { iamRole: 'arn:aws-us-gov:iam::444455556666:role/R' },
    ],
    // Who and where
    ['%region sa-east-1', { target: { region: 'sa-east-1', roles: [] } }],
    ['%region "sa-east-1"', { target: { region: 'sa-east-1', roles: [] } }],
    ['%region us-gov-west-1', { target: { region: 'us-gov-west-1', roles: [] } }],
    ['%profile default', { target: { profile: 'default', roles: [] } }],
    ["%profile 'my profile'", { target: { profile: 'my profile', roles: [] } }],
    ['%region us-east-1\n%profile p', { target: { region: 'us-east-1', profile: 'p', roles: [] } }],
    [
      '%endpoint https://glue.us-east-1.amazonaws.com',
      { target: { endpoint: 'https://glue.us-east-1.amazonaws.com', roles: [] } },
    ],
    [
      '%endpoint https://glue.us-east-1.amazonaws.com/',
      { target: { endpoint: 'https://glue.us-east-1.amazonaws.com', roles: [] } },
    ],
    // Ids and kinds
    ['%session_id_prefix chapter06-', { sessionIdPrefix: 'chapter06-' }],
    ['%session_id_prefix test-data-', { sessionIdPrefix: 'test-data-' }],
    ['%session_id_prefix "my_prefix"', { sessionIdPrefix: 'my_prefix' }],
    ['%session_id_prefix first.last/team#1', { sessionIdPrefix: 'first.last/team#1' }],
    ['%etl', { sessionType: 'glueetl' }],
    ['%streaming', { sessionType: 'gluestreaming' }],
    ['%session_type streaming', { sessionType: 'gluestreaming' }],
    ['%session_type ETL', { sessionType: 'glueetl' }],
    ['%job_type glueetl', { sessionType: 'glueetl' }],
    ['%timeout 480', { timeout: 480 }],
    ['%max_capacity 10', { maxCapacity: 10 }],
    ['%max_capacity 2.0', { maxCapacity: 2 }],
    ['%security_config my-config', { securityConfiguration: 'my-config' }],
    ['%security_configuration my-config', { securityConfiguration: 'my-config' }],
    // Lists
    ['%connections session_vpc', { connections: ['session_vpc'] }],
    ['%connections aurora.x.landing', { connections: ['aurora.x.landing'] }],
    ['%connections one,two', { connections: ['one', 'two'] }],
    ['%connections one, two', { connections: ['one', 'two'] }],
    ['%connections one , two,', { connections: ['one', 'two'] }],
    ['%connections [one, two]', { connections: ['one', 'two'] }],
    ['%connections ["one", "two"]', { connections: ['one', 'two'] }],
    ["%connections 'one','two'", { connections: ['one', 'two'] }],
    ['%connections "one,two"', { connections: ['one', 'two'] }],
    ['%connections', {}],
    ['%extra_py_files s3://b/nb_helpers.py', { extraPyFiles: ['s3://b/nb_helpers.py'] }],
    [
      '%extra_py_files s3://b/a_layer.zip,s3://b/b_layer.zip',
      { extraPyFiles: ['s3://b/a_layer.zip', 's3://b/b_layer.zip'] },
    ],
    ['%extra_py_files s3://b/x.zip       # Python zip for executors', { extraPyFiles: ['s3://b/x.zip'] }],
    ['%extra_jars     s3://b/deequ-2.jar       # JARs', { extraJars: ['s3://b/deequ-2.jar'] }],
    [
      '%extra_jars https://repo.example.org/a/x_2.12/1.5.1/x_2.12-1.5.1.jar, https://repo.example.org/y.jar',
      {
        extraJars: [
          'https://repo.example.org/a/x_2.12/1.5.1/x_2.12-1.5.1.jar',
          'https://repo.example.org/y.jar',
        ],
      },
    ],
    ['%additional_python_modules pandas', { additionalPythonModules: ['pandas'] }],
    ['%additional_python_modules pandas, numpy', { additionalPythonModules: ['pandas', 'numpy'] }],
    [
      '%additional_python_modules pandas==2.2.2,scipy',
      { additionalPythonModules: ['pandas==2.2.2', 'scipy'] },
    ],
    ['%additional_python_modules "awswrangler==3.9.0"', { additionalPythonModules: ['awswrangler==3.9.0'] }],
    [
      '%additional_python_modules ray[ml],tensorflow-io',
      { additionalPythonModules: ['ray[ml]', 'tensorflow-io'] },
    ],
    [
      '%additional_python_modules s3://b/mine-1.0-py3-none-any.whl, awswrangler',
      { additionalPythonModules: ['s3://b/mine-1.0-py3-none-any.whl', 'awswrangler'] },
    ],
    ["%additional_python_modules ['pandas', 'numpy']", { additionalPythonModules: ['pandas', 'numpy'] }],
    [
      '%additional_python_modules git+https://github.com/x/y.git@main#egg=y',
      { additionalPythonModules: ['git+https://github.com/x/y.git@main#egg=y'] },
    ],
    // Spark
    [
      '%spark_conf spark.serializer=org.apache.spark.serializer.KryoSerializer',
      { sparkConf: 'spark.serializer=org.apache.spark.serializer.KryoSerializer' },
    ],
    ['%spark_conf spark.a=b --conf spark.c=d', { sparkConf: 'spark.a=b --conf spark.c=d' }],
    ['%spark_conf --conf spark.a=b --conf spark.c=d', { sparkConf: 'spark.a=b --conf spark.c=d' }],
    ['%conf spark.a=b', { sparkConf: 'spark.a=b' }],
    ['%temp_dir s3://b/tmp/', { extraArguments: { '--TempDir': 's3://b/tmp/' } }],
  ])('%s', (text, expected) => {
    const { set, code } = run(text);
    expect(set).toMatchObject(expected);
    if (Object.keys(expected).length === 0) expect(set).toEqual({});
    expect(code).toBe('');
  });
});

describe('%%configure', () => {
  it.each<[string, object]>([
    ['%%configure\n{"idle_timeout": 60}', { idleTimeout: 60 }],
    ['%%configure\n{\n  "idle_timeout": 60\n}', { idleTimeout: 60 }],
    ['%%configure \n{\n        "idle_timeout": 60,\n    \n}\n\n', { idleTimeout: 60 }],
    ["%%configure\n{'idle_timeout': 60}", { idleTimeout: 60 }],
    ['%%configure\n{"idle_timeout": "60"}', { idleTimeout: 60 }],
    ['%%configure {"idle_timeout": 60}', { idleTimeout: 60 }],
    ['%%configure -f\n{"idle_timeout": 60}', { idleTimeout: 60 }],
    ['%%configure -f {"idle_timeout": 60}', { idleTimeout: 60 }],
    ['%%configure\n\n# all of it\n{"idle_timeout": 60}', { idleTimeout: 60 }],
    [
      '%%configure\n{"number_of_workers": "5", "worker_type": "G.2X"}',
      { numberOfWorkers: 5, workerType: 'G.2X' },
    ],
    ['%%configure\n{"glue_version": 4.0}', { glueVersion: '4.0' }],
    [
      `%%configure\n{"region": "us-east-1", "iam_role": "${arn}"}`,
      { iamRole: arn, target: { region: 'us-east-1', roles: [] } },
    ],
    ['%%configure\n{"session_type": "streaming"}', { sessionType: 'gluestreaming' }],
    ['%%configure\n{"connections": "one,two"}', { connections: ['one', 'two'] }],
    ['%%configure\n{"connections": ["one", "two"]}', { connections: ['one', 'two'] }],
    ['%%configure\n{"security_configuration": "s"}', { securityConfiguration: 's' }],
    ['%%configure\n{"max_capacity": 2.5}', { maxCapacity: 2.5 }],
    ['%%configure\n{"timeout": 60, "idle_timeout": 5}', { timeout: 60, idleTimeout: 5 }],
    ['%%configure\n{"session_id": "mine"}', { sessionId: 'mine' }],
    ['%%configure\n{"tags": {"team": "a"}}', { tags: { team: 'a' } }],
    ['%%configure\n{"--datalake-formats": "delta"}', { extraArguments: { '--datalake-formats': 'delta' } }],
    ['%%configure\n{"datalake-formats": "hudi"}', { extraArguments: { '--datalake-formats': 'hudi' } }],
    ['%%configure\n{"--user-jars-first": "true"}', { extraArguments: { '--user-jars-first': 'true' } }],
    ['%%configure\n{"--enable-metrics": true}', { extraArguments: { '--enable-metrics': 'true' } }],
    [
      '%%configure\n{"--enable-metrics": True, "--x": None}',
      { extraArguments: { '--enable-metrics': 'true' } },
    ],
    ['%%configure\n{"--enable-metrics": ""}', { extraArguments: { '--enable-metrics': '' } }],
    [`%%configure\n{"--conf": "${conf} --conf ${more}"}`, { sparkConf: `${conf} --conf ${more}` }],
    [`%%configure\n{"--conf": """${conf}\n--conf ${more}"""}`, { sparkConf: `${conf} --conf ${more}` }],
    [
      `%%configure\n{\n  "--conf": "${conf}"\n            " --conf ${more}"\n}`,
      { sparkConf: `${conf} --conf ${more}` },
    ],
    [
      `%%configure\n{"conf": {"spark.a": "b", "spark.c": 1, "spark.d": true}}`,
      { sparkConf: 'spark.a=b --conf spark.c=1 --conf spark.d=true' },
    ],
    ['%%configure\n{"conf": "spark.a=b"}', { sparkConf: 'spark.a=b' }],
    [
      '%%configure\n{"--extra-jars": "s3://b/x.jar", "--conf": "spark.jars.packages=a:b:1"}',
      { extraJars: ['s3://b/x.jar'], sparkConf: 'spark.jars.packages=a:b:1' },
    ],
    [
      '%%configure\n{"extra_jars": "s3://b/x.jar,s3://b/y.jar"}',
      { extraJars: ['s3://b/x.jar', 's3://b/y.jar'] },
    ],
    ['%%configure\n{"--extra-py-files": "s3://b/x.zip"}', { extraPyFiles: ['s3://b/x.zip'] }],
    [
      '%%configure\n{"additional_python_modules": "pandas, numpy"}',
      { additionalPythonModules: ['pandas', 'numpy'] },
    ],
    [
      '%%configure\n{"--additional-python-modules": "pandas==2.2.2"}',
      { additionalPythonModules: ['pandas==2.2.2'] },
    ],
    ['%%configure\n{"--TempDir": "s3://b/tmp"}', { extraArguments: { '--TempDir': 's3://b/tmp' } }],
    [
      '%%configure\n{"--database_name": "sales", "--region": "eu-west-2"}',
      { extraArguments: { '--database_name': 'sales', '--region': 'eu-west-2' } },
    ],
    ['%%configure\n{"jars": ["s3://b/x.jar"]}', { extraJars: ['s3://b/x.jar'] }],
    ['%%configure\n{"max_retries": 0, "idle_timeout": 5}', { idleTimeout: 5 }],
    [
      '%%configure -f\n{"executorMemory": "4G", "driverCores": 2, "numExecutors": 4, "idle_timeout": 5}',
      { idleTimeout: 5 },
    ],
    [
      '%idle_timeout 30\n%glue_version 4.0\n%%configure\n{\n  "--extra-jars": "s3://b/x.jar",\n}',
      { idleTimeout: 30, glueVersion: '4.0', extraJars: ['s3://b/x.jar'] },
    ],
    ['%%configure\n{"idle_timeout": 5}\n%glue_version 4.0', { idleTimeout: 5, glueVersion: '4.0' }],
  ])('%s', (text, expected) => {
    const { set, code } = run(text);
    expect(set).toMatchObject(expected);
    expect(code).toBe('');
  });
});

describe('%%tags and %%assume_role', () => {
  const tags = { team: 'analytics', billing: 'data-platform' };
  it.each([
    "%%tags\n{'team': 'analytics', 'billing': 'data-platform'}",
    '%%tags\n{"team":"analytics", "billing":"data-platform"}',
    '%%tags\n{\n"team" : "analytics",\n"billing" : "data-platform",\n}',
    "%%tags {'team': 'analytics', 'billing': 'data-platform'}",
    "%%tags\n\n{'team': 'analytics',   # who\n 'billing': 'data-platform'}   # pays",
    "%%tags\n{'team': 'analytics'}\n%%tags\n{'billing': 'data-platform'}",
    "%%tags\n{' team ': ' analytics ', 'billing': 'data-platform'}",
    '%%tags\n{team: "analytics", billing: "data-platform"}',
  ])('%s', (text) => {
    expect(run(text).set.tags).toEqual(tags);
  });

  const role = { roles: [{ roleArn: arn }] };
  const keys = {
    roles: [],
    credentials: { accessKeyId: 'AKIAX', secretAccessKey: 's/+', sessionToken: 't==' },
  };
  it.each<[string, object]>([
    [`%%assume_role\n${arn}`, role],
    [`%%assume_role\n"${arn}"`, role],
    [`%%assume_role\n'${arn}'`, role],
    [`%%assume_role \n\n  ${arn}  \n`, role],
    [`%%assume_role\n{ '${arn}' }`, role],
    [`%%assume_role\n{${arn}}`, role],
    [`%%assume_role ${arn}`, role],
    [`%%assume_role\n# who creates\n${arn} `, role],
    [`%%assume_role\n{"RoleArn": "${arn}"}`, role],
    [
      '%%assume_role\n{"aws_access_key_id": "AKIAX", "aws_secret_access_key": "s/+", "aws_session_token": "t=="}',
      keys,
    ],
    [
      '%%assume_role\n{\n "aws_access_key_id" : "AKIAX",\n "aws_secret_access_key" : "s/+",\n "aws_session_token" : "t=="\n}',
      keys,
    ],
    [
      '%%assume_role\n{{\n"aws_access_key_id" = "AKIAX",\n"aws_secret_access_key" = "s/+",\n"aws_session_token" = "t=="\n}}',
      keys,
    ],
    ["%%assume_role\n{'AccessKeyId': 'AKIAX', 'SecretAccessKey': 's/+', 'SessionToken': 't=='}", keys],
  ])('%s', (text, target) => {
    expect(run(text).set.target).toEqual(target);
  });
});

describe('a whole cell', () => {
  const setUp = 'import sys\nfrom awsglue.context import GlueContext\nsc = SparkContext.getOrCreate()';
  it.each<[string, object, string]>([
    [
      `%idle_timeout 2880\n%glue_version 5.0\n%worker_type G.1X\n%number_of_workers 5\n\n${setUp}`,
      { numberOfWorkers: 5 },
      setUp,
    ],
    [`%region ap-southeast-2\n\n%idle_timeout 5\n\n${setUp}`, { idleTimeout: 5 }, setUp],
    [`import sys\n%idle_timeout 5\nx = 1`, { idleTimeout: 5 }, 'import sys\n\nx = 1'],
    [
      `"""\n%connections a\n%idle_timeout 5\n"""\nx = 1`,
      {},
      '"""\n%connections a\n%idle_timeout 5\n"""\nx = 1',
    ],
    ['x = "%idle_timeout 5"', {}, 'x = "%idle_timeout 5"'],
    ["print('%s' % 5)", {}, "print('%s' % 5)"],
    ['x = (10\n%3)', {}, 'x = (10\n%3)'],
    [
      'def f():\n    """\n    %help\n    """\n    return 1',
      {},
      'def f():\n    """\n    %help\n    """\n    return 1',
    ],
    ['plt.plot(x)\n%matplot plt', {}, 'plt.plot(x)\n%matplot plt'],
    ['fig = px.line(x)\n%plotly fig', {}, 'fig = px.line(x)\n%plotly fig'],
    ['%matplotlib inline\n%load_ext dotenv\n%dotenv\n%idle_timeout 5\nx = 1', { idleTimeout: 5 }, 'x = 1'],
    ['!pip install x\n%idle_timeout 5', { idleTimeout: 5 }, ''],
    ['# only a comment', {}, ''],
  ])('%s', (text, expected, code) => {
    const result = run(text);
    expect(result.set).toMatchObject(expected);
    expect(result.code).toBe(code);
  });

  it.each([
    ['%%sql\nselect * from db.t limit 10', 'select * from db.t limit 10'],
    ['%%sql\nSELECT *\nFROM `default`.`t`\n\n', 'SELECT *\nFROM `default`.`t`'],
    ['%%sql select 1', 'select 1'],
    ['%%sql  \n\nshow databases;', 'show databases;'],
    [
      "%%sql\nselect '%' as p, x % 2 from t where s like '%a%'",
      "select '%' as p, x % 2 from t where s like '%a%'",
    ],
    ["%%sql\n-- first\nselect \"quoted\", 'it''s'", "-- first\nselect \"quoted\", 'it''s'"],
    ['%idle_timeout 5\n%%sql\nselect 1', 'select 1'],
    ['%%sql\nselect """three"""', 'select """three"""'],
  ])('%s', (text, sql) => {
    expect(run(text)).toMatchObject({ sql, code: '' });
  });
});
