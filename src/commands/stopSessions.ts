import * as vscode from 'vscode';
import { isActionTaken, type ActionPreview } from '../glue/actionPreview';
import { formatDollars } from '../glue/cost';
import type { ListedSession } from '../glue/listedSession';
import { stopSessions } from '../glue/stopSessions';
import { withProgress } from '../host/cancellation';
import type { CommandContext } from './commandContext';
import { confirmAction, type ActionWords } from './confirmAction';
import { oneSession, sessionsOfNodes } from './sessionPicker';
import { latest, preview, severalSessions } from './severalSessions';
import { tellOutcome } from './tellOutcome';

/** Stops the session of a row, or a chosen one. */
export async function stopSessionCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const given = sessionsOfNodes(node, nodes);
  if (given.length > 0) return stopSessionsCommand(context, node, nodes);
  const listed = await oneSession(context, undefined, {
    title: vscode.l10n.t('Stop Session'),
    filter: (candidate) => isActionTaken('stop', candidate),
  });
  if (listed !== undefined) await confirmAndStop(context, [listed]);
}

/** Stops the sessions of the selected rows or of a group, or those ticked in a list. */
export async function stopSessionsCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const title = vscode.l10n.t('Stop Sessions');
  const sessions = await severalSessions(context, node, nodes, { title, action: 'stop' });
  if (sessions !== undefined) await confirmAndStop(context, sessions);
}

/**
 * Shows what would be stopped, and whose, and asks. @param origin who wants it, when it is not the person
 * @returns those to stop; undefined when the person did not agree
 */
export function confirmStop(
  context: CommandContext,
  sessions: readonly ListedSession[],
  origin?: string,
): Promise<readonly ListedSession[] | undefined> {
  return confirmAction(context, sessions, words(origin), (chosen) => preview(context, 'stop', chosen));
}

async function confirmAndStop(context: CommandContext, sessions: readonly ListedSession[]): Promise<void> {
  const agreed = await confirmStop(context, sessions);
  if (agreed !== undefined) await stopAgreed(context, agreed);
}

/** Stops sessions that the person has agreed to, and tells what became of each. */
export async function stopAgreed(context: CommandContext, sessions: readonly ListedSession[]): Promise<void> {
  const title =
    sessions.length === 1
      ? vscode.l10n.t('Stopping session {0}', sessions[0]?.session.id ?? '')
      : vscode.l10n.t('Stopping {0} sessions', sessions.length);
  const outcome = await withProgress(title, (signal, report) =>
    stopSessions(sessions, {
      clock: context.clock,
      apiOf: ({ target }) => context.apis.of(target),
      signal,
      onStatus: ({ target }, session) => {
        context.inventory.noteSession(target, session);
      },
      onProgress: ({ told, ended }) => {
        report(
          told < sessions.length
            ? vscode.l10n.t('{0} of {1} told to stop', told, sessions.length)
            : vscode.l10n.t('{0} of {1}', ended, sessions.length),
        );
      },
    }),
  );
  tellOutcome(
    context,
    outcome,
    {
      done: vscode.l10n.t('stopped'),
      underway: vscode.l10n.t('still stopping'),
      ...(sessions.length > 1 && { allDone: (count) => vscode.l10n.t('{0} sessions are stopped.', count) }),
    },
    { retry: (failed) => stopAgreed(context, latest(context, failed)) },
  );
}

function words(origin?: string): ActionWords {
  return {
    verb: vscode.l10n.t('Stop'),
    question: ({ able }) =>
      able.length === 1
        ? vscode.l10n.t('Stop the session {0}?', able[0]?.session.id ?? '')
        : vscode.l10n.t('Stop {0} sessions?', able.length),
    notes: ({ dollarsPerHour }: ActionPreview) => [
      ...(origin === undefined ? [] : [origin]),
      vscode.l10n.t('This saves {0} an hour. What is in memory is lost.', formatDollars(dollarsPerHour)),
    ],
    reviewTitle: vscode.l10n.t('Stop these sessions'),
    cannot: vscode.l10n.t("Can't be stopped"),
  };
}
