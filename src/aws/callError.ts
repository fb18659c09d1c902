import { AwsCallError } from '../glue/errors';

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
    return new AwsCallError(
      'Credentials',
      credentialsMessage(message),
      action,
      'notExecuted',
      undefined,
      cause,
    );
  }
  if (name === 'TargetConfigurationError') {
    return new AwsCallError('Credentials', message, action, 'notExecuted', undefined, cause);
  }
  // The box for the code of an MFA device was closed: VS Code's CancellationError.
  if (name === 'Canceled') {
    const text = 'The code of the MFA device was asked for, and none was given.';
    return new AwsCallError('Credentials', text, action, 'notExecuted', undefined, cause);
  }
  if (name === 'LoopbackOnlyError') {
    return new AwsCallError('LoopbackOnly', message, action, 'notExecuted', undefined, cause);
  }
  const status = $metadata?.httpStatusCode;
  if ($fault === undefined || status === undefined) {
    const outcome = unsent.includes(code ?? '') ? 'notExecuted' : 'unknown';
    return new AwsCallError('Network', noAnswer(error, status), action, outcome, undefined, cause);
  }
  const short = name.replace(/Exception$/, '');
  const isThrottle = ['Throttling', 'TooManyRequests', 'RequestLimitExceeded', 'Throttled'].includes(short);
  // Both are told of work that had begun; OperationTimeout comes with status 400.
  const isUncertain = status >= 500 || ['InternalService', 'OperationTimeout'].includes(short);
  const outcome = isUncertain && !isThrottle ? 'unknown' : 'notExecuted';
  const plain = isThrottle ? 'Throttling' : short;
  return new AwsCallError(plain, message, action, outcome, $metadata?.requestId, cause);
}

/** Why there is no answer of the service: nothing came, or something else, whole or in part. */
function noAnswer({ name, message, code }: SdkError, status: number | undefined): string {
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection broke';
  // The SDK's name for a broken connection, too.
  if (name === 'TimeoutError') return 'none came in time';
  if (status !== undefined) return `what came (HTTP ${String(status)}) is not an answer of the service`;
  return message === '' ? (code ?? name) : message;
}

function credentialsMessage(message: string): string {
  if (/sso|token.*expired|refresh/i.test(message)) {
    return `${message} Sign in with: aws sso login`;
  }
  return message;
}
