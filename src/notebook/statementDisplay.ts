import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { capacityOf, formatSmallDollars, statementCost } from '../glue/cost';
import { elapsedText } from '../glue/elapsed';
import type { Session, Statement } from '../glue/glueApi';
import { printedSoFar, textChange } from '../glue/liveText';
import { progressBar } from '../glue/progressBar';
import type { Target } from '../glue/target';
import { sessionRow } from '../host/sessionRow';
import { readSettings } from '../host/settings';
import { commands } from '../manifest';
import type { CellNote, CellStatus } from './cellStatus';
import { stdout } from './outputs';

/** A statement that ends sooner shows no progress: what only flashes up disturbs, and costs time (milliseconds). */
const unseenMs = 400;
const tickMs = 1000;
/** From then on it is worth a look at what Spark does (milliseconds). */
const longMs = 10_000;

export interface StatementDisplayOptions {
  readonly cell: vscode.NotebookCell;
  readonly execution: vscode.NotebookCellExecution;
  readonly cellStatus: CellStatus;
  readonly clock: Clock;
  /** When the statement was sent (milliseconds since the epoch). */
  readonly started: number;
  /** Undefined when it isn't known: then no cost is shown. */
  readonly session: Session | undefined;
  readonly target: Target;
}

/** Shows a statement in its cell while it runs: how far it is, what it has printed; at the end what it gave and cost. */
export class StatementDisplay {
  private readonly started: number;
  private readonly unseen: ReturnType<typeof setTimeout>;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private upload: CellNote | undefined;
  private latest: Statement | undefined;
  private held: CellNote | undefined;
  private live: { readonly output: vscode.NotebookCellOutput; readonly text: string } | undefined;

  constructor(private readonly options: StatementDisplayOptions) {
    this.started = options.started;
    this.unseen = setTimeout(() => {
      this.tick();
      this.ticking = setInterval(() => {
        this.tick();
      }, tickMs);
    }, unseenMs);
  }

  /** Long code is brought into the session in parts, before it runs. */
  showUpload(part: number, parts: number): void {
    this.upload = { text: vscode.l10n.t('$(loading~spin) Sending part {0} of {1}', part, parts) };
    if (this.ticking !== undefined) this.tick();
  }

  /** Shows what the waiting hangs on, until the service is heard again. */
  hold(note: CellNote): void {
    this.held = note;
    this.tick();
  }

  /** Takes the service's latest word. */
  show(statement: Statement): void {
    this.upload = undefined;
    this.held = undefined;
    const isNews = statement.state !== this.latest?.state || statement.progress !== this.latest.progress;
    this.latest = statement;
    if (isNews && this.ticking !== undefined) this.tick();
    if (statement.completedOn === undefined && !isEnded(statement)) this.showText(printedSoFar(statement));
  }

  /** Shows the outputs of the ended statement, those already there not twice, and what its time cost. */
  end(statement: Statement, outputs: readonly vscode.NotebookCellOutput[]): Thenable<void> {
    const { cell, cellStatus, execution, session, clock } = this.options;
    const { startedOn, completedOn } = statement;
    const ms =
      startedOn === undefined || completedOn === undefined
        ? clock.now() - this.started
        : completedOn - startedOn;
    const cost = session && costNote(session, ms);
    const shown = cellStatus.wholeTexts.shorten(cell, outputs);
    cellStatus.setOutcome(cell, [...(cost === undefined ? [] : [cost]), ...shown.notes]);
    const [first, ...others] = shown.outputs;
    if (this.live === undefined) return execution.appendOutput([...shown.outputs]);
    const replaced = execution.replaceOutputItems(first?.items ?? stdout('').items, this.live.output);
    return others.length === 0 ? replaced : execution.appendOutput(others);
  }

  /** The progress of a statement that is not waited for any more is no longer shown. */
  dispose(): void {
    clearTimeout(this.unseen);
    clearInterval(this.ticking);
    this.options.cellStatus.set(this.options.cell, []);
  }

  private tick(): void {
    const { cell, cellStatus, clock, session, target } = this.options;
    const ms = clock.now() - this.started;
    const note = this.held ?? this.upload ?? progressNote(this.latest, ms);
    const isLong = ms >= longMs && this.held === undefined;
    cellStatus.set(cell, isLong && session !== undefined ? [note, sparkUiNote(target, session)] : [note]);
  }

  private showText(printed: string): void {
    const { execution } = this.options;
    const change = textChange(this.live?.text ?? '', printed);
    if (change === undefined) return;
    const { items } = stdout(change.text);
    const output = this.live?.output ?? stdout(printed);
    if (this.live === undefined) void execution.appendOutput(output);
    else if (change.kind === 'append') void execution.appendOutputItems(items, output);
    else void execution.replaceOutputItems(items, output);
    this.live = { output, text: printed };
  }
}

function isEnded({ state }: Statement): boolean {
  return state !== 'WAITING' && state !== 'RUNNING' && state !== 'CANCELLING';
}

/** How far a statement is: a bar where the service tells, and for how long it has been underway. */
function progressNote(statement: Statement | undefined, ms: number): CellNote {
  const elapsed = elapsedText(ms, false);
  const progress = statement?.progress ?? 0;
  if (statement?.state === 'WAITING') {
    return { text: vscode.l10n.t('$(clock) Waiting for the statement before · {0}', elapsed) };
  }
  if (statement?.state === 'CANCELLING') {
    return { text: vscode.l10n.t('$(loading~spin) Cancelling · {0}', elapsed) };
  }
  if (progress <= 0 || progress >= 1)
    return { text: vscode.l10n.t('$(loading~spin) Running · {0}', elapsed) };
  const percent = Math.floor(progress * 100);
  return {
    text: `${progressBar(progress)} ${percent} % · ${elapsed}`,
    label: vscode.l10n.t('{0} percent done, running for {1}', percent, elapsed),
  };
}

/** Leads to the Spark UI of the session, where the service has one for it. */
function sparkUiNote(target: Target, session: Session): CellNote {
  return {
    text: vscode.l10n.t('$(link-external) Spark UI'),
    tooltip: vscode.l10n.t('Opens the Spark UI of the session in the browser: jobs, stages and tasks'),
    command: { command: commands.openSparkUi, title: '', arguments: [sessionRow(target, session)] },
  };
}

/** What the statement's time cost, of a session that is paid by time. */
function costNote(session: Session, ms: number): CellNote | undefined {
  const price = readSettings.pricePerDpuHour();
  const cost = statementCost(session, ms, price);
  if (cost === undefined) return undefined;
  const elapsed = elapsedText(ms);
  const dollars = formatSmallDollars(cost.dollars);
  return {
    text: `${elapsed} · ${dollars}`,
    label: vscode.l10n.t('The statement took {0} and cost {1}', elapsed, dollars),
    tooltip: vscode.l10n.t(
      '{0} on {1} DPU at ${2} per DPU-hour. The session is billed as a whole, also while no cell runs.',
      elapsed,
      capacityOf(session) ?? '?',
      price,
    ),
  };
}
