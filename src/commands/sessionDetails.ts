import * as vscode from 'vscode';
import { sessionKey, type ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import { sessionFacts } from '../host/sessionFacts';
import { readSettings } from '../host/settings';

const scheme = 'glue-session';

/** Shows all there is to say of a session as a read-only text that follows the session. */
export class SessionDetails implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly shown = new Map<string, ListedSession>();
  private readonly disposables: { dispose: () => unknown }[];

  constructor(private readonly inventory: SessionInventory) {
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      inventory.onDidChange(() => {
        this.follow();
      }),
    ];
  }

  async show(listed: ListedSession): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${listed.session.id}.yaml`, query: sessionKey(listed) });
    this.shown.set(uri.toString(), listed);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const listed = this.shown.get(uri.toString());
    if (listed === undefined)
      return vscode.l10n.t('# The session is not known in this window: refresh the view "Sessions".');
    const facts = sessionFacts(
      listed.session,
      { arn: listed.arn, tags: listed.tags },
      readSettings.pricePerDpuHour(),
      Date.now(),
    );
    const rest = Object.entries(listed.session.defaultArguments).map(([key, value]) => `  ${key}: ${value}`);
    return [
      ...facts.map(([name, value]) => `${name}: ${value}`),
      ...(rest.length > 0 ? ['Arguments:', ...rest] : []),
    ].join('\n');
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private follow(): void {
    const now = new Map(this.inventory.allSessions().map((listed) => [sessionKey(listed), listed]));
    for (const [uri, listed] of this.shown) {
      const latest = now.get(sessionKey(listed));
      if (latest === undefined || latest === listed) continue;
      this.shown.set(uri, latest);
      this.changed.fire(vscode.Uri.parse(uri));
    }
  }
}
