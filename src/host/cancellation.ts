import * as vscode from 'vscode';

/** An AbortSignal that follows a token. */
function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort(new vscode.CancellationError());
  token.onCancellationRequested(() => {
    controller.abort(new vscode.CancellationError());
  });
  return controller.signal;
}

/** Does work with a notification that shows its progress and can cancel it. */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) =>
    work(signalOf(token), (message) => {
      progress.report({ message });
    }),
  );
}
