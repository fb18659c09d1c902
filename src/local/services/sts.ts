import { parsePolicy, PolicyError } from '../policies/parsePolicy';
import type { Caller, PolicyDocument } from '../policies/authorization';
import type { Authorizer } from './authorizer';
import type { Keys } from './keys';
import { ServiceError } from './serviceError';

/** What an STS operation gave: the name of its result element and what is in it. */
export type QueryResult = Readonly<Record<string, unknown>>;

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

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
    // Once set it stays through every chain of roles.
    const sourceIdentity = optional(input, 'SourceIdentity', /^[\w+=,.@-]*$/, 2, 64) ?? caller.sourceIdentity;
    const duration = durationOf(input.get('DurationSeconds'));
    const tags = sessionTags(input, caller);
    const usesCode = input.has('SerialNumber') || input.has('TokenCode');
    if (usesCode) demandCode(input, caller);
    const context = {
      'sts:RoleSessionName': [sessionName],
      ...(externalId !== undefined && { 'sts:ExternalId': [externalId] }),
      ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': [sourceIdentity] }),
      ...(usesCode && { 'aws:MultiFactorAuthPresent': ['true'], 'aws:MultiFactorAuthAge': ['0'] }),
      ...(tags.requested.size > 0 && { 'aws:TagKeys': [...tags.requested.keys()] }),
      ...(tags.transitiveKeys.length > 0 && { 'sts:TransitiveTagKeys': tags.transitiveKeys }),
      ...Object.fromEntries(
        [...tags.requested].map(([key, value]) => [`aws:RequestTag/${key}`, [value]] as const),
      ),
    };
    const role = this.authorizer.role(arn);
    const wish = { resource: arn, resourceAccount: account, context };
    const actions = [
      'sts:AssumeRole',
      ...(tags.requested.size > 0 ? ['sts:TagSession'] : []),
      ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    for (const action of actions) this.authorizer.demandAssume(caller, role, { ...wish, action });
    if (caller.sourceIdentity !== undefined && sourceIdentity !== caller.sourceIdentity) {
      throw new ServiceError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${arn}`,
        403,
      );
    }
    if (role === undefined) throw new Error('demandAssume let a missing role pass');
    this.checkDuration(duration, role.maxSessionDuration, caller);

    const assumed: Caller = {
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
      principalArn: role.arn,
      userId: `${role.uniqueId}:${sessionName}`,
      principalTags: { ...role.tags, ...Object.fromEntries([...tags.inherited, ...tags.requested]) },
      transitiveTagKeys: [...tags.inherited.keys(), ...tags.transitiveKeys],
      sessionPolicies: this.sessionPolicies(input),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
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

  private sessionPolicies(input: URLSearchParams): readonly PolicyDocument[] {
    const text = input.get('Policy');
    const managed = numbered(input, 'PolicyArns.member').map((prefix) => {
      const arn = input.get(`${prefix}.arn`) ?? '';
      const policy = this.authorizer.managedPolicy(arn);
      if (policy === undefined) {
        throw new ServiceError('ValidationError', `The policy ${arn} of PolicyArns isn't in this world`);
      }
      return policy;
    });
    try {
      return [
        ...managed,
        ...(text === null ? [] : [parsePolicy('session policy', JSON.parse(text), 'identity')]),
      ];
    } catch (error) {
      if (error instanceof PolicyError || error instanceof SyntaxError) {
        throw new ServiceError('MalformedPolicyDocument', error.message);
      }
      throw error;
    }
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

/** Session tags asked for, and those that follow from the session that asks. */
function sessionTags(input: URLSearchParams, caller: Caller) {
  const invalidTag = (message: string) => {
    throw new ServiceError('InvalidParameterValue', message);
  };
  const prefixes = numbered(input, 'Tags.member');
  if (prefixes.length > 50) {
    throw new ServiceError(
      'ValidationError',
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  }
  const requested = new Map(
    prefixes.map((prefix, index) => {
      const at = `tags.${String(index + 1)}.member`;
      const read = (name: 'Key' | 'Value', least: number, most: number) =>
        constrained(
          `${at}.${name.toLowerCase()}`,
          input.get(`${prefix}.${name}`),
          tagCharacters,
          least,
          most,
        );
      return [read('Key', 1, 128), read('Value', 0, 256)] as const;
    }),
  );
  const lower = [...requested.keys()].map((key) => key.toLowerCase());
  if (requested.size < prefixes.length || new Set(lower).size < lower.length) {
    invalidTag('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const inherited = new Map(
    (caller.transitiveTagKeys ?? []).map((key) => [key, caller.principalTags[key] ?? ''] as const),
  );
  if ([...inherited.keys()].some((key) => lower.includes(key.toLowerCase()))) {
    invalidTag(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const transitiveKeys = numbered(input, 'TransitiveTagKeys.member').map((name) => input.get(name) ?? '');
  if (!transitiveKeys.every((key) => requested.has(key))) {
    invalidTag('The specified transitive tag key must be included in the requested tags.');
  }
  return { requested, inherited, transitiveKeys };
}

/** A world has no MFA devices: each of the caller's own account takes any six digits. */
function demandCode(input: URLSearchParams, caller: Caller): void {
  const serial = matching(input, 'SerialNumber', /^[\w+=/:,.@-]*$/, 9, 256);
  matching(input, 'TokenCode', /^\d*$/, 6, 6);
  if (!serial.startsWith(`arn:aws:iam::${caller.account}:mfa/`)) {
    throw new ServiceError(
      'AccessDenied',
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
      403,
    );
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
  return constrained(member, input.get(name), pattern, min, max);
}

/** @throws ServiceError ValidationError, worded as STS and IAM word it */
export function constrained(
  member: string,
  value: string | null,
  pattern: RegExp,
  min: number,
  max: number,
): string {
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
  if (member === 'roleArn') throw new ServiceError('ValidationError', `${value} is invalid`);
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
export function numbered(input: URLSearchParams, prefix: string): string[] {
  const numbers = [...input.keys()].flatMap((key) =>
    key.startsWith(`${prefix}.`) ? [Number(key.slice(prefix.length + 1).split('.')[0])] : [],
  );
  return [...new Set(numbers)].sort((a, b) => a - b).map((number) => `${prefix}.${String(number)}`);
}
