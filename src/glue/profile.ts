/** A profile of the AWS configuration, as far as people and targets need it; free of secrets. */
export interface Profile {
  readonly name: string;
  readonly region?: string;
  /** Where its keys come from. */
  readonly source: 'keys' | 'sso' | 'role' | 'process' | 'other';
  /** Twelve digits: that of the role or of the SSO sign-in, as far as the files tell. */
  readonly account?: string;
  /** The role that it assumes. */
  readonly roleArn?: string;
  /** Name of the role or of the SSO permission set. */
  readonly roleName?: string;
  /** The profile whose keys assume the role. */
  readonly sourceProfile?: string;
  readonly mfaSerial?: string;
  /** The profile to sign in with before this one can be used: itself or the one that it builds on. */
  readonly signInProfile?: string;
  /** What its SSO sign-in is called in the token cache: the session's name, or the start URL. */
  readonly ssoToken?: string;
  /** Differs when anything that decides over its credentials or its place differs, in itself or in what it builds on. */
  readonly fingerprint: string;
}
