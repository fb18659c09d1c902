import * as vscode from 'vscode';
import { html, type Html } from '../../glue/html';
import { Page } from '../../host/page';
import { commands, pages } from '../../manifest';
import { button } from './renderParts';
import type { PageSurroundings } from './sessionPage';
import type { PageState } from './sessionPages';

/** Settings are read within a moment: what to do is said when they did not name the place (milliseconds). */
const patienceMs = 3000;

/** Stands in for the page of a session as long as it is not known through whom to ask for it. */
export class PlacelessPage {
  private readonly page: Page;
  private isLate = false;
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor({ extensionUri, log }: PageSurroundings, state: PageState, panel: vscode.WebviewPanel) {
    this.page = new Page(
      {
        type: pages.session,
        title: state.id,
        extensionUri,
        log,
        state,
        render: () => render(state, this.isLate),
        onAction: ({ action }) =>
          action === 'addTarget' ? vscode.commands.executeCommand(commands.addTarget) : undefined,
      },
      panel,
    );
    this.timer = setTimeout(() => {
      this.isLate = true;
      this.page.update();
    }, patienceMs);
    panel.onDidDispose(() => {
      clearTimeout(this.timer);
    });
  }

  /** Leaves the panel to another page. */
  release(): void {
    clearTimeout(this.timer);
    this.page.release();
  }
}

function render({ id, arn }: PageState, isLate: boolean): Html {
  const [, , , region = '', account = ''] = arn.split(':');
  if (!isLate)
    return html`<h1>${id}</h1>
      <p class="note" aria-busy="true">${vscode.l10n.t('Reading…')}</p>`;
  return html`<h1>${id}</h1>
    <p role="status">
      ${vscode.l10n.t(
        'This session of account {0}, {1}, was seen through a profile or role that this window does not know: a notebook used it, or a Local Glue that has ended.',
        account,
        region,
      )}
    </p>
    <p>
      ${vscode.l10n.t(
        'Add the profile or role to the view, or run the cell that chooses it: then the page goes on by itself.',
      )}
    </p>
    <div class="bar">${button('addTarget', vscode.l10n.t('Add Target…'), { isFirst: true })}</div>`;
}
