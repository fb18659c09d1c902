import type { Approval } from '../glue/approval';
import { InvalidInputError } from '../glue/errors';
import { sentence, type Said } from '../glue/sentence';
import { joinTags } from '../glue/configurationLayers';
import { isRoleName, parseRoleArn } from '../glue/roleArn';
import type { Tags } from '../glue/glueApi';
import type { Configured, SessionConfiguration } from '../glue/sessionConfiguration';
import { formatTagList } from '../glue/tags';
import type { Target } from '../glue/target';
import { readConfigure, readRole, readTags } from './bodies';
import type { MagicCall } from './parseCell';
import { findMagic, helpText, isSetting, type Magic, type MagicName } from './table';

/** What the notebook does for a magic that isn't only a setting. */
export type MagicAction =
  | { readonly kind: 'status' }
  | { readonly kind: 'listSessions' }
  | { readonly kind: 'stopSession' }
  | { readonly kind: 'newSession' }
  | { readonly kind: 'attach'; readonly sessionId: string }
  | { readonly kind: 'reauthenticate' }
  | { readonly kind: 'showSessionId' }
  /** A session that runs gets the tags too. */
  | { readonly kind: 'tag'; readonly tags: Tags };

export interface Applied {
  readonly configuration: SessionConfiguration;
  /** For people: what is set now, a line each. */
  readonly notes: readonly Said[];
  readonly action?: MagicAction;
  readonly approvals?: readonly Approval[];
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
        sentence(
          'Keys from the cell are used. They stand in the notebook in clear: use a role or a profile instead, and take them out.',
        ),
      ],
    };
  }
  const { role } = read;
  return {
    configuration: retarget(configuration, (target) => ({ ...target, roles: [role] })),
    notes: [sentence('Role to assume: {0}', role.roleArn)],
    approvals: [{ kind: 'role', value: role.roleArn }],
  };
}

function applyLine(
  configuration: SessionConfiguration,
  name: MagicName,
  { argument: shape }: Magic,
  argument: string,
): Applied {
  const set = (change: Partial<SessionConfiguration>, note: Said): Applied => ({
    configuration: { ...configuration, ...change },
    notes: [note],
  });
  const act = (action: MagicAction): Applied => ({ configuration, notes: [], action });
  const said = (note: Said): Applied => ({ configuration, notes: [note] });
  // The official kernel lets this pass without a word.
  if (shape.kind === 'list' && argument === '')
    return said(sentence('%{0} names nothing: it is as it was.', name));
  const text =
    shape.kind === 'none' || (shape.kind === 'text' && shape.optional === true && argument === '')
      ? ''
      : demandText(name, argument, shape.kind === 'choice' ? shape.choices : []);
  switch (name) {
    case 'help':
      return { configuration, notes: helpText(text) };
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
        notes: [sentence('Profile: {0}', text)],
        approvals: [{ kind: 'profile', value: text }],
      };
    case 'region':
      return {
        configuration: {
          ...retarget(configuration, (target) => ({ ...target, region: demandRegion(text) })),
          regionOrigin: 'magic',
        },
        notes: [sentence('Region: {0}', text.toLowerCase())],
      };
    case 'endpoint':
      return {
        configuration: retarget(configuration, (target) => ({ ...target, endpoint: demandUrl(text) })),
        notes: [sentence('Glue endpoint: {0}', text)],
        approvals: [{ kind: 'endpoint', value: text }],
      };
    case 'iam_role': {
      const role = isRoleName(text) ? text : parseRoleArn(text).arn;
      return set({ iamRole: magic(role) }, sentence('Runtime role: {0}', role));
    }
    case 'idle_timeout':
      return set(
        { idleTimeout: magic(integer(name, text, shape)) },
        sentence('Idle timeout: {0} minutes', text),
      );
    case 'timeout':
      return set({ timeout: magic(integer(name, text, shape)) }, sentence('Timeout: {0} minutes', text));
    case 'session_id_prefix':
      return set(
        { sessionIdPrefix: magic(demandPrefix(text)) },
        sentence('Prefix of the session id: {0}', text),
      );
    case 'session_id':
      if (text === '') return act({ kind: 'showSessionId' });
      return { ...act({ kind: 'attach', sessionId: text }), notes: [sentence('Session id: {0}', text)] };
    case 'session_type':
      return set(
        { sessionType: magic(text === 'streaming' ? 'gluestreaming' : 'glueetl') },
        sentence('Session type: {0}', text),
      );
    case 'etl':
      return set({ sessionType: magic('glueetl') }, sentence('Session type: {0}', 'etl'));
    case 'streaming':
      return set({ sessionType: magic('gluestreaming') }, sentence('Session type: {0}', 'streaming'));
    case 'glue_version':
      return set({ glueVersion: magic(text) }, sentence('Glue version: {0}', text));
    case 'worker_type':
      return withoutCapacity(set({ workerType: magic(text) }, sentence('Worker type: {0}', text)));
    case 'number_of_workers':
      return withoutCapacity(
        set({ numberOfWorkers: magic(integer(name, text, shape)) }, sentence('Number of workers: {0}', text)),
      );
    case 'max_capacity':
      return set({ maxCapacity: magic(positive(name, text)) }, sentence('Maximum capacity: {0} DPU', text));
    case 'connections':
      return set(
        { connections: magic(list(text)) },
        sentence('Connections: {0}', list(text).join(', ') || sentence('none')),
      );
    case 'security_config':
      return set({ securityConfiguration: magic(text) }, sentence('Security configuration: {0}', text));
    case 'extra_py_files':
      return set(
        { extraPyFiles: magic(items(name, text)) },
        sentence('Extra Python files: {0}', list(text).join(', ')),
      );
    case 'extra_jars':
      return set({ extraJars: magic(items(name, text)) }, sentence('Extra JARs: {0}', list(text).join(', ')));
    case 'additional_python_modules':
      return set(
        { additionalPythonModules: magic(items(name, text)) },
        sentence('Additional Python modules: {0}', list(text).join(', ')),
      );
    case 'spark_conf':
      if (text === '')
        return said(sentence('Spark configuration: {0}', configuration.sparkConf?.value ?? sentence('none')));
      return set(
        { sparkConf: magic(text.replace(/^--conf\s+/, '')) },
        sentence('Spark configuration: {0}', text),
      );
    case 'temp_dir':
      return withArgument(configuration, '--TempDir', text);
    case 'preset':
      throw new InvalidInputError(sentence('A preset stands in a line of its own: %preset NAME.'), text);
    case 'enable_glue_datacatalog':
      return said(sentence('The Data Catalog is always enabled.'));
    case 'min_workers':
      return said(sentence('%{0} has no effect on a session.', name));
    case 'glue_ray':
      throw new InvalidInputError(
        sentence('AWS Glue has no Ray sessions any more. Use %etl or %streaming.'),
        '%glue_ray',
      );
    default:
      throw new InvalidInputError(
        sentence('{0} takes the lines below it: write it with two % signs.', `%%${name}`),
        name,
      );
  }
}

/** Members that mean a magic, under their names in the official kernel, in CreateSession and in other Spark kernels. */
const configureNames: Readonly<Record<string, MagicName>> = {
  Role: 'iam_role',
  GlueVersion: 'glue_version',
  WorkerType: 'worker_type',
  NumberOfWorkers: 'number_of_workers',
  IdleTimeout: 'idle_timeout',
  Timeout: 'timeout',
  MaxCapacity: 'max_capacity',
  Connections: 'connections',
  SecurityConfiguration: 'security_config',
  jars: 'extra_jars',
  pyFiles: 'extra_py_files',
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

/** What other Spark kernels ask of Livy: with Glue the worker type decides it. */
const livyOnly = [
  'executorMemory',
  'executorCores',
  'driverMemory',
  'driverCores',
  'numExecutors',
  'kind',
  'proxyUser',
  'queue',
  'heartbeatTimeoutInSecond',
];

/** Who calls and where to: with leading dashes they are arguments for the code, as with the official kernel. */
const targetMembers: readonly string[] = ['profile', 'region', 'endpoint', 'session_id'];

function applyConfigure(configuration: SessionConfiguration, call: MagicCall): Applied {
  const { members, tags } = readConfigure(`${call.argument.replace(/^-f\b/, '')}\n${call.body}`);
  const start: Applied = tags === undefined ? { configuration, notes: [] } : withTags(configuration, tags);
  return Object.entries(members).reduce<Applied>((applied, [key, value]) => {
    const next = applyMember(applied.configuration, key, value);
    return {
      ...applied,
      ...next,
      notes: [...applied.notes, ...next.notes],
      approvals: [...(applied.approvals ?? []), ...(next.approvals ?? [])],
    };
  }, start);
}

function applyMember(configuration: SessionConfiguration, key: string, value: string): Applied {
  const bare = key.replace(/^--/, '');
  if (jobOnly.includes(bare)) {
    return { configuration, notes: [sentence('{0} is for jobs: it has no effect on a session.', key)] };
  }
  if (livyOnly.includes(bare)) {
    return {
      configuration,
      notes: [sentence('{0} has no effect: the worker type of a Glue session decides it.', key)],
    };
  }
  if (key === 'session_id') {
    return {
      configuration: { ...configuration, sessionId: magic(value) },
      notes: [sentence('Id of the next session: {0}', value)],
    };
  }
  const name = configureNames[bare] ?? bare.replace(/-/g, '_');
  const known = findMagic(name, 'line');
  const isForCode = key.startsWith('--') && targetMembers.includes(bare);
  if (known === undefined || isForCode || !isSetting(known) || known.argument.kind === 'none')
    return withArgument(configuration, key.startsWith('--') ? key : `--${key}`, value);
  return applyLine(configuration, known.name, known, value);
}

/** Tags add to those there are, as with the official kernel; an empty dict begins anew. */
function withTags(configuration: SessionConfiguration, tags: Tags): Applied {
  const isEmpty = Object.keys(tags).length === 0;
  const { tagOrigins: _, ...others } = configuration;
  const next = isEmpty ? { ...others, tags: magic({}) } : joinTags(configuration, tags, 'magic');
  return {
    configuration: next,
    notes: [sentence('Tags of the session: {0}', formatTagList(next.tags.value) || sentence('none'))],
    ...(!isEmpty && { action: { kind: 'tag', tags } }),
  };
}

/** Workers are asked for in place of a capacity that stood before. */
function withoutCapacity(applied: Applied): Applied {
  const { maxCapacity: _, ...configuration } = applied.configuration;
  return { ...applied, configuration };
}

function withArgument(configuration: SessionConfiguration, key: string, value: string): Applied {
  const extraArguments = magic({ ...configuration.extraArguments.value, [key]: value });
  return {
    configuration: { ...configuration, extraArguments },
    notes: [sentence('Job argument {0}: {1}', key, value)],
  };
}

export function retarget(
  configuration: SessionConfiguration,
  change: (target: Target) => Target,
): SessionConfiguration {
  return { ...configuration, target: magic(change(configuration.target.value)) };
}

export function magic<T>(value: T): Configured<T> {
  return { value, origin: 'magic' };
}

/** What values are called in the API. */
const formerChoices = new Map([
  ['glueetl', 'etl'],
  ['gluestreaming', 'streaming'],
]);

function demandText(name: string, text: string, choices: readonly string[]): string {
  if (name === 'glue_version' && /^(?:[012]\.\d|[0-2])$/.test(text)) {
    throw new InvalidInputError(
      sentence(
        'Glue {0} is gone: AWS runs nothing older than 3.0 since 2026-04-01. Say %glue_version 5.0, and try the code: its Spark is newer.',
        text,
      ),
      text,
    );
  }
  if (text === '')
    throw new InvalidInputError(sentence('{0} needs a value behind it; %help shows one.', `%${name}`), '');
  const wanted = (formerChoices.get(text) ?? text).toLowerCase();
  const exact = choices.find((choice) => choice.toLowerCase() === wanted);
  if (choices.length > 0 && exact === undefined) {
    throw new InvalidInputError(
      sentence('{0}: expected one of {1}.', `%${name} ${text}`, choices.join(', ')),
      text,
    );
  }
  return exact ?? text;
}

function integer(name: string, text: string, shape: Magic['argument']): number {
  const least = shape.kind === 'integer' ? shape.least : 1;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= 1_000_000) return value;
  throw new InvalidInputError(
    sentence('{0}: expected a whole number, {1} or more.', `%${name} ${text}`, least),
    text,
  );
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidInputError(sentence('{0}: expected a number above 0.', `%${name} ${text}`), text);
}

function demandRegion(text: string): string {
  if (/^[a-z]{2,3}(-[a-z]+)+-\d+$/i.test(text)) return text.toLowerCase();
  throw new InvalidInputError(sentence('{0}: expected a Region such as us-east-1.', `%region ${text}`), text);
}

function demandUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/$/, '');
  throw new InvalidInputError(
    sentence('{0}: expected an address such as http://127.0.0.1:4571.', `%endpoint ${text}`),
    text,
  );
}

/** Characters as the official kernel allows them. */
function demandPrefix(text: string): string {
  if (/^[-/._#A-Za-z0-9]+$/.test(text)) return text;
  throw new InvalidInputError(
    sentence('{0}: a prefix has letters, digits and - / . _ # only.', `%session_id_prefix ${text}`),
    text,
  );
}

/** A list of files or modules: none of them has a blank in it, but for options of pip. */
function items(name: string, text: string): readonly string[] {
  const found = list(text);
  const blank = found.find((item) => /\s/.test(item) && !item.includes('--'));
  if (blank === undefined) return found;
  throw new InvalidInputError(
    sentence(
      '{0}: "{1}" has a blank in it. Several are separated by commas: {2}.',
      `%${name}`,
      blank,
      blank.split(/\s+/).join(', '),
    ),
    blank,
  );
}

function list(text: string): readonly string[] {
  return text
    .replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== '');
}

/** Without the quotes around the whole, also when there are two pairs of them. */
export function unquoted(text: string): string {
  const inner = /^(["'])((?:(?!\1).)*)\1$/.exec(text)?.[2];
  return inner === undefined ? text : unquoted(inner.trim());
}
