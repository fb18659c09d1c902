import type { Session, Tags } from './glueApi';
import { pythonLiteral, shellWord, visibleJson } from './quoting';
import type { AssumedRole, Target } from './target';

/** What code that starts a session like another is made of. */
export interface SessionToCopy {
  readonly session: Session;
  readonly tags: Tags;
  readonly target: Target;
  readonly region: string;
}

/**
 * The request that would start a session like this one, as the API writes it. What the service doesn't tell of a session
 * (timeout, request origin) can't be in it.
 */
export function equalRequest({ session, tags }: SessionToCopy, newId: string): Record<string, unknown> {
  const hasWorkers = session.workerType !== undefined && session.numberOfWorkers !== undefined;
  const { defaultArguments, connections } = session;
  return {
    Id: newId,
    ...(session.role !== undefined && { Role: session.role }),
    Command: {
      Name: session.command?.name ?? 'glueetl',
      PythonVersion: session.command?.pythonVersion ?? '3',
    },
    ...(session.description !== undefined && { Description: session.description }),
    ...(session.idleTimeout !== undefined && { IdleTimeout: session.idleTimeout }),
    ...(Object.keys(defaultArguments).length > 0 && { DefaultArguments: { ...defaultArguments } }),
    ...(connections.length > 0 && { Connections: { Connections: [...connections] } }),
    ...(hasWorkers && { NumberOfWorkers: session.numberOfWorkers, WorkerType: session.workerType }),
    ...(!hasWorkers && session.maxCapacity !== undefined && { MaxCapacity: session.maxCapacity }),
    ...(session.securityConfiguration !== undefined && {
      SecurityConfiguration: session.securityConfiguration,
    }),
    ...(session.glueVersion !== undefined && { GlueVersion: session.glueVersion }),
    Tags: ownTags(tags),
  };
}

/** Tags of AWS's own can't be given. */
function ownTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));
}

/** Whether a tag `owner` is the caller's user id as kernels set it: whoever runs the copy is another owner then. */
export function isUserId(owner: string | undefined): boolean {
  return owner !== undefined && /^(?:A[A-Z]{3}[A-Z0-9]{12,}(?::[\w+=,.@-]*)?|\d{12}(?::.*)?)$/.test(owner);
}

/**
 * The AWS CLI command that starts a session like this one, for a POSIX shell. The request is one word of JSON: a value in
 * it can neither end its quotes nor be taken for a file to read, as `file://…` would be of an option of its own.
 */
export function cliCode(copied: SessionToCopy, newId: string): string {
  const { target, region } = copied;
  const request = equalRequest(copied, newId);
  const files = target.files && [
    `AWS_CONFIG_FILE=${shellWord(visible(target.files.configFile))}`,
    `AWS_SHARED_CREDENTIALS_FILE=${shellWord(visible(target.files.credentialsFile))}`,
  ];
  const profile = target.profile === undefined ? [] : [option('profile', target.profile)];
  const place = [
    option('region', region),
    ...(target.endpoint === undefined ? [] : [option('endpoint-url', target.endpoint)]),
  ];
  const assumes = target.roles.length > 0 || target.credentials !== undefined;
  const who = assumes ? [] : profile;
  const [json, asksOwner] = withOwner(request);
  const create = ['aws glue create-session', ...who, ...place, `--cli-input-json ${json}`].join(' \\\n  ');
  const identity = ['aws sts get-caller-identity', ...who, option('region', region)].join(' ');
  const lines = [
    ...(files === undefined ? [] : [`export ${files.join(' ')}`]),
    ...(target.credentials === undefined
      ? []
      : [': "${AWS_ACCESS_KEY_ID:?the session was reached with keys from a cell: export keys first}"']),
    ...target.roles.flatMap((role, index) => assumeInShell(role, index === 0 ? profile : [], region)),
    // Keys in the environment count before it: only what else it says, as endpoints, is taken from the profile.
    ...(assumes && target.profile !== undefined
      ? [`export AWS_PROFILE=${shellWord(visible(target.profile))}`]
      : []),
    ...(asksOwner ? [`owner=$(${identity} --query UserId --output text) || exit 1`] : []),
    create,
  ];
  // In parentheses, the keys of a role end with the command, and a failure ends no more than it.
  return `${(lines.length === 1 ? lines : ['(', ...lines, ')']).join('\n')}\n`;
}

/** Stands for the caller's user id until the shell has it. */
const ownerMark = 'OWNER-OF-THE-COPY';

/** The request as a word of a shell; the owner's own id is put in by the shell, outside the quotes. */
function withOwner(request: Record<string, unknown>): [string, boolean] {
  const tags = request.Tags as Tags;
  if (!isUserId(tags.owner)) return [shellWord(visibleJson(request)), false];
  const [before, after] = splitOnce(
    visibleJson({ ...request, Tags: { ...omitted(tags, 'owner'), owner: ownerMark } }),
    `"${ownerMark}"}`,
  );
  return [`${shellWord(`${before}"`)}"$owner"${shellWord(`"}${after}`)}`, true];
}

/** The tag comes last of its object, so the last place is the right one, whatever other values hold. */
function splitOnce(text: string, mark: string): [string, string] {
  const at = text.lastIndexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function omitted(tags: Tags, key: string): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => name !== key));
}

function option(name: string, value: string): string {
  return `--${name}=${shellWord(visible(value))}`;
}

/** Text that goes into a command without JSON around it: what can't be seen has no place in it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

function assumeInShell(role: AssumedRole, profile: readonly string[], region: string): string[] {
  const name =
    role.sessionName === undefined
      ? `"$(aws sts get-caller-identity ${[...profile, option('region', region)].join(' ')} --query Arn --output text | sed 's|.*/||')"`
      : shellWord(visible(role.sessionName));
  const tags = Object.entries(role.sessionTags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const call = [
    'aws sts assume-role',
    ...profile,
    option('region', region),
    option('role-arn', role.roleArn),
    `--role-session-name ${name}`,
    ...(role.externalId === undefined ? [] : [option('external-id', role.externalId)]),
    ...(role.mfaSerial === undefined
      ? []
      : [option('serial-number', role.mfaSerial), '--token-code "$code"']),
    ...(role.durationSeconds === undefined ? [] : [`--duration-seconds ${String(role.durationSeconds)}`]),
    ...(role.sourceIdentity === undefined ? [] : [option('source-identity', role.sourceIdentity)]),
    ...(tags.length === 0 ? [] : [`--tags ${shellWord(visibleJson(tags))}`]),
    "--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'",
    '--output text',
  ].join(' \\\n  ');
  return [
    ...(role.mfaSerial === undefined ? [] : ["printf 'MFA code: '; read -r code"]),
    `keys=$(${call}) || exit 1`,
    'read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<KEYS',
    '$keys',
    'KEYS',
    'export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN',
  ];
}

/** Python that starts a session like this one with boto3. */
export function boto3Code(copied: SessionToCopy, newId: string): string {
  const { target, region, tags } = copied;
  const asksOwner = isUserId(tags.owner);
  const request = equalRequest(asksOwner ? { ...copied, tags: omitted(tags, 'owner') } : copied, newId);
  const { files } = target;
  const sessionOptions = [
    ...(target.profile === undefined ? [] : [`profile_name=${pythonLiteral(target.profile)}`]),
    `region_name=${pythonLiteral(region)}`,
  ];
  const endpoint = target.endpoint === undefined ? '' : `, endpoint_url=${pythonLiteral(target.endpoint)}`;
  return [
    ...(files === undefined ? ['import boto3'] : ['import os', '', 'import boto3']),
    '',
    ...(files === undefined
      ? []
      : [
          `os.environ['AWS_CONFIG_FILE'] = ${pythonLiteral(files.configFile)}`,
          `os.environ['AWS_SHARED_CREDENTIALS_FILE'] = ${pythonLiteral(files.credentialsFile)}`,
        ]),
    ...(target.credentials === undefined
      ? []
      : ['# The session was reached with keys from a cell: give boto3 keys of its own first.']),
    `session = boto3.Session(${sessionOptions.join(', ')})`,
    ...target.roles.flatMap((role) => assumeInPython(role, sessionOptions)),
    `glue = session.client('glue'${endpoint})`,
    ...(asksOwner ? ["owner = session.client('sts').get_caller_identity()['UserId']"] : []),
    `request = ${pythonLiteral(request)}`,
    ...(asksOwner ? ["request['Tags']['owner'] = owner"] : []),
    'created = glue.create_session(**request)',
    "print(created['Session']['Id'])",
    '',
  ].join('\n');
}

function assumeInPython(role: AssumedRole, sessionOptions: readonly string[]): string[] {
  const name =
    role.sessionName === undefined
      ? "sts.get_caller_identity()['Arn'].split('/')[-1]"
      : pythonLiteral(role.sessionName);
  const tags = Object.entries(role.sessionTags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const given = (python: string, value: unknown) =>
    value === undefined ? [] : [`    ${python}=${pythonLiteral(value)},`];
  return [
    "sts = session.client('sts')",
    'keys = sts.assume_role(',
    `    RoleArn=${pythonLiteral(role.roleArn)},`,
    `    RoleSessionName=${name},`,
    ...given('ExternalId', role.externalId),
    ...given('SerialNumber', role.mfaSerial),
    ...(role.mfaSerial === undefined ? [] : ["    TokenCode=input('MFA code: '),"]),
    ...given('DurationSeconds', role.durationSeconds),
    ...given('SourceIdentity', role.sourceIdentity),
    ...given('Tags', tags.length === 0 ? undefined : tags),
    ")['Credentials']",
    'session = boto3.Session(',
    "    aws_access_key_id=keys['AccessKeyId'],",
    "    aws_secret_access_key=keys['SecretAccessKey'],",
    "    aws_session_token=keys['SessionToken'],",
    ...sessionOptions.map((one) => `    ${one},`),
    ')',
  ];
}
