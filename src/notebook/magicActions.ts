import * as vscode from 'vscode';
import type { GlueApis, Tags } from '../glue/glueApi';
import { sessionArn } from '../glue/roleArn';
import type { SessionInventory } from '../glue/sessionInventory';
import type { Targets } from '../host/targets';
import type { Applied, MagicAction } from '../magics/apply';
import type { ExecutionSignals } from './cellStatement';
import type { NotebookSession } from './notebookSession';
import { say } from './outputs';
import { sessionTable } from './sessionTable';

export interface MagicActionsOptions {
  readonly apis: GlueApis;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  /** Whether this extension started the session: then it may stop it. */
  readonly isStartedHere: (sessionId: string) => boolean;
  /** Whether nobody else works in the session, and this extension started it. */
  readonly mayEnd: (session: NotebookSession) => Promise<boolean>;
}

/** What the magics of a cell do besides changing settings: ask who calls, list, stop, attach, tag. */
export class MagicActions {
  constructor(private readonly options: MagicActionsOptions) {}

  /** After a role or profile was chosen: that it works, in which account, and until when. */
  async sayWhoCalls(
    applied: readonly Applied[],
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { cancel }: ExecutionSignals,
  ): Promise<void> {
    const isNew = applied.some(({ approvals = [] }) => approvals.some(({ kind }) => kind !== 'endpoint'));
    if (!isNew) return;
    const target = session.configuration.target.value;
    const api = this.options.apis.of(target);
    const identity = await api.callerIdentity(cancel);
    const expires = await api.credentialsExpireAt(cancel);
    this.options.targets.use(target);
    const until =
      expires === undefined
        ? ''
        : vscode.l10n.t(' until {0} (renewed before that)', new Date(expires).toLocaleTimeString());
    await say(execution, [
      vscode.l10n.t('Called as:      {0}', identity.arn),
      vscode.l10n.t('In account:     {0}{1}', identity.account, until),
    ]);
  }

  /** Does what a magic asks for besides settings, and says so in the cell. @throws AwsCallError for what the service refuses */
  async act(
    action: MagicAction,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    { cancel }: ExecutionSignals,
  ): Promise<void> {
    switch (action.kind) {
      case 'status':
        return say(execution, [await (await import('./statusText')).statusText(session, cancel)]);
      case 'listSessions':
        return say(execution, [await sessionTable(session.api(), cancel)]);
      case 'stopSession':
      case 'newSession': {
        const { target, current } = session;
        if (action.kind === 'newSession' && current !== undefined && !(await this.options.mayEnd(session))) {
          session.detach();
          return say(execution, [
            vscode.l10n.t('The session {0} is left as it is: others may use it.', current.session.id),
          ]);
        }
        const stopped = await session.stop(cancel, (seen) => {
          this.options.inventory.noteSession(target, seen);
        });
        return say(execution, [
          stopped === undefined
            ? vscode.l10n.t('This notebook has no session.')
            : vscode.l10n.t('The session {0} is stopped: it costs nothing more.', stopped.id),
        ]);
      }
      case 'attach':
        return this.attach(action.sessionId, session, execution, cancel);
      case 'showSessionId':
        return say(execution, [
          session.current === undefined
            ? vscode.l10n.t('This notebook has no session.')
            : vscode.l10n.t('Session id: {0}', session.current.session.id),
        ]);
      case 'tag':
        return this.tag(action.tags, session, execution, cancel);
      case 'reauthenticate':
        this.options.apis.forget(session.target);
        return say(execution, [vscode.l10n.t('The credentials are read again at the next call.')]);
    }
  }

  /** Tags the session that runs, as the official kernel does. */
  private async tag(
    tags: Tags,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    const api = session.api();
    const [{ account }, region] = await Promise.all([api.callerIdentity(signal), api.region()]);
    await api.tagResource(sessionArn(region, account, current.session.id), tags, signal);
    await say(execution, [
      vscode.l10n.t('The session {0}, which runs, has these tags too now.', current.session.id),
    ]);
  }

  /** Attaches to the session of that id, or keeps the id for the next one when there is none. */
  private async attach(
    sessionId: string,
    session: NotebookSession,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<void> {
    const target = session.configuration.target.value;
    try {
      const attached = await session.attach(target, sessionId, this.options.isStartedHere(sessionId), signal);
      this.options.targets.use(target);
      const keeps = attached.isOwned ? '' : vscode.l10n.t(' It is not stopped with this notebook.');
      await say(execution, [vscode.l10n.t('Attached to session {0}.', attached.session.id) + keeps]);
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'EntityNotFound';
      if (!isMissing) throw error;
      session.configuration = { ...session.configuration, sessionId: { value: sessionId, origin: 'magic' } };
      await say(execution, [vscode.l10n.t('There is no session {0}: the next one gets this id.', sessionId)]);
    }
  }
}
