import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { InvalidInputError } from '../glue/errors';
import type { ListedSession } from '../glue/listedSession';
import { ownerOf } from '../glue/listedSession';
import { isLinked, parseSessionLink, type SessionLink } from '../glue/sessionLink';
import { sessionState } from '../glue/sessionStatus';
import { withProgress } from '../host/cancellation';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import { notebookTypes } from '../manifest';
import type { CommandContext } from './commandContext';
import { translated } from '../host/translated';

/** Follows a link to a session, given or pasted: shows it, or has a notebook attached to it after asking. */
export async function openLinkCommand(context: CommandContext, given: unknown): Promise<void> {
  const text =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: vscode.l10n.t('Open Link to Session'),
          prompt: vscode.l10n.t('A link that "Copy Link to Session" has made'),
          ignoreFocusOut: true,
        });
  if (text === undefined || text.trim() === '') return;
  const link = parseSessionLink(text.trim());
  if (link.action === 'attach') demandTrust();
  const listed = await find(context, link);
  if (link.action === 'session') await context.details.show(listed, false);
  else await attach(context, listed);
}

/** A link leads only to places that the person has added: it can't choose whom to call as. */
async function find({ inventory }: CommandContext, link: SessionLink): Promise<ListedSession> {
  const known = () => inventory.allSessions().find((listed) => isLinked(listed, link));
  if (known() === undefined)
    await withProgress(vscode.l10n.t('Reading the sessions'), () => inventory.refresh());
  const found = known();
  if (found !== undefined) return found;
  throw new InvalidInputError(
    vscode.l10n.t(
      'The link leads to the session {0} in account {1}, {2}, and none of the places of the view has it. Add a profile or role that sees it ("Glue: Add Target…"), then open the link again.',
      link.sessionId,
      link.account,
      link.region,
    ),
  );
}

/** Whoever made the link, the person decides. */
async function attach({ attachment }: CommandContext, listed: ListedSession): Promise<void> {
  const { session } = listed;
  const state = sessionState(session.status);
  if (!state.canRun)
    throw new InvalidInputError(
      vscode.l10n.t(
        'The session {0} is {1}: no notebook can be attached to it.',
        session.id,
        translated(state.word),
      ),
    );
  const editor = vscode.window.activeNotebookEditor;
  const front = vscode.l10n.t('Attach Notebook in Front');
  const fresh = vscode.l10n.t('New Notebook');
  const isFront = editor?.notebook.notebookType === notebookTypes.jupyter;
  const hourly = dollarsPerHour(session, readSettings.pricePerDpuHour());
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('A link asks to attach a notebook to the session {0}.', session.id),
    {
      modal: true,
      detail: [
        vscode.l10n.t('Links may come from anywhere, a web page included. Go on only if you expected this.'),
        vscode.l10n.t('Owner: {0}', ownerOf(listed) ?? vscode.l10n.t('unknown')),
        vscode.l10n.t('Runs as: {0}', session.role ?? vscode.l10n.t('unknown')),
        ...(hourly === undefined ? [] : [vscode.l10n.t('Costs {0} an hour', formatDollars(hourly))]),
        ...(isFront ? [vscode.l10n.t('Notebook in front: {0}', editor.notebook.uri.path)] : []),
      ].join('\n'),
    },
    ...(isFront ? [front, fresh] : [fresh]),
  );
  if (answer === front) await attachment.attachActive(listed);
  if (answer === fresh) await attachment.openOn(listed);
}
