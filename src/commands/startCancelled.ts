import * as vscode from 'vscode';
import { findCancelledStart } from '../glue/cancelledStart';
import { formatDollars } from '../glue/cost';
import type { CreateSessionRequest, Session } from '../glue/glueApi';
import { priceOf, type SessionWish } from '../glue/sessionWish';
import { waitUntilReady } from '../glue/startSession';
import { stopSession } from '../glue/stopSession';
import { withProgress } from '../host/cancellation';
import { readSettings } from '../host/settings';
import type { CommandContext } from './commandContext';
import { sayReady } from './sayReady';

/** A start that was asked for. */
export interface Start {
  readonly wish: SessionWish;
  readonly request: CreateSessionRequest;
}

/**
 * Cancelling in the middle of a start ends the waiting, not the session: asks whether it is to be stopped.
 * @param created the session as it was seen last; undefined when no answer has come yet
 * @returns whether there is a session now
 */
export async function letStartOrStop(
  context: CommandContext,
  { wish, request }: Start,
  created: Session | undefined,
): Promise<boolean> {
  const { target } = wish;
  const { clock, inventory } = context;
  const api = context.apis.of(target);
  const stop = vscode.l10n.t('Stop It');
  const keep = vscode.l10n.t('Let It Start');
  const hourly = priceOf(wish, readSettings.pricePerDpuHour())?.hourly ?? 0;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Session {0} is being started and will cost {1} an hour once it runs. Stop it, or let it start?',
      request.id,
      formatDollars(hourly),
    ),
    stop,
    keep,
  );
  const session = created ?? (await findCancelledStart(api, request.id, clock));
  if (session === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Session {0} was not created.', request.id));
    return false;
  }
  const onStatus = (seen: Session) => {
    inventory.noteSession(target, seen, request.tags);
  };
  if (answer === stop) {
    await withProgress(vscode.l10n.t('Stopping session {0}', session.id), (signal) =>
      stopSession(api, session.id, { clock, signal, onStatus }),
    );
    vscode.window.setStatusBarMessage(vscode.l10n.t('Session {0} is stopped.', session.id), 6000);
    return true;
  }
  if (answer === keep)
    await sayReady(context, target, await waitUntilReady(api, session, { clock, onStatus }));
  return true;
}
