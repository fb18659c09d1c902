import { awakeTime } from './awakeTime';
import { retryDelay } from './backoff';
import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi, Statement } from './glueApi';
import { patiently } from './patience';
import { inEnglish, saidBy, sentence, type Sentence } from './sentence';
import { asWritten, carries, isSecondArrival, type MarkedCode, type StatementMark } from './statementMarker';
import { planPolls } from './statementPolls';

/**
 * For how long a statement is looked for after the connection that carried it was closed (milliseconds): it may still be
 * on its way. The guard makes it harmless should it take longer; without one a person has to be asked.
 */
const graceMs = { guarded: 8000, unguarded: 20_000 };

/** For how long sending is tried again when the outcome stays unknown (milliseconds). */
const patienceMs = 10 * 60_000;

/** It can't be told whether the code ran: sending it again might run it twice. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';

  constructor(
    readonly sentence: Sentence,
    options?: { cause?: unknown },
  ) {
    super(inEnglish(sentence), options);
  }
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
  /** Told again when another statement with the same marker turns out to be the one that runs. */
  readonly onSent?: (statementId: number) => void;
  readonly onProgress?: (statement: Statement) => void;
  /** How old a statement with the same code was when it ended (milliseconds): this one is asked about accordingly. */
  readonly expectedMs?: number | undefined;
  /** Told how old it was when it ended (milliseconds), as near as that can be told. */
  readonly onEnded?: (ageMs: number) => void;
  /** For how long a statement that may be on its way is looked for (milliseconds). */
  readonly graceMs?: number;
}

export interface RunStatementOptions extends StatementWatch {
  readonly marked: MarkedCode;
  /**
   * Awaited before what runs the code is sent, after the parts of long code: here the mark is written down, to go on with
   * the statement after a crash.
   */
  readonly onSending?: (mark: StatementMark) => Promise<void>;
  /** Told of each part of long code before it is sent. */
  readonly onUpload?: (part: number, parts: number) => void;
}

export interface ResumeStatementOptions extends StatementWatch {
  readonly mark: StatementMark;
  /** When it was about to be sent (milliseconds since the epoch). */
  readonly sendingAt: number;
}

/**
 * Runs code in a session that is ready, exactly once: one RunStatement, then polling until the statement has ended. Sent
 * again is only what was certainly not executed, or what a guard in the session keeps from running twice.
 * @returns the ended statement; undefined when it was cancelled before it was sent
 * @throws OutcomeUnknownError when it can't be told whether it ran, AwsCallError for what the service refuses
 */
export async function runStatement(options: RunStatementOptions): Promise<Statement | undefined> {
  const { marked, onSending } = options;
  if (options.cancel?.aborted === true) return undefined;
  for (const [index, part] of marked.uploads.entries()) {
    options.onUpload?.(index + 1, marked.uploads.length);
    const ended = await upload(options, part);
    if (ended === undefined || ended.state === 'CANCELLED') return undefined;
    if (ended.output?.status !== 'ok') return ended;
  }
  await onSending?.({ marker: marked.marker, linesBefore: marked.linesBefore });
  const id = await send(options, marked);
  return id === undefined ? undefined : waitForOutcome(options, id, marked);
}

/**
 * Goes on with a statement that was sent, or was about to be, by another life of this extension: waits for its end.
 * @returns the ended statement; undefined when it was not sent, which takes a while to be sure of
 */
export async function resumeStatement(options: ResumeStatementOptions): Promise<Statement | undefined> {
  const { mark, sendingAt } = options;
  const id = await find(options, mark.marker, sendingAt + (options.graceMs ?? graceMs.unguarded));
  return id === undefined ? undefined : waitForOutcome(options, id, mark);
}

/** What is not to be told of a statement that is not the cell's. */
const ofOther = { onProgress: undefined, onEnded: undefined, expectedMs: undefined };

async function send(options: RunStatementOptions, marked: MarkedCode): Promise<number | undefined> {
  const { api, sessionId, clock, abandon } = options;
  const waited = awakeTime(clock);
  let lost: AwsCallError | undefined;
  for (let attempt = 0; ; attempt++) {
    const isOver = waited() > patienceMs;
    if (options.cancel?.aborted === true) return lost === undefined ? undefined : withdraw(options, marked);
    try {
      return await api.runStatement(sessionId, marked.code, abandon);
    } catch (error) {
      if (!(error instanceof AwsCallError)) {
        // Cancelled while it waited to be sent; any other failure leaves open whether it was.
        if (isAborted(options.cancel) && error === options.cancel?.reason && !isAborted(abandon)) continue;
        throw error;
      }
      if (error.outcome === 'unknown') {
        lost = error;
        const id = await findLost(options, marked, error);
        if (id !== undefined) return id;
        if (!marked.isGuarded || isOver) throw unknownOutcome(error);
      } else {
        // Neither was executed. What can't be reached now can't be told apart from what was lost before.
        const isPassing = error.isThrottle || (lost !== undefined && error.code === 'Network');
        if (!isPassing) throw error;
        if (lost !== undefined && isOver) throw unknownOutcome(lost);
        await clock.sleep(retryDelay(attempt), abandon);
      }
    }
  }
}

/**
 * Sees to it that code which may still be on its way does nothing when it arrives.
 * @returns the statement that ran before; undefined when none did
 */
async function withdraw(options: RunStatementOptions, marked: MarkedCode): Promise<number | undefined> {
  const { withdrawal, ...sent } = marked;
  if (withdrawal === undefined) return undefined;
  const uncancelled = { ...options, cancel: undefined };
  const id = await send(uncancelled, { ...sent, ...withdrawal });
  if (id === undefined) return undefined;
  const ended = await waitForEnd({ ...uncancelled, ...ofOther }, id);
  if (!isSecondArrival(ended, marked.marker)) return undefined;
  return find(options, marked.marker, options.clock.now() + (options.graceMs ?? graceMs.guarded));
}

/**
 * Looks for a statement whose sending got no answer. The connection is closed by now, whatever went wrong with it: what
 * comes later was on its way before.
 */
async function findLost(
  options: RunStatementOptions,
  { marker, isGuarded, withdrawal }: MarkedCode,
  lost: AwsCallError,
): Promise<number | undefined> {
  const grace = options.graceMs ?? (isGuarded ? graceMs.guarded : graceMs.unguarded);
  try {
    const until = options.clock.now() + grace;
    return await find(
      options,
      marker,
      until,
      undefined,
      withdrawal === undefined ? undefined : options.cancel,
    );
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    throw unknownOutcome(lost, error);
  }
}

function unknownOutcome(lost: AwsCallError, refusal?: AwsCallError): OutcomeUnknownError {
  const why =
    refusal === undefined
      ? sentence('the session does not list it')
      : sentence("the session can't be asked for it ({0})", saidBy(refusal));
  return new OutcomeUnknownError(
    sentence(
      'No answer came when the cell was sent ({0}), and {1}. It is not known whether it ran: look for its output, and send it again only if running it twice does no harm.',
      saidBy(lost),
      why,
    ),
    { cause: refusal ?? lost },
  );
}

/** Brings a part into the session and waits for that. @returns undefined when it was cancelled before it was sent */
async function upload(options: RunStatementOptions, part: string): Promise<Statement | undefined> {
  const { api, sessionId, clock, cancel, abandon } = options;
  const isCancelled = () => cancel?.aborted === true;
  if (isCancelled()) return undefined;
  const signal = AbortSignal.any([cancel, abandon].filter((given) => given !== undefined));
  let id: number;
  try {
    // Harmless however often it arrives, so after a lost answer too.
    id = await patiently(() => api.runStatement(sessionId, part, signal), { clock, signal });
  } catch (error) {
    if (isCancelled()) return undefined;
    throw error;
  }
  // A part's progress and time are not the cell's.
  return waitForEnd({ ...options, ...ofOther }, id);
}

/** Waits for the end of the statement that ran, which may be another one than was found first. */
async function waitForOutcome(
  options: StatementWatch,
  firstId: number,
  { marker, linesBefore }: StatementMark,
): Promise<Statement> {
  const secondArrivals = new Set<number>();
  let id = firstId;
  for (;;) {
    options.onSent?.(id);
    const ended = await waitForEnd(options, id);
    if (!isSecondArrival(ended, marker)) return asWritten(ended, linesBefore);
    secondArrivals.add(id);
    const until = options.clock.now() + (options.graceMs ?? graceMs.guarded);
    const other = await find(options, marker, until, secondArrivals);
    if (other === undefined) {
      throw new OutcomeUnknownError(
        sentence(
          'The cell ran, but the session does not list the statement that did, so its output is lost.',
        ),
      );
    }
    id = other;
  }
}

/** Looks among the session's statements for one with the marker, again and again until that time or the signal. */
async function find(
  options: StatementWatch,
  marker: string,
  until: number,
  except: ReadonlySet<number> = new Set(),
  stop?: AbortSignal,
): Promise<number | undefined> {
  const { clock, abandon } = options;
  for (let attempt = 0; ; attempt++) {
    const left = until - clock.now();
    const id = await lookOnce(options, marker, except);
    if (id !== undefined || left <= 0 || stop?.aborted === true) return id;
    await sleepOrCancel(clock, Math.min(retryDelay(attempt), 2000, left), stop, abandon);
  }
}

async function lookOnce(
  { api, sessionId, clock, abandon }: StatementWatch,
  marker: string,
  except: ReadonlySet<number>,
): Promise<number | undefined> {
  let nextToken: string | undefined;
  do {
    const token = nextToken;
    const page = await patiently(() => api.listStatements(sessionId, token, abandon), {
      clock,
      signal: abandon,
    });
    const found = page.statements.find(
      (statement) =>
        carries(statement, marker) && !except.has(statement.id) && !isSecondArrival(statement, marker),
    );
    if (found !== undefined) return found.id;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

async function waitForEnd(options: StatementWatch, id: number): Promise<Statement> {
  const { api, sessionId, clock, abandon } = options;
  const started = clock.now();
  let nextPoll = planPolls(options.expectedMs);
  let isCancelSent = false;
  for (let seenAge = 0; ;) {
    const age = clock.now() - started;
    await sleepOrCancel(clock, nextPoll(age) - age, isCancelSent ? undefined : options.cancel, abandon);
    if (options.cancel?.aborted === true && !isCancelSent) {
      isCancelSent = true;
      await cancel(options, id);
    }
    const statement = await patiently(() => api.getStatement(sessionId, id, abandon), {
      clock,
      signal: abandon,
    });
    options.onProgress?.(statement);
    const answeredAge = clock.now() - started;
    if (isFinal(statement)) {
      options.onEnded?.(endAge(statement, seenAge, answeredAge));
      return statement;
    }
    seenAge = answeredAge;
    // It has not begun: what was expected does not hold from its sending on.
    if (statement.state === 'WAITING') nextPoll = planPolls();
  }
}

/** The service's clock is another one: of its times the difference counts, if it is between what was seen. */
function endAge({ startedOn, completedOn }: Statement, seenAge: number, answeredAge: number): number {
  if (startedOn === undefined || completedOn === undefined) return answeredAge;
  return Math.min(answeredAge, Math.max(seenAge, completedOn - startedOn));
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

/** Asked anew each time: a signal that was read before an await is not taken for the same. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
