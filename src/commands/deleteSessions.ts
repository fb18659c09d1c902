import * as vscode from 'vscode';
import { actOnAll } from '../glue/actOnAll';
import { checkPlace } from '../glue/checkPlace';
import { AwsCallError } from '../glue/errors';
import type { ListedSession } from '../glue/listedSession';
import { patiently } from '../glue/patience';
import { withProgress } from '../host/cancellation';
import type { CommandContext } from './commandContext';
import { confirmAction, type ActionWords } from './confirmAction';
import { latest, preview, severalSessions } from './severalSessions';
import { tellOutcome } from './tellOutcome';

const callsAtOnce = 5;

/** Deletes ended sessions: of the selected rows, of a group, or ticked in a list. The service deletes no others. */
export async function deleteSessionsCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const title = vscode.l10n.t('Delete Ended Sessions');
  const sessions = await severalSessions(context, node, nodes, { title, action: 'delete' });
  if (sessions === undefined) return;
  const agreed = await confirmAction(context, sessions, words(), (chosen) =>
    preview(context, 'delete', chosen),
  );
  if (agreed !== undefined) await deleteAgreed(context, agreed);
}

async function deleteAgreed(context: CommandContext, sessions: readonly ListedSession[]): Promise<void> {
  const { clock, apis, inventory } = context;
  const title = vscode.l10n.t('Deleting {0} sessions', sessions.length);
  const outcome = await withProgress(title, (signal, report) =>
    actOnAll(
      sessions,
      async (listed) => {
        const api = apis.of(listed.target);
        const { id } = listed.session;
        await checkPlace(api, listed.arn, signal);
        try {
          await patiently(() => api.deleteSession(id), { clock, signal, onlyThrottles: true });
        } catch (error) {
          if (!(error instanceof AwsCallError) || error.code !== 'EntityNotFound') throw error;
          await checkPlace(api, listed.arn, signal);
        }
        inventory.noteDeleted(listed.target, id);
      },
      {
        atOnce: callsAtOnce,
        signal,
        onProgress: (ended) => {
          report(vscode.l10n.t('{0} of {1}', ended, sessions.length));
        },
      },
    ),
  );
  tellOutcome(
    context,
    outcome,
    {
      done: vscode.l10n.t('deleted'),
      underway: vscode.l10n.t('being deleted'),
      allDone: (count) => vscode.l10n.t('{0} sessions are deleted.', count),
    },
    { retry: (failed) => deleteAgreed(context, latest(context, failed)) },
  );
}

function words(): ActionWords {
  return {
    verb: vscode.l10n.t('Delete'),
    question: ({ able }) =>
      able.length === 1
        ? vscode.l10n.t('Delete the session {0}?', able[0]?.session.id ?? '')
        : vscode.l10n.t('Delete {0} ended sessions?', able.length),
    notes: () => [
      vscode.l10n.t(
        "They cost nothing any more. Their statements and outputs can't be read afterwards, and this can't be undone.",
      ),
    ],
    reviewTitle: vscode.l10n.t('Delete these sessions'),
    cannot: vscode.l10n.t('Not deleted, since the service deletes only what has ended'),
  };
}
