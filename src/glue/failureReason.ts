import type { StatementOutput } from './glueApi';
import { inEnglish, sentence, type Say } from './sentence';

/** An error of a statement, taken apart: what a person reads first, and what they open when they need it. */
export interface FailureReason {
  /** Class of the error, as the service names it. */
  readonly name: string;
  /** The cause in one or a few lines: of a Java error its innermost cause, of a Python function run by workers its own error. */
  readonly reason: string;
  /** Lines of Python: the user's own, and the error's. What Java told is left out of them, its frames are counted. */
  readonly traceback: readonly string[];
  /** The error with all of Java's frames; undefined when it has none. */
  readonly javaTrace?: string;
}

/** `at org.apache…(File.scala:1)`, and what Java leaves out by itself. */
const frame = /^\s*(?:at [\w.$<>/-]+\(.*\)|\.\.\. \d+ (?:more|common frames omitted))\s*$/;

/** How Py4J begins what Java told. */
const py4j = /^An error occurred while calling [\w.$:]+?\.?\s*(?:\n\s*:\s*|$)/;

/** Takes an error apart. @returns undefined when the service gave neither name nor reason */
export function readFailure(
  output: StatementOutput | undefined,
  say: Say = inEnglish,
): FailureReason | undefined {
  if (output?.errorName === undefined && output?.errorValue === undefined) return undefined;
  const { errorName: name = 'Error', errorValue = '', traceback } = output;
  const lines = traceback.flatMap((entry) => entry.replace(/\n$/, '').split('\n'));
  const value = errorValue.trim();
  const all = lines.some((line) => frame.test(line)) ? lines : value.split('\n');
  const hasJava = all.some((line) => frame.test(line));
  return {
    name,
    reason: reasonOf(value),
    traceback: hasJava ? withoutJava(lines, all, say) : lines,
    ...(hasJava && { javaTrace: javaPart(all) }),
  };
}

function reasonOf(value: string): string {
  return workerError(value) ?? innermostCause(value) ?? withoutFrames(value);
}

/** What a Python function raised in a worker: Spark tells it as text within its own error. */
function workerError(value: string): string | undefined {
  const begin = value.lastIndexOf('Traceback (most recent call last):');
  if (begin === -1) return undefined;
  const told = value
    .slice(begin)
    .split('\n')
    .slice(1)
    .find((line) => /^[A-Za-z_][\w.]*(?::|$)/.test(line));
  return told?.trim();
}

function innermostCause(value: string): string | undefined {
  const cause = value
    .split(/\n\s*Caused by: /)
    .slice(1)
    .at(-1);
  return cause === undefined ? undefined : withoutFrames(cause);
}

/** The text up to Java's first frame, without what Py4J says of the call. */
function withoutFrames(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex(
    (line) => frame.test(line) || /^(?:JVM stacktrace|Driver stacktrace):/.test(line),
  );
  const head = lines.slice(0, end === -1 ? lines.length : end).join('\n');
  // Behind `;` Spark draws the plan of the query.
  return head
    .replace(py4j, '')
    .replace(/;\s*\n['+A-Z][\s\S]*$/, '')
    .trim();
}

/** Python's part of a traceback that ends in Java's, and how much of that there is. */
function withoutJava(lines: readonly string[], all: readonly string[], say: Say): readonly string[] {
  const frames = all.filter((line) => frame.test(line)).length;
  const own = lines.findIndex((line) =>
    /^[\w.]*(?:Error|Exception)\b.*(?:An error occurred while calling|:)/.test(line),
  );
  const python = own === -1 ? lines.filter((line) => !frame.test(line)) : lines.slice(0, own);
  const told =
    frames === 1
      ? sentence('… 1 Java frame: see "Java stack trace"')
      : sentence('… {0} Java frames: see "Java stack trace"', frames);
  return [...python, say(told)];
}

/** From where Java begins to tell, to the end. */
function javaPart(lines: readonly string[]): string {
  const first = lines.findIndex((line) => frame.test(line));
  const start = lines
    .slice(0, first)
    .findLastIndex((line) => /^\S*(?:Exception|Error|Throwable)\b|calling o\d+/.test(line));
  return lines.slice(start === -1 ? first : start).join('\n');
}
