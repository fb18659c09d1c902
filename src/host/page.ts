import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { html, htmlText, type Html } from '../glue/html';
import { isPageAction, type PageAction, type PageContent } from '../glue/pageMessage';
import { reportError } from './reportError';

export interface PageOptions {
  /** Kind of page, known to VS Code: `glueSessions.` and a word. */
  readonly type: string;
  readonly title: string;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** The focus stays where it is when the page is opened. */
  readonly keepsFocus?: boolean;
  /** Kept by VS Code for the panel that it restores after a reload; plain data without secrets. */
  readonly state?: unknown;
  /** The body; called for the first showing and at every {@link Page.update}. */
  readonly render: () => Html;
  /**
   * Something with `data-action` was pressed, a form with it was sent, or a field with it was changed. Failures are told
   * as those of commands are.
   */
  readonly onAction: (action: PageAction) => unknown;
}

/**
 * A page in an editor tab: HTML of ours, shown in a webview that may load nothing and run no script but the one that
 * posts actions back. An update changes only what differs, so that focus, scroll, open parts and what is being typed stay.
 *
 * In the HTML: `data-action="name"` on a button, a form, or a field (then it acts when changed), `data-value="…"` beside
 * it; `id` on whatever must be found again after an update. Styles: classes of src/renderer/pageStyle.ts.
 */
export class Page implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly ended = new vscode.EventEmitter<void>();
  /** The person closed the tab, or it was disposed of. */
  readonly onDidDispose = this.ended.event;
  private readonly shown = new vscode.EventEmitter<void>();
  /** The tab has come to the front or left it. */
  readonly onDidChangeVisibility = this.shown.event;
  private isReady = false;
  /** What listens to the panel. */
  private readonly listening: vscode.Disposable[];
  /** What the page shows now. */
  private body: string | undefined;

  /** @param panel one that VS Code restored after a reload, in place of a new one */
  constructor(
    private readonly options: PageOptions,
    panel?: vscode.WebviewPanel,
  ) {
    const scripts = vscode.Uri.joinPath(options.extensionUri, 'dist', 'renderer');
    this.panel =
      panel ??
      vscode.window.createWebviewPanel(options.type, options.title, {
        viewColumn: vscode.ViewColumn.Active,
        preserveFocus: options.keepsFocus === true,
      });
    this.panel.webview.options = { enableScripts: true, localResourceRoots: [scripts] };
    this.listening = [
      this.panel.onDidDispose(() => {
        this.ended.fire();
        this.ended.dispose();
        this.shown.dispose();
      }),
      this.panel.onDidChangeViewState(() => {
        this.shown.fire();
      }),
      this.panel.webview.onDidReceiveMessage((message: unknown) => {
        void this.receive(message);
      }),
    ];
    this.panel.webview.html = this.frame(
      this.panel.webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'page.js')),
    );
  }

  /** Brings the tab to the front. */
  reveal(keepsFocus = false): void {
    this.panel.reveal(undefined, keepsFocus);
  }

  set title(title: string) {
    this.panel.title = title;
  }

  /** Whether a person can see it now. */
  get isVisible(): boolean {
    return this.panel.visible;
  }

  /** Renders anew and shows what has changed. */
  update(): void {
    if (!this.isReady) return;
    const body = htmlText(this.options.render());
    if (body === this.body) return;
    this.body = body;
    const content: PageContent = { body, state: this.options.state };
    void this.panel.webview.postMessage(content);
  }

  /** Leaves the panel to another page. */
  release(): void {
    this.isReady = false;
    for (const subscription of this.listening.splice(0)) subscription.dispose();
  }

  dispose(): void {
    this.panel.dispose();
  }

  private async receive(message: unknown): Promise<void> {
    // Sent when the page is there, and again when VS Code has thrown it away behind another tab and made it anew.
    if (message === 'ready') {
      this.isReady = true;
      this.body = undefined;
      this.update();
      return;
    }
    if (!isPageAction(message)) return;
    try {
      await this.options.onAction(message);
    } catch (error) {
      reportError(this.options.log, `${this.options.type}: ${message.action}`, error);
    }
  }

  /** The same document for every page; its content comes by message. */
  private frame(script: vscode.Uri): string {
    const nonce = randomBytes(16).toString('base64');
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:`;
    const page = html`<!doctype html>
      <html lang="${vscode.env.language}">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <title>${this.options.title}</title>
        </head>
        <body>
          <main id="page" aria-busy="true"></main>
          <script
            type="module"
            nonce="${nonce}"
            data-style-nonce="${nonce}"
            src="${script.toString()}"
          ></script>
        </body>
      </html>`;
    return htmlText(page);
  }
}
