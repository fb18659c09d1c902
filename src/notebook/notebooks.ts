import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import { withProgress } from '../host/cancellation';
import type { NotebookAttachment } from '../host/notebookAttachment';
import type { ProfileSource } from '../host/profileSource';
import type { CommandRegistrar } from '../host/registerCommand';
import { errorText, reportError } from '../host/reportError';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import type { Targets } from '../host/targets';
import { commands, kernels, notebookTypes } from '../manifest';
import { Approvals } from './approvals';
import { CellActions } from './cellActions';
import { CellRecords } from './cellRecords';
import { CellRunner } from './cellRunner';
import { CellStatus } from './cellStatus';
import { ClosedNotebooks } from './closedNotebooks';
import { GlueController, kernelspecOf } from './controller';
import { registerLanguageFeatures } from './languageFeatures';
import { NotebookSessions } from './notebookSessions';
import { RecordStore } from './recordStore';
import { RecoveredResults } from './recoveredResults';
import { Recovery } from './recovery';
import { SessionDisplay } from './sessionDisplay';
import { ShownTables } from './shownTables';
import { sayNoNotebook } from './sayNoNotebook';
import type { SessionActions } from './sessionActions';
import { SessionMemory } from './sessionMemory';
import { SessionStatusBar } from './sessionStatusBar';
import { SessionUses } from './sessionUses';
import { SignIn } from './signIn';
import { listenToTables } from './tableMessages';
import { WholeTexts } from './wholeTexts';
import { WindowPresence } from './windowPresence';

export interface NotebooksOptions {
  readonly context: vscode.ExtensionContext;
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly profiles: ProfileSource;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly registrar: CommandRegistrar;
  readonly log: vscode.LogOutputChannel;
}

/** The notebook part as a whole: kernels, the session of each notebook, and what can be done with it. */
export class Notebooks implements NotebookAttachment, vscode.Disposable {
  private readonly sessions: NotebookSessions;
  private readonly sessionDisplay = new SessionDisplay();
  private readonly tables = new ShownTables();
  private readonly statusBar: SessionStatusBar;
  private readonly records: CellRecords;
  private readonly recovery: Recovery;
  private readonly wholeTexts = new WholeTexts();
  private readonly cellStatus = new CellStatus(this.wholeTexts);
  private readonly approvals: Approvals;
  private readonly signIn: SignIn;
  private readonly cellActions: CellActions;
  /** The kernel of ours that is selected for a notebook, by its URI. */
  private readonly selected = new Map<string, GlueController>();
  private readonly disposables: { dispose: () => unknown }[] = [];

  constructor(private readonly options: NotebooksOptions) {
    const { context, targets, registrar, apis, clock, inventory, log } = options;
    const presence = new WindowPresence();
    const memory = new SessionMemory(context.workspaceState, context.globalState);
    const uses = new SessionUses(path.join(context.globalStorageUri.fsPath, 'uses'), presence);
    this.approvals = new Approvals(context.globalState, targets);
    this.sessions = new NotebookSessions({ apis, clock, targets, memory, uses, log });
    this.statusBar = new SessionStatusBar(this.sessions);
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
    this.recovery = new Recovery({ records: this.records, cellStatus: this.cellStatus, results });
    this.signIn = new SignIn({ apis, clock });
    let made: SessionActions | undefined;
    const sessionActions = async () => {
      const { SessionActions } = await import('./sessionActions');
      return (made ??= new SessionActions({ sessions: this.sessions, inventory }));
    };
    this.cellActions = new CellActions({
      sessions: this.sessions,
      sessionActions,
      signIn: this.signIn,
      wholeTexts: this.wholeTexts,
      lookAgain: (cell) => this.lookAgain(cell),
      log,
    });
    registrar.register(commands.restartNotebookSession, async () => (await sessionActions()).restart());
    registrar.register(commands.stopNotebookSession, async () => (await sessionActions()).stopActive());
    registrar.register(commands.detachNotebook, async () => (await sessionActions()).detach());
    registrar.register(commands.showNotebookSession, async () => (await sessionActions()).show());
    this.cellActions.register(registrar);
    const closed: ClosedNotebooks = new ClosedNotebooks({
      sessions: this.sessions,
      stop: async (session, notebook) => {
        await (await sessionActions()).stop(session);
        await memory.keep(notebook.uri.toString(), undefined);
      },
      onTabClosed: (notebook) => {
        this.inBackground('a closed notebook', closed.close(notebook));
      },
      onMoved: async (from, to) => {
        await this.records.move(from.toString(), to.uri.toString());
        this.recover(to);
      },
    });
    this.disposables.push(
      this.records,
      presence,
      results,
      this.statusBar,
      this.sessions,
      this.wholeTexts,
      this.cellStatus,
      closed,
      inventory.onDidChange(() => {
        this.sessions.follow(inventory.allSessions());
      }),
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookTypes.jupyter, this.cellStatus),
      this.controller(kernels.pyspark, 'Glue PySpark', 'glue_pyspark', 'python'),
      this.offerScala(() => this.controller(kernels.spark, 'Glue Spark (Scala)', 'glue_spark', 'scala')),
      registerLanguageFeatures({
        ...options,
        sessionOf: (notebook) =>
          this.selected.has(notebook.uri.toString()) ? this.sessions.get(notebook) : undefined,
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.selected.delete(notebook.uri.toString());
        this.tables.forget(notebook);
        this.inBackground('a closed notebook', closed.close(notebook));
      }),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => {
        // Shown again before its document was given up.
        const notebook = editor?.notebook;
        if (notebook !== undefined && this.selected.has(notebook.uri.toString())) {
          this.sessions.create(notebook);
          this.statusBar.update();
        }
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files)
          this.inBackground('renamed files', memory.move(oldUri.toString(), newUri.toString()));
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const notebook of vscode.workspace.notebookDocuments) this.recover(notebook);
      }),
    );
    this.disposables.push(
      listenToTables({
        apis,
        clock,
        tables: this.tables,
        sessionDisplay: this.sessionDisplay,
        sessionOf: (notebook) => this.sessions.get(notebook),
        controllerOf: (notebook) => this.selected.get(notebook.uri.toString()),
        log,
      }),
    );
  }

  async openOn(listed: ListedSession): Promise<void> {
    demandTrust();
    const data = new vscode.NotebookData([
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', 'python'),
    ]);
    data.metadata = { metadata: { kernelspec: { name: 'glue_pyspark', display_name: 'Glue PySpark' } } };
    const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
    await this.attach(notebook, listed);
    await vscode.window.showNotebookDocument(notebook);
    await this.selectKernel();
    this.statusBar.update();
  }

  async attachActive(listed: ListedSession): Promise<void> {
    demandTrust();
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook?.notebookType !== notebookTypes.jupyter) return sayNoNotebook();
    const session = await this.attach(notebook, listed);
    await vscode.window.showNotebookDocument(notebook);
    if (!this.selected.has(notebook.uri.toString())) await this.selectKernel();
    const others = await this.sessions.shared(session);
    const shared =
      others === 0
        ? ''
        : vscode.l10n.t(' It is shared with {0} other notebooks: their cells wait for each other.', others);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The notebook is attached to the session {0}.{1}', listed.session.id, shared),
    );
    this.statusBar.update();
  }

  /** The window ends, and nobody can be asked: with the setting `stop`, sessions started here are told to stop. */
  async endOfWindow(): Promise<void> {
    if (readSettings.sessionsOnClose() !== 'stop') return;
    const { apis, log } = this.options;
    const ended = (await this.sessions.endable()).map(async ({ target, session }) => {
      try {
        await apis.of(target).stopSession(session.id);
      } catch (error) {
        log.warn(`the session ${session.id} was not stopped: ${errorText(error)}`);
      }
    });
    await Promise.all(ended);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async attach(notebook: vscode.NotebookDocument, { target, session: { id } }: ListedSession) {
    const session = this.sessions.create(notebook);
    await withProgress(vscode.l10n.t('Attaching to session {0}', id), (signal) =>
      session.attach(target, id, this.sessions.isStartedHere(id), signal),
    );
    session.configuration = { ...session.configuration, target: { value: target, origin: 'setting' } };
    return session;
  }

  private async selectKernel(): Promise<void> {
    await vscode.commands.executeCommand('notebook.selectKernel', {
      id: kernels.pyspark,
      extension: this.options.context.extension.id,
    });
  }

  private controller(
    id: string,
    label: string,
    kernelspec: string,
    language: 'python' | 'scala',
  ): GlueController {
    const { apis, clock, inventory, targets, log } = this.options;
    const { approvals, cellStatus, cellActions, signIn, sessions } = this;
    const runner = new CellRunner({
      apis,
      clock,
      approvals,
      cellStatus,
      inventory,
      targets,
      signIn,
      language,
      sessionDisplay: this.sessionDisplay,
      tables: this.tables,
      log,
      isStartedHere: (sessionId) => sessions.isStartedHere(sessionId),
      mayEnd: (session) => sessions.mayEnd(session),
      onDenied: (denied) => {
        cellActions.noteDenied(denied);
      },
      onEnded: (cell, ended) => {
        cellActions.noteEnded(cell, ended);
      },
    });
    return new GlueController({
      id,
      label,
      kernelspec,
      languages: [language],
      runner,
      records: this.records,
      log,
      sessionOf: (notebook) => sessions.find(notebook),
      onSelected: (notebook, isSelected, controller) => {
        const key = notebook.uri.toString();
        if (isSelected) {
          sessions.create(notebook, language);
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
    this.inBackground('cells underway', this.recovery.recover(notebook, controller));
  }

  private async lookAgain(cell: vscode.NotebookCell): Promise<void> {
    const controller = this.selected.get(cell.notebook.uri.toString());
    if (controller === undefined) return sayNoNotebook();
    await this.recovery.lookAgain(cell, controller);
  }

  private inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      reportError(this.options.log, what, error);
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
}
