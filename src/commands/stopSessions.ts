import * as vscode from 'vscode';
import { forEachBounded } from '../glue/boundedConcurrency';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import type { ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { stopSession } from '../glue/stopSession';
import { withProgress } from '../host/cancellation';
import { errorText } from '../host/reportError';
import { readSettings } from '../host/settings';
import type { CommandContext } from './commandContext';
import { manySessions, oneSession, sessionsOfNodes } from './sessionPicker';

const atOnce = 5;
const canStop = ({ session }: ListedSession) => sessionState(session.status).canStop;

/** Stops the session of a row, or a chosen one. */
export async function stopSessionCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  if (sessionsOfNodes(node, nodes).length > 1) return stopSessionsCommand(context, node, nodes);
  const listed = await oneSession(context, node, { title: vscode.l10n.t('Stop Session'), filter: canStop });
  if (listed !== undefined) await confirmAndStop(context, [listed]);
}

/** Stops the sessions of the selected rows or of a group, or those ticked in a list. */
export async function stopSessionsCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const sessions = await manySessions(context, node, nodes, {
    title: vscode.l10n.t('Stop Several Sessions'),
    filter: canStop,
  });
  if (sessions.length > 0) await confirmAndStop(context, sessions);
}

async function confirmAndStop(context: CommandContext, sessions: readonly ListedSession[]): Promise<void> {
  const hourly = sessions.reduce(
    (sum, { session }) => sum + (dollarsPerHour(session, readSettings.pricePerDpuHour()) ?? 0),
    0,
  );
  const stop = vscode.l10n.t('Stop');
  const [first] = sessions;
  const message =
    sessions.length === 1
      ? vscode.l10n.t('Stop the session {0}?', first?.session.id ?? '')
      : vscode.l10n.t('Stop {0} sessions?', sessions.length);
  const names = sessions.slice(0, 10).map(({ session }) => session.id);
  const detail = [
    vscode.l10n.t('This saves {0} an hour. What is in their memory is lost.', formatDollars(hourly)),
    ...(sessions.length > 1 ? names : []),
    ...(sessions.length > 10 ? [vscode.l10n.t('and {0} more', sessions.length - 10)] : []),
  ].join('\n');
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, stop)) !== stop) return;
  await stopAll(context, sessions);
}

async function stopAll(context: CommandContext, sessions: readonly ListedSession[]): Promise<void> {
  const failures: string[] = [];
  let done = 0;
  const title =
    sessions.length === 1
      ? vscode.l10n.t('Stopping session {0}', sessions[0]?.session.id ?? '')
      : vscode.l10n.t('Stopping {0} sessions', sessions.length);
  await withProgress(title, async (signal, report) => {
    await forEachBounded(sessions, atOnce, async ({ target, session }) => {
      try {
        await stopSession(context.apis.of(target), session.id, {
          clock: context.clock,
          signal,
          onStatus: (seen) => {
            context.inventory.noteSession(target, seen);
          },
        });
      } catch (error) {
        if (signal.aborted) throw error;
        context.log.error(`stop ${session.id}`, String(error));
        failures.push(`${session.id}: ${errorText(error)}`);
      }
      done += 1;
      report(vscode.l10n.t('{0} of {1}', done, sessions.length));
    });
  });
  if (failures.length > 0) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} of {1} sessions were not stopped. {2}',
        failures.length,
        sessions.length,
        failures.slice(0, 3).join(' '),
      ),
    );
  }
}
