import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isWebAddress } from '../../glue/awsConsole';
import type { GlueApi } from '../../glue/glueApi';
import { withProgress } from '../../host/cancellation';
import { download } from '../../host/download';
import { errorText } from '../../host/reportError';
import type { Notice } from './pageContent';

/** Has the system logs of a session saved where the person says. @returns what came of it; undefined when it was cancelled */
export async function saveSystemLogs(
  api: GlueApi,
  sessionId: string,
  ending: AbortSignal,
): Promise<Notice | undefined> {
  try {
    const address = await withProgress(
      vscode.l10n.t('Asking for the system logs of {0}', sessionId),
      (signal) => api.systemLogsUrl(sessionId, AbortSignal.any([signal, ending])),
    );
    if (address === undefined) return failed(vscode.l10n.t('the service has none for this session.'));
    if (!isWebAddress(address)) return failed(vscode.l10n.t('what the service gave is not a web address.'));
    const to = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save System Logs'),
      defaultUri: vscode.Uri.joinPath(defaultFolder(), nameOf(sessionId, address)),
    });
    return to && (await save(address, to, sessionId, ending));
  } catch (error) {
    if (error instanceof vscode.CancellationError || ending.aborted) return undefined;
    return failed(errorText(error));
  }
}

/** By way of a file of our own: what is saved is whole. */
async function save(
  address: string,
  to: vscode.Uri,
  sessionId: string,
  ending: AbortSignal,
): Promise<Notice> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-logs-'));
  const file = path.join(folder, randomUUID());
  try {
    await withProgress(vscode.l10n.t('Saving the system logs of {0}', sessionId), (signal, report) =>
      download(address, file, {
        signal: AbortSignal.any([signal, ending]),
        onProgress: (bytes, of) => {
          report(of === undefined ? megabytes(bytes) : `${megabytes(bytes)} / ${megabytes(of)}`);
        },
        isAllowed: isWebAddress,
      }),
    );
    await vscode.workspace.fs.copy(vscode.Uri.file(file), to, { overwrite: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  void offerToOpen(to);
  return { text: vscode.l10n.t('The system logs are in {0}.', to.fsPath), isProblem: false };
}

async function offerToOpen(saved: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open File');
  const text = vscode.l10n.t('The system logs are in {0}.', saved.fsPath);
  if ((await vscode.window.showInformationMessage(text, open)) === open)
    await vscode.commands.executeCommand('vscode.open', saved);
}

function failed(reason: string): Notice {
  return { text: vscode.l10n.t('The system logs could not be fetched: {0}', reason), isProblem: true };
}

function defaultFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
}

/** Of the session and the kind of file that the address names. */
function nameOf(sessionId: string, address: string): string {
  const [kind = '.log'] = /(?:\.tar)?\.[a-z0-9]{1,5}$/i.exec(new URL(address).pathname) ?? [];
  return `${sessionId.replace(/[^\w.-]/g, '_')}-system${kind}`;
}

function megabytes(bytes: number): string {
  return vscode.l10n.t('{0} MB', (bytes / 1_000_000).toFixed(1));
}
