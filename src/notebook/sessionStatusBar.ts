import * as vscode from 'vscode';
import { costSoFar, formatDollars } from '../glue/cost';
import { sessionState } from '../glue/sessionStatus';
import { readSettings } from '../host/settings';
import { commands, contextKeys, notebookTypes } from '../manifest';
import type { NotebookSessions } from './notebookSessions';
import { translated } from '../host/translated';

const refreshMs = 15_000;

/** Shows the session of the notebook in front, with its state and cost; leads to its details. */
export class SessionStatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly subscription: vscode.Disposable;
  /** Other windows are asked now and then: sessions used there, by how many notebooks. */
  private elsewhere: { readonly sessionId: string; readonly notebooks: number } | undefined;

  constructor(private readonly sessions: NotebookSessions) {
    this.item = vscode.window.createStatusBarItem(
      'glueSessions.notebookSession',
      vscode.StatusBarAlignment.Left,
      50,
    );
    this.item.name = vscode.l10n.t('Glue Session');
    this.item.command = commands.showNotebookSession;
    const update = () => {
      this.update();
      void this.lookElsewhere();
    };
    this.subscription = vscode.Disposable.from(
      vscode.window.onDidChangeActiveNotebookEditor(update),
      sessions.onDidChange(update),
    );
    this.timer = setInterval(update, refreshMs);
  }

  /** Shows what is known now. */
  update(): void {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const known = notebook && this.sessions.get(notebook);
    const attached = known?.current;
    const isNotebook = notebook?.notebookType === notebookTypes.jupyter;
    void vscode.commands.executeCommand('setContext', contextKeys.notebookHasSession, attached !== undefined);
    void vscode.commands.executeCommand('setContext', contextKeys.notebookInFront, isNotebook);
    if (known === undefined) {
      this.item.hide();
      return;
    }
    if (attached === undefined && known.isStarting) {
      this.item.text = vscode.l10n.t('$(loading~spin) Glue: session starting');
      this.item.tooltip = vscode.l10n.t('The cell that started it shows how far it is.');
    } else if (attached === undefined) {
      this.item.text = vscode.l10n.t('$(circle-outline) Glue: no session');
      this.item.tooltip = vscode.l10n.t('A session starts with the first code of this notebook.');
    } else {
      const { session } = attached;
      const state = sessionState(session.status);
      const cost = costSoFar(session, readSettings.pricePerDpuHour(), Date.now());
      const dollars = cost === undefined ? '' : ` · ${formatDollars(cost.dollars)}`;
      const elsewhere = this.elsewhere?.sessionId === session.id ? this.elsewhere.notebooks : 0;
      const others = this.sessions.sharedInWindow(known) + elsewhere;
      const shared =
        others === 0
          ? ''
          : others === 1
            ? vscode.l10n.t(' · shared with 1 notebook')
            : vscode.l10n.t(' · shared with {0} notebooks', others);
      this.item.text = `$(${state.icon}) Glue: ${session.id} · ${translated(state.word)}${dollars}${shared}`;
      this.item.tooltip = vscode.l10n.t('Details and actions of the session {0}', session.id);
    }
    this.item.accessibilityInformation = { label: this.item.text.replace(/\$\([^)]*\)\s*/g, '') };
    this.item.show();
  }

  /** How many notebooks of other windows use the session in front. */
  private async lookElsewhere(): Promise<void> {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const known = notebook && this.sessions.get(notebook);
    const sessionId = known?.current?.session.id;
    if (known === undefined || sessionId === undefined) return;
    const notebooks = (await this.sessions.shared(known)) - this.sessions.sharedInWindow(known);
    if (this.elsewhere?.sessionId === sessionId && this.elsewhere.notebooks === notebooks) return;
    this.elsewhere = { sessionId, notebooks };
    this.update();
  }

  dispose(): void {
    clearInterval(this.timer);
    this.subscription.dispose();
    this.item.dispose();
  }
}
