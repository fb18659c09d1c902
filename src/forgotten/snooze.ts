import * as vscode from 'vscode';

const hourMs = 3_600_000;
/** Until tomorrow: nine in the morning, by the clock of this machine. */
const morningHour = 9;

/** Asks for how long nothing shall be said of a session. @returns milliseconds since the epoch, Infinity for ever; undefined when cancelled */
export async function askSnooze(now: number): Promise<number | undefined> {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(morningHour, 0, 0, 0);
  const picked = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('For an hour'), until: now + hourMs },
      { label: vscode.l10n.t('Until tomorrow morning'), until: tomorrow.getTime() },
      { label: vscode.l10n.t('Never warn of this session again'), until: Infinity },
    ],
    { title: vscode.l10n.t('Snooze'), placeHolder: vscode.l10n.t('The session goes on, and costs') },
  );
  return picked?.until;
}
