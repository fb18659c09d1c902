import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { readSettings, writeSetting } from '../host/settings';
import { notebookTypes } from '../manifest';
import { contentOf } from './notebookContent';
import type { AttachedSession, NotebookSession } from './notebookSession';
import type { NotebookSessions } from './notebookSessions';

/** Between the end of a notebook and the beginning of the one it was saved as, in either order (milliseconds). */
const handoverMs = 2000;

/** A tab that is moved is closed at one place and opened at another (milliseconds). */
const moveMs = 300;

export interface ClosedNotebooksOptions {
  readonly sessions: NotebookSessions;
  /** Stops the session, shown to the person. */
  readonly stop: (session: NotebookSession, notebook: vscode.NotebookDocument) => Promise<void>;
  /** Its last tab may be closed: to be handed to `close`. */
  readonly onTabClosed: (notebook: vscode.NotebookDocument) => void;
  /** The notebook goes on as another document. */
  readonly onMoved: (from: vscode.Uri, to: vscode.NotebookDocument) => Promise<void>;
}

/** What becomes of the session of a notebook that is closed: the next document of the same notebook takes it, or it is asked. */
export class ClosedNotebooks implements vscode.Disposable {
  private readonly opened = new Map<vscode.NotebookDocument, number>();
  private readonly onOpened = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly { dispose: () => unknown }[];

  constructor(private readonly options: ClosedNotebooksOptions) {
    this.subscriptions = [
      this.onOpened,
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        if (notebook.notebookType !== notebookTypes.jupyter) return;
        this.opened.set(notebook, Date.now());
        this.onOpened.fire();
      }),
      // A document may outlive its tabs by minutes, when some extension holds it.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) {
          if (!(input instanceof vscode.TabInputNotebook)) continue;
          const key = input.uri.toString();
          const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === key);
          if (notebook !== undefined) options.onTabClosed(notebook);
        }
      }),
    ];
  }

  /** A notebook that was saved under another name or renamed is closed and opened again: it keeps its session. */
  async close(notebook: vscode.NotebookDocument): Promise<void> {
    this.opened.delete(notebook);
    const { sessions, onMoved } = this.options;
    if (sessions.get(notebook) === undefined) return;
    await settled(moveMs);
    // It was moved to another group of tabs.
    if (hasTab(notebook)) return;
    const isAsked = vscode.workspace.isTrusted && readSettings.sessionsOnClose() !== 'keep';
    if (isAsked && sessions.isUnseen(notebook)) await sessions.find(notebook);
    const session = sessions.release(notebook);
    if (session === undefined) return;
    const successor = await this.successorOf(notebook);
    if (successor !== undefined) {
      await sessions.adopt(session, notebook.uri, successor);
      await onMoved(notebook.uri, successor);
    } else if (await sessions.mayEnd(session)) {
      await this.settle(session, notebook);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async successorOf(closed: vscode.NotebookDocument): Promise<vscode.NotebookDocument | undefined> {
    const content = contentOf(closed);
    if (content === undefined) return undefined;
    const until = Date.now() + handoverMs;
    for (;;) {
      const found = this.openedLately().find((notebook) => contentOf(notebook) === content);
      if (found !== undefined || Date.now() >= until) return found;
      await this.anotherOpened(until - Date.now());
    }
  }

  /** Notebooks without a session of their own, opened a moment ago. */
  private openedLately(): readonly vscode.NotebookDocument[] {
    return [...this.opened].flatMap(([notebook, at]) => {
      const isLate = Date.now() - at > 2 * handoverMs;
      const hasSession = this.options.sessions.get(notebook)?.current !== undefined;
      return isLate || hasSession || notebook.isClosed ? [] : [notebook];
    });
  }

  private async anotherOpened(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      const listener = this.onOpened.event(done);
    });
  }

  /** The session goes on costing: what then is settled by a setting, or asked. */
  private async settle(session: NotebookSession, notebook: vscode.NotebookDocument): Promise<void> {
    const { current } = session;
    const choice = readSettings.sessionsOnClose();
    if (current === undefined || choice === 'keep') return;
    if (choice === 'stop') return this.options.stop(session, notebook);
    const stop = vscode.l10n.t('Stop Now');
    const keep = vscode.l10n.t('Let It Time Out');
    const alwaysStop = vscode.l10n.t('Always Stop');
    const neverStop = vscode.l10n.t('Never Stop');
    const answer = await vscode.window.showInformationMessage(
      question(current),
      stop,
      keep,
      alwaysStop,
      neverStop,
    );
    if (answer === alwaysStop) await writeSetting('sessionsOnClose', 'stop');
    if (answer === neverStop) await writeSetting('sessionsOnClose', 'keep');
    const isWanted = answer === stop || answer === alwaysStop;
    // Meanwhile another notebook may have taken it.
    if (isWanted && (await this.options.sessions.mayEnd(session))) await this.options.stop(session, notebook);
  }
}

function hasTab(notebook: vscode.NotebookDocument): boolean {
  const key = notebook.uri.toString();
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputNotebook && input.uri.toString() === key);
}

function settled(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function question({ session }: AttachedSession): string {
  const hourly = dollarsPerHour(session, readSettings.pricePerDpuHour());
  const cost = hourly === undefined ? '' : vscode.l10n.t(' and costs {0} an hour', formatDollars(hourly));
  const end =
    session.idleTimeout === undefined
      ? ''
      : vscode.l10n.t(' It ends by itself after {0} minutes without work.', session.idleTimeout);
  return vscode.l10n.t('The session {0} of the closed notebook still runs{1}.{2}', session.id, cost, end);
}
