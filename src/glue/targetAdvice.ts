import { AwsCallError } from './errors';
import { sentence, type Sentence } from './sentence';
import type { Target } from './target';

/** What stands between a target and its sessions. */
export type TargetProblem =
  'signIn' | 'profile' | 'keys' | 'mfa' | 'assumeRole' | 'permission' | 'network' | 'region' | 'other';

export interface TargetAdvice {
  readonly problem: TargetProblem;
  /** In a few words, for a row. */
  readonly headline: Sentence;
  /** One or two sentences: what to do. */
  readonly todo: Sentence;
}

/**
 * Why a target can't be looked at, and what to do about it.
 * @param isSso whether its profile signs in with SSO
 */
export function adviseOnTarget(error: unknown, target: Target, isSso = false): TargetAdvice {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AwsCallError)) {
    return {
      problem: 'other',
      headline: sentence('It could not be read'),
      todo: sentence('Look into the log, then try again.'),
    };
  }
  const { code, action } = error;
  if (code === 'Network') {
    return {
      problem: 'network',
      headline: sentence('No answer'),
      todo: sentence(
        'Check the network and a proxy, and that the endpoint is the right one and runs; then try again.',
      ),
    };
  }
  if (code === 'LoopbackOnly') {
    return {
      problem: 'network',
      headline: sentence('It would have left this machine'),
      todo: sentence('Edit the endpoint of the target.'),
    };
  }
  if (message.includes('AWS configuration has no profile')) {
    return {
      problem: 'profile',
      headline: sentence('There is no such profile'),
      todo: sentence('Edit the target and choose another profile.'),
    };
  }
  if (message.includes('sso_role_name')) {
    return {
      problem: 'profile',
      headline: sentence('No access to this account and role'),
      todo: sentence(
        'Check sso_account_id and sso_role_name of the profile; whoever manages IAM Identity Center has to assign the permission set.',
      ),
    };
  }
  if (message.includes('No Region is set')) {
    return {
      problem: 'region',
      headline: sentence('No Region'),
      todo: sentence('Edit the target and choose a Region.'),
    };
  }
  if (message.includes('code of the MFA device') || message.includes('MultiFactorAuthentication failed')) {
    return {
      problem: 'mfa',
      headline: sentence('No valid MFA code'),
      todo: sentence(
        'Try again with the six digits that the device shows now; check that the MFA serial is of your own device.',
      ),
    };
  }
  if (error.needsCredentials && (isSso || message.includes('aws sso login'))) {
    return {
      problem: 'signIn',
      headline: sentence('The sign-in has ended'),
      todo: sentence('Sign in: it goes on by itself afterwards.'),
    };
  }
  if (error.isAccessDenied && (action.startsWith('sts:') || message.includes('perform: sts:'))) {
    const role = target.roles.at(-1);
    const tags = role?.sessionTags === undefined ? '' : sentence(', and sts:TagSession for its session tags');
    return {
      problem: 'assumeRole',
      headline: sentence('The role may not be assumed'),
      todo: sentence(
        'Two sides must allow it: your own policies (sts:AssumeRole on the role{0}), and the trust policy of the role, which may also want an external id or MFA. Edit the target to give those.',
        tags,
      ),
    };
  }
  if (error.isAccessDenied) {
    return {
      problem: 'permission',
      headline: sentence('No permission'),
      todo: sentence(
        'Whoever manages your permissions has to allow {0}; or edit the target to assume a role that may.',
        action,
      ),
    };
  }
  if (error.isExpiredCredentials) {
    return {
      problem: 'keys',
      headline: sentence('The keys have ended'),
      todo: sentence('Renew the keys of the profile; it goes on by itself when the file changes.'),
    };
  }
  if (error.needsCredentials || code.includes('Signature')) {
    return {
      problem: 'keys',
      headline: sentence('AWS does not know the keys'),
      todo: sentence(
        'Check the keys of the profile with "aws sts get-caller-identity". The same is said where the Region is not enabled for the account: edit the target then.',
      ),
    };
  }
  return {
    problem: 'other',
    headline: sentence('It was refused'),
    todo: sentence('Look into the log, then try again or edit the target.'),
  };
}
