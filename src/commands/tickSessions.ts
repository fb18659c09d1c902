import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import { sessionKey, type ListedSession } from '../glue/listedSession';
import { parseFilter, type SessionFilter } from '../glue/sessionFilter';
import type { CommandContext } from './commandContext';
import { sessionItem, type SessionItem } from './sessionPicker';

export interface TickWish {
  readonly title: string;
  readonly sessions: readonly ListedSession[];
  /** What is written in the box at first: words as in the filter of the view. */
  readonly filter?: string;
  /** Whether all are ticked at first. */
  readonly areTicked?: boolean;
  /** What the list may lack: said in the title, where it is seen whatever the list shows. */
  readonly lacking?: readonly string[];
  /** Shown below a session in place of its target and tags. */
  readonly detailOf?: (listed: ListedSession) => string;
}

/**
 * Sessions ticked in a list that understands the filter of the view, such as `team=analytics age>2h`; its box for all
 * ticks those that pass. What is ticked stays in the list. @returns undefined when cancelled
 */
export function tickSessions(
  context: CommandContext,
  { title, sessions, filter = '', areTicked = false, lacking = [], detailOf }: TickWish,
): Promise<readonly ListedSession[] | undefined> {
  const items = sessions.map((listed) => ({
    ...sessionItem(listed),
    // The list is filtered here, by more than the text of its rows.
    alwaysShow: true,
    ...(detailOf !== undefined && { detail: detailOf(listed) }),
  }));
  const picker = vscode.window.createQuickPick<SessionItem>();
  picker.title = [title, ...lacking].join(' · ');
  picker.placeholder = vscode.l10n.t('Tick sessions; words narrow the list: team=analytics owner=me age>2h');
  picker.canSelectMany = true;
  picker.ignoreFocusOut = true;
  picker.value = filter;
  const ticked = new Set(areTicked ? items.map(({ listed }) => sessionKey(listed)) : []);
  const isTicked = ({ listed }: SessionItem) => ticked.has(sessionKey(listed));
  const surroundings = { now: context.clock.now(), myUserIds: context.myself().userIds };
  const show = () => {
    const passes = filterOf(picker.value);
    const shown = items.filter((item) => isTicked(item) || passes(item.listed, surroundings));
    picker.items = shown;
    picker.selectedItems = shown.filter(isTicked);
  };
  show();
  return new Promise((resolve) => {
    picker.onDidChangeValue(show);
    picker.onDidChangeSelection((selected) => {
      const chosen = new Set(selected.map(({ listed }) => sessionKey(listed)));
      for (const { listed } of picker.items) {
        const key = sessionKey(listed);
        if (chosen.has(key)) ticked.add(key);
        else ticked.delete(key);
      }
    });
    picker.onDidAccept(() => {
      if (ticked.size === 0) {
        // Enter on a row ticks nothing: silence would look as if it had been done.
        picker.title = vscode.l10n.t('{0}: none is ticked yet; Space ticks a row', title);
        return;
      }
      resolve(items.filter(isTicked).map(({ listed }) => listed));
      picker.dispose();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** While a word is being written it may not be understood yet: then it narrows nothing. */
function filterOf(text: string): SessionFilter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof InvalidInputError) return () => true;
    throw error;
  }
}
