import * as vscode from 'vscode';
import type { Outcome } from '../glue/actOnAll';
import type { ListedSession } from '../glue/listedSession';
import { errorText, reportError } from '../host/reportError';
import type { CommandContext } from './commandContext';
import { sessionItem } from './sessionPicker';

export interface OutcomeWords {
  /** `stopped`: of sessions that something was done to. */
  readonly done: string;
  /** `still stopping`: of those whose end was not seen. */
  readonly underway: string;
  /** Said when all went well; undefined says nothing. */
  readonly allDone?: (count: number) => string;
}

export interface OutcomeActions {
  /** Does it again for those that failed. */
  readonly retry: (sessions: readonly ListedSession[]) => Promise<void>;
  /** Takes back what was done. */
  readonly undo?: () => Promise<void>;
}

/** Tells what became of an action on several sessions, every failure with its cause, and offers to try those again. */
export function tellOutcome(
  context: CommandContext,
  outcome: Outcome<ListedSession>,
  words: OutcomeWords,
  actions: OutcomeActions,
): void {
  for (const { item, error } of outcome.failed) {
    context.log.error(`${item.session.id} was not ${words.done}: ${errorText(error)}`);
  }
  tell(outcome, words, actions).catch((error: unknown) => {
    reportError(context.log, 'the outcome of an action on several sessions', error);
  });
}

async function tell(
  outcome: Outcome<ListedSession>,
  words: OutcomeWords,
  { retry, undo }: OutcomeActions,
): Promise<void> {
  const { done, failed, underway, untouched } = outcome;
  const undoButton = vscode.l10n.t('Undo');
  const undoButtons = undo === undefined ? [] : [undoButton];
  if (failed.length === 0) {
    const cancelled = underway.length + untouched.length > 0;
    const text = cancelled ? countsText(outcome, words) : words.allDone?.(done.length);
    if (text === undefined) return;
    if ((await vscode.window.showInformationMessage(text, ...undoButtons)) === undoButton) await undo?.();
    return;
  }
  const again = vscode.l10n.t('Retry the {0} That Failed', failed.length);
  const show = vscode.l10n.t('Show Failures');
  const buttons = failed.length > 1 ? [show, again, ...undoButtons] : [again, ...undoButtons];
  const answer = await vscode.window.showErrorMessage(failureText(outcome, words), ...buttons);
  if (answer === undoButton) await undo?.();
  if (answer === again) await retry(failed.map(({ item }) => item));
  if (answer === show) {
    const chosen = await showFailures(outcome, words);
    if (chosen.length > 0) await retry(chosen);
  }
}

/** `7 stopped, 2 still stopping, 3 not begun.` */
function countsText(
  { done, failed, underway, untouched }: Outcome<ListedSession>,
  words: OutcomeWords,
): string {
  const parts = [
    vscode.l10n.t('{0} {1}', done.length, words.done),
    ...(failed.length > 0 ? [vscode.l10n.t('{0} failed', failed.length)] : []),
    ...(underway.length > 0 ? [vscode.l10n.t('{0} {1}', underway.length, words.underway)] : []),
    ...(untouched.length > 0 ? [vscode.l10n.t('{0} left as they were', untouched.length)] : []),
  ];
  return vscode.l10n.t('Sessions: {0}.', parts.join(', '));
}

function failureText(outcome: Outcome<ListedSession>, words: OutcomeWords): string {
  const { failed, done, underway, untouched } = outcome;
  const [first] = failed;
  if (first === undefined) return countsText(outcome, words);
  const total = done.length + failed.length + underway.length + untouched.length;
  if (total === 1)
    return vscode.l10n.t('{0} was not {1}: {2}', first.item.session.id, words.done, errorText(first.error));
  const cause = vscode.l10n.t('{0}: {1}', first.item.session.id, errorText(first.error));
  return `${countsText(outcome, words)} ${cause}`;
}

/** Every failure with its cause. @returns those to be tried again */
async function showFailures(
  { failed }: Outcome<ListedSession>,
  words: OutcomeWords,
): Promise<readonly ListedSession[]> {
  const picked = await vscode.window.showQuickPick(
    failed.map(({ item, error }) => ({ ...sessionItem(item), detail: errorText(error), picked: true })),
    {
      title: vscode.l10n.t('{0} sessions were not {1}', failed.length, words.done),
      placeHolder: vscode.l10n.t('Accept to try the ticked ones again'),
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDetail: true,
    },
  );
  return (picked ?? []).map(({ listed }) => listed);
}
