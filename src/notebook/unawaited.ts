import type * as vscode from 'vscode';

/**
 * Outputs keep their order without being waited for, and VS Code takes a dozen milliseconds to confirm each: a cell
 * should not last longer for it. One that could not be shown (its notebook was closed) is told in the log.
 */
export function unawaited(showing: Thenable<void>, log: vscode.LogOutputChannel): void {
  showing.then(undefined, (error: unknown) => {
    log.warn(`an output was not shown: ${String(error)}`);
  });
}
