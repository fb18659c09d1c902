import * as vscode from 'vscode';

/** Work that ends sooner is shown no notification: one that only flashes up disturbs (milliseconds). */
const unseenMs = 500;

/** Does work; when it takes longer than a moment, a notification shows its progress and can cancel it. */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let latest: string | undefined;
  let report = (message: string) => {
    latest = message;
  };
  const running = work(controller.signal, (message) => {
    report(message);
  });
  if (await endsWithin(running, unseenMs)) return running;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    token.onCancellationRequested(() => {
      controller.abort(new vscode.CancellationError());
    });
    report = (message) => {
      progress.report({ message });
    };
    if (latest !== undefined) report(latest);
    return running;
  });
}

async function endsWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  // Its failure is told by whoever awaits the work itself.
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
