import * as vscode from 'vscode';
import type { ActionPreview } from '../glue/actionPreview';
import type { ListedSession } from '../glue/listedSession';
import type { OwnerShare } from '../glue/ownership';
import { sessionState } from '../glue/sessionStatus';
import { translated } from '../host/translated';
import type { CommandContext } from './commandContext';
import { tickSessions } from './tickSessions';

/** Rows of a list in a dialog; the rest is counted. */
const mostNamed = 8;

export interface ActionWords {
  /** For a button: `Stop`. */
  readonly verb: string;
  /** For the question on so many sessions. */
  readonly question: (preview: ActionPreview) => string;
  /** What it comes to, before the names. */
  readonly notes: (preview: ActionPreview) => readonly string[];
  /** Title of the list in which single ones can be left out. */
  readonly reviewTitle: string;
  /** For those whose state does not allow it: `Can't be stopped`. */
  readonly cannot: string;
  /** Shown below a session in the list. */
  readonly detailOf?: (listed: ListedSession) => string;
}

/**
 * Shows what would be done and to whose sessions, and asks; somebody else's are asked about once more.
 * @param previewOf reckons anew when single ones were left out
 * @returns those to act on; undefined when the person did not agree
 */
export async function confirmAction(
  context: CommandContext,
  sessions: readonly ListedSession[],
  words: ActionWords,
  previewOf: (sessions: readonly ListedSession[]) => ActionPreview,
): Promise<readonly ListedSession[] | undefined> {
  for (let chosen = sessions; ;) {
    const preview = previewOf(chosen);
    if (preview.able.length === 0) {
      void vscode.window.showInformationMessage(blockedLines(preview, words.cannot).join(' '));
      return undefined;
    }
    const review = vscode.l10n.t('Choose Among Them…');
    const buttons = preview.able.length > 1 ? [words.verb, review] : [words.verb];
    const answer = await vscode.window.showWarningMessage(
      words.question(preview),
      { modal: true, detail: detailOf(preview, words) },
      ...buttons,
    );
    if (answer === words.verb) return confirmOthers(preview, words);
    if (answer !== review) return undefined;
    const ticked = await tickSessions(context, {
      title: words.reviewTitle,
      sessions: preview.able,
      areTicked: true,
      ...(words.detailOf !== undefined && { detailOf: words.detailOf }),
    });
    if (ticked === undefined || ticked.length === 0) return undefined;
    chosen = ticked;
  }
}

/** @returns those to act on: all, or mine alone; undefined when the person did not agree */
export async function confirmOthers(
  { able, notMine, owners }: ActionPreview,
  { verb }: Pick<ActionWords, 'verb'>,
): Promise<readonly ListedSession[] | undefined> {
  if (notMine.length === 0) return able;
  const mine = able.filter((listed) => !notMine.includes(listed));
  const all = vscode.l10n.t('{0} All {1}', verb, able.length);
  const own = vscode.l10n.t('{0} Only Mine ({1})', verb, mine.length);
  const theirs = owners.filter(({ ownership }) => ownership !== 'mine');
  const [only] = able;
  const message =
    able.length === 1
      ? vscode.l10n.t('The session {0} is not yours. {1} it all the same?', only?.session.id ?? '', verb)
      : vscode.l10n.t('{0} of these {1} sessions are not yours.', notMine.length, able.length);
  const detail = [...theirs.map(shareLine), '', ...named(notMine)].join('\n');
  const buttons = able.length === 1 ? [verb] : mine.length > 0 ? [all, own] : [all];
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (answer === undefined) return undefined;
  return answer === own ? mine : able;
}

function detailOf(preview: ActionPreview, words: ActionWords): string {
  const { able, blocked, owners } = preview;
  const blocks = [
    words.notes(preview),
    able.length > 1 || preview.notMine.length > 0 ? owners.map(shareLine) : [],
    able.length > 1 ? named(able) : [],
    blocked.length > 0 ? blockedLines(preview, words.cannot) : [],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function shareLine({ ownership, owner, count }: OwnerShare): string {
  if (ownership === 'mine') return vscode.l10n.t('Yours: {0}', count);
  return ownership === 'unknown'
    ? vscode.l10n.t('Owner unknown: {0}', count)
    : vscode.l10n.t('Of {0}: {1}', owner ?? '', count);
}

/** Which can't be acted on, by state. */
function blockedLines({ blocked }: ActionPreview, cannot: string): readonly string[] {
  if (blocked.length === 0) return [];
  const byState = new Map<string, ListedSession[]>();
  for (const listed of blocked) {
    const label = translated(sessionState(listed.session.status).word);
    byState.set(label, [...(byState.get(label) ?? []), listed]);
  }
  return [
    `${cannot}:`,
    ...[...byState].map(([label, sessions]) =>
      vscode.l10n.t('{0} {1}: {2}', sessions.length, label, named(sessions, 3).join(', ')),
    ),
  ];
}

function named(sessions: readonly ListedSession[], most = mostNamed): readonly string[] {
  const names = sessions.slice(0, most).map(({ session }) => session.id);
  return sessions.length > most ? [...names, vscode.l10n.t('and {0} more', sessions.length - most)] : names;
}
