import { describe, expect, it } from 'vitest';
import { adviseOnFailure, type FailureKind } from '../../../src/glue/failureAdvice';
import { english } from '../english';

/** Messages as Spark 3.5.6, AWS's services and their clients word them, from runs and from public reports; and what must be in the advice. */
const known: readonly (readonly [FailureKind, string, ...string[]])[] = [
  [
    'memory',
    'Py4JJavaError: An error occurred while calling o61.toPandas.\n: java.lang.OutOfMemoryError: Java heap space',
    '%worker_type',
    'toPandas',
  ],
  [
    'memory',
    'ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason: Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used. Consider boosting spark.yarn.executor.memoryOverhead.',
    '%number_of_workers',
  ],
  [
    'memory',
    'ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Command exited with code 137',
    'memory',
  ],
  [
    'memory',
    'org.apache.spark.SparkException: Job aborted due to stage failure: Total size of serialized results of 16 tasks (1048.5 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)',
    'fewer rows',
  ],
  ['memory', 'MemoryError: Unable to allocate 7.45 GiB for an array with shape (1000000000,)', 'memory'],
  ['disk', 'java.io.IOException: No space left on device', 'disks'],
  [
    'connector',
    'org.apache.spark.SparkClassNotFoundException: [DATA_SOURCE_NOT_FOUND] Failed to find the data source: com.databricks.spark.xml. Please find packages at `https://spark.apache.org/third-party-projects.html`.',
    '"com.databricks.spark.xml"',
    '%extra_jars',
  ],
  [
    'connector',
    'java.lang.ClassNotFoundException: Failed to find data source: delta. Please find packages at http://spark.apache.org/third-party-projects.html',
    '{"--datalake-formats": "delta"}',
  ],
  [
    'connector',
    'java.lang.ClassNotFoundException: org.apache.iceberg.spark.SparkCatalog',
    '"--datalake-formats": "iceberg"',
  ],
  ['connector', 'java.sql.SQLException: No suitable driver', 'JDBC driver'],
  ['connector', 'java.lang.ClassNotFoundException: com.mysql.cj.jdbc.Driver', '"com.mysql.cj.jdbc.Driver"'],
  [
    'permission',
    'com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: X; S3 Extended Request ID: Y; Proxy: null)',
    's3:GetObject',
  ],
  ['permission', 'java.nio.file.AccessDeniedException: s3://bucket/key: Status Code: 403', 's3:ListBucket'],
  [
    'permission',
    'ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
    'PutObject',
    'runtime role',
  ],
  [
    'permission',
    'com.amazonaws.services.glue.model.AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/R/GlueJobRunnerSession is not authorized to perform: glue:GetDatabase on resource: arn:aws:glue:us-east-1:444455556666:catalog because no identity-based policy allows the glue:GetDatabase action (Service: AWSGlue; Status Code: 400)',
    'may not glue:GetDatabase on arn:aws:glue:us-east-1:444455556666:catalog',
  ],
  [
    'permission',
    'AmazonS3Exception: User: arn:aws:sts::444455556666:assumed-role/R/S is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::bucket" because no identity-based policy allows the s3:ListBucket action (Service: Amazon S3; Status Code: 403)',
    'may not s3:ListBucket on arn:aws:s3:::bucket',
  ],
  [
    'lakeFormation',
    'AnalysisException: Insufficient Lake Formation permission(s): Required Create Database on Catalog',
    'grants Create Database on Catalog',
  ],
  [
    'lakeFormation',
    'Insufficient Lake Formation permission(s) on extraction_batch (Service: AWSGlue; Status Code: 400; Error Code: AccessDeniedException)',
    'grants the permission on extraction_batch',
  ],
  [
    'region',
    "S3Exception: The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-2' (Service: S3, Status Code: 400)",
    '%region eu-west-2',
  ],
  [
    'region',
    'com.amazonaws.services.s3.model.AmazonS3Exception: The bucket is in this region: eu-central-1. Please use this region to retry the request (Service: Amazon S3; Status Code: 301; Error Code: PermanentRedirect)',
    '%region eu-central-1',
  ],
  [
    'region',
    'The bucket is in this region: null. Please use this region to retry the request (Service: Amazon S3; Status Code: 301; Error Code: 301 Moved Permanently)',
    'another Region',
  ],
  [
    'region',
    'PermanentRedirect: The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    '%region',
  ],
  [
    'path',
    'AnalysisException: [PATH_NOT_FOUND] Path does not exist: s3://bucket/data/x.csv.',
    'nothing at s3://bucket/data/x.csv:',
  ],
  ['path', 'AnalysisException: Path does not exist: s3://bucket/data', 'nothing at s3://bucket/data:'],
  [
    'path',
    'org.apache.hadoop.mapred.InvalidInputException: Input path does not exist: s3://bucket/in',
    's3://bucket/in',
  ],
  ['path', 'java.io.FileNotFoundException: No such file or directory: s3a://bucket/x', 's3a://bucket/x'],
  [
    'path',
    'NoSuchBucket: An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist',
    'bucket',
  ],
  ['path', "FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", 'not on yours'],
  [
    'table',
    'AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `sales`.`orders` cannot be found. Verify the spelling and correctness of the schema and catalog.',
    '`sales`.`orders`',
    'SHOW TABLES',
  ],
  ['table', 'AnalysisException: Table or view not found: orders; line 1 pos 14;', 'has no orders:'],
  [
    'ambiguousColumn',
    'AnalysisException: [AMBIGUOUS_REFERENCE] Reference `id` is ambiguous, could be: [`a`.`id`, `b`.`id`].',
    'a.id',
  ],
  ['ambiguousColumn', "AnalysisException: Reference 'id' is ambiguous, could be: a.id, b.id.", 'on="id"'],
  [
    'serialisation',
    'PicklingError: Could not serialize object: PySparkRuntimeError: [CONTEXT_ONLY_VALID_ON_DRIVER] It appears that you are attempting to reference SparkContext from a broadcast variable, action, or transformation. SparkContext can only be used on the driver, not in code that it run on workers. For more information, see SPARK-5063.',
    'inside the function',
  ],
  [
    'serialisation',
    "PicklingError: Could not serialize object: TypeError: cannot pickle '_thread.RLock' object",
    'lock',
  ],
  ['serialisation', "TypeError: can't pickle _thread.lock objects", 'inside the function'],
  [
    'serialisation',
    'org.apache.spark.SparkException: Task not serializable\nCaused by: java.io.NotSerializableException: java.net.Socket',
    'workers',
  ],
  ['module', "ModuleNotFoundError: No module named 'awswrangler'", '%additional_python_modules awswrangler,'],
  [
    'module',
    "ModuleNotFoundError: No module named 'sklearn.cluster'",
    '%additional_python_modules scikit-learn,',
    '"sklearn"',
  ],
  [
    'module',
    "PythonException: \n  An exception was thrown from the Python worker.\nModuleNotFoundError: No module named 'nomodule'",
    'nomodule',
  ],
  [
    'broadcast',
    'org.apache.spark.SparkException: Could not execute broadcast in 300 secs. You can increase the timeout for broadcasts via spark.sql.broadcastTimeout',
    'autoBroadcastJoinThreshold',
  ],
  ['timeout', 'java.net.SocketTimeoutException: connect timed out', 'security group'],
  ['timeout', 'org.postgresql.util.PSQLException: The connection attempt failed.', 'VPC'],
  ['timeout', 'com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure', 'VPC'],
  [
    'timeout',
    'EndpointConnectionError: Could not connect to the endpoint URL: "https://secretsmanager.us-east-1.amazonaws.com/"',
    'endpoints',
  ],
  [
    'timeout',
    'java.util.concurrent.TimeoutException: Futures timed out after [100000 milliseconds]',
    'in time',
  ],
  ['capacity', 'ResourceNumberLimitExceeded You have exceeded the number of sessions', '%number_of_workers'],
  [
    'capacity',
    'Exceeded maximum concurrent compute capacity for your account. Please retry after currently running jobs are completed',
    'stop sessions',
  ],
  [
    'addresses',
    'The specified subnet does not have enough free addresses to satisfy the request.',
    '%connections',
  ],
];

describe('adviseOnFailure', () => {
  it.each(known)('knows %s: %s', (kind, message, ...said) => {
    const advice = adviseOnFailure(message);
    expect(advice?.kind).toBe(kind);
    for (const words of said) expect(english(advice?.sentence)).toContain(words);
  });

  it.each([
    'ZeroDivisionError: division by zero',
    "KeyError: 'region'",
    "NameError: name 'spark' is not defined",
    'ValueError: x does not exist',
    'AssertionError: ',
    'AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nothing` cannot be resolved.',
    'NoScalaInLocalGlue: Local Glue runs Python only',
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
    'NumberFormatException: [CAST_INVALID_INPUT] The value \'a\' of the type "STRING" cannot be cast to "INT"',
    '',
  ])('says nothing on %s', (message) => {
    expect(adviseOnFailure(message)).toBeUndefined();
  });
});
