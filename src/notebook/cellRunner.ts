import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { sqlCode } from '../glue/display/displayCalls';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { denialDetails, explainDenial } from '../glue/denial';
import { AwsCallError } from '../glue/errors';
import type { GlueApis, Tags } from '../glue/glueApi';
import { sessionArn } from '../glue/roleArn';
import type { SessionInventory } from '../glue/sessionInventory';
import { markCode } from '../glue/statementMarker';
import { OutcomeUnknownError } from '../glue/statementRunner';
import { errorText } from '../host/reportError';
import { readSettings } from '../host/settings';
import type { Targets } from '../host/targets';
import type { Applied, MagicAction } from '../magics/apply';
import { commands } from '../manifest';
import type { Approvals } from './approvals';
import type { OpenRecord } from './cellRecords';
import { CellStatement, StatementLostError, type ExecutionSignals } from './cellStatement';
import type { CellStatus } from './cellStatus';
import {
  SessionEndedError,
  StartRefusedError,
  type EndedSession,
  type NotebookSession,
} from './notebookSession';
import { failureOutput, startAdvice } from './errorOutput';
import { stdout } from './outputs';
import type { SessionDisplay } from './sessionDisplay';
import { sessionTable } from './sessionTable';
import type { ShownTables } from './shownTables';
import type { SignIn } from './signIn';
import { priceLine } from './priceLine';

/** A denied start, kept for what can be done about it from the cell. */
export interface DeniedStart {
  readonly cell: vscode.NotebookCell;
  /** Plain text for an administrator. */
  readonly details: string;
}

export interface CellRunnerOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly approvals: Approvals;
  readonly cellStatus: CellStatus;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly language: 'python' | 'scala';
  readonly sessionDisplay: SessionDisplay;
  readonly tables: ShownTables;
  readonly signIn: SignIn;
  /** Whether this extension started the session: then it may stop it. */
  readonly isStartedHere: (sessionId: string) => boolean;
  /** Whether nobody else works in the session, and this extension started it. */
  readonly mayEnd: (session: NotebookSession) => Promise<boolean>;
  readonly onDenied: (denied: DeniedStart) => void;
  readonly onEnded: (cell: vscode.NotebookCell, ended: EndedSession) => void;
  readonly log: vscode.LogOutputChannel;
}

/** Reason of an abandoned execution whose cell nobody sees any more: the notebook was closed, or the window ends. */
export class OutOfSightError extends Error {
  override readonly name = 'OutOfSightError';
}

/** Runs one cell: its magics change the notebook's settings, its code goes to the session. */
export class CellRunner {
  private readonly statement: CellStatement;

  constructor(private readonly options: CellRunnerOptions) {
    this.statement = new CellStatement(options);
  }

  /** Whether it succeeded; every failure stands in the cell's outputs. */
  async run(
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signals: ExecutionSignals,
    record: OpenRecord,
  ): Promise<boolean> {
    this.options.cellStatus.clear(cell);
    try {
      const { readCell } = await import('../magics/readCell');
      const isSql = cell.document.languageId === 'sql';
      const read = readCell(cell.document.getText(), isSql, session.configuration);
      const { applied } = read;
      for (const { approvals = [], configuration } of applied) {
        for (const approval of approvals) {
          await this.options.approvals.demand(cell.notebook, approval, configuration.target.value);
        }
      }
      const last = applied.at(-1);
      if (last !== undefined) session.configuration = last.configuration;
      await this.say(execution, [
        ...read.notes,
        ...applied.flatMap(({ notes }) => notes),
        ...(read.setsNextSession ? sessionGoesOn(session) : []),
      ]);
      await this.sayWhoCalls(applied, session, execution, signals);
      for (const { action } of applied) {
        if (action !== undefined) await this.act(action, session, execution, signals);
      }
      const code = read.sql === undefined ? read.code : queryCode(read.sql, this.options.language);
      return code === '' || (await this.runCode(code, cell, session, execution, signals, record));
    } catch (error) {
      return await this.fail(error, cell, execution, signals, record);
    } finally {
      this.clearStatus(cell);
    }
  }

  /**
   * Goes on with a statement that another life of this window sent, or was about to send.
   * @returns whether it succeeded; undefined when it was not sent
   */
  async resume(
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signals: ExecutionSignals,
    record: OpenRecord,
    isEdited: boolean,
  ): Promise<boolean | undefined> {
    const sent = record.current.statement;
    if (sent === undefined) return undefined;
    try {
      const { current } = session;
      const known = current?.session.id === sent.sessionId ? current.session : undefined;
      return await this.statement.resume({ cell, execution, signals, record }, sent, known, isEdited);
    } catch (error) {
      const told = sent.hadKeys ? error : await session.explainFailure(error, sent);
      return await this.fail(told, cell, execution, signals, record);
    } finally {
      this.clearStatus(cell);
    }
  }

  private clearStatus(cell: vscode.NotebookCell): void {
    if (!this.keepsStatus.has(cell)) this.options.cellStatus.set(cell, []);
    this.keepsStatus.delete(cell);
  }

  /** Cells below which something stands that can be done about a failure. */
  private readonly keepsStatus = new WeakSet<vscode.NotebookCell>();

  /** After a role or profile was chosen: that it works, in which account, and until when. */
  private async sayWhoCalls(
    applied: readonly Applied[],
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { cancel }: ExecutionSignals,
  ): Promise<void> {
    const isNew = applied.some(({ approvals = [] }) => approvals.some(({ kind }) => kind !== 'endpoint'));
    if (!isNew) return;
    const target = session.configuration.target.value;
    const api = this.options.apis.of(target);
    const identity = await api.callerIdentity(cancel);
    const expires = await api.credentialsExpireAt(cancel);
    this.options.targets.use(target);
    const until =
      expires === undefined
        ? ''
        : vscode.l10n.t(' until {0} (renewed before that)', new Date(expires).toLocaleTimeString());
    await this.say(execution, [
      vscode.l10n.t('Called as:      {0}', identity.arn),
      vscode.l10n.t('In account:     {0}{1}', identity.account, until),
    ]);
  }

  private async act(
    action: MagicAction,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { cancel }: ExecutionSignals,
  ): Promise<void> {
    switch (action.kind) {
      case 'status':
        return this.say(execution, [await (await import('./statusText')).statusText(session, cancel)]);
      case 'listSessions':
        return this.say(execution, [await sessionTable(session.api(), cancel)]);
      case 'stopSession':
      case 'newSession': {
        const { target, current } = session;
        if (action.kind === 'newSession' && current !== undefined && !(await this.options.mayEnd(session))) {
          session.detach();
          return this.say(execution, [
            vscode.l10n.t('The session {0} is left as it is: others may use it.', current.session.id),
          ]);
        }
        const stopped = await session.stop(cancel, (seen) => {
          this.options.inventory.noteSession(target, seen);
        });
        return this.say(execution, [
          stopped === undefined
            ? vscode.l10n.t('This notebook has no session.')
            : vscode.l10n.t('The session {0} is stopped: it costs nothing more.', stopped.id),
        ]);
      }
      case 'attach':
        return this.attach(action.sessionId, session, execution, cancel);
      case 'showSessionId':
        return this.say(execution, [
          session.current === undefined
            ? vscode.l10n.t('This notebook has no session.')
            : vscode.l10n.t('Session id: {0}', session.current.session.id),
        ]);
      case 'tag':
        return this.tag(action.tags, session, execution, cancel);
      case 'reauthenticate':
        this.options.apis.forget(session.target);
        return this.say(execution, [vscode.l10n.t('The credentials are read again at the next call.')]);
    }
  }

  /** Tags the session that runs, as the official kernel does. */
  private async tag(
    tags: Tags,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    const api = session.api();
    const [{ account }, region] = await Promise.all([api.callerIdentity(signal), api.region()]);
    await api.tagResource(sessionArn(region, account, current.session.id), tags, signal);
    await this.say(execution, [
      vscode.l10n.t('The session {0}, which runs, has these tags too now.', current.session.id),
    ]);
  }

  /** Attaches to the session of that id, or keeps the id for the next one when there is none. */
  private async attach(
    sessionId: string,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<void> {
    const target = session.configuration.target.value;
    try {
      const attached = await session.attach(target, sessionId, this.options.isStartedHere(sessionId), signal);
      this.options.targets.use(target);
      const keeps = attached.isOwned ? '' : vscode.l10n.t(' It is not stopped with this notebook.');
      await this.say(execution, [vscode.l10n.t('Attached to session {0}.', attached.session.id) + keeps]);
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'EntityNotFound';
      if (!isMissing) throw error;
      session.configuration = { ...session.configuration, sessionId: { value: sessionId, origin: 'magic' } };
      await this.say(execution, [
        vscode.l10n.t('There is no session {0}: the next one gets this id.', sessionId),
      ]);
    }
  }

  private async runCode(
    code: string,
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signals: ExecutionSignals,
    record: OpenRecord,
  ): Promise<boolean> {
    const { language, sessionDisplay } = this.options;
    const id = randomUUID();
    // What can't be sent must not start a session.
    markCode(code, language, id);
    const attached = await this.ensureSession(cell, session, execution, signals);
    const sessionId = attached.session.id;
    const marked = await sessionDisplay.marked(code, language, sessionId, id);
    try {
      const isDone = await this.statement.run({ cell, execution, signals, record }, attached, marked);
      if (isDone) sessionDisplay.note(sessionId, marked);
      return isDone;
    } catch (error) {
      const { target, session: known } = attached;
      throw await session.explainFailure(error, { target, sessionId: known.id });
    }
  }

  private async ensureSession(
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { cancel }: ExecutionSignals,
  ) {
    const started = this.options.clock.now();
    const starting: string[] = [];
    const said = stdout('');
    const target = session.configuration.target.value;
    const attached = await session.ensure(
      {
        onEnded: (ending) => {
          void this.say(execution, [ending, '']);
        },
        onRequest: (request) => {
          starting.push(request.id);
          this.options.targets.use(target);
          said.items = stdout(`${priceLine(request)}\n`).items;
          void execution.appendOutput(said);
        },
        onStatus: (seen) => {
          this.options.inventory.noteSession(target, seen);
          const seconds = Math.round((this.options.clock.now() - started) / 1000);
          this.options.cellStatus.set(cell, [
            { text: vscode.l10n.t('$(loading~spin) Session starting, {0} s', seconds) },
          ]);
        },
      },
      cancel,
    );
    const sessionId = attached.session.id;
    if (starting.includes(sessionId)) {
      const seconds = ((this.options.clock.now() - started) / 1000).toFixed(1);
      const text = vscode.l10n.t('Session {0} is ready after {1} s.', sessionId, seconds);
      await execution.replaceOutputItems(stdout(`${text}\n`).items, said);
    }
    return attached;
  }

  private async fail(
    error: unknown,
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
    { abandon, cancel }: ExecutionSignals,
    record: OpenRecord,
  ): Promise<boolean> {
    const isSent = record.current.statement !== undefined;
    const isOutOfSight = abandon.reason instanceof OutOfSightError;
    if (isOutOfSight || (isSent && mayStillRun(error))) record.leave();
    if (isOutOfSight) return false;
    if (error instanceof StartRefusedError) return this.explainDenied(error, cell, execution);
    this.options.log.error(
      'cell failed',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    const isGivenUp = abandon.aborted || cancel.aborted;
    const name = isGivenUp
      ? vscode.l10n.t('Interrupted')
      : error instanceof Error
        ? error.name.replace(/^AwsCallError$/, 'AWS')
        : 'Error';
    const message = abandon.aborted
      ? vscode.l10n.t('The cell was given back. The statement may still run in the session.')
      : cancel.aborted && !isSent
        ? vscode.l10n.t('Interrupted before the code was sent.')
        : errorText(error);
    await execution.appendOutput([failureOutput(name, message), ...(await startAdvice(error))]);
    if (record.isLeft) this.offerLook(cell, error instanceof OutcomeUnknownError);
    if (error instanceof SessionEndedError && error.ended !== undefined) this.offerEqual(cell, error.ended);
    return false;
  }

  /** What came of the session's end is mended by another one, not its variables. */
  private offerEqual(cell: vscode.NotebookCell, ended: EndedSession): void {
    this.options.onEnded(cell, ended);
    this.keepsStatus.add(cell);
    const hourly = dollarsPerHour(ended.session, readSettings.pricePerDpuHour());
    this.options.cellStatus.set(cell, [
      {
        text: vscode.l10n.t('$(debug-restart) Start an equal session'),
        tooltip: vscode.l10n.t(
          'The configuration of {0} under a new id, for {1} an hour. The variables are lost.',
          ended.session.id,
          hourly === undefined ? '?' : formatDollars(hourly),
        ),
        command: { command: commands.startEqualSession, title: '', arguments: [cell] },
      },
    ]);
  }

  /**
   * A statement that may still run has its output looked for again when the person says so. One that may never have
   * arrived is sent again when the person says so: only they know whether running it twice does harm.
   */
  private offerLook(cell: vscode.NotebookCell, mayNotHaveRun: boolean): void {
    this.keepsStatus.add(cell);
    const sendAgain = {
      text: vscode.l10n.t('$(debug-restart) Send again'),
      tooltip: vscode.l10n.t('Runs the cell again: look for its output first, since it may have run'),
      command: { command: commands.runAgain, title: '', arguments: [cell] },
    };
    this.options.cellStatus.set(cell, [
      {
        text: vscode.l10n.t('$(search) Look for its output'),
        tooltip: vscode.l10n.t('The statement may still run in the session'),
        command: { command: commands.lookAgain, title: '', arguments: [cell] },
      },
      ...(mayNotHaveRun ? [sendAgain] : []),
    ]);
  }

  private async explainDenied(
    error: StartRefusedError,
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
  ): Promise<boolean> {
    const denial = explainDenial(error.cause, error.request);
    this.options.log.warn(`start denied: ${error.message}`);
    // It was about to start, and did not.
    await execution.clearOutput();
    if (denial !== undefined) {
      const { denialMarkdown } = await import('./denialExplanation');
      const markdown = denialMarkdown(denial, error.request);
      await execution.appendOutput(
        new vscode.NotebookCellOutput([
          vscode.NotebookCellOutputItem.text(markdown, 'text/markdown'),
          vscode.NotebookCellOutputItem.text(markdown.replace(/[*`]/g, ''), 'text/plain'),
        ]),
      );
      this.options.onDenied({ cell, details: denialDetails(denial, error.cause, error.request) });
      this.keepsStatus.add(cell);
      this.options.cellStatus.set(cell, [
        {
          text: vscode.l10n.t('$(plug) Choose a connection and run again'),
          tooltip: vscode.l10n.t('Writes %connections into the notebook and runs the cells again'),
          command: { command: commands.chooseConnection, title: '', arguments: [cell] },
        },
        {
          text: vscode.l10n.t('$(copy) Copy details for an administrator'),
          command: { command: commands.copyDenial, title: '', arguments: [cell] },
        },
      ]);
    }
    await execution.appendOutput(failureOutput('AccessDenied', error.message));
    return false;
  }

  private async say(execution: vscode.NotebookCellExecution, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await execution.appendOutput(stdout(`${lines.join('\n')}\n`));
  }
}

/** That settings hold for the next session, when there is one that runs. Tags it gets at once. */
function sessionGoesOn({ current }: NotebookSession): string[] {
  if (current === undefined) return [];
  return [
    vscode.l10n.t(
      'The session {0} goes on as it is; %new_session starts one with the new settings.',
      current.session.id,
    ),
  ];
}

/** The rows of a query: as a table, or as Spark prints them. */
function queryCode(sql: string, language: 'python' | 'scala'): string {
  const query = sql.replace(/;\s*$/, '');
  return language === 'python' ? sqlCode(query) : `spark.sql(${JSON.stringify(query)}).show(false)`;
}

/** Whether a statement that was about to be sent may be at the service in spite of the failure. */
function mayStillRun(error: unknown): boolean {
  if (error instanceof SessionEndedError || error instanceof StatementLostError) return false;
  const isRefused =
    error instanceof AwsCallError && error.action === 'glue:RunStatement' && error.outcome === 'notExecuted';
  return !isRefused;
}
