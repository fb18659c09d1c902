import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import { AwsCallError } from '../glue/errors';
import type { GlueApis } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { defaultConfiguration } from '../host/defaultConfiguration';
import type { ProjectRules } from '../host/projectRules';
import type { Targets } from '../host/targets';
import { SessionEndedError } from './cellErrors';
import { contentOf } from './notebookContent';
import { NotebookSession, type AttachedSession } from './notebookSession';
import type { SessionLeases } from './sessionLeases';
import type { RememberedSession, SessionMemory } from './sessionMemory';
import type { SessionUses } from './sessionUses';

export interface NotebookSessionsOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly targets: Targets;
  readonly rules: ProjectRules;
  readonly memory: SessionMemory;
  readonly uses: SessionUses;
  readonly leases: SessionLeases;
  readonly log: vscode.LogOutputChannel;
}

/** The session of each notebook of this window: found again after a reload, perhaps shared, perhaps started here. */
export class NotebookSessions implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly byNotebook = new Map<string, NotebookSession>();
  private readonly taken = new Set<string>();

  constructor(private readonly options: NotebookSessionsOptions) {}

  get(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.byNotebook.get(notebook.uri.toString());
  }

  create(notebook: vscode.NotebookDocument, language: 'python' | 'scala' = 'python'): NotebookSession {
    const existing = this.get(notebook);
    if (existing !== undefined) return existing;
    const { apis, clock, targets, rules } = this.options;
    const configuration = defaultConfiguration(targets.defaultTarget());
    const scala = { value: { '--session-language': 'scala' }, origin: 'default' as const };
    const session: NotebookSession = new NotebookSession(
      apis,
      clock,
      language === 'scala' ? { ...configuration, extraArguments: scala } : configuration,
      rules.of(notebook.uri),
      (changed) => {
        if (changed === 'session') this.note(session);
        else this.changed.fire();
      },
    );
    this.byNotebook.set(notebook.uri.toString(), session);
    this.publish();
    return session;
  }

  /** The session of a notebook, found again after a reload of the window. */
  async find(notebook: vscode.NotebookDocument): Promise<NotebookSession> {
    const session = this.create(notebook);
    const { memory, log } = this.options;
    const kept = session.current === undefined ? memory.find(notebook.uri.toString()) : undefined;
    if (kept === undefined) return session;
    try {
      await session.attach(kept.target, kept.sessionId, kept.isOwned);
      this.options.targets.use(kept.target);
      session.configuration = {
        ...session.configuration,
        target: { value: kept.target, origin: 'setting' },
      };
    } catch (error) {
      log.info(`the session ${kept.sessionId} was not found again: ${String(error)}`);
      if (error instanceof SessionEndedError) session.noteEnded(error);
      const isGone =
        error instanceof SessionEndedError ||
        (error instanceof AwsCallError && error.code === 'EntityNotFound');
      if (isGone) await memory.keep(notebook.uri.toString(), undefined);
      // No answer and no keys say nothing about it: another one would cost money, and have none of its variables.
      else if (error instanceof Error) session.noteUnreachable(kept.target, error);
    }
    return session;
  }

  /** Takes in which sessions have ended, stopped in the view or elsewhere. */
  follow(listed: readonly ListedSession[]): void {
    for (const notebookSession of this.byNotebook.values()) {
      const id = notebookSession.current?.session.id;
      const seen = id === undefined ? undefined : listed.find(({ session }) => session.id === id)?.session;
      if (seen !== undefined && !sessionState(seen.status).isLive) notebookSession.seeEnded(seen);
    }
  }

  /** The sessions of this window's notebooks. */
  attached(): readonly AttachedSession[] {
    return [...this.byNotebook.values()].flatMap(({ current }) => current ?? []);
  }

  /** Whether this extension started the session: then it may stop it. */
  isStartedHere(sessionId: string): boolean {
    return this.options.memory.isStarted(sessionId);
  }

  /** How many notebooks of this window use a session. */
  usesInWindow(id: string): number {
    return [...this.inUse().values()].filter(({ sessionId }) => sessionId === id).length;
  }

  /** How many other notebooks of this window use the session. */
  sharedInWindow(session: NotebookSession): number {
    const id = session.current?.session.id;
    const own = this.keyOf(session);
    return [...this.inUse()].filter(([key, { sessionId }]) => key !== own && sessionId === id).length;
  }

  /** How many other notebooks use the session, those of other windows as well. */
  async shared(session: NotebookSession): Promise<number> {
    const id = session.current?.session.id;
    if (id === undefined) return 0;
    return this.sharedInWindow(session) + (await this.options.uses.countElsewhere(id));
  }

  /** Whether the notebook had a session of its own before the window was loaded anew, and nobody has looked for it yet. */
  isUnseen(notebook: vscode.NotebookDocument): boolean {
    const isLooked = this.get(notebook)?.current !== undefined;
    return !isLooked && this.options.memory.find(notebook.uri.toString())?.isOwned === true;
  }

  /** Whether the session may be stopped with this notebook: started by this extension, and used by no other notebook. */
  async mayEnd(session: NotebookSession): Promise<boolean> {
    return session.current?.isOwned === true && (await this.shared(session)) === 0;
  }

  /** A notebook that is gone from this window. The memory of its session stays, for when it is opened again. */
  release(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    const session = this.get(notebook);
    this.byNotebook.delete(notebook.uri.toString());
    this.publish();
    return session;
  }

  /** A notebook goes on under another address. */
  async adopt(session: NotebookSession, from: vscode.Uri, notebook: vscode.NotebookDocument): Promise<void> {
    this.byNotebook.set(notebook.uri.toString(), session);
    await this.options.memory.keep(from.toString(), undefined);
    this.note(session);
  }

  /** Sessions of this window's notebooks that this extension started, each once. */
  owned(): readonly RememberedSession[] {
    const owned = new Map<string, RememberedSession>();
    for (const used of this.inUse().values()) if (used.isOwned) owned.set(used.sessionId, used);
    return [...owned.values()];
  }

  /** Goes on with the sessions of the notebooks that are open, which a window before this one may have left to be stopped. */
  publish(): void {
    const ids = [...this.inUse().values()].map(({ sessionId }) => sessionId);
    // Once let go here, it may be left to be stopped by another window.
    for (const id of this.taken) if (!ids.includes(id)) this.taken.delete(id);
    const tell = async () => {
      for (const id of new Set(ids)) {
        if (this.taken.has(id)) continue;
        this.taken.add(id);
        await this.options.leases.takeOver(id);
      }
      await this.options.uses.publish(ids);
    };
    tell().catch((error: unknown) => {
      this.options.log.warn(`other windows were not told of the sessions in use: ${String(error)}`);
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Sessions by the URI of their notebook; those of tabs too that nobody has looked at since the window was loaded. */
  private inUse(): ReadonlyMap<string, RememberedSession> {
    const used = new Map<string, RememberedSession>();
    for (const key of new Set([...this.byNotebook.keys(), ...notebooksInTabs()])) {
      const current = this.byNotebook.get(key)?.current;
      const found =
        current === undefined
          ? this.options.memory.find(key)
          : { target: current.target, sessionId: current.session.id, isOwned: current.isOwned };
      if (found !== undefined) used.set(key, found);
    }
    return used;
  }

  /** What a notebook said when it was saved last, as far as that is known. */
  private savedContent(key: string): string | undefined {
    const kept = this.options.memory.find(key)?.content;
    const open = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === key);
    return open === undefined || (open.isDirty && kept !== undefined) ? kept : contentOf(open);
  }

  private keyOf(session: NotebookSession): string | undefined {
    return [...this.byNotebook].find(([, known]) => known === session)?.[0];
  }

  private note(session: NotebookSession): void {
    const key = this.keyOf(session);
    if (key !== undefined) {
      const { memory } = this.options;
      memory.keep(key, session.current, this.savedContent(key)).then(undefined, (error: unknown) => {
        this.options.log.warn(`the session of a notebook was not written down: ${String(error)}`);
      });
    }
    this.publish();
    this.changed.fire();
  }
}

function notebooksInTabs(): readonly string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputNotebook ? [input.uri.toString()] : []));
}
