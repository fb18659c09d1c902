import { describe, expect, it } from 'vitest';
import { readFailure } from '../../../src/glue/failureReason';

const frames = [
  '\tat org.apache.hadoop.mapred.FileInputFormat.singleThreadedListStatus(FileInputFormat.java:304)',
  '\tat scala.Option.getOrElse(Option.scala:189)',
  '\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
  '\tat org.apache.spark.sql.errors.QueryExecutionErrors$.$anonfun$x$1(QueryExecutionErrors.scala:725)',
];

/** As PySpark 3.5.6 tells it. */
function py4j(call: string, cause: string, more = ''): { errorValue: string; traceback: string[] } {
  const errorValue = [
    `An error occurred while calling ${call}`,
    `: ${cause}`,
    ...frames,
    ...(more === '' ? [] : [more]),
    '',
  ].join('\n');
  return {
    errorValue,
    traceback: [
      'Traceback (most recent call last):\n',
      '  File "<stdin>", line 2, in <module>\n    spark.read.load("x")\n',
      `py4j.protocol.Py4JJavaError: ${errorValue}`,
    ],
  };
}

const read = (errorName: string, errorValue: string, traceback: readonly string[] = []) =>
  readFailure({ status: 'error', errorName, errorValue, traceback });

describe('readFailure', () => {
  it('takes the cause from what Py4J tells, and folds the frames of Java', () => {
    const { errorValue, traceback } = py4j('o90.jdbc.', 'java.sql.SQLException: No suitable driver');
    const failure = read('Py4JJavaError', errorValue, traceback);
    expect(failure?.reason).toBe('java.sql.SQLException: No suitable driver');
    expect(failure?.traceback).toEqual([
      'Traceback (most recent call last):',
      '  File "<stdin>", line 2, in <module>',
      '    spark.read.load("x")',
      '… 4 Java frames: see "Java stack trace"',
    ]);
    expect(failure?.javaTrace).toMatch(/^py4j.*calling o90\.jdbc\.\n: java\.sql\.SQLException[\s\S]*725\)/);
  });

  it('takes the innermost cause', () => {
    const { errorValue } = py4j(
      'z:org.apache.spark.api.python.PythonRDD.collectAndServe.',
      'org.apache.hadoop.mapred.InvalidInputException: Input path does not exist: file:/nowhere',
      `Caused by: java.io.IOException: Input path does not exist: file:/nowhere\n${frames[0] ?? ''}\n\t... 34 more`,
    );
    expect(read('Py4JJavaError', errorValue)?.reason).toBe(
      'java.io.IOException: Input path does not exist: file:/nowhere',
    );
  });

  it('takes what a function of the user raised in a worker', () => {
    const worker = [
      'An exception was thrown from the Python worker. Please see the stack trace below.',
      'Traceback (most recent call last):',
      '  File "<stdin>", line 3, in bad',
      '    return 1 // (x - x)',
      '           ~~^^~~~~~~~~~',
      'ZeroDivisionError: integer division or modulo by zero',
      '',
    ].join('\n');
    expect(read('PythonException', `\n  ${worker}`)?.reason).toBe(
      'ZeroDivisionError: integer division or modulo by zero',
    );
    const aborted = py4j(
      'o61.collectToPython.',
      `org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times: org.apache.spark.api.python.PythonException: ${worker}`,
      `Caused by: org.apache.spark.api.python.PythonException: ${worker}\n${frames[0] ?? ''}\n\t... 1 more`,
    );
    expect(read('Py4JJavaError', aborted.errorValue)?.reason).toBe(
      'ZeroDivisionError: integer division or modulo by zero',
    );
  });

  it("leaves the plan of a query out of the reason, and Python's own errors as they are", () => {
    const value =
      "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nothing` cannot be resolved. Did you mean one of the following? [`id`].;\n'Project ['nothing]\n+- Range (0, 3, step=1, splits=Some(2))\n";
    expect(read('AnalysisException', value)?.reason).toBe(
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nothing` cannot be resolved. Did you mean one of the following? [`id`].',
    );
    const traceback = [
      'Traceback (most recent call last):\n',
      '  File "<stdin>", line 1, in <module>\n',
      'ZeroDivisionError: division by zero\n',
    ];
    const plain = read('ZeroDivisionError', 'division by zero', traceback);
    expect(plain).toEqual({
      name: 'ZeroDivisionError',
      reason: 'division by zero',
      traceback: traceback.map((line) => line.trimEnd()),
    });
    expect(read('SyntaxError', 'invalid syntax (<stdin>, line 1)')?.javaTrace).toBeUndefined();
  });

  it('takes a trace that only the value holds', () => {
    const { errorValue } = py4j('o1.x.', 'java.lang.IllegalArgumentException: no');
    expect(read('Py4JJavaError', errorValue)).toMatchObject({
      reason: 'java.lang.IllegalArgumentException: no',
      javaTrace: expect.stringContaining('Option.scala') as string,
    });
  });

  it('says nothing where the service said nothing', () => {
    expect(readFailure(undefined)).toBeUndefined();
    expect(readFailure({ status: 'error', traceback: [] })).toBeUndefined();
    expect(readFailure({ status: 'error', errorName: 'SystemExit', traceback: [] })).toMatchObject({
      name: 'SystemExit',
      reason: '',
    });
  });
});
