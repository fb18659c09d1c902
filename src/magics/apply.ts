import { InvalidInputError } from '../glue/errors';
import { parseRoleArn } from '../glue/roleArn';
import type { Tags } from '../glue/glueApi';
import type { Configured, SessionConfiguration } from '../glue/sessionConfiguration';
import { formatTagList } from '../glue/tags';
import type { Target } from '../glue/target';
import { readConfigure, readRole, readTags } from './bodies';
import type { MagicCall } from './parseCell';
import { findMagic, type Magic, type MagicName } from './table';

/** What the notebook does for a magic that isn't only a setting. */
export type MagicAction =
  | { readonly kind: 'help' }
  | { readonly kind: 'status' }
  | { readonly kind: 'listSessions' }
  | { readonly kind: 'stopSession' }
  | { readonly kind: 'newSession' }
  | { readonly kind: 'attach'; readonly sessionId: string }
  | { readonly kind: 'reauthenticate' };

/** What has to be allowed by the person before it is used: who calls, and where to. */
export interface Approval {
  readonly kind: 'role' | 'profile' | 'endpoint';
  readonly value: string;
}

export interface Applied {
  readonly configuration: SessionConfiguration;
  /** For people: what is set now, a line each. */
  readonly notes: readonly string[];
  readonly action?: MagicAction;
  readonly approval?: Approval;
}

/** Changes a configuration as a magic says. @throws InvalidInputError when the argument can't be meant; nothing is changed then */
export function applyMagic(configuration: SessionConfiguration, call: MagicCall): Applied {
  if (call.name === 'configure') return applyConfigure(configuration, call);
  if (call.magic.kind === 'cell') return applyCell(configuration, call);
  return applyLine(configuration, call.name, call.magic, unquoted(call.argument));
}

function applyCell(configuration: SessionConfiguration, call: MagicCall): Applied {
  const body = `${call.argument}\n${call.body}`;
  if (call.name === 'tags') {
    return withTags(configuration, readTags(body));
  }
  const read = readRole(body);
  if (read.kind === 'credentials') {
    const { credentials } = read;
    return {
      configuration: retarget(configuration, ({ region, endpoint }) => ({
        roles: [],
        credentials,
        ...(region !== undefined && { region }),
        ...(endpoint !== undefined && { endpoint }),
      })),
      notes: [
        'Keys from the cell are used. They stand in the notebook in clear: use a role or a profile instead, and take them out.',
      ],
    };
  }
  const { role } = read;
  return {
    configuration: retarget(configuration, (target) => ({ ...target, roles: [role] })),
    notes: [`Role to assume: ${role.roleArn}`],
    approval: { kind: 'role', value: role.roleArn },
  };
}

function applyLine(
  configuration: SessionConfiguration,
  name: MagicName,
  { argument: shape }: Magic,
  argument: string,
): Applied {
  const set = (change: Partial<SessionConfiguration>, note: string): Applied => ({
    configuration: { ...configuration, ...change },
    notes: [note],
  });
  const act = (action: MagicAction): Applied => ({ configuration, notes: [], action });
  const said = (note: string): Applied => ({ configuration, notes: [note] });
  const text =
    shape.kind === 'none' ? '' : demandText(name, argument, shape.kind === 'choice' ? shape.choices : []);
  switch (name) {
    case 'help':
      return act({ kind: 'help' });
    case 'status':
      return act({ kind: 'status' });
    case 'list_sessions':
      return act({ kind: 'listSessions' });
    case 'stop_session':
      return act({ kind: 'stopSession' });
    case 'new_session':
      return act({ kind: 'newSession' });
    case 'reconnect':
      return act({ kind: 'attach', sessionId: text });
    case 'reauthenticate':
      return act({ kind: 'reauthenticate' });
    case 'profile':
      return {
        configuration: retarget(configuration, ({ region, endpoint }) => ({
          profile: text,
          roles: [],
          ...(region !== undefined && { region }),
          ...(endpoint !== undefined && { endpoint }),
        })),
        notes: [`Profile: ${text}`],
        approval: { kind: 'profile', value: text },
      };
    case 'region':
      return {
        configuration: retarget(configuration, (target) => ({ ...target, region: demandRegion(text) })),
        notes: [`Region: ${text}`],
      };
    case 'endpoint':
      return {
        configuration: retarget(configuration, (target) => ({ ...target, endpoint: demandUrl(text) })),
        notes: [`Glue endpoint: ${text}`],
        approval: { kind: 'endpoint', value: text },
      };
    case 'iam_role': {
      const role = /^[\w+=,.@-]{1,64}$/.test(text) ? text : parseRoleArn(text).arn;
      return set({ iamRole: magic(role) }, `Runtime role: ${role}`);
    }
    case 'idle_timeout':
      return set({ idleTimeout: magic(integer(name, text, shape)) }, `Idle timeout: ${text} minutes`);
    case 'timeout':
      return set({ timeout: magic(integer(name, text, shape)) }, `Timeout: ${text} minutes`);
    case 'session_id_prefix':
      return set({ sessionIdPrefix: magic(text) }, `Prefix of the session id: ${text}`);
    case 'session_id':
      return { ...act({ kind: 'attach', sessionId: text }), notes: [`Session id: ${text}`] };
    case 'session_type':
      return set(
        { sessionType: magic(text === 'streaming' ? 'gluestreaming' : 'glueetl') },
        `Session type: ${text}`,
      );
    case 'etl':
      return set({ sessionType: magic('glueetl') }, 'Session type: etl');
    case 'streaming':
      return set({ sessionType: magic('gluestreaming') }, 'Session type: streaming');
    case 'glue_version':
      return set({ glueVersion: magic(text) }, `Glue version: ${text}`);
    case 'worker_type':
      return set({ workerType: magic(text) }, `Worker type: ${text}`);
    case 'number_of_workers':
      return set({ numberOfWorkers: magic(integer(name, text, shape)) }, `Number of workers: ${text}`);
    case 'max_capacity':
      return set({ maxCapacity: magic(positive(name, text)) }, `Maximum capacity: ${text} DPU`);
    case 'connections':
      return set({ connections: magic(list(text)) }, `Connections: ${list(text).join(', ')}`);
    case 'security_config':
      return set({ securityConfiguration: magic(text) }, `Security configuration: ${text}`);
    case 'extra_py_files':
      return set({ extraPyFiles: magic(list(text)) }, `Extra Python files: ${list(text).join(', ')}`);
    case 'extra_jars':
      return set({ extraJars: magic(list(text)) }, `Extra JARs: ${list(text).join(', ')}`);
    case 'additional_python_modules':
      return set(
        { additionalPythonModules: magic(list(text)) },
        `Additional Python modules: ${list(text).join(', ')}`,
      );
    case 'spark_conf':
      return set({ sparkConf: magic(text.replace(/^--conf\s+/, '')) }, `Spark configuration: ${text}`);
    case 'temp_dir':
      return withArgument(configuration, '--TempDir', text);
    case 'enable_glue_datacatalog':
      return said('The Data Catalog is always enabled.');
    case 'min_workers':
      return said(`%${name} has no effect on a session.`);
    case 'glue_ray':
      throw new InvalidInputError(
        'AWS Glue has no Ray sessions any more. Use %etl or %streaming.',
        '%glue_ray',
      );
    default:
      throw new InvalidInputError(`%%${name} takes the lines below it: write it with two % signs.`, name);
  }
}

/** Members that mean a magic, under their names in the official kernel and in CreateSession. */
const configureNames: Readonly<Record<string, MagicName>> = {
  session_type: 'session_type',
  security_configuration: 'security_config',
  conf: 'spark_conf',
  'extra-py-files': 'extra_py_files',
  'extra-jars': 'extra_jars',
  'additional-python-modules': 'additional_python_modules',
  TempDir: 'temp_dir',
};

/** What is for jobs and can't be meant of a session. */
const jobOnly = ['max_retries', 'job-bookmark-option', 'job-language', 'scriptLocation', 'JOB_NAME'];

function applyConfigure(configuration: SessionConfiguration, call: MagicCall): Applied {
  const { members, tags } = readConfigure(`${call.argument.replace(/^-f\b/, '')}\n${call.body}`);
  const start: Applied = tags === undefined ? { configuration, notes: [] } : withTags(configuration, tags);
  return Object.entries(members).reduce<Applied>((applied, [key, value]) => {
    const next = applyMember(applied.configuration, key, value);
    return {
      ...next,
      notes: [...applied.notes, ...next.notes],
      ...((next.approval ?? applied.approval) !== undefined && {
        approval: next.approval ?? applied.approval,
      }),
    };
  }, start);
}

function applyMember(configuration: SessionConfiguration, key: string, value: string): Applied {
  const bare = key.replace(/^--/, '');
  if (jobOnly.includes(bare)) {
    return { configuration, notes: [`${key} is for jobs: it has no effect on a session.`] };
  }
  const name = configureNames[bare] ?? bare;
  const known = findMagic(name, 'line');
  const isSetting = known !== undefined && known.argument.kind !== 'none' && known.name !== 'session_id';
  if (!isSetting) return withArgument(configuration, key.startsWith('--') ? key : `--${key}`, value);
  return applyLine(configuration, known.name, known, value);
}

function withTags(configuration: SessionConfiguration, tags: Tags): Applied {
  return {
    configuration: { ...configuration, tags: magic(tags) },
    notes: [`Tags of the session: ${formatTagList(tags) || 'none'}`],
  };
}

function withArgument(configuration: SessionConfiguration, key: string, value: string): Applied {
  const extraArguments = magic({ ...configuration.extraArguments.value, [key]: value });
  return { configuration: { ...configuration, extraArguments }, notes: [`Job argument ${key}: ${value}`] };
}

function retarget(
  configuration: SessionConfiguration,
  change: (target: Target) => Target,
): SessionConfiguration {
  return { ...configuration, target: magic(change(configuration.target.value)) };
}

function magic<T>(value: T): Configured<T> {
  return { value, origin: 'magic' };
}

function demandText(name: string, text: string, choices: readonly string[]): string {
  if (text === '') throw new InvalidInputError(`%${name} needs a value behind it; %help shows one.`, '');
  const exact = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (choices.length > 0 && exact === undefined) {
    throw new InvalidInputError(`%${name} ${text}: expected one of ${choices.join(', ')}.`, text);
  }
  return exact ?? text;
}

function integer(name: string, text: string, shape: Magic['argument']): number {
  const least = shape.kind === 'integer' ? shape.least : 1;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= 1_000_000) return value;
  throw new InvalidInputError(`%${name} ${text}: expected a whole number, ${least} or more.`, text);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidInputError(`%${name} ${text}: expected a number above 0.`, text);
}

function demandRegion(text: string): string {
  if (/^[a-z]{2,3}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new InvalidInputError(`%region ${text}: expected a Region such as us-east-1.`, text);
}

function demandUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/$/, '');
  throw new InvalidInputError(`%endpoint ${text}: expected an address such as http://127.0.0.1:4571.`, text);
}

function list(text: string): readonly string[] {
  return text
    .replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== '');
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}
