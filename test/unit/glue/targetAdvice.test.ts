import { describe, expect, it, vi } from 'vitest';
import { AwsCallError } from '../../../src/glue/errors';
import { identityName } from '../../../src/glue/identityName';
import { SessionInventory } from '../../../src/glue/sessionInventory';
import { adviseOnTarget } from '../../../src/glue/targetAdvice';
import { TargetFacts } from '../../../src/glue/targetFacts';
import type { Target } from '../../../src/glue/target';
import { apiWith, callError, quickClock, session } from '../scriptedApi';
import { english } from '../english';

const target: Target = {
  profile: 'p',
  roles: [{ roleArn: 'arn:aws:iam::444455556666:role/R', sessionTags: { a: 'b' } }],
};
const refusal = (action: string, code: string, message: string) =>
  new AwsCallError(code, message, action, 'notExecuted', undefined);

describe('what stands between a target and its sessions', () => {
  it.each([
    [
      'signIn',
      refusal(
        'sts:GetCallerIdentity',
        'Credentials',
        'The SSO session has expired. Sign in with: aws sso login',
      ),
    ],
    [
      'keys',
      refusal('glue:ListSessions', 'ExpiredToken', 'The security token included in the request is expired'),
    ],
    ['keys', refusal('sts:GetCallerIdentity', 'InvalidClientTokenId', 'The security token … is invalid')],
    ['keys', refusal('sts:GetCallerIdentity', 'SignatureDoesNotMatch', 'The request signature …')],
    [
      'mfa',
      refusal(
        'sts:GetCallerIdentity',
        'Credentials',
        'The code of the MFA device was asked for, and none was given.',
      ),
    ],
    [
      'mfa',
      refusal(
        'sts:GetCallerIdentity',
        'AccessDenied',
        'MultiFactorAuthentication failed with invalid MFA one time pass code.',
      ),
    ],
    [
      'profile',
      refusal('sts:GetCallerIdentity', 'Credentials', 'The AWS configuration has no profile "x"; it has: y.'),
    ],
    ['region', refusal('sts:GetCallerIdentity', 'Credentials', 'No Region is set: profile "x" has none.')],
    [
      'assumeRole',
      refusal(
        'sts:GetCallerIdentity',
        'AccessDenied',
        'User: u is not authorized to perform: sts:AssumeRole on resource: r',
      ),
    ],
    [
      'permission',
      refusal('glue:ListSessions', 'AccessDenied', 'User: u is not authorized to perform: glue:ListSessions'),
    ],
    ['network', refusal('sts:GetCallerIdentity', 'Network', 'none came in time')],
    ['other', refusal('glue:ListSessions', 'Validation', 'what')],
  ])('is named %s, with what to do', (problem, error) => {
    const advice = adviseOnTarget(error, target);
    expect(advice.problem).toBe(problem);
    expect(english(advice.headline)).toMatch(/^[A-Z].*[^.]$/);
    expect(english(advice.todo)).toMatch(/\.$/);
  });

  it('names TagSession where the role has session tags, and the action that is missing', () => {
    expect(
      english(adviseOnTarget(refusal('sts:GetCallerIdentity', 'AccessDenied', 'x'), target).todo),
    ).toContain('sts:TagSession');
    expect(english(adviseOnTarget(refusal('glue:ListSessions', 'AccessDenied', 'x'), target).todo)).toContain(
      'glue:ListSessions',
    );
  });

  it('is a sign-in for any keys that are missing in an SSO profile', () => {
    expect(
      adviseOnTarget(refusal('sts:GetCallerIdentity', 'Credentials', 'no keys'), target, true).problem,
    ).toBe('signIn');
  });
});

it.each([
  ['arn:aws:sts::444455556666:assumed-role/R/ada', 'R/ada'],
  ['arn:aws:iam::111122223333:user/people/ada', 'ada'],
  ['arn:aws:iam::111122223333:root', 'root'],
  ['arn:aws:sts::111122223333:federated-user/ada', 'ada'],
])('%s goes by the name %s', (arn, name) => {
  expect(identityName(arn)).toBe(name);
});

describe('TargetFacts', () => {
  function factsOf(accountAlias: () => Promise<string | undefined>) {
    const api = apiWith({
      callerIdentity: () => Promise.resolve({ account: '444455556666', arn: 'arn', userId: 'u' }),
      region: () => Promise.resolve('us-east-1'),
      listSessions: () => Promise.resolve({ sessions: [session({ status: 'STOPPED' })] }),
      credentialsExpireAt: () => Promise.resolve(5000),
      accountAlias,
    });
    const apis = { of: () => api, forget: () => undefined, useKeys: () => undefined };
    const inventory = new SessionInventory(apis, quickClock());
    const unread: string[] = [];
    const facts = new TargetFacts(apis, inventory, (what) => unread.push(what));
    inventory.setTargets([target]);
    return { inventory, facts, unread };
  }

  it('reads alias and end of the keys once the sessions are there', async () => {
    const alias = vi.fn(() => Promise.resolve('production'));
    const { inventory, facts } = factsOf(alias);
    await inventory.refresh();
    await inventory.refresh();
    await vi.waitFor(() => {
      expect(facts.of(target)).toEqual({ alias: 'production', keysEndAt: 5000 });
    });
    expect(alias).toHaveBeenCalledTimes(1);
  });

  it('asks an identity that may not know the alias once, and shows the rest', async () => {
    const alias = vi.fn(() => Promise.reject(callError('AccessDenied')));
    const { inventory, facts, unread } = factsOf(alias);
    await inventory.refresh();
    await inventory.refresh();
    await vi.waitFor(() => {
      expect(facts.of(target)).toEqual({ keysEndAt: 5000 });
    });
    expect(alias).toHaveBeenCalledTimes(1);
    expect(unread).toEqual(['the alias of account 444455556666']);
  });

  it('keeps sessions waiting for nothing: an alias that never comes is no matter', async () => {
    const { inventory } = factsOf(() => new Promise<string>(() => undefined));
    await inventory.refresh();
    expect(inventory.snapshot(target)).toMatchObject({ state: 'ready' });
  });
});
