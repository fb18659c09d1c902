import * as vscode from 'vscode';
import { withProgress } from '../host/cancellation';
import { demandTrust } from '../host/trust';
import { commands } from '../manifest';
import type { CommandContext } from './commandContext';

/** Starts Local Glue and says how to go on. */
export async function startLocalGlueCommand({ localGlue }: CommandContext): Promise<void> {
  demandTrust();
  const running = await withProgress(vscode.l10n.t('Starting Local Glue'), (_, report) =>
    localGlue.start(report),
  );
  const sample = vscode.l10n.t('Open Sample');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Local Glue runs at {0} with the profiles {1}.',
      running.endpoint,
      running.profiles.join(', '),
    ),
    sample,
  );
  if (answer === sample) await vscode.commands.executeCommand(commands.openSample);
}

/** Stops Local Glue, after asking: its sessions end with it. */
export async function stopLocalGlueCommand({ localGlue }: CommandContext): Promise<void> {
  if (localGlue.running === undefined) return;
  const stop = vscode.l10n.t('Stop');
  const detail = vscode.l10n.t('Its sessions end with it, and what they wrote to its S3 folder is removed.');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Stop Local Glue?'),
    { modal: true, detail },
    stop,
  );
  if (answer === stop) await localGlue.stop();
}
