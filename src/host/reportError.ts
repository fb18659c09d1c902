import * as vscode from 'vscode';
import { commands } from '../manifest';
import { brokenRule } from '../glue/guardrails/brokenRule';
import { openRule } from './openRule';
import { translated } from './translated';
import { AwsCallError } from '../glue/errors';
import { saidBy } from '../glue/sentence';

/** Tells a person of a failure once, in words, with a way on; the log has the rest. */
export function reportError(log: vscode.LogOutputChannel, what: string, error: unknown): void {
  log.error(what, error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof Error && error.cause !== undefined) log.debug('caused by', error.cause);
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof AwsCallError && error.isRefused) {
    void tellRefusal(log, error);
    return;
  }
  const showLog = vscode.l10n.t('Show Log');
  const rule = brokenRule(error);
  const showRule = vscode.l10n.t('Open Rule');
  const buttons = rule === undefined ? [showLog] : [showRule];
  void vscode.window.showErrorMessage(errorText(error), ...buttons).then((choice) => {
    if (choice === showRule && rule !== undefined) void openRule(rule);
    if (choice === showLog) void vscode.commands.executeCommand(commands.showLog);
  });
}

/** A refusal is told with what it means, and with what an administrator needs. */
async function tellRefusal(log: vscode.LogOutputChannel, error: AwsCallError): Promise<void> {
  const { explainDenial } = await import('./denialExplanation');
  const explanation = explainDenial(error, {});
  const copy = vscode.l10n.t('Copy Details');
  const check = vscode.l10n.t('Check Access');
  const showLog = vscode.l10n.t('Show Log');
  const choice = await vscode.window.showErrorMessage(
    explanation?.sentence ?? errorText(error),
    check,
    ...(explanation === undefined ? [] : [copy]),
    showLog,
  );
  if (choice === copy && explanation !== undefined) await vscode.env.clipboard.writeText(explanation.details);
  if (choice === check) await vscode.commands.executeCommand(commands.checkAccess);
  if (choice === showLog) log.show();
}

/** An error as a person is told it. */
export function errorText(error: unknown): string {
  const said = translated(saidBy(error));
  if (error instanceof AwsCallError) {
    if (error.code === 'Network') {
      return vscode.l10n.t(
        'No answer came to {0}: {1} Check the network, and that the endpoint runs.',
        error.action,
        ended(said),
      );
    }
    if (error.code === 'Credentials') return said;
    if (error.isExpiredCredentials) {
      return vscode.l10n.t(
        'The credentials have expired ({0}). Renew them (aws sso login, or a new key), then run %reauthenticate or try again.',
        said,
      );
    }
    if (
      ['UnrecognizedClient', 'InvalidClientTokenId', 'InvalidSignature', 'SignatureDoesNotMatch'].includes(
        error.code,
      )
    ) {
      return vscode.l10n.t(
        'AWS does not know the keys in use ({0}). Check the profile with: aws sts get-caller-identity',
        ended(said),
      );
    }
    return vscode.l10n.t('{0} was refused: {1}', error.action, said);
  }
  return said;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
