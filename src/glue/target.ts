/** One role on the way to a target's credentials, assumed with those of the step before it. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
  /** ARN or serial number of the MFA device whose code is asked for. */
  readonly mfaSerial?: string;
  /** RoleSessionName; undefined takes the person's stable name (design: it must not change between windows or days). */
  readonly sessionName?: string;
  /** Seconds, 900 to 43200; role chaining is capped at 3600 by AWS. */
  readonly durationSeconds?: number;
  /** Sent as session tags only when given: they need sts:TagSession on both sides. */
  readonly sessionTags?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
}

/** Static keys written in a `%%assume_role` body: held in memory only, never logged, stored or shown. */
export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The pair of AWS configuration files that a profile is read from; undefined means the ones AWS tools use by default. */
export interface AwsConfigurationFiles {
  readonly configFile: string;
  readonly credentialsFile: string;
}

/** A place where sessions live: who asks (profile, then roles), in which Region, at which endpoint. */
export interface Target {
  /** Profile name; undefined takes the ambient credentials (environment, AWS_PROFILE or `default`). */
  readonly profile?: string;
  readonly files?: AwsConfigurationFiles;
  /** Assumed one after another; empty when the profile's own identity is used. */
  readonly roles: readonly AssumedRole[];
  /** In place of a profile: keys from `%%assume_role`. Never part of {@link targetKey} in clear. */
  readonly credentials?: StaticCredentials;
  /** Undefined takes the profile's Region. */
  readonly region?: string;
  /** Glue endpoint URL; undefined takes the profile's `endpoint_url` or AWS's own. */
  readonly endpoint?: string;
}

/** A stable text that is equal for equal targets, free of secrets: for maps, caches and tree item ids. */
export function targetKey(target: Target): string {
  return JSON.stringify([
    target.profile ?? null,
    target.files?.configFile ?? null,
    target.roles.map((role) => [
      role.roleArn,
      role.externalId ?? null,
      role.mfaSerial ?? null,
      role.sessionName ?? null,
      role.durationSeconds ?? null,
      role.sourceIdentity ?? null,
      Object.entries(role.sessionTags ?? {}).sort(),
    ]),
    target.credentials?.accessKeyId ?? null,
    target.region ?? null,
    target.endpoint ?? null,
  ]);
}
