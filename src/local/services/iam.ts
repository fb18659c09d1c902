import type { Caller } from '../policies/authorization';
import type { Role, World } from '../world/world';
import type { Authorizer } from './authorizer';
import { simulatePrincipalPolicy } from './iamSimulation';
import { ServiceError } from './serviceError';
import { constrained, type QueryResult } from './sts';

/** IAM of the caller's account, as far as tools of Glue ask it. */
export class Iam {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
  ) {}

  handle(operation: string, input: URLSearchParams, caller: Caller): QueryResult {
    switch (operation) {
      case 'ListAccountAliases':
        return this.listAccountAliases(caller);
      case 'GetRole':
        return this.getRole(input, caller);
      case 'GetUser':
        return this.getUser(input, caller);
      case 'ListRoles':
        return this.listRoles(input, caller);
      case 'SimulatePrincipalPolicy':
        return simulatePrincipalPolicy(input, caller, this.world, this.authorizer);
      default:
        throw new ServiceError(
          'InvalidAction',
          `Could not find operation ${operation} for version 2010-05-08`,
        );
    }
  }

  /** An account has one alias or none. */
  private listAccountAliases(caller: Caller): QueryResult {
    this.authorizer.demand(caller, {
      action: 'iam:ListAccountAliases',
      resource: '*',
      resourceAccount: caller.account,
      context: {},
    });
    const alias = this.world.accounts.get(caller.account)?.alias;
    return { AccountAliases: alias === undefined ? '' : { member: alias }, IsTruncated: false };
  }

  private getRole(input: URLSearchParams, caller: Caller): QueryResult {
    const name = constrained('roleName', input.get('RoleName'), /^[\w+=,.@-]+$/, 1, 64);
    const role = this.roles(caller).find((one) => one.name === name);
    // Without its path, when there is none to be known.
    this.authorizer.demand(caller, {
      action: 'iam:GetRole',
      resource: role?.arn ?? `arn:aws:iam::${caller.account}:role/${name}`,
      resourceAccount: caller.account,
      context: {},
    });
    if (role === undefined) {
      throw new ServiceError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    }
    const tags = Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value }));
    return { Role: { ...describe(role), ...(tags.length > 0 && { Tags: { member: tags } }) } };
  }

  /** Without a name, of the user whose keys sign; a role session has none. Source: IAM API reference, "GetUser". */
  private getUser(input: URLSearchParams, caller: Caller): QueryResult {
    const given = input.get('UserName');
    const name = given === null ? caller.userName : constrained('userName', given, /^[\w+=,.@-]+$/, 1, 64);
    if (name === undefined) {
      throw new ServiceError(
        'ValidationError',
        'Must specify userName when calling with non-User credentials',
      );
    }
    const user = this.world.accounts.get(caller.account)?.users.find((one) => one.name === name);
    this.authorizer.demand(caller, {
      action: 'iam:GetUser',
      resource: user?.arn ?? `arn:aws:iam::${caller.account}:user/${name}`,
      resourceAccount: caller.account,
      context: {},
    });
    if (user === undefined) {
      throw new ServiceError('NoSuchEntity', `The user with name ${name} cannot be found.`, 404);
    }
    const tags = Object.entries(user.tags).map(([Key, Value]) => ({ Key, Value }));
    return {
      User: {
        Path: /:user(\/(?:.*\/)?)/.exec(user.arn)?.[1] ?? '/',
        UserName: user.name,
        UserId: user.uniqueId,
        Arn: user.arn,
        CreateDate: '2026-01-01T00:00:00Z',
        ...(tags.length > 0 && { Tags: { member: tags } }),
      },
    };
  }

  private listRoles(input: URLSearchParams, caller: Caller): QueryResult {
    const prefix = input.get('PathPrefix') ?? '/';
    this.authorizer.demand(caller, {
      action: 'iam:ListRoles',
      resource: `arn:aws:iam::${caller.account}:role${prefix}`,
      resourceAccount: caller.account,
      context: {},
    });
    const most = Number(input.get('MaxItems') ?? '100');
    if (!Number.isInteger(most) || most < 1 || most > 1000) {
      throw new ServiceError(
        'ValidationError',
        `1 validation error detected: Value '${String(input.get('MaxItems'))}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000`,
      );
    }
    const start = Number(Buffer.from(input.get('Marker') ?? '', 'base64url').toString() || '0');
    if (!Number.isInteger(start) || start < 0)
      throw new ServiceError('ValidationError', 'Invalid Marker value');
    const all = this.roles(caller).filter(({ arn }) => pathOf(arn).startsWith(prefix));
    const end = start + most;
    const member = all.slice(start, end).map(describe);
    const isTruncated = end < all.length;
    return {
      Roles: member.length > 0 ? { member } : '',
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: Buffer.from(String(end)).toString('base64url') }),
    };
  }

  private roles(caller: Caller): readonly Role[] {
    return this.world.accounts.get(caller.account)?.roles ?? [];
  }
}

/**
 * As listed, so without tags. Trust policies come URL-encoded (RFC 3986). Source: IAM API reference, "GetRole" and
 * "ListRoles".
 */
function describe(role: Role): object {
  return {
    Path: pathOf(role.arn),
    RoleName: role.name,
    RoleId: role.uniqueId,
    Arn: role.arn,
    CreateDate: '2026-01-01T00:00:00Z',
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trustDocument)),
    MaxSessionDuration: role.maxSessionDuration,
  };
}

function pathOf(arn: string): string {
  return /:role(\/(?:.*\/)?)/.exec(arn)?.[1] ?? '/';
}
