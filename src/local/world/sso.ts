import { createHash } from 'node:crypto';

/** Where people of a world sign in, and what they may become. Where a number is shorter than AWS takes it, it is for trying what comes after its end. */
export interface SsoFile {
  /** Name of the `sso-session` that is written. */
  readonly session: string;
  readonly region: string;
  readonly startUrl: string;
  /** Who signs in; the name of the role sessions. */
  readonly user: string;
  readonly portalSessionSeconds?: number;
  readonly deviceCodeSeconds?: number;
  /** Whether the configuration asks for the scope with which tokens can be refreshed. */
  readonly refresh?: boolean;
  readonly permissionSets: Readonly<Record<string, PermissionSetFile>>;
}

interface PermissionSetFile {
  /** Account that it is assigned in. */
  readonly account: string;
  /** Name of the profile that is written. */
  readonly profile: string;
  readonly sessionSeconds?: number;
  readonly managedPolicies?: readonly string[];
  readonly inlinePolicies?: Readonly<Record<string, unknown>>;
  readonly permissionsBoundary?: string;
}

/** IAM Identity Center of a world: one instance, one person. */
export interface SsoPortal {
  readonly session: string;
  readonly region: string;
  readonly startUrl: string;
  readonly user: string;
  readonly portalSessionSeconds: number;
  readonly deviceCodeSeconds: number;
  readonly refresh: boolean;
  readonly permissionSets: readonly PermissionSet[];
}

export interface PermissionSet {
  readonly name: string;
  readonly account: string;
  readonly profile: string;
  readonly roleArn: string;
  readonly sessionSeconds: number;
}

/** What a sign-in gives when the world says nothing else: 8 hours in the portal, 10 minutes to approve, keys for an hour. */
export function readSso(file: SsoFile): SsoPortal {
  return {
    portalSessionSeconds: 28_800,
    deviceCodeSeconds: 600,
    refresh: true,
    ...file,
    permissionSets: Object.entries(file.permissionSets).map(([name, set]) => ({
      name,
      account: set.account,
      profile: set.profile,
      roleArn: `arn:aws:iam::${set.account}:role${rolePath(file)}${roleName(file, name)}`,
      sessionSeconds: set.sessionSeconds ?? 3600,
    })),
  };
}

/**
 * The roles that Identity Center makes in an account, as a world file would write them: only it may assume them. Sources:
 * Identity Center user guide, "Referencing permission sets in resource policies" (name and path); public Terraform states
 * and `iam list-roles` of such accounts (trust, MaxSessionDuration 43200, no Region in the path for us-east-1).
 */
export function reservedRoles(file: SsoFile, account: string) {
  return Object.entries(file.permissionSets)
    .filter(([, set]) => set.account === account)
    .map(([name, { managedPolicies, inlinePolicies, permissionsBoundary }]) => ({
      name: roleName(file, name),
      path: rolePath(file),
      maxSessionDuration: 43_200,
      ...(managedPolicies !== undefined && { managedPolicies }),
      ...(inlinePolicies !== undefined && { inlinePolicies }),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      trustDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: {
              Federated: `arn:aws:iam::${account}:saml-provider/AWSSSO_${suffix(file, account)}_DO_NOT_DELETE`,
            },
            Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
            Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
          },
        ],
      },
    }));
}

function roleName(file: SsoFile, set: string): string {
  return `AWSReservedSSO_${set}_${suffix(file, set)}`;
}

function rolePath({ region }: SsoFile): string {
  return `/aws-reserved/sso.amazonaws.com/${region === 'us-east-1' ? '' : `${region}/`}`;
}

/** Stable, as policies name these roles. */
function suffix({ startUrl }: SsoFile, of: string): string {
  return createHash('sha256').update(`${startUrl} ${of}`).digest('hex').slice(0, 16);
}
