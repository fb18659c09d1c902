import * as vscode from 'vscode';

/** Something was about to be started or sent from a workspace that nobody trusts. */
export class NotTrustedError extends Error {
  override readonly name = 'NotTrustedError';
}

/** @throws NotTrustedError in an untrusted workspace, before anything is sent or started */
export function demandTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new NotTrustedError(
    vscode.l10n.t(
      'This workspace is not trusted, so nothing is sent and nothing is started. Trust it with the command "Workspaces: Manage Workspace Trust".',
    ),
  );
}
