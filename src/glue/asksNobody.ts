import type { Target } from './target';

/** What a profile of the AWS configuration tells of how its keys are had. */
export interface KeySource {
  readonly name: string;
  /** `process`: a program gives them, which may open a window. */
  readonly source?: string;
  readonly sourceProfile?: string;
  readonly mfaSerial?: string;
}

/**
 * Whether the keys of a target are had without asking a person for a code or running a program of theirs.
 * @param ambient the profile that AWS tools take where none is named
 */
export function asksNobody(target: Target, profiles: readonly KeySource[], ambient: string): boolean {
  if (target.roles.some(({ mfaSerial }) => mfaSerial !== undefined)) return false;
  if (target.credentials !== undefined) return true;
  const seen = new Set<string>();
  for (let name: string | undefined = target.profile ?? ambient; name !== undefined && !seen.has(name);) {
    seen.add(name);
    const profile = profiles.find((candidate) => candidate.name === name);
    if (profile?.mfaSerial !== undefined || profile?.source === 'process') return false;
    name = profile?.sourceProfile;
  }
  return true;
}
