import { InvalidInputError } from './errors';
import { sentence, type Said } from './sentence';

export interface RoleArn {
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  /** Last part of the path. */
  readonly name: string;
  readonly arn: string;
}

/** @throws InvalidInputError that names the value and what was expected */
export function parseRoleArn(text: string): RoleArn {
  const arn = text.trim();
  const match = /^arn:(aws[\w-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  const [, partition, account, name] = match ?? [];
  if (partition === undefined || account === undefined || name === undefined) {
    throw new InvalidInputError(
      sentence(
        '"{0}" is not the ARN of a role. Expected arn:aws:iam::ACCOUNT:role/NAME with an account of twelve digits{1}',
        arn,
        hint(arn),
      ),
      arn,
    );
  }
  return { partition, account, name, arn };
}

/**
 * ARN of a role given by ARN or by bare name, as the official kernel takes both.
 * @param account that of the caller, where a bare name is looked for
 * @param partition of the caller: `aws`, `aws-cn`, `aws-us-gov`
 * @throws InvalidInputError when it is neither
 */
export function resolveRoleArn(text: string, account: string, partition = 'aws'): string {
  const value = text.trim();
  return isRoleName(value)
    ? `arn:${partition}:iam::${account}:role/${value.replace(/^role\/|^\//, '')}`
    : parseRoleArn(value).arn;
}

/** Whether it is a role's bare name, perhaps with its path (`service-role/NAME`). */
export function isRoleName(text: string): boolean {
  return /^\/?(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.test(text);
}

/** The user, or the role behind a role session: what has policies. A path of the role isn't in its session's ARN. */
export function principalOf(arn: string): string {
  return arn.replace(/^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3');
}

/** ARN of a session. Source: glue.md, "The API". */
export function sessionArn(region: string, account: string, id: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:glue:${region}:${account}:session/${id}`;
}

function hint(arn: string): Said {
  const account = /^arn:[^:]*:iam::([^:]*):/.exec(arn)?.[1];
  if (account !== undefined && !/^\d{12}$/.test(account)) return sentence('; "{0}" is not one.', account);
  if (/^arn:[^:]*:iam::\d{12}:(?!role\/)/.test(arn)) return sentence('; this one is not of a role.');
  if (/^arn:[^:]*:sts:/.test(arn)) return sentence('; this is a role session, not the role itself.');
  return '.';
}
