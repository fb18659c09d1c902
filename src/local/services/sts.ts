import { parsePolicy, PolicyError } from '../policies/parsePolicy';
import type { Caller, PolicyDocument } from '../policies/authorization';
import type { Authorizer } from './authorizer';
import type { Keys } from './keys';
import { ServiceError } from './serviceError';

/** What an STS operation gave: the name of its result element and what is in it. */
export type QueryResult = Readonly<Record<string, unknown>>;

/** STS: who calls, and roles assumed. */
export class Sts {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly keys: Keys,
  ) {}

  handle(operation: string, input: URLSearchParams, caller: Caller): QueryResult {
    switch (operation) {
      case 'GetCallerIdentity':
        return { Arn: caller.arn, UserId: caller.userId, Account: caller.account };
      case 'AssumeRole':
        return this.assumeRole(input, caller);
      default:
        throw new ServiceError(
          'InvalidAction',
          `Could not find operation ${operation} for version 2011-06-15`,
        );
    }
  }

  private assumeRole(input: URLSearchParams, caller: Caller): QueryResult {
    const arn = matching(input, 'RoleArn', /^arn:aws[\w-]*:iam::(\d{12}):role\/.+$/u, 20, 2048);
    const account = /::(\d{12}):/.exec(arn)?.[1] ?? '';
    const sessionName = matching(input, 'RoleSessionName', /^[\w+=,.@-]*$/, 2, 64);
    const externalId = optional(input, 'ExternalId', /^[\w+=,.@:/-]*$/, 2, 1224);
    const sourceIdentity = optional(input, 'SourceIdentity', /^[\w+=,.@-]*$/, 2, 64);
    const duration = durationOf(input.get('DurationSeconds'));
    const tags = numbered(input, 'Tags.member').map((prefix): [string, string] => [
      input.get(`${prefix}.Key`) ?? '',
      input.get(`${prefix}.Value`) ?? '',
    ]);
    if (tags.length > 50)
      throw new ServiceError(
        'ValidationError',
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
      );
    const context = {
      'sts:RoleSessionName': [sessionName],
      ...(externalId !== undefined && { 'sts:ExternalId': [externalId] }),
      ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': [sourceIdentity] }),
      ...(tags.length > 0 && { 'aws:TagKeys': tags.map(([key]) => key) }),
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, [value]])),
    };
    const role = this.authorizer.role(arn);
    const wish = { resource: arn, resourceAccount: account, context };
    const actions = [
      'sts:AssumeRole',
      ...(tags.length > 0 ? ['sts:TagSession'] : []),
      ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    for (const action of actions) this.authorizer.demandAssume(caller, role, { ...wish, action });
    if (role === undefined) throw new Error('demandAssume let a missing role pass');
    this.checkDuration(duration, role.maxSessionDuration, caller);

    const assumed: Caller = {
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
      principalArn: role.arn,
      userId: `${role.uniqueId}:${sessionName}`,
      principalTags: { ...role.tags, ...Object.fromEntries(tags) },
      sessionPolicies: sessionPolicies(input.get('Policy')),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      mfaAuthenticated: input.has('SerialNumber') && input.has('TokenCode'),
    };
    const key = this.keys.issueTemporary(assumed, duration ?? 3600);
    return {
      AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
      ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
      PackedPolicySize: 0,
      Credentials: {
        AccessKeyId: key.id,
        SecretAccessKey: key.secret,
        SessionToken: key.sessionToken,
        Expiration: new Date(key.expiresAt).toISOString(),
      },
    };
  }

  private checkDuration(seconds: number | undefined, most: number, caller: Caller): void {
    if (seconds === undefined) return;
    if (caller.userName === undefined && seconds > 3600) {
      throw new ServiceError(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    if (seconds > most) {
      throw new ServiceError(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
  }
}

function sessionPolicies(text: string | null): readonly PolicyDocument[] {
  if (text === null) return [];
  try {
    return [parsePolicy('session policy', JSON.parse(text), 'identity')];
  } catch (error) {
    if (error instanceof PolicyError || error instanceof SyntaxError) {
      throw new ServiceError('MalformedPolicyDocument', error.message);
    }
    throw error;
  }
}

function durationOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    const bound = seconds < 900 ? 'greater than or equal to 900' : 'less than or equal to 43200';
    throw invalid('durationSeconds', text, `Member must have value ${bound}`);
  }
  return seconds;
}

function matching(input: URLSearchParams, name: string, pattern: RegExp, min: number, max: number): string {
  const member = name.slice(0, 1).toLowerCase() + name.slice(1);
  const value = input.get(name);
  if (value === null) {
    throw new ServiceError(
      'ValidationError',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  if (value.length < min)
    throw invalid(member, value, `Member must have length greater than or equal to ${String(min)}`);
  if (value.length > max)
    throw invalid(member, value, `Member must have length less than or equal to ${String(max)}`);
  if (pattern.test(value)) return value;
  if (name === 'RoleArn') throw new ServiceError('ValidationError', `${value} is invalid`);
  throw invalid(
    member,
    value,
    `Member must satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`,
  );
}

function optional(
  input: URLSearchParams,
  name: string,
  pattern: RegExp,
  min: number,
  max: number,
): string | undefined {
  return input.has(name) ? matching(input, name, pattern, min, max) : undefined;
}

function invalid(member: string, value: string, constraint: string): ServiceError {
  return new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** The prefixes `Tags.member.1`, `Tags.member.2` … that are there. */
function numbered(input: URLSearchParams, prefix: string): string[] {
  const numbers = [...input.keys()].flatMap((key) =>
    key.startsWith(`${prefix}.`) ? [Number(key.slice(prefix.length + 1).split('.')[0])] : [],
  );
  return [...new Set(numbers)].sort((a, b) => a - b).map((number) => `${prefix}.${String(number)}`);
}
