import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { sqlCode } from '../glue/display/displayCalls';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { AwsCallError } from '../glue/errors';
import type { CreateSessionRequest } from '../glue/glueApi';
import { brokenRule } from '../glue/guardrails/brokenRule';
import { placeText, type RulePlace } from '../glue/guardrails/guardrails';
import { markCode } from '../glue/statementMarker';
import { OutcomeUnknownError } from '../glue/statementRunner';
import { lazy } from '../glue/lazy';
import { approvalsForNotebook, type Approvals } from '../host/approvals';
import { errorText } from '../host/reportError';
import { readSettings } from '../host/settings';
import type { StartMemory } from '../host/startMemory';
import { commands } from '../manifest';
import { OutOfSightError, SessionEndedError, StartRefusedError, type EndedSession } from './cellErrors';
import type { OpenRecord } from './cellRecords';
import { CellStatement, StatementLostError, type ExecutionSignals } from './cellStatement';
import type { CellNote, CellStatus } from './cellStatus';
import type { DeniedCell } from './deniedCell';
import type { NotebookSession } from './notebookSession';
import { failureOutput, startAdvice } from './errorOutput';
import { MagicActions, type MagicActionsOptions } from './magicActions';
import { say, stdout } from './outputs';
import { markedStatement, noteDisplay, type SessionsWithDisplay } from './markedStatement';
import type { ShownTables } from './shownTables';
import type { SignIn } from './signIn';
import { priceLine } from './priceLine';
import { translated } from '../host/translated';

export interface CellRunnerOptions extends MagicActionsOptions {
  readonly clock: Clock;
  readonly approvals: Approvals;
  readonly cellStatus: CellStatus;
  readonly language: 'python' | 'scala';
  readonly withDisplay: SessionsWithDisplay;
  readonly tables: ShownTables;
  readonly signIn: SignIn;
  readonly starts: StartMemory;
  readonly onDenied: (denied: DeniedCell) => void;
  readonly onEnded: (cell: vscode.NotebookCell, ended: EndedSession) => void;
  readonly log: vscode.LogOutputChannel;
}

const language = lazy(() => import('../magics/readCell'));

/** Runs one cell: its magics change the notebook's settings, its code goes to the session. */
export class CellRunner {
  private readonly statement: CellStatement;
  private readonly actions: MagicActions;

  constructor(private readonly options: CellRunnerOptions) {
    this.statement = new CellStatement(options);
    this.actions = new MagicActions(options);
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
      const { readCell } = await language();
      const isSql = cell.document.languageId === 'sql';
      const text = cell.document.getText();
      const presets = /%preset\b/.test(text) ? await session.presets() : [];
      const read = readCell(text, isSql, session.configuration, presets);
      const { applied } = read;
      const source = approvalsForNotebook(cell.notebook);
      for (const { approvals = [], configuration } of applied) {
        for (const approval of approvals) {
          await this.options.approvals.demand(source, approval, configuration.target.value);
        }
      }
      const last = applied.at(-1);
      if (last !== undefined) session.configuration = last.configuration;
      await say(execution, [
        ...[...read.notes, ...applied.flatMap(({ notes }) => notes)].map(translated),
        ...(read.setsNextSession ? sessionGoesOn(session) : []),
      ]);
      await this.actions.sayWhoCalls(applied, session, execution, signals);
      for (const { action } of applied) {
        if (action !== undefined) await this.actions.act(action, session, execution, signals);
      }
      const code = read.sql === undefined ? read.code : queryCode(read.sql, this.options.language);
      return code === '' || (await this.runCode(code, cell, session, execution, signals, record));
    } catch (error) {
      return await this.fail(error, cell, session, execution, signals, record);
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
      return await this.fail(told, cell, session, execution, signals, record);
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

  private async runCode(
    code: string,
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signals: ExecutionSignals,
    record: OpenRecord,
  ): Promise<boolean> {
    const { language, withDisplay } = this.options;
    const id = randomUUID();
    // What can't be sent must not start a session.
    markCode(code, language, id);
    const attached = await this.ensureSession(cell, session, execution, signals);
    const sessionId = attached.session.id;
    const marked = await markedStatement(code, language, sessionId, withDisplay, id);
    try {
      const isDone = await this.statement.run({ cell, execution, signals, record }, attached, marked);
      if (isDone) noteDisplay(sessionId, marked, withDisplay);
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
    const begun = this.options.clock.now();
    const starting: CreateSessionRequest[] = [];
    const said = stdout('');
    const target = session.configuration.target.value;
    const attached = await session.ensure(
      {
        onEnded: (ending) => {
          void say(execution, [errorText(ending), '']);
        },
        onRequest: (request) => {
          starting.push(request);
          this.options.targets.use(target);
          said.items = stdout(`${priceLine(request)}\n`).items;
          void execution.appendOutput(said);
        },
        onStatus: (seen) => {
          const tags = starting.find(({ id }) => id === seen.id)?.tags;
          this.options.inventory.noteSession(target, seen, tags);
          const seconds = Math.round((this.options.clock.now() - begun) / 1000);
          this.options.cellStatus.set(cell, [
            { text: vscode.l10n.t('$(loading~spin) Session starting, {0} s', seconds) },
          ]);
        },
      },
      cancel,
    );
    const sessionId = attached.session.id;
    const started = starting.find(({ id }) => id === sessionId);
    if (started !== undefined) {
      void this.options.starts.note(session.api(), started, 'started');
      const seconds = ((this.options.clock.now() - begun) / 1000).toFixed(1);
      const text = vscode.l10n.t('Session {0} is ready after {1} s.', sessionId, seconds);
      await execution.replaceOutputItems(stdout(`${text}\n`).items, said);
    }
    return attached;
  }

  private async fail(
    error: unknown,
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { abandon, cancel }: ExecutionSignals,
    record: OpenRecord,
  ): Promise<boolean> {
    const isSent = record.current.statement !== undefined;
    const isOutOfSight = abandon.reason instanceof OutOfSightError;
    if (isOutOfSight || (isSent && mayStillRun(error))) record.leave();
    if (isOutOfSight) return false;
    if (error instanceof StartRefusedError) {
      this.options.log.warn(`start denied: ${error.message}`);
      // It was about to start, and did not.
      await execution.clearOutput();
      const notes = await this.explainDenied(error.cause, error.request, cell, session, execution);
      this.note(cell, notes);
      await execution.appendOutput(failureOutput('AccessDenied', error.message));
      return false;
    }
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
    const isDenied = error instanceof AwsCallError && error.isRefused && !isGivenUp;
    const denied = isDenied ? await this.explainDenied(error, undefined, cell, session, execution) : [];
    await execution.appendOutput([failureOutput(name, message), ...(await startAdvice(error))]);
    const ended = error instanceof SessionEndedError ? error.ended : undefined;
    const rule = brokenRule(error);
    this.note(cell, [
      ...(record.isLeft ? lookNotes(cell, error instanceof OutcomeUnknownError) : []),
      ...(ended === undefined ? [] : [this.equalNote(cell, ended)]),
      ...(rule === undefined ? [] : [ruleNote(rule)]),
      ...denied,
      ...(isSent ? [] : this.signInNotes(error, session, cell)),
    ]);
    return false;
  }

  /** Keeps below the cell what can be done about its failure. */
  private note(cell: vscode.NotebookCell, notes: readonly CellNote[]): void {
    if (notes.length === 0) return;
    this.keepsStatus.add(cell);
    this.options.cellStatus.set(cell, notes);
  }

  private signInNotes(
    error: unknown,
    { target }: NotebookSession,
    cell: vscode.NotebookCell,
  ): readonly CellNote[] {
    if (!(error instanceof AwsCallError)) return [];
    const show = (note: CellNote) => {
      this.options.cellStatus.set(cell, [note]);
    };
    return this.options.signIn.offer({ cell, target, error, signal: undefined, show });
  }

  /** What came of the session's end is mended by another one, not its variables. */
  private equalNote(cell: vscode.NotebookCell, ended: EndedSession): CellNote {
    this.options.onEnded(cell, ended);
    const hourly = dollarsPerHour(ended.session, readSettings.pricePerDpuHour());
    return {
      text: vscode.l10n.t('$(debug-restart) Start an equal session'),
      tooltip: vscode.l10n.t(
        'The configuration of {0} under a new id, for {1} an hour. The variables are lost.',
        ended.session.id,
        hourly === undefined ? '?' : formatDollars(hourly),
      ),
      command: { command: commands.startEqualSession, title: '', arguments: [cell] },
    };
  }

  /** What was refused, by whom and probably why. @returns what stands below the cell then */
  private async explainDenied(
    error: AwsCallError,
    request: CreateSessionRequest | undefined,
    cell: vscode.NotebookCell,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
  ): Promise<readonly CellNote[]> {
    const { inventory, starts, log } = this.options;
    const { explainInCell } = await import('./deniedCell');
    const explained = await explainInCell({
      cell,
      error,
      api: session.api(),
      target: session.target,
      known: inventory.snapshot(session.target).sessions,
      starts,
      log,
      ...(request && { request }),
    });
    if (explained === undefined) return [];
    await execution.appendOutput(explained.output);
    reveal(cell);
    this.options.onDenied(explained.denied);
    return explained.notes;
  }
}

/** After "Run All" nobody would see what stands below a cell that is out of sight. */
function reveal({ notebook, index }: vscode.NotebookCell): void {
  const editor = vscode.window.visibleNotebookEditors.find((shown) => shown.notebook === notebook);
  editor?.revealRange(
    new vscode.NotebookRange(index, index + 1),
    vscode.NotebookEditorRevealType.InCenterIfOutsideViewport,
  );
}

/**
 * A statement that may still run has its output looked for again when the person says so. One that may never have arrived
 * is sent again when the person says so: only they know whether running it twice does harm.
 */
function lookNotes(cell: vscode.NotebookCell, mayNotHaveRun: boolean): readonly CellNote[] {
  const sendAgain = {
    text: vscode.l10n.t('$(debug-restart) Send again'),
    tooltip: vscode.l10n.t('Runs the cell again: look for its output first, since it may have run'),
    command: { command: commands.runAgain, title: '', arguments: [cell] },
  };
  return [
    {
      text: vscode.l10n.t('$(search) Look for its output'),
      tooltip: vscode.l10n.t('The statement may still run in the session'),
      command: { command: commands.lookAgain, title: '', arguments: [cell] },
    },
    ...(mayNotHaveRun ? [sendAgain] : []),
  ];
}

/** The rule of the project that a start broke can be looked at. */
function ruleNote(rule: RulePlace): CellNote {
  return {
    text: vscode.l10n.t('$(law) Open the rule'),
    tooltip: translated(placeText(rule)),
    command: { command: commands.openGuardrails, title: '', arguments: [rule] },
  };
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
