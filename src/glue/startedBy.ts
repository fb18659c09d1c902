import type { CallerIdentity, Tags } from './glueApi';

/** Who started a session, as far as its tags tell. */
export interface StartedBy {
  /** For people: the name of the role session, the name in the tag, or the user's id. */
  readonly name: string;
  /** The whole tag. */
  readonly userId: string;
  /**
   * - `roleSession`: somebody with an assumed role; `role` is its ARN where the caller has the same, else its unique id
   * - `user`: an IAM user, known by its unique id
   * - `name`: what a person wrote
   */
  readonly kind: 'roleSession' | 'user' | 'account' | 'name';
  readonly role?: string;
  /** Whether it is the caller: the same user, or the same role with the same session name. */
  readonly isCaller: boolean;
}

/**
 * Reads the tags `owner` (kernels set it to the caller's user id) and `userId` (the restricted managed policies want it of
 * callers that came through AssumeRole). Source of the forms: IAM user guide, "IAM identifiers".
 * @param caller who looks, of the same account
 */
export function startedBy(tags: Tags, caller: CallerIdentity | undefined): StartedBy | undefined {
  const owner = tags.owner ?? tags.userId;
  if (owner === undefined || owner === '') return undefined;
  const isCaller = caller?.userId === owner;
  const [, roleId, sessionName] = /^(AROA[A-Z0-9]+):(.+)$/.exec(owner) ?? [];
  if (roleId !== undefined && sessionName !== undefined) {
    const isSameRole = caller?.userId.startsWith(`${roleId}:`) === true;
    const role = isSameRole ? roleOf(caller.arn) : undefined;
    return { name: sessionName, userId: owner, kind: 'roleSession', role: role ?? roleId, isCaller };
  }
  if (/^AIDA[A-Z0-9]+$/.test(owner)) {
    const name = isCaller ? caller.arn.split('/').at(-1) : undefined;
    return { name: name ?? owner, userId: owner, kind: 'user', isCaller };
  }
  const kind = /^\d{12}$/.test(owner) ? 'account' : 'name';
  return { name: owner, userId: owner, kind, isCaller };
}

/** ARN of the role behind that of a role session; its path is not told. */
function roleOf(arn: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (partition === undefined || account === undefined || name === undefined) return undefined;
  return `arn:${partition}:iam::${account}:role/${name}`;
}
