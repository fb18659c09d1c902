import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { defaultConfiguration } from '../host/defaultConfiguration';
import type { Targets } from '../host/targets';
import { NotebookSession, SessionEndedError, type AttachedSession } from './notebookSession';
import type { SessionMemory } from './sessionMemory';
import type { SessionUses } from './sessionUses';

export interface NotebookSessionsOptions {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly targets: Targets;
  readonly memory: SessionMemory;
  readonly uses: SessionUses;
  readonly log: vscode.LogOutputChannel;
}

/** The session of each notebook of this window: found again after a reload, perhaps shared, perhaps started here. */
export class NotebookSessions implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly byNotebook = new Map<string, NotebookSession>();

  constructor(private readonly options: NotebookSessionsOptions) {}

  get(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.byNotebook.get(notebook.uri.toString());
  }

  create(notebook: vscode.NotebookDocument, language: 'python' | 'scala' = 'python'): NotebookSession {
    const existing = this.get(notebook);
    if (existing !== undefined) return existing;
    const { apis, clock, targets } = this.options;
    const configuration = defaultConfiguration(targets.defaultTarget());
    const scala = { value: { '--session-language': 'scala' }, origin: 'default' as const };
    const session: NotebookSession = new NotebookSession(
      apis,
      clock,
      language === 'scala' ? { ...configuration, extraArguments: scala } : configuration,
      () => {
        this.note(session);
      },
    );
    this.byNotebook.set(notebook.uri.toString(), session);
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
      session.configuration = {
        ...session.configuration,
        target: { value: kept.target, origin: 'setting' },
      };
    } catch (error) {
      log.info(`the session ${kept.sessionId} was not found again: ${String(error)}`);
      if (error instanceof SessionEndedError) session.noteEnded(error);
      await memory.keep(notebook.uri.toString(), undefined);
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

  /** Whether this extension started the session: then it may stop it. */
  isStartedHere(sessionId: string): boolean {
    return this.options.memory.isStarted(sessionId);
  }

  /** How many other notebooks of this window use the session. */
  sharedInWindow(session: NotebookSession): number {
    const id = session.current?.session.id;
    return [...this.byNotebook.values()].filter(
      (other) => other !== session && id !== undefined && other.current?.session.id === id,
    ).length;
  }

  /** How many other notebooks use the session, those of other windows as well. */
  async shared(session: NotebookSession): Promise<number> {
    const id = session.current?.session.id;
    if (id === undefined) return 0;
    return this.sharedInWindow(session) + (await this.options.uses.countElsewhere(id));
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

  /** Sessions that this extension started and that no notebook of another window uses, each once. */
  async endable(): Promise<readonly AttachedSession[]> {
    const owned = new Map<string, AttachedSession>();
    for (const { current } of this.byNotebook.values()) {
      if (current?.isOwned === true) owned.set(current.session.id, current);
    }
    const elsewhere = await Promise.all([...owned.keys()].map((id) => this.options.uses.countElsewhere(id)));
    return [...owned.values()].filter((_, index) => elsewhere[index] === 0);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private note(session: NotebookSession): void {
    const key = [...this.byNotebook].find(([, known]) => known === session)?.[0];
    if (key !== undefined) {
      this.options.memory.keep(key, session.current).then(undefined, (error: unknown) => {
        this.options.log.warn(`the session of a notebook was not written down: ${String(error)}`);
      });
    }
    this.publish();
    this.changed.fire();
  }

  private publish(): void {
    const ids = [...this.byNotebook.values()].flatMap(({ current }) => current?.session.id ?? []);
    this.options.uses.publish(ids).catch((error: unknown) => {
      this.options.log.warn(`other windows were not told of the sessions in use: ${String(error)}`);
    });
  }
}
