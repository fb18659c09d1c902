import * as vscode from 'vscode';
import { costSoFar, formatDollars } from '../glue/cost';
import { sessionState } from '../glue/sessionStatus';
import { readSettings } from '../host/settings';
import { commands, contextKeys } from '../manifest';
import type { NotebookSession } from './notebookSession';

const refreshMs = 15_000;

/** Shows the session of the notebook in front, with its state and cost; leads to its details. */
export class SessionStatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined,
  ) {
    this.item = vscode.window.createStatusBarItem(
      'glueSessions.notebookSession',
      vscode.StatusBarAlignment.Left,
      50,
    );
    this.item.name = vscode.l10n.t('Glue Session');
    this.item.command = commands.showNotebookSession;
    this.subscription = vscode.window.onDidChangeActiveNotebookEditor(() => {
      this.update();
    });
    this.timer = setInterval(() => {
      this.update();
    }, refreshMs);
  }

  /** Shows what is known now. */
  update(): void {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const attached = notebook && this.sessionOf(notebook)?.current;
    void vscode.commands.executeCommand('setContext', contextKeys.notebookHasSession, attached !== undefined);
    if (notebook === undefined || this.sessionOf(notebook) === undefined) {
      this.item.hide();
      return;
    }
    if (attached === undefined) {
      this.item.text = vscode.l10n.t('$(circle-outline) Glue: no session');
      this.item.tooltip = vscode.l10n.t('A session starts with the first code of this notebook.');
    } else {
      const { session } = attached;
      const state = sessionState(session.status);
      const cost = costSoFar(session, readSettings.pricePerDpuHour(), Date.now());
      const dollars = cost === undefined ? '' : ` · ${formatDollars(cost.dollars)}`;
      this.item.text = `$(${state.icon}) Glue: ${session.id} · ${state.label}${dollars}`;
      this.item.tooltip = vscode.l10n.t('Details and actions of the session {0}', session.id);
    }
    this.item.accessibilityInformation = { label: this.item.text.replace(/\$\([^)]*\)\s*/g, '') };
    this.item.show();
  }

  dispose(): void {
    clearInterval(this.timer);
    this.subscription.dispose();
    this.item.dispose();
  }
}
