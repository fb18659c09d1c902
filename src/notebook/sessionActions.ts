import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { sessionArn } from '../glue/roleArn';
import type { Session } from '../glue/glueApi';
import type { SessionInventory } from '../glue/sessionInventory';
import type { Target } from '../glue/target';
import { withProgress } from '../host/cancellation';
import { sessionFacts } from '../host/sessionFacts';
import { sessionRow } from '../host/sessionRow';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import { commands } from '../manifest';
import type { EndedSession } from './cellErrors';
import type { NotebookSession } from './notebookSession';
import type { NotebookSessions } from './notebookSessions';
import { sayNoNotebook } from './sayNoNotebook';

export interface SessionActionsOptions {
  readonly sessions: NotebookSessions;
  readonly inventory: SessionInventory;
}

/** What can be done with the session of the notebook in front: a file of its own, loaded with the first command. */
export class SessionActions {
  constructor(private readonly options: SessionActionsOptions) {}

  /** Stops a notebook's session, whoever uses it besides: the person asked for it, or nobody else does. */
  async stop(session: NotebookSession): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    await withProgress(vscode.l10n.t('Stopping session {0}', current.session.id), (signal) =>
      session.stop(signal, this.note(current.target)),
    );
  }

  /** Starts a session like one that has ended, under another id. */
  async startEqual(session: NotebookSession, ended: EndedSession): Promise<void> {
    demandTrust();
    if (session.current !== undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The notebook has the session {0} already.', session.current.session.id),
      );
      return;
    }
    const title = vscode.l10n.t('Starting a session like {0}', ended.session.id);
    const { session: started } = await withProgress(title, (signal, report) =>
      session.startEqual(
        ended,
        { onRequest: () => undefined, onStatus: this.note(ended.target, report) },
        signal,
      ),
    );
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The session {0} has started with the configuration of {1}. The variables of that one are lost: run the cells that set them again.',
        started.id,
        ended.session.id,
      ),
    );
  }

  /** Stops the session this notebook owns and starts a fresh one; one that isn't its own, or that others use, is left. */
  async restart(): Promise<void> {
    const session = this.active();
    if (session === undefined) return sayNoNotebook();
    demandTrust();
    const { current } = session;
    const ends = await this.options.sessions.mayEnd(session);
    if (current !== undefined) {
      const restart = vscode.l10n.t('Restart');
      const message = ends
        ? vscode.l10n.t('Stop the session {0} and start a new one?', current.session.id)
        : current.isOwned
          ? vscode.l10n.t(
              'Leave the session {0} (it is not stopped, other notebooks use it) and start a new one?',
              current.session.id,
            )
          : vscode.l10n.t(
              'Leave the session {0} (it is not stopped, this notebook did not start it) and start a new one?',
              current.session.id,
            );
      const detail = vscode.l10n.t('Variables and data in its memory are lost to this notebook.');
      if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, restart)) !== restart)
        return;
    }
    await withProgress(vscode.l10n.t('Restarting the Glue session'), async (signal, report) => {
      if (current !== undefined && ends) await session.stop(signal, this.note(current.target, report));
      else session.detach();
      const { target } = session.configuration;
      await session.ensure({ onRequest: () => undefined, onStatus: this.note(target.value, report) }, signal);
    });
  }

  async stopActive(): Promise<void> {
    const session = this.active();
    if (session?.current === undefined) return sayNoNotebook();
    const others = await this.options.sessions.shared(session);
    const stop = vscode.l10n.t('Stop');
    const message = vscode.l10n.t('Stop the session {0}?', session.current.session.id);
    const detail =
      others === 0
        ? vscode.l10n.t('What is in its memory is lost.')
        : vscode.l10n.t('What is in its memory is lost, also to {0} other notebooks that use it.', others);
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, stop)) === stop)
      await this.stop(session);
  }

  /** The notebook leaves its session, which goes on. */
  detach(): Promise<void> {
    const session = this.active();
    const current = session?.current;
    if (session === undefined || current === undefined) return sayNoNotebook();
    session.detach();
    const hourly = dollarsPerHour(current.session, readSettings.pricePerDpuHour());
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The notebook has left the session {0}, which goes on for {1} an hour until it is stopped or has been idle for {2} minutes.',
        current.session.id,
        hourly === undefined ? '?' : formatDollars(hourly),
        current.session.idleTimeout ?? '?',
      ),
    );
    return Promise.resolve();
  }

  /** Details of the notebook's session, and what can be done with it. */
  async show(): Promise<void> {
    const session = this.active();
    if (session === undefined) return sayNoNotebook();
    const seen = await session.refresh();
    const { target } = session;
    if (seen === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This notebook has no session yet: it starts with the first code.'),
      );
      return;
    }
    const api = session.api();
    const [identity, region, others] = await Promise.all([
      api.callerIdentity(),
      api.region(),
      this.options.sessions.shared(session),
    ]);
    const arn = sessionArn(region, identity.account, seen.id);
    const facts = sessionFacts(seen, { arn }, readSettings.pricePerDpuHour(), Date.now());
    const actions = [
      { label: vscode.l10n.t('$(debug-restart) Restart Session'), run: () => this.restart() },
      { label: vscode.l10n.t('$(debug-stop) Stop Session'), run: () => this.stopActive() },
      { label: vscode.l10n.t('$(debug-disconnect) Detach Notebook from Session'), run: () => this.detach() },
      {
        label: vscode.l10n.t('$(plug) Attach Notebook to Session…'),
        run: () => vscode.commands.executeCommand(commands.attachNotebook),
      },
      {
        label: vscode.l10n.t('$(link-external) Open Spark UI'),
        run: () => vscode.commands.executeCommand(commands.openSparkUi, sessionRow(target, seen)),
      },
      { label: vscode.l10n.t('$(copy) Copy Session Id'), run: () => vscode.env.clipboard.writeText(seen.id) },
    ];
    const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
    const shared: [string, string][] =
      others === 0 ? [] : [[vscode.l10n.t('Shared with'), vscode.l10n.t('{0} notebooks', others)]];
    const rows = [...facts, ...shared].map(([name, value]) => ({ label: name, description: value }));
    const picked = await vscode.window.showQuickPick([...actions, separator, ...rows], {
      title: vscode.l10n.t('Glue session of this notebook'),
      placeHolder: vscode.l10n.t('Choose what to do'),
    });
    await actions.find(({ label }) => label === picked?.label)?.run();
  }

  private note(target: Target, report?: (message: string) => void): (seen: Session) => void {
    return (seen) => {
      this.options.inventory.noteSession(target, seen);
      report?.(`${seen.id}: ${seen.status}`);
    };
  }

  private active(): NotebookSession | undefined {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook && this.options.sessions.get(notebook);
  }
}
