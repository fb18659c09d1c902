import * as vscode from 'vscode';
import type { ListedSession } from '../glue/listedSession';
import type { Targets } from '../host/targets';
import { pages } from '../manifest';
import type { PageSurroundings } from './details/sessionPage';
import type { SessionPages } from './details/sessionPages';

/** The pages of sessions, loaded with the first that is shown, or that VS Code restores after a reload. */
export class SessionDetails implements vscode.Disposable {
  private loaded: Promise<SessionPages> | undefined;
  private readonly restoring: vscode.Disposable;

  /** @param targets the places looked at now */
  constructor(
    private readonly surroundings: PageSurroundings,
    private readonly targets: Pick<Targets, 'all' | 'onDidChange'>,
  ) {
    this.restoring = vscode.window.registerWebviewPanelSerializer(pages.session, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        (await this.pages()).restore(panel, state, this.targets);
      },
    });
  }

  /** @param keepsFocus leaves it in the view, so that people can go from row to row */
  async show(listed: ListedSession, keepsFocus: boolean): Promise<void> {
    (await this.pages()).show(listed, { keepsFocus });
  }

  dispose(): void {
    this.restoring.dispose();
    void this.loaded?.then((open) => {
      open.dispose();
    });
  }

  private pages(): Promise<SessionPages> {
    this.loaded ??= import('./details/sessionPages').then(({ createSessionPages }) =>
      createSessionPages(this.surroundings),
    );
    return this.loaded;
  }
}
