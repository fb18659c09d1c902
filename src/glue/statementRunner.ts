import { pollDelay, retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi, Statement } from './glueApi';
import { patiently } from './patience';
import { carries, withoutMarkerLines, type MarkedCode, type StatementMark } from './statementMarker';

/** How long a statement whose sending got no answer is looked for (milliseconds). */
const searchMs = 20_000;

/** It can't be told whether the code ran: sending it again might run it twice. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
}

/** A statement that is waited for. */
export interface StatementWatch {
  readonly api: GlueApi;
  readonly sessionId: string;
  readonly clock: Clock;
  /** Aborted: the statement is cancelled at the service, and its end waited for. */
  readonly cancel?: AbortSignal;
  /** Aborted: the waiting ends with the signal's reason; the statement may still run. */
  readonly abandon?: AbortSignal;
  readonly onSent?: (statementId: number) => void;
  readonly onProgress?: (statement: Statement) => void;
}

export interface RunStatementOptions extends StatementWatch {
  readonly marked: MarkedCode;
  /** Awaited before anything is sent: here the mark is written down, to go on with the statement after a crash. */
  readonly onSending?: (mark: StatementMark) => Promise<void>;
}

export interface ResumeStatementOptions extends StatementWatch {
  readonly mark: StatementMark;
  /** When it was about to be sent (milliseconds since the epoch). */
  readonly sendingAt: number;
}

/**
 * Runs code in a session that is ready: exactly one RunStatement, then polling until the statement has ended.
 * @returns the ended statement; undefined when it was cancelled before it was sent
 * @throws OutcomeUnknownError when it can't be told whether it ran, AwsCallError for what the service refuses
 */
export async function runStatement(options: RunStatementOptions): Promise<Statement | undefined> {
  const { marked, onSending } = options;
  if (options.cancel?.aborted === true) return undefined;
  await onSending?.({ marker: marked.marker, linesBefore: marked.linesBefore });
  const id = await send(options, marked);
  if (id === undefined) return undefined;
  options.onSent?.(id);
  return withoutMarkerLines(await waitForEnd(options, id), marked.linesBefore);
}

/**
 * Goes on with a statement that was sent, or was about to be, by another life of this extension: waits for its end.
 * @returns the ended statement; undefined when it was not sent, which takes a while to be sure of
 */
export async function resumeStatement(options: ResumeStatementOptions): Promise<Statement | undefined> {
  const { mark, sendingAt } = options;
  const id = await find(options, mark.marker, sendingAt + searchMs);
  if (id === undefined) return undefined;
  options.onSent?.(id);
  return withoutMarkerLines(await waitForEnd(options, id), mark.linesBefore);
}

async function send(options: RunStatementOptions, { code, marker }: MarkedCode): Promise<number | undefined> {
  for (let attempt = 0; ; attempt++) {
    if (options.cancel?.aborted === true) return undefined;
    try {
      return await options.api.runStatement(options.sessionId, code, options.abandon);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.outcome === 'unknown') {
        const id = await find(options, marker, options.clock.now() + searchMs);
        if (id !== undefined) return id;
        throw new OutcomeUnknownError(
          `The connection broke while the cell was sent (${error.message}), and the session does not list it. It is not known whether it ran; run it again only if running it twice does no harm.`,
          { cause: error },
        );
      }
      // A throttled call was not executed: it may be sent again.
      if (!error.isThrottle) throw error;
      await options.clock.sleep(retryDelay(attempt), options.abandon);
    }
  }
}

/** Looks among the session's statements for one with the marker, again and again until that time has passed. */
async function find(options: StatementWatch, marker: string, until: number): Promise<number | undefined> {
  const { clock, abandon } = options;
  for (let attempt = 0; ; attempt++) {
    const isLastLook = clock.now() >= until;
    const id = await lookOnce(options, marker);
    if (id !== undefined || isLastLook) return id;
    await clock.sleep(retryDelay(attempt), abandon);
  }
}

async function lookOnce(
  { api, sessionId, clock, abandon }: StatementWatch,
  marker: string,
): Promise<number | undefined> {
  let nextToken: string | undefined;
  do {
    const token = nextToken;
    const page = await patiently(() => api.listStatements(sessionId, token, abandon), {
      clock,
      signal: abandon,
    });
    const found = page.statements.find((statement) => carries(statement, marker));
    if (found !== undefined) return found.id;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

async function waitForEnd(options: StatementWatch, id: number): Promise<Statement> {
  const { api, sessionId, clock, abandon } = options;
  const started = clock.now();
  let isCancelSent = false;
  for (;;) {
    if (options.cancel?.aborted === true && !isCancelSent) {
      isCancelSent = true;
      await cancel(options, id);
    }
    const statement = await patiently(() => api.getStatement(sessionId, id, abandon), {
      clock,
      signal: abandon,
    });
    options.onProgress?.(statement);
    if (isFinal(statement)) return statement;
    await sleepOrCancel(
      clock,
      pollDelay(clock.now() - started),
      isCancelSent ? undefined : options.cancel,
      abandon,
    );
  }
}

async function cancel({ api, sessionId, clock, abandon }: StatementWatch, id: number): Promise<void> {
  try {
    await patiently(() => api.cancelStatement(sessionId, id, abandon), { clock, signal: abandon });
  } catch (error) {
    // It had ended before the cancel arrived: its result is the answer.
    if (!(error instanceof AwsCallError) || error.code !== 'IllegalSessionState') throw error;
  }
}

/** Sleeps until the time is over or the person cancels; ends with an error when abandoned. */
async function sleepOrCancel(
  clock: Clock,
  ms: number,
  cancelSignal: AbortSignal | undefined,
  abandon: AbortSignal | undefined,
): Promise<void> {
  const signals = [cancelSignal, abandon].filter((signal) => signal !== undefined);
  try {
    await clock.sleep(ms, signals.length > 0 ? AbortSignal.any(signals) : undefined);
  } catch (error) {
    if (abandon?.aborted === true || cancelSignal?.aborted !== true) throw error;
  }
}

/** COMPLETED and FAILED are outside the public model (glue.md, "Refusals and failures"). */
function isFinal({ state }: Statement): boolean {
  return ['AVAILABLE', 'CANCELLED', 'ERROR', 'COMPLETED', 'FAILED'].includes(state);
}
