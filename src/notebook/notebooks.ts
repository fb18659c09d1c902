import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import type { GlueApis } from '../glue/glueApi';
import { sessionArn } from '../glue/roleArn';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import { withProgress } from '../host/cancellation';
import { connectionItems } from '../host/connectionPicker';
import { defaultConfiguration } from '../host/defaultConfiguration';
import type { NotebookAttachment } from '../host/notebookAttachment';
import type { CommandRegistrar } from '../host/registerCommand';
import { reportError } from '../host/reportError';
import { sessionFacts } from '../host/sessionFacts';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import type { Targets } from '../host/targets';
import { commands, kernels, notebookTypes } from '../manifest';
import { Approvals } from './approvals';
import { CellRecords } from './cellRecords';
import { CellRunner, type DeniedStart } from './cellRunner';
import { CellStatus } from './cellStatus';
import { writeConnection } from './chosenConnection';
import { GlueController, kernelspecOf } from './controller';
import { NotebookSession } from './notebookSession';
import { RecordStore } from './recordStore';
import { RecoveredResults } from './recoveredResults';
import { Recovery } from './recovery';
import { SessionDisplay } from './sessionDisplay';
import { SessionMemory } from './sessionMemory';
import { SessionStatusBar } from './sessionStatusBar';
import { ShownTables } from './shownTables';
import { WindowPresence } from './windowPresence';
import { WholeTexts } from './wholeTexts';

export interface NotebooksOptions {
  readonly context: vscode.ExtensionContext;
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly registrar: CommandRegistrar;
  readonly log: vscode.LogOutputChannel;
}

/** The notebook part as a whole: kernels, the session of each notebook, and what can be done with it. */
export class Notebooks implements NotebookAttachment, vscode.Disposable {
  private readonly sessions = new Map<string, NotebookSession>();
  private readonly denied = new WeakMap<vscode.NotebookCell, DeniedStart>();
  private readonly sessionDisplay = new SessionDisplay();
  private readonly tables = new ShownTables();
  private readonly memory: SessionMemory;
  private readonly statusBar: SessionStatusBar;
  private readonly records: CellRecords;
  private readonly recovery: Recovery;
  /** The kernel of ours that is selected for a notebook, by its URI. */
  private readonly selected = new Map<string, GlueController>();
  private readonly disposables: { dispose: () => unknown }[] = [];

  constructor(private readonly options: NotebooksOptions) {
    const { context, targets, registrar } = options;
    this.memory = new SessionMemory(context.workspaceState);
    this.statusBar = new SessionStatusBar((notebook) => this.sessions.get(notebook.uri.toString()));
    const wholeTexts = new WholeTexts();
    const cellStatus = new CellStatus(wholeTexts);
    const approvals = new Approvals(context.globalState, targets);
    const presence = new WindowPresence();
    const { apis, clock, log } = options;
    this.records = new CellRecords(
      new RecordStore({
        directory: path.join((context.storageUri ?? context.globalStorageUri).fsPath, 'records'),
        presence,
        now: () => clock.now(),
        onUnreadable: (file) => {
          log.warn(`no record of a cell, removed: ${file}`);
        },
      }),
      log,
    );
    const results = new RecoveredResults({ apis, clock, log });
    this.recovery = new Recovery({ records: this.records, cellStatus, results });
    this.disposables.push(
      this.records,
      presence,
      results,
      this.statusBar,
      wholeTexts,
      cellStatus,
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookTypes.jupyter, cellStatus),
      this.controller(kernels.pyspark, 'Glue PySpark', 'glue_pyspark', 'python', cellStatus, approvals),
      this.offerScala(() =>
        this.controller(kernels.spark, 'Glue Spark (Scala)', 'glue_spark', 'scala', cellStatus, approvals),
      ),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => void this.closed(notebook)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const notebook of vscode.workspace.notebookDocuments) this.recover(notebook);
      }),
    );
    registrar.register(commands.restartNotebookSession, () => this.restart());
    registrar.register(commands.stopNotebookSession, () => this.stopActive());
    registrar.register(commands.showNotebookSession, () => this.show());
    registrar.register(commands.chooseConnection, (cell) => this.chooseConnection(cell));
    registrar.register(commands.copyDenial, (cell) => this.copyDenial(cell));
    registrar.register(commands.lookAgain, (cell) => this.lookAgain(cell));
    registrar.register(commands.runAgain, (cell) => this.runAgain(cell));
    registrar.register(commands.showWholeText, async (argument) => {
      const cell = this.cellOf(argument);
      return cell === undefined ? this.sayNoNotebook() : wholeTexts.show(cell);
    });
  }

  async openOn(listed: ListedSession): Promise<void> {
    demandTrust();
    const data = new vscode.NotebookData([
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', 'python'),
    ]);
    data.metadata = { metadata: { kernelspec: { name: 'glue_pyspark', display_name: 'Glue PySpark' } } };
    const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
    const session = this.create(notebook);
    session.configuration = { ...session.configuration, target: { value: listed.target, origin: 'setting' } };
    await withProgress(vscode.l10n.t('Attaching to session {0}', listed.session.id), (signal) =>
      session.attach(listed.target, listed.session.id, false, signal),
    );
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('notebook.selectKernel', {
      id: kernels.pyspark,
      extension: this.options.context.extension.id,
    });
    this.statusBar.update();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private controller(
    id: string,
    label: string,
    kernelspec: string,
    language: 'python' | 'scala',
    cellStatus: CellStatus,
    approvals: Approvals,
  ): GlueController {
    const { apis, clock, inventory, targets, log } = this.options;
    const runner = new CellRunner({
      apis,
      clock,
      approvals,
      cellStatus,
      inventory,
      targets,
      language,
      sessionDisplay: this.sessionDisplay,
      tables: this.tables,
      log,
      onDenied: (denied) => this.denied.set(denied.cell, denied),
    });
    return new GlueController({
      id,
      label,
      kernelspec,
      languages: [language],
      runner,
      records: this.records,
      log,
      sessionOf: (notebook) => this.sessionOf(notebook),
      onSelected: (notebook, isSelected, controller) => {
        const key = notebook.uri.toString();
        if (isSelected) {
          this.create(notebook, language);
          this.selected.set(key, controller);
          this.recover(notebook);
        } else if (this.selected.get(key) === controller) {
          this.selected.delete(key);
        }
        this.statusBar.update();
      },
    });
  }

  /** Goes on with what was underway in the notebook before; in a trusted workspace only, since it calls AWS. */
  private recover(notebook: vscode.NotebookDocument): void {
    const controller = this.selected.get(notebook.uri.toString());
    if (controller === undefined || !vscode.workspace.isTrusted) return;
    this.recovery.recover(notebook, controller).catch((error: unknown) => {
      reportError(this.options.log, 'cells underway', error);
    });
  }

  private async lookAgain(argument: unknown): Promise<void> {
    const cell = this.cellOf(argument);
    const controller = cell && this.selected.get(cell.notebook.uri.toString());
    if (cell === undefined || controller === undefined) return this.sayNoNotebook();
    await this.recovery.lookAgain(cell, controller);
  }

  private async runAgain(argument: unknown): Promise<void> {
    const cell = this.cellOf(argument);
    if (cell === undefined) return this.sayNoNotebook();
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: cell.index, end: cell.index + 1 }],
      document: cell.notebook.uri,
    });
  }

  /** The Scala kernel appears with the first notebook that asks for it: VS Code takes a kernel unasked only when it is the only one. */
  private offerScala(create: () => GlueController): vscode.Disposable {
    const made: GlueController[] = [];
    const consider = (notebook: vscode.NotebookDocument) => {
      if (made.length === 0 && kernelspecOf(notebook) === 'glue_spark') made.push(create());
    };
    vscode.workspace.notebookDocuments.forEach(consider);
    const opened = vscode.workspace.onDidOpenNotebookDocument(consider);
    return vscode.Disposable.from(opened, new vscode.Disposable(() => made[0]?.dispose()));
  }

  /** The session of a notebook, found again after a reload of the window. */
  private async sessionOf(notebook: vscode.NotebookDocument): Promise<NotebookSession> {
    const session = this.create(notebook);
    const kept = session.current === undefined ? this.memory.find(notebook) : undefined;
    if (kept !== undefined) {
      try {
        await session.attach(kept.target, kept.sessionId, kept.isOwned);
        session.configuration = {
          ...session.configuration,
          target: { value: kept.target, origin: 'setting' },
        };
      } catch (error) {
        this.options.log.info(`the session ${kept.sessionId} was not found again: ${String(error)}`);
        await this.memory.keep(notebook, undefined);
      }
    }
    return session;
  }

  private create(
    notebook: vscode.NotebookDocument,
    language: 'python' | 'scala' = 'python',
  ): NotebookSession {
    const key = notebook.uri.toString();
    const existing = this.sessions.get(key);
    if (existing !== undefined) return existing;
    const configuration = defaultConfiguration(this.options.targets.defaultTarget());
    const scala = { value: { '--session-language': 'scala' }, origin: 'default' as const };
    const session: NotebookSession = new NotebookSession(
      this.options.apis,
      this.options.clock,
      language === 'scala' ? { ...configuration, extraArguments: scala } : configuration,
      () => {
        void this.memory.keep(notebook, session.current);
        this.statusBar.update();
      },
    );
    this.sessions.set(key, session);
    return session;
  }

  private active():
    { readonly notebook: vscode.NotebookDocument; readonly session: NotebookSession } | undefined {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const session = notebook && this.sessions.get(notebook.uri.toString());
    return notebook === undefined || session === undefined ? undefined : { notebook, session };
  }

  /** Stops the session this notebook owns and starts a fresh one. */
  private async restart(): Promise<void> {
    const active = this.active();
    if (active === undefined) return this.sayNoNotebook();
    demandTrust();
    const { session } = active;
    const { current } = session;
    if (current !== undefined) {
      const restart = vscode.l10n.t('Restart');
      const message = current.isOwned
        ? vscode.l10n.t('Stop the session {0} and start a new one?', current.session.id)
        : vscode.l10n.t(
            'Leave the session {0} (it is not stopped, this notebook did not start it) and start a new one?',
            current.session.id,
          );
      const detail = vscode.l10n.t('Variables and data in its memory are lost to this notebook.');
      if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, restart)) !== restart)
        return;
    }
    await withProgress(vscode.l10n.t('Restarting the Glue session'), async (signal, report) => {
      const note = (target: ListedSession['target']) => (seen: ListedSession['session']) => {
        this.options.inventory.noteSession(target, seen);
        report(`${seen.id}: ${seen.status}`);
      };
      if (current?.isOwned === true) await session.stop(signal, note(current.target));
      else session.detach();
      const { configuration } = session;
      await session.ensure(
        { onRequest: () => undefined, onStatus: note(configuration.target.value) },
        signal,
      );
    });
  }

  private async stopActive(): Promise<void> {
    const session = this.active()?.session;
    if (session?.current === undefined) return this.sayNoNotebook();
    const stop = vscode.l10n.t('Stop');
    const message = vscode.l10n.t('Stop the session {0}?', session.current.session.id);
    const detail = vscode.l10n.t('What is in its memory is lost.');
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, stop)) === stop)
      await this.stop(session);
  }

  private async stop(session: NotebookSession): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    await withProgress(vscode.l10n.t('Stopping session {0}', current.session.id), (signal) =>
      session.stop(signal, (seen) => {
        this.options.inventory.noteSession(current.target, seen);
      }),
    );
  }

  /** Details of the notebook's session, and what can be done with it. */
  private async show(): Promise<void> {
    const session = this.active()?.session;
    if (session === undefined) return this.sayNoNotebook();
    const seen = await session.refresh();
    if (seen === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This notebook has no session yet: it starts with the first code.'),
      );
      return;
    }
    const api = session.api();
    const [identity, region] = await Promise.all([api.callerIdentity(), api.region()]);
    const arn = sessionArn(region, identity.account, seen.id);
    const facts = sessionFacts(seen, { arn }, readSettings.pricePerDpuHour(), Date.now());
    const actions = [
      { label: vscode.l10n.t('$(debug-restart) Restart Session'), run: () => this.restart() },
      { label: vscode.l10n.t('$(debug-stop) Stop Session'), run: () => this.stop(session) },
      { label: vscode.l10n.t('$(copy) Copy Session Id'), run: () => vscode.env.clipboard.writeText(seen.id) },
    ];
    const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
    const rows = facts.map(([name, value]) => ({ label: name, description: value }));
    const picked = await vscode.window.showQuickPick([...actions, separator, ...rows], {
      title: vscode.l10n.t('Glue session of this notebook'),
      placeHolder: vscode.l10n.t('Choose what to do'),
    });
    await actions.find(({ label }) => label === picked?.label)?.run();
  }

  private async chooseConnection(argument: unknown): Promise<void> {
    const cell = this.cellOf(argument);
    const session = cell && this.sessions.get(cell.notebook.uri.toString());
    if (cell === undefined || session === undefined) return this.sayNoNotebook();
    const items = withProgress(vscode.l10n.t('Reading the connections'), (signal) =>
      connectionItems(session.api(), this.options.log, signal),
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Connection for the session'),
      placeHolder: vscode.l10n.t('The session runs in the network of the connection'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked === undefined) return;
    const cells = await writeConnection(cell, picked.label);
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: cells.map(({ index }) => ({ start: index, end: index + 1 })),
      document: cell.notebook.uri,
    });
  }

  private async copyDenial(argument: unknown): Promise<void> {
    const cell = this.cellOf(argument);
    const denied = cell && this.denied.get(cell);
    if (denied === undefined) return;
    await vscode.env.clipboard.writeText(denied.details);
    vscode.window.setStatusBarMessage(vscode.l10n.t('The details are on the clipboard.'), 4000);
  }

  /** The cell a command was run on: handed over by a button, else the selected one. */
  private cellOf(argument: unknown): vscode.NotebookCell | undefined {
    const editor = vscode.window.activeNotebookEditor;
    const isCell =
      typeof argument === 'object' && argument !== null && 'notebook' in argument && 'document' in argument;
    if (isCell) return argument as vscode.NotebookCell;
    return editor?.notebook.getCells()[editor.selection.start];
  }

  /** A closed notebook's session goes on costing: what then is settled by a setting, or asked. */
  private async closed(notebook: vscode.NotebookDocument): Promise<void> {
    const key = notebook.uri.toString();
    const session = this.sessions.get(key);
    this.tables.forget(notebook);
    this.sessions.delete(key);
    const current = session?.current;
    if (session === undefined || current?.isOwned !== true) return;
    const choice = readSettings.sessionsOnClose();
    if (choice === 'keep') return;
    const stop = vscode.l10n.t('Stop It');
    const keep = vscode.l10n.t('Keep It');
    const hourly = dollarsPerHour(current.session, readSettings.pricePerDpuHour());
    const cost = hourly === undefined ? '' : vscode.l10n.t(' and costs {0} an hour', formatDollars(hourly));
    const answer =
      choice === 'stop'
        ? stop
        : await vscode.window.showInformationMessage(
            vscode.l10n.t('The session {0} of the closed notebook still runs{1}.', current.session.id, cost),
            stop,
            keep,
          );
    if (answer === stop) await this.stop(session);
  }

  private sayNoNotebook(): Promise<void> {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no notebook with a Glue session in front. Open one and choose the kernel "Glue PySpark".',
      ),
    );
    return Promise.resolve();
  }
}
