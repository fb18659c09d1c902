import * as vscode from 'vscode';
import type { Finding, Link, LinkId } from '../../glue/access/links';
import type { WayToS3 } from '../../glue/access/network';
import { translated } from '../../host/translated';

export function linkName(id: LinkId): string {
  const names: Readonly<Record<LinkId, string>> = {
    credentials: vscode.l10n.t('Credentials'),
    assumeRole: vscode.l10n.t('Assume role'),
    passRole: vscode.l10n.t('Pass the runtime role'),
    roleTrust: vscode.l10n.t("Runtime role's trust"),
    connection: vscode.l10n.t('Connection'),
    subnet: vscode.l10n.t('Subnet'),
    securityGroups: vscode.l10n.t('Security groups'),
    s3: vscode.l10n.t('Way to S3'),
    startRule: vscode.l10n.t('Start a session'),
    tags: vscode.l10n.t('Tags'),
    quotas: vscode.l10n.t('Quotas'),
  };
  return names[id];
}

export function statusName(status: Link['status']): string {
  switch (status) {
    case 'ok':
      return vscode.l10n.t('ok');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'notAllowed':
      return vscode.l10n.t('not allowed to look');
    case 'skipped':
      return vscode.l10n.t('not looked at');
  }
}

/** What was found, and what to do about it where it failed. */
export function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'caller':
      return vscode.l10n.t('{0}, in account {1}.', finding.arn, finding.account);
    case 'keysWork':
      return vscode.l10n.t('The keys are known to AWS.');
    case 'noCredentials':
      return vscode.l10n.t('No credentials that work: {0}', translated(finding.message));
    case 'assumed':
      return vscode.l10n.t('{0} assumed; calls are made as {1}.', finding.roles.join(' → '), finding.arn);
    case 'notAssumed':
      return notAssumed(finding);
    case 'noRoleToAssume':
      return vscode.l10n.t('No role is assumed: the caller works in their own account.');
    case 'notReached':
      return vscode.l10n.t('Nothing to look at, since a link before it failed or was left out.');
    case 'noRuntimeRole':
      return vscode.l10n.t('No runtime role is set (%iam_role, or the setting glueSessions.iamRole).');
    case 'otherAccount':
      return vscode.l10n.t(
        '{0} is a role of another account. A role can be passed within its own account only: take one of account {1}.',
        finding.role,
        finding.account,
      );
    case 'allowed':
      return vscode.l10n.t('{0} is allowed.', finding.action);
    case 'denied':
      return denied(finding);
    case 'refused':
      return vscode.l10n.t(
        'AWS has just refused {0} ({1}).',
        finding.action,
        finding.message || vscode.l10n.t('without naming a policy'),
      );
    case 'mayNotLook':
      return vscode.l10n.t('This takes {0}, which is not allowed.', finding.action);
    case 'couldNotLook':
      return vscode.l10n.t('It could not be looked at: {0}', translated(finding.message));
    case 'trustsGlue':
      return finding.conditionKeys.length === 0
        ? vscode.l10n.t('Glue may assume the role.')
        : vscode.l10n.t(
            'Glue may assume the role, on conditions that are not looked at: {0}.',
            finding.conditionKeys.join(', '),
          );
    case 'noTrust':
      return finding.isDenied
        ? vscode.l10n.t('The trust policy of {0} denies Glue: take that statement out.', finding.role)
        : vscode.l10n.t(
            'The trust policy of {0} does not name glue.amazonaws.com: the session could not run as it.',
            finding.role,
          );
    case 'roleMissing':
      return vscode.l10n.t('There is no role {0}: look at its name and account.', finding.role);
    case 'noConnection':
      return vscode.l10n.t('No connection is named: the session would run in no VPC of yours.');
    case 'connections':
      return vscode.l10n.t('{0} is there, in this Region.', finding.names.join(', '));
    case 'connectionMissing':
      return vscode.l10n.t(
        'There is no connection {0} in {1}; a connection lives in one Region. There are: {2}.',
        finding.name,
        finding.region,
        finding.others.join(', ') || vscode.l10n.t('none'),
      );
    case 'noSubnet':
      return vscode.l10n.t('The connection {0} has no subnet: it brings no network.', finding.name);
    case 'subnetMissing':
      return vscode.l10n.t(
        'There is no subnet {0} any more: the connection needs another one.',
        finding.name,
      );
    case 'addresses':
      return addresses(finding);
    case 'groupsOpen':
      return vscode.l10n.t('{0}: the workers reach each other.', finding.groups.join(', '));
    case 'groupsClosed':
      return finding.side === 'ingress'
        ? vscode.l10n.t(
            'None of {0} lets all ports in from itself, as the workers need to reach each other.',
            finding.groups.join(', '),
          )
        : vscode.l10n.t(
            'None of {0} lets all ports out to itself, as the workers need to reach each other.',
            finding.groups.join(', '),
          );
    case 'noGroups':
      return vscode.l10n.t('The connection {0} names no security group.', finding.name);
    case 'reachesS3':
      return reachesS3(finding.way);
    case 'noWayToS3':
      return noWayToS3(finding);
    case 'networkNotApproved':
      return vscode.l10n.t(
        'A rule on the network denies it with {0}; it is allowed with: {1}.',
        finding.chosen.join(', ') || vscode.l10n.t('no connection'),
        finding.approved.join(', '),
      );
    case 'tagsWanted':
      return tagsWanted(finding);
    case 'onceTagged':
      return vscode.l10n.t('It is allowed once the tags are right: see below.');
    case 'quota':
      return quota(finding);
    case 'noQuota':
      return vscode.l10n.t('No quota on sessions or DPUs is told.');
  }
}

type Of<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>;

function notAssumed({ role, action, isSameAccount }: Of<'notAssumed'>): string {
  if (action !== 'sts:AssumeRole')
    return vscode.l10n.t(
      '{0} cannot be assumed: both the policy of the caller and the trust policy of the role have to allow {1} besides sts:AssumeRole. Or leave away what asks for it (session tags, source identity).',
      role,
      action,
    );
  return isSameAccount
    ? vscode.l10n.t(
        '{0} cannot be assumed. AWS does not tell why: its trust policy does not name the caller, or wants more (external id, MFA), or a policy denies it, or there is no such role.',
        role,
      )
    : vscode.l10n.t(
        '{0} cannot be assumed. AWS does not tell which side it is: across accounts both have to allow it, a policy of the caller and the trust policy of the role (which may want an external id or MFA). Or there is no such role.',
        role,
      );
}

function denied({ action, isExplicit, by, policies }: Of<'denied'>): string {
  if (by === 'organization')
    return vscode.l10n.t(
      'A service control policy stops {0}: only an administrator of the organization can change that.',
      action,
    );
  if (by === 'boundary')
    return vscode.l10n.t('The permissions boundary does not let {0} pass: it has to allow it too.', action);
  if (!isExplicit) return vscode.l10n.t('No policy allows {0}.', action);
  return policies.length === 0
    ? vscode.l10n.t('A policy denies {0}, on a condition that was not found by trying.', action)
    : vscode.l10n.t(
        'A policy denies {0}, on a condition that was not found by trying: {1}.',
        action,
        policies.join(', '),
      );
}

function addresses({ subnet, free, wanted }: Of<'addresses'>): string {
  return free >= wanted
    ? vscode.l10n.t('{0} has {1} free addresses; {2} are needed.', subnet, free, wanted)
    : vscode.l10n.t(
        '{0} has {1} free addresses, and {2} workers need one each: take fewer workers, or a connection with a larger subnet.',
        subnet,
        free,
        wanted,
      );
}

function reachesS3({ kind, id }: WayToS3): string {
  if (kind === 'nat') return vscode.l10n.t('S3 is reached through the NAT gateway {0}.', id);
  return kind === 'interface'
    ? vscode.l10n.t('S3 is reached through the interface endpoint {0}.', id)
    : vscode.l10n.t('S3 is reached through the gateway endpoint {0}.', id);
}

function noWayToS3({ subnet, vpc, way }: Of<'noWayToS3'>): string {
  if (way?.kind === 'brokenNat')
    return vscode.l10n.t(
      'The subnet {0} routes to the NAT gateway {1}, which does not work: mend it, or add a gateway endpoint for S3.',
      subnet,
      way.id,
    );
  if (way?.kind === 'otherTable')
    return vscode.l10n.t(
      'The gateway endpoint {0} is not in the route table of the subnet {1}: add it there.',
      way.id,
      subnet,
    );
  return vscode.l10n.t(
    'The subnet {0} of {1} has no way to S3, and Glue needs one: add a gateway endpoint for S3 (it costs nothing) or a NAT gateway. An internet gateway does not help, since workers have no public address.',
    subnet,
    vpc,
  );
}

function tagsWanted({ tags, isTogether }: Of<'tagsWanted'>): string {
  const each = tags.map(({ key, values }) =>
    values.length === 0
      ? vscode.l10n.t('{0} (any value)', key)
      : vscode.l10n.t('{0} (one of {1})', key, values.join(', ')),
  );
  return isTogether
    ? vscode.l10n.t('A rule on tags denies it; it is allowed with all of these set: {0}.', each.join('; '))
    : vscode.l10n.t('A rule on tags denies it; it is allowed when this one is set: {0}.', each.join('; '));
}

function quota({ name, used, wanted, most }: Of<'quota'>): string {
  const text = vscode.l10n.t('{0}: {1} of {2} in use, {3} more wanted.', name, used, most, wanted);
  if (used + wanted <= most) return text;
  return `${text} ${vscode.l10n.t('Stop sessions that nobody needs, take fewer workers, or have the quota raised.')}`;
}
