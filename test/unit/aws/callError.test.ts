import { describe, expect, it } from 'vitest';
import { toCallError } from '../../../src/aws/callError';
import { AwsCallError } from '../../../src/glue/errors';

function told(change: object): AwsCallError {
  const error = toCallError(Object.assign(new Error('why'), change), 'glue:RunStatement', undefined);
  if (!(error instanceof AwsCallError)) throw error;
  return error;
}

/** An error that the service told. */
const refused = (name: string, httpStatusCode: number) =>
  told({ name, $fault: 'client', $metadata: { httpStatusCode, requestId: 'r' } });

describe('toCallError', () => {
  it('takes what the service refused as not executed, in its own words', () => {
    expect(refused('ExpiredTokenException', 400)).toMatchObject({
      code: 'ExpiredToken',
      outcome: 'notExecuted',
      message: 'why',
      requestId: 'r',
      isExpiredToken: true,
    });
    expect(refused('ThrottlingException', 400)).toMatchObject({ isThrottle: true, outcome: 'notExecuted' });
    expect(refused('ThrottledException', 503)).toMatchObject({ isThrottle: true, outcome: 'notExecuted' });
    // S3's word for it.
    expect(refused('SlowDown', 503)).toMatchObject({ isThrottle: true, outcome: 'notExecuted' });
  });

  it('takes a refused MFA code for keys that are not to be had yet: another code mends it', () => {
    const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
    expect(
      told({ name: 'AccessDenied', message, $fault: 'client', $metadata: { httpStatusCode: 403 } }),
    ).toMatchObject({
      code: 'Credentials',
      needsCredentials: true,
      isRefused: false,
      outcome: 'notExecuted',
    });
  });

  it('leaves open what became of a call that failed inside the service', () => {
    expect(refused('InternalServiceException', 500).outcome).toBe('unknown');
    expect(refused('UnknownError', 503).outcome).toBe('unknown');
    expect(refused('OperationTimeoutException', 400).outcome).toBe('unknown');
  });

  it('leaves it open when the answer broke off or can not be read, whatever its status', () => {
    const unread = { name: 'SyntaxError', $metadata: { httpStatusCode: 200 } };
    expect(told(unread)).toMatchObject({
      code: 'Network',
      outcome: 'unknown',
      message: 'what came (HTTP 200) is not an answer of the service',
    });
    expect(told({ code: 'ECONNRESET', $metadata: { httpStatusCode: 200 } })).toMatchObject({
      outcome: 'unknown',
      message: 'the connection broke',
    });
    expect(told({ name: 'TimeoutError', code: 'ETIMEDOUT' })).toMatchObject({
      outcome: 'unknown',
      message: 'none came in time',
    });
  });

  it('knows what never left this machine', () => {
    expect(told({ code: 'ECONNREFUSED' })).toMatchObject({ code: 'Network', outcome: 'notExecuted' });
    expect(told({ name: 'CredentialsProviderError' })).toMatchObject({
      code: 'Credentials',
      outcome: 'notExecuted',
    });
  });

  it('gives back the reason of an abort', () => {
    const reason = new Error('interrupt');
    expect(toCallError(new Error('x'), 'glue:GetStatement', AbortSignal.abort(reason))).toBe(reason);
  });
});
