import type * as vscode from 'vscode';
import { sessionKey, type ListedSession } from '../../glue/listedSession';
import { targetKey } from '../../glue/target';
import type { Targets } from '../../host/targets';
import { PlacelessPage } from './placelessPage';
import { SessionPage, type PagePlace, type PageSurroundings } from './sessionPage';

/** The pages that are open: one for each session. */
export interface SessionPages {
  readonly show: (listed: ListedSession, place: PagePlace) => void;
  /** A page of before a reload, once its place is known: those of the settings are a moment later than the page. */
  readonly restore: (
    panel: vscode.WebviewPanel,
    state: unknown,
    targets: Pick<Targets, 'all' | 'onDidChange'>,
  ) => void;
  readonly dispose: () => void;
}

export function createSessionPages(surroundings: PageSurroundings): SessionPages {
  const open = new Map<string, SessionPage>();
  const show = (listed: ListedSession, place: PagePlace) => {
    const key = sessionKey(listed);
    const present = open.get(key);
    if (present !== undefined && place.panel === undefined) {
      present.reveal(place.keepsFocus);
      return;
    }
    present?.dispose();
    const page = new SessionPage(surroundings, listed, place);
    open.set(key, page);
    page.onDidDispose(() => {
      if (open.get(key) === page) open.delete(key);
    });
  };
  return {
    show,
    restore: (panel, state, targets) => {
      if (!isPageState(state)) {
        panel.dispose();
        return;
      }
      const { target: key, id, arn } = state;
      const session = { id, status: 'UNKNOWN', defaultArguments: {}, connections: [] };
      const placeless = new PlacelessPage(surroundings, state, panel);
      const look = () => {
        const target = targets.all().find((one) => targetKey(one) === key);
        if (target === undefined) return;
        following.dispose();
        placeless.release();
        show({ target, session, arn }, { panel, keepsFocus: true });
      };
      const following = targets.onDidChange(look);
      panel.onDidDispose(() => {
        following.dispose();
      });
      look();
    },
    dispose: () => {
      for (const page of open.values()) page.dispose();
    },
  };
}

/** What the page of a session is restored from. */
export interface PageState {
  /** Key of its target. */
  readonly target: string;
  readonly id: string;
  readonly arn: string;
}

function isPageState(state: unknown): state is PageState {
  if (typeof state !== 'object' || state === null) return false;
  const { target, id, arn } = state as Record<string, unknown>;
  return [target, id, arn].every((part) => typeof part === 'string');
}
