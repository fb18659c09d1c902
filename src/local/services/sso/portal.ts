import type { Caller } from '../../policies/authorization';
import type { PermissionSet, SsoPortal } from '../../world/sso';
import type { World } from '../../world/world';
import type { Authorizer } from '../authorizer';
import { page } from '../glue/pages';
import type { Keys } from '../keys';
import { ServiceError } from '../serviceError';
import type { SsoSignIns } from './signIns';

export type PortalOperation = 'GetRoleCredentials' | 'ListAccounts' | 'ListAccountRoles' | 'Logout';

export interface PortalOptions {
  readonly world: World;
  readonly portal: SsoPortal;
  readonly signIns: SsoSignIns;
  readonly authorizer: Authorizer;
  readonly keys: Keys;
}

/**
 * The portal of IAM Identity Center (public model `sso/2019-06-10`): keys of the permission sets for who bears a token.
 * Past the model: an assignment that isn't there is `ForbiddenException: No access`, and a token that doesn't hold `Session
 * token not found or invalid` (aws-cli issue 7871, aws-sam-cli issue 2129, granted issue 715 and others).
 */
export class Portal {
  constructor(private readonly options: PortalOptions) {}

  /** @param token undefined: none came */
  handle(operation: PortalOperation, input: URLSearchParams, token: string | undefined): object {
    const { signIns, portal, world } = this.options;
    if (token === undefined || !signIns.isSignedIn(token)) {
      throw new ServiceError('UnauthorizedException', 'Session token not found or invalid', 401);
    }
    switch (operation) {
      case 'GetRoleCredentials':
        return this.getRoleCredentials(input);
      case 'ListAccounts': {
        const accounts = [...new Set(portal.permissionSets.map(({ account }) => account))];
        const { items, nextToken } = pageOf(accounts, input);
        const accountList = items.map((accountId) => ({
          accountId,
          ...named('accountName', world.accounts.get(accountId)?.alias),
        }));
        return { accountList, ...named('nextToken', nextToken) };
      }
      case 'ListAccountRoles': {
        const accountId = required(input, 'account_id');
        const sets = portal.permissionSets.filter(({ account }) => account === accountId);
        if (sets.length === 0) throw noAccess();
        const { items, nextToken } = pageOf(sets, input);
        const roleList = items.map(({ name }) => ({ roleName: name, accountId }));
        return { roleList, ...named('nextToken', nextToken) };
      }
      case 'Logout':
        signIns.signOut(token);
        return {};
    }
  }

  /** Who a permission set makes of the person: AWS's sessions of such roles carry the user's name. */
  callerOf({ account, roleArn }: PermissionSet): Caller {
    const { authorizer, portal } = this.options;
    const role = authorizer.role(roleArn);
    if (role === undefined) throw new Error(`the world has no role ${roleArn}`);
    return {
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${portal.user}`,
      principalArn: roleArn,
      userId: `${role.uniqueId}:${portal.user}`,
      principalTags: role.tags,
      sessionPolicies: [],
    };
  }

  private getRoleCredentials(input: URLSearchParams): object {
    const [name, account] = [required(input, 'role_name'), required(input, 'account_id')];
    const set = this.options.portal.permissionSets.find(
      (one) => one.name === name && one.account === account,
    );
    if (set === undefined) throw noAccess();
    const key = this.options.keys.issueTemporary(this.callerOf(set), set.sessionSeconds);
    return {
      roleCredentials: {
        accessKeyId: key.id,
        secretAccessKey: key.secret,
        sessionToken: key.sessionToken,
        expiration: key.expiresAt,
      },
    };
  }
}

function noAccess(): ServiceError {
  return new ServiceError('ForbiddenException', 'No access', 403);
}

function required(input: URLSearchParams, name: string): string {
  const value = input.get(name);
  if (value !== null && value !== '') return value;
  throw new ServiceError('InvalidRequestException', `${name} is missing`);
}

/** @throws ServiceError for a size that the model doesn't allow */
function pageOf<T>(all: readonly T[], input: URLSearchParams) {
  const most = Number(input.get('max_result') ?? '100');
  if (!Number.isInteger(most) || most < 1 || most > 100) {
    throw new ServiceError('InvalidRequestException', 'max_result is not a number from 1 to 100');
  }
  return page(all, most, input.get('next_token') ?? undefined);
}

function named(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value };
}
