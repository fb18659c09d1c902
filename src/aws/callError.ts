import { AwsCallError } from '../glue/errors';
import { saidBy, sentence, type Said } from '../glue/sentence';

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  /** Who is at fault, of an error that the service told: nothing else carries it. */
  readonly $fault?: 'client' | 'server';
  readonly code?: string;
}

const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * An SDK error in the domain's terms. An abort is given back as its reason.
 * @param action as IAM writes it
 */
export function toCallError(error: unknown, action: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) {
    return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
  }
  if (error instanceof AwsCallError) return error;
  if (!(error instanceof Error))
    return new AwsCallError('Unknown', String(error), action, 'unknown', undefined);
  const { $metadata, $fault, code, name, message } = error as SdkError;
  const cause = { cause: error };
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new AwsCallError(...credentialsFailure(message), action, 'notExecuted', undefined, cause);
  }
  if (name === 'TargetConfigurationError') {
    return new AwsCallError('Credentials', saidBy(error), action, 'notExecuted', undefined, cause);
  }
  // The box for the code of an MFA device was closed: VS Code's CancellationError.
  if (name === 'Canceled') {
    const text = sentence('The code of the MFA device was asked for, and none was given.');
    return new AwsCallError('Credentials', text, action, 'notExecuted', undefined, cause);
  }
  // Mistyped, or of another device: another code mends it, and whoever waits for keys is asked again.
  if (message.includes('MultiFactorAuthentication failed')) {
    const text = sentence('The code of the MFA device was refused: {0}', message);
    return new AwsCallError('Credentials', text, action, 'notExecuted', $metadata?.requestId, cause);
  }
  if (name === 'LoopbackOnlyError') {
    return new AwsCallError('LoopbackOnly', saidBy(error), action, 'notExecuted', undefined, cause);
  }
  if (name === 'NotLoadedError') {
    return new AwsCallError('NotLoaded', saidBy(error), action, 'notExecuted', undefined, cause);
  }
  const status = $metadata?.httpStatusCode;
  if ($fault === undefined || status === undefined) {
    const outcome = unsent.includes(code ?? '') ? 'notExecuted' : 'unknown';
    return new AwsCallError('Network', noAnswer(error, status), action, outcome, undefined, cause);
  }
  const short = name.replace(/Exception$/, '');
  const isThrottle = [
    'Throttling',
    'TooManyRequests',
    'RequestLimitExceeded',
    'Throttled',
    'SlowDown',
  ].includes(short);
  // Both are told of work that had begun; OperationTimeout comes with status 400.
  const isUncertain = status >= 500 || ['InternalService', 'OperationTimeout'].includes(short);
  const outcome = isUncertain && !isThrottle ? 'unknown' : 'notExecuted';
  const plain = isThrottle ? 'Throttling' : short;
  return new AwsCallError(plain, saidBy(error), action, outcome, $metadata?.requestId, cause);
}

/** Why there is no answer of the service: nothing came, or something else, whole or in part. */
function noAnswer(error: SdkError, status: number | undefined): Said {
  const { name, message, code } = error;
  if (code === 'ECONNRESET' || code === 'EPIPE') return sentence('the connection broke');
  // The SDK's name for a broken connection, too.
  if (name === 'TimeoutError') return sentence('none came in time');
  if (status !== undefined) return sentence('what came (HTTP {0}) is not an answer of the service', status);
  return message === '' ? (code ?? name) : saidBy(error);
}

/**
 * What stood between a call and its keys, where the SDK has made one text of it: Identity Center's refusals and a portal
 * that can't be reached are no sign-in that has ended.
 * @returns code and message
 */
function credentialsFailure(message: string): [string, Said] {
  const plain = message.replace(/^\w*Error: /, '');
  if (message.startsWith('LoopbackOnlyError')) return ['LoopbackOnly', plain];
  if (/^(TooManyRequests|SlowDown)Exception/.test(message)) return ['Throttling', message];
  if (/^TimeoutError|ECONNRESET|ETIMEDOUT|other side closed|fetch failed/.test(message) || isUnsent(message))
    return ['Network', sentence('no keys were to be had: {0}', plain)];
  if (message.includes('ForbiddenException: No access')) {
    return [
      'Credentials',
      sentence(
        'IAM Identity Center gives no keys for the sso_account_id and sso_role_name of the profile ({0}).',
        plain,
      ),
    ];
  }
  return ['Credentials', credentialsMessage(message)];
}

function isUnsent(message: string): boolean {
  return unsent.some((code) => message.includes(code));
}

function credentialsMessage(message: string): Said {
  // "Session token not found or invalid" is the portal's word for a sign-in that was ended elsewhere.
  const isSignIn = /sso|token.*expired|refresh|session token not found/i.test(message);
  return isSignIn ? sentence('{0} Sign in with: aws sso login', message.replace(/([^.!])$/, '$1.')) : message;
}
