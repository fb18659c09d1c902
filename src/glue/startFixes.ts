import { AwsCallError, InvalidInputError } from './errors';
import type { WishStep } from './sessionWish';

/** What can be offered to somebody whose session was not started. */
export type StartFix = WishStep | 'again' | 'stopOthers' | 'signIn';

/** What of a failure points at which answer; first match counts. */
const pointers: readonly (readonly [RegExp, readonly StartFix[]])[] = [
  [
    /free addresses|not enough IP|insufficient.*address|subnet|security group|connection|vpc|availability zone/i,
    ['connections', 'numberOfWorkers'],
  ],
  [/assume role permissions|\brole\b/i, ['iamRole']],
  [/limit|quota|capacity|concurrent/i, ['numberOfWorkers', 'stopOthers']],
  [/worker/i, ['workerType', 'numberOfWorkers']],
  [/glue ?version/i, ['glueVersion']],
  [/\btags?\b/i, ['tags']],
  [/idle ?timeout/i, ['idleTimeout']],
];

/**
 * What can be done about a start that failed for another reason than a denial; the most promising first. A start whose
 * end is unknown is never offered again: the session may be there.
 */
export function startFixes(error: unknown): readonly StartFix[] {
  if (!(error instanceof Error) || error.name === 'SessionUnknownError') return [];
  if (error instanceof AwsCallError) {
    if (error.needsCredentials)
      return error.message.includes('aws sso login') ? ['signIn', 'target'] : ['again', 'target'];
    if (error.code === 'AlreadyExists' || error.code === 'IdempotentParameterMismatch') return ['again'];
    if (error.code === 'ResourceNumberLimitExceeded') return ['stopOthers', 'numberOfWorkers'];
    if (error.code === 'Network' || error.isThrottle) return error.outcome === 'notExecuted' ? ['again'] : [];
    if (error.code === 'EntityNotFound') return ['connections'];
    if (error.code === 'InternalService' || error.code === 'OperationTimeout') return ['again'];
  }
  const found = pointers.find(([pattern]) => pattern.test(error.message))?.[1] ?? [];
  if (error instanceof InvalidInputError && found.includes('iamRole')) return ['iamRole', 'target'];
  return found.length > 0 ? found : ['review'];
}
