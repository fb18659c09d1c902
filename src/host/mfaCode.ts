import * as vscode from 'vscode';

/** Asks for the code of an MFA device. It is used once and kept nowhere. @throws CancellationError when none is given */
export async function askMfaCode(serial: string): Promise<string> {
  const code = await vscode.window.showInputBox({
    title: vscode.l10n.t('MFA code'),
    prompt: vscode.l10n.t('Code of the device {0}', serial),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/^\d{6}$/.test(text) ? undefined : vscode.l10n.t('Six digits')),
  });
  if (code === undefined) throw new vscode.CancellationError();
  return code;
}

/** For calls that nobody is asked about. */
export function refuseMfaCode(): Promise<string> {
  return Promise.reject(new Error('nobody is asked for an MFA code in the background'));
}
