import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import { lazy } from '../glue/lazy';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import { wholeSession } from '../glue/wholeSession';
import type { Approvals } from '../host/approvals';
import { withProgress } from '../host/cancellation';
import type { NotebookAttachment } from '../host/notebookAttachment';
import type { ProfileSource } from '../host/profileSource';
import type { ProjectRules } from '../host/projectRules';
import type { QuietApis } from '../host/quietApis';
import type { CommandRegistrar } from '../host/registerCommand';
import { errorText, reportError } from '../host/reportError';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import type { StartMemory } from '../host/startMemory';
import type { StartedSessions } from '../host/startedSessions';
import type { Targets } from '../host/targets';
import { commands, kernels, notebookTypes } from '../manifest';
import { CellActions } from './cellActions';
import { CellRecords } from './cellRecords';
import { CellStatus } from './cellStatus';
import { ClosedNotebooks } from './closedNotebooks';
import { GlueController, kernelspecOf } from './controller';
import { registerLanguageFeatures } from './languageFeatures';
import { MovedFiles, sayGone } from './movedFiles';
import { contentOf } from './notebookContent';
import type { AttachedSession } from './notebookSession';
import { NotebookSessions } from './notebookSessions';
import { RecordStore } from './recordStore';
import { RecoveredResults } from './recoveredResults';
import { Recovery } from './recovery';
import { SessionLeases } from './sessionLeases';
import { ShownTables } from './shownTables';
import { sayNoNotebook } from './sayNoNotebook';
import type { SessionActions } from './sessionActions';
import type { SessionsWithDisplay } from './markedStatement';
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
  readonly approvals: Approvals;
  /** For what is done when no one is looking. */
  readonly quietApis: QuietApis;
  readonly clock: Clock;
  readonly profiles: ProfileSource;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly started: StartedSessions;
  /** What starts have met, for whoever starts the next one. */
  readonly starts: StartMemory;
  readonly rules: ProjectRules;
  readonly registrar: CommandRegistrar;
  readonly log: vscode.LogOutputChannel;
}

/** For what is due at a time to be so for certain (milliseconds). */
const settledMs = 15_000;

/** The notebook part as a whole: kernels, the session of each notebook, and what can be done with it. */
export class Notebooks implements NotebookAttachment, vscode.Disposable {
  private readonly sessions: NotebookSessions;
  private readonly withDisplay: SessionsWithDisplay = new Set();
  private readonly tables = new ShownTables();
  private readonly statusBar: SessionStatusBar;
  private readonly records: CellRecords;
  private readonly recovery: Recovery;
  private readonly leases: SessionLeases;
  private readonly wholeTexts = new WholeTexts();
  private readonly cellStatus = new CellStatus(this.wholeTexts);
  private readonly signIn: SignIn;
  private readonly cellActions: CellActions;
  /** The kernel of ours that is selected for a notebook, by its URI. */
  private readonly selected = new Map<string, GlueController>();
  private readonly disposables: { dispose: () => unknown }[] = [];

  constructor(private readonly options: NotebooksOptions) {
    const { context, targets, rules, registrar, apis, clock, inventory, started, starts, log } = options;
    const presence = new WindowPresence();
    const memory = new SessionMemory(context.workspaceState, started);
    const usesFolder = path.join(context.globalStorageUri.fsPath, 'uses');
    const uses = new SessionUses(usesFolder, presence);
    this.leases = new SessionLeases({
      directory: path.join(context.globalStorageUri.fsPath, 'leases'),
      uses: usesFolder,
      presence,
      program: context.asAbsolutePath('dist/stopLater.js'),
      graceMs: () => readSettings.stopAfterSeconds() * 1000,
      now: () => clock.now(),
    });
    this.sessions = new NotebookSessions({
      apis,
      clock,
      targets,
      rules,
      memory,
      uses,
      leases: this.leases,
      log,
    });
    this.sessions.publish();
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
    this.signIn = new SignIn({ apis, clock, profiles: options.profiles, log });
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
      inventory,
      starts,
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
      new MovedFiles({
        isKnown: (file) => memory.find(file.toString()) !== undefined,
        savedContent: (file) => memory.find(file.toString())?.content,
        onMoved: (from, to) => {
          this.inBackground('a renamed file', this.follow(memory, from, to));
        },
        onGone: sayGone,
        onFailure: (error) => {
          reportError(log, 'a renamed file', error);
        },
      }),
      vscode.workspace.onDidSaveNotebookDocument((notebook) => {
        this.inBackground('a saved file', memory.keepContent(notebook.uri.toString(), contentOf(notebook)));
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files)
          this.inBackground('renamed files', memory.move(oldUri.toString(), newUri.toString()));
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const notebook of vscode.workspace.notebookDocuments) this.recover(notebook);
      }),
    );
    this.stopOverdue(uses);
    this.disposables.push(
      listenToTables({
        apis,
        clock,
        tables: this.tables,
        withDisplay: this.withDisplay,
        sessionOf: (notebook) => this.sessions.get(notebook),
        controllerOf: (notebook) => this.selected.get(notebook.uri.toString()),
        log,
      }),
    );
  }

  async openOn(listed: ListedSession): Promise<void> {
    demandTrust();
    const { session } = await wholeSession(listed, this.options.apis.of(listed.target));
    const isScala = session.defaultArguments['--session-language'] === 'scala';
    const data = new vscode.NotebookData([
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', isScala ? 'scala' : 'python'),
    ]);
    const kernelspec = isScala
      ? { name: 'glue_spark', display_name: 'Glue Spark (Scala)' }
      : { name: 'glue_pyspark', display_name: 'Glue PySpark' };
    data.metadata = { metadata: { kernelspec } };
    const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
    await this.attach(notebook, listed);
    await vscode.window.showNotebookDocument(notebook);
    await this.selectKernel(isScala ? kernels.spark : kernels.pyspark);
    // Else the first keys typed would be taken for commands of the notebook.
    await vscode.commands.executeCommand('notebook.cell.edit');
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

  /** The sessions of the notebooks of this window. */
  notebookSessions(): readonly AttachedSession[] {
    return this.sessions.attached();
  }

  /** A notebook has got, lost or changed its session. */
  get onDidChangeSessions(): vscode.Event<void> {
    return this.sessions.onDidChange;
  }

  /**
   * The window ends, and nobody can be asked: with the setting `stop`, sessions started here are stopped, unless the
   * window is only loaded anew.
   */
  async endOfWindow(): Promise<void> {
    if (readSettings.sessionsOnClose() !== 'stop') return;
    const { quietApis, log } = this.options;
    const ending = this.sessions.owned().map(async ({ target, sessionId }) => {
      try {
        await this.leases.leave(target, sessionId, async () => {
          const api = await quietApis.of(target);
          if (api === undefined) throw new Error('its keys are not to be had without asking');
          return api.reached();
        });
      } catch (error) {
        log.warn(`the session ${sessionId} is not stopped before a window starts: ${errorText(error)}`);
      }
    });
    await Promise.all(ending);
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

  private async selectKernel(id: string = kernels.pyspark): Promise<void> {
    await vscode.commands.executeCommand('notebook.selectKernel', {
      id,
      extension: this.options.context.extension.id,
    });
  }

  private controller(
    id: string,
    label: string,
    kernelspec: string,
    language: 'python' | 'scala',
  ): GlueController {
    const { apis, approvals, clock, inventory, targets, starts, log } = this.options;
    const { cellStatus, cellActions, signIn, sessions } = this;
    const runner = lazy(
      async () =>
        new (await import('./cellRunner')).CellRunner({
          apis,
          clock,
          approvals,
          cellStatus,
          inventory,
          targets,
          signIn,
          starts,
          language,
          withDisplay: this.withDisplay,
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
        }),
    );
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
          // Cells are about to be run: the first should not wait for it.
          this.inBackground('the running of cells', runner());
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

  /** A notebook's file was renamed outside VS Code: under its new name it finds its session and what it had underway. */
  private async follow(memory: SessionMemory, from: vscode.Uri, to: vscode.Uri): Promise<void> {
    await memory.move(from.toString(), to.toString());
    await this.records.move(from.toString(), to.toString());
    const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === to.toString());
    if (notebook !== undefined) this.recover(notebook);
    this.sessions.publish();
  }

  private async lookAgain(cell: vscode.NotebookCell): Promise<void> {
    const controller = this.selected.get(cell.notebook.uri.toString());
    if (controller === undefined) return sayNoNotebook();
    await this.recovery.lookAgain(cell, controller);
  }

  /** Now, and once what windows that ended a moment ago have left is due as well. */
  private stopOverdue(uses: SessionUses): void {
    const { apis, quietApis, log } = this.options;
    const countUses = async (sessionId: string) =>
      this.sessions.usesInWindow(sessionId) + (await uses.countElsewhere(sessionId));
    const { leases } = this;
    const stop = async () => {
      if (!(await leases.hasAny())) return;
      const { stopOverdue } = await import('./overdueStops');
      await stopOverdue({ apis, quietApis, leases, countUses, log });
    };
    const look = () => {
      this.inBackground('sessions of windows that ended', stop());
    };
    look();
    const later = setTimeout(look, readSettings.stopAfterSeconds() * 1000 + settledMs);
    this.disposables.push(
      new vscode.Disposable(() => {
        clearTimeout(later);
      }),
    );
  }

  private inBackground(what: string, work: Promise<unknown>): void {
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
