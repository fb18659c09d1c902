import * as vscode from 'vscode';
import { commands } from '../manifest';
import { AwsCallError, InvalidInputError } from '../glue/errors';

/** Tells a person of a failure once, in words, with a way on; the log has the rest. */
export function reportError(log: vscode.LogOutputChannel, what: string, error: unknown): void {
  log.error(what, error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof Error && error.cause !== undefined) log.debug('caused by', error.cause);
  if (error instanceof vscode.CancellationError) return;
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(errorText(error), showLog).then((choice) => {
    if (choice === showLog) void vscode.commands.executeCommand(commands.showLog);
  });
}

/** An error as a person is told it. */
export function errorText(error: unknown): string {
  if (error instanceof InvalidInputError) return error.message;
  if (error instanceof AwsCallError) {
    if (error.code === 'Network') {
      return vscode.l10n.t(
        'No answer came to {0}: {1} Check the network, and that the endpoint runs.',
        error.action,
        sentence(error.message),
      );
    }
    if (error.code === 'Credentials') return error.message;
    if (error.isExpiredCredentials) {
      return vscode.l10n.t(
        'The credentials have expired ({0}). Renew them (aws sso login, or a new key), then run %reauthenticate or try again.',
        error.message,
      );
    }
    if (
      ['UnrecognizedClient', 'InvalidClientTokenId', 'InvalidSignature', 'SignatureDoesNotMatch'].includes(
        error.code,
      )
    ) {
      return vscode.l10n.t(
        'AWS does not know the keys in use ({0}). Check the profile with: aws sts get-caller-identity',
        sentence(error.message),
      );
    }
    return vscode.l10n.t('{0} was refused: {1}', error.action, error.message);
  }
  return error instanceof Error ? error.message : String(error);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
