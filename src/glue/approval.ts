import type { Target } from './target';

/** A value that chooses who calls, or where calls go: a person is asked before a file of somebody else's may say it. */
export interface Approval {
  readonly kind: 'role' | 'profile' | 'endpoint';
  readonly value: string;
}

/** All of a target that a person is asked about. */
export function approvalsOf({ profile, roles, endpoint }: Target): readonly Approval[] {
  return [
    ...(profile === undefined ? [] : [{ kind: 'profile', value: profile } as const]),
    ...roles.map(({ roleArn }) => ({ kind: 'role', value: roleArn }) as const),
    ...(endpoint === undefined ? [] : [{ kind: 'endpoint', value: endpoint } as const]),
  ];
}
