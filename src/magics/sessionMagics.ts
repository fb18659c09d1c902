import { createSessionRequest } from '../glue/createSessionRequest';
import { InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest, Session, Tags } from '../glue/glueApi';
import { visibleJson } from '../glue/quoting';
import { isUserId, type SessionToCopy } from '../glue/sessionCode';
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import type { Target } from '../glue/target';
import { readCell } from './readCell';
import { inEnglish, sentence, type Said, type Say } from '../glue/sentence';

/** Something of the session, and how it would be written. */
interface Part {
  /** For the comment, when it can't be written. */
  readonly what: Said;
  readonly magic: string;
  /** Whether what was read is what was meant. */
  readonly holds: (read: Read) => boolean;
}

interface Read {
  readonly target: Target;
  readonly request: CreateSessionRequest;
  readonly prefix: string | undefined;
}

/**
 * A cell of magics that makes the next session of a notebook like this one. Each part is read back by the notebook's own
 * parser: what would come out as anything else (a value with a line break, an argument that a magic takes for itself) is
 * left out and named in a comment.
 */
export function magicsCode({ session, tags, target, region }: SessionToCopy, say: Say = inEnglish): string {
  const missing: Said[] = [];
  const kept = (parts: readonly Part[]) =>
    parts.filter((part) => {
      const isKept = readsBack(part);
      if (!isKept) missing.push(part.what);
      return isKept;
    });
  const lines = kept([...targetParts(target, region), ...sessionParts(session)]).map(({ magic }) => magic);
  const keptTags = kept(tagParts(tags)).map(({ what }) => say(what));
  const keptArguments = kept(argumentParts(session)).map(({ what }) => say(what));
  const roles = kept(roleParts(target)).map(({ magic }) => magic);
  if (target.credentials !== undefined)
    missing.push(sentence('the keys from a cell that the session was reached with'));
  return `${[
    ...missing.map((what) => `# ${say(sentence("Magics can't say: {0}", what))}`),
    ...lines,
    ...(keptTags.length > 0 ? ['%%tags', object(keptTags)] : []),
    ...(keptArguments.length > 0 ? ['%%configure', object(keptArguments)] : []),
    ...roles,
  ].join('\n')}\n`;
}

function targetParts(target: Target, region: string): Part[] {
  const { profile, endpoint } = target;
  return [
    ...(profile === undefined ? [] : [line('profile', profile, (read) => read.target.profile)]),
    line('region', region, (read) => read.target.region),
    ...(endpoint === undefined ? [] : [line('endpoint', endpoint, (read) => read.target.endpoint)]),
  ];
}

function sessionParts(session: Session): Part[] {
  const { role, glueVersion, workerType, numberOfWorkers, maxCapacity, connections, command } = session;
  const hasWorkers = workerType !== undefined && numberOfWorkers !== undefined;
  const prefix = /^(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(session.id)?.[1];
  const said = (
    name: string,
    value: string | number | undefined,
    read: (request: CreateSessionRequest) => unknown,
  ): Part[] => (value === undefined ? [] : [line(name, String(value), ({ request }) => read(request))]);
  return [
    ...(prefix === undefined ? [] : [line('session_id_prefix', prefix, (read) => read.prefix)]),
    ...said('iam_role', role, (request) => request.role),
    ...(command?.name === 'gluestreaming' ? [streaming] : []),
    ...said('glue_version', glueVersion, (request) => request.glueVersion),
    ...(hasWorkers
      ? [
          ...said('worker_type', workerType, (request) => request.workerType),
          ...said('number_of_workers', numberOfWorkers, (request) => request.numberOfWorkers),
        ]
      : said('max_capacity', maxCapacity, (request) => request.maxCapacity)),
    ...said('idle_timeout', session.idleTimeout, (request) => request.idleTimeout),
    ...(connections.length === 0
      ? []
      : said('connections', connections.join(', '), (request) => request.connections.join(', '))),
    ...said('security_config', session.securityConfiguration, (request) => request.securityConfiguration),
    ...(session.description === undefined
      ? []
      : [{ what: `description ${visibleJson(session.description)}`, magic: '', holds: () => false }]),
  ];
}

const streaming: Part = {
  what: 'streaming',
  magic: '%streaming',
  holds: ({ request }) => request.command.name === 'gluestreaming',
};

function line(name: string, value: string, read: (read: Read) => unknown): Part {
  return {
    what: `${name} ${visibleJson(value)}`,
    magic: `%${name} ${value}`,
    holds: (result) => String(read(result)) === value,
  };
}

/** Kernels tag a session with its owner by themselves: the owner of the copy is another one. */
function tagParts(tags: Tags): Part[] {
  return Object.entries(tags)
    .filter(([key, value]) => !/^aws:/i.test(key) && !(key === 'owner' && isUserId(value)))
    .map(([key, value]) => {
      const what = `${visibleJson(key)}: ${visibleJson(value)}`;
      return {
        what,
        magic: `%%tags\n{ ${what} }`,
        holds: ({ request }) =>
          request.tags[key] === value &&
          Object.keys(request.tags).every((one) => one === key || one === 'owner'),
      };
    });
}

function argumentParts({ defaultArguments }: Session): Part[] {
  return Object.entries(defaultArguments)
    .filter(([key, value]) => key !== '--enable-glue-datacatalog' || value !== 'true')
    .map(([key, value]) => {
      const what = `${visibleJson(key)}: ${visibleJson(value)}`;
      const wanted = { ...plain.request.defaultArguments, [key]: value };
      return {
        what,
        magic: `%%configure\n{ ${what} }`,
        holds: ({ request, target }) =>
          same(request, { ...plain.request, defaultArguments: wanted }) && same(target, plain.target),
      };
    });
}

/** What decides how a role is assumed for longer, or by whom, has no magic: it is asked for in the settings of a target. */
function roleParts({ roles }: Target): Part[] {
  const [role, ...more] = roles;
  if (role === undefined) return [];
  const { roleArn, externalId, mfaSerial, sessionName, ...rest } = role;
  const members = {
    role_arn: roleArn,
    ...(externalId !== undefined && { external_id: externalId }),
    ...(mfaSerial !== undefined && { mfa_serial: mfaSerial }),
    ...(sessionName !== undefined && { session_name: sessionName }),
  };
  const isPlain = Object.keys(members).length === 1;
  return [
    {
      what: `assume_role ${visibleJson(members)}`,
      magic: `%%assume_role\n${isPlain ? roleArn : visibleJson(members)}`,
      holds: ({ target }) => more.length === 0 && same(target.roles, [without(rest, role)]),
    },
    ...more.map(({ roleArn: next }) => never(sentence('a second role {0}', visibleJson(next)))),
    ...Object.entries(rest).map(([name, value]) =>
      never(sentence('{0} of the role {1}', name, visibleJson(value))),
    ),
  ];
}

function never(what: Said): Part {
  return { what, magic: '', holds: () => false };
}

function without(left: object, whole: object): object {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !Object.hasOwn(left, name)));
}

function object(members: readonly string[]): string {
  return members.length === 1
    ? `{ ${members.join('')} }`
    : `{\n${members.map((one) => `  ${one},\n`).join('')}}`;
}

function readsBack({ magic, holds }: Part): boolean {
  if (magic === '') return false;
  try {
    const cell = readCell(magic, false, standard);
    const isOne =
      cell.calls.length === 1 && cell.code === '' && cell.sql === undefined && cell.notes.length === 0;
    return isOne && holds(readRequest(cell.applied.at(-1)?.configuration ?? standard));
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

const account = '123456789012';
const value = <T>(of: T) => ({ value: of, origin: 'default' as const });

/** A notebook of which nothing has been said yet. */
const standard: SessionConfiguration = {
  target: value({ roles: [] }),
  iamRole: value('role-of-the-session'),
  sessionType: value('glueetl' as const),
  glueVersion: value('5.0'),
  workerType: value('G.1X'),
  numberOfWorkers: value(2),
  idleTimeout: value(60),
  connections: value([]),
  tags: value({}),
  extraPyFiles: value([]),
  extraJars: value([]),
  additionalPythonModules: value([]),
  extraArguments: value({}),
};

/** Who calls has no say in what is compared, but that the account is the role's own. */
function readRequest(configuration: SessionConfiguration): Read {
  const role = configuration.iamRole?.value ?? '';
  const caller = {
    account: /^arn:[^:]*:iam::(\d{12}):/.exec(role)?.[1] ?? account,
    arn: 'arn:aws:iam::1:user/a',
    userId: 'a',
  };
  return {
    target: configuration.target.value,
    request: createSessionRequest(configuration, caller, () => 'id'),
    prefix: configuration.sessionIdPrefix?.value,
  };
}

const plain = readRequest(standard);

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
