import type { Tags } from './glueApi';
import type { Configured, Origin, SessionConfiguration } from './sessionConfiguration';
import type { SessionDefaults } from './sessionDefaults';
import { sentence, type Sentence } from './sentence';

/** What environment or profile say of sessions, under the official kernel's names. */
export type NamedValues = Readonly<Record<string, string | undefined>>;

/** Settings of a session that can be written as variables, each under its names, strongest first. Source: `aws-glue-sessions` 1.0.9. */
const names = {
  iamRole: ['glue_role_arn', 'glue_iam_role'],
  sessionIdPrefix: ['session_id_prefix', 'glue_session_id_prefix'],
  sessionType: ['glue_job_type', 'glue_session_type'],
  glueVersion: ['glue_version', 'glue_glue_version'],
  workerType: ['glue_worker_type'],
  numberOfWorkers: ['glue_number_of_workers'],
  maxCapacity: ['glue_max_capacity'],
  idleTimeout: ['glue_idle_timeout'],
  timeout: ['glue_timeout'],
  connections: ['glue_connections'],
  tags: ['glue_tags'],
  securityConfiguration: ['glue_security_config'],
  extraPyFiles: ['glue_extra_py_files'],
  extraJars: ['glue_extra_jars'],
  additionalPythonModules: ['glue_additional_python_modules'],
  sparkConf: ['spark_conf', 'glue_spark_conf'],
} as const;

type Named = keyof typeof names;

/** Every name under which a profile can say something of sessions. */
export const profileNames: readonly string[] = Object.values(names).flat();

/** Weakest first. */
const strength: readonly Origin[] = ['default', 'guardrails', 'setting', 'profile', 'environment', 'magic'];

/**
 * Adds a layer to a configuration: its values count where those there are of a weaker origin. Tags are joined, the
 * stronger origin deciding of equal keys, as the official kernel joins them. What can't be read is kept as a problem
 * of its setting, told when a session starts with it.
 */
export function withLayer(
  configuration: SessionConfiguration,
  values: NamedValues,
  origin: 'environment' | 'profile',
): SessionConfiguration {
  return (Object.keys(names) as Named[]).reduce<SessionConfiguration>((layered, key) => {
    const name = names[key].find((candidate) => isGiven(values[candidate]));
    const text = name === undefined ? undefined : values[name];
    if (name === undefined || text === undefined) return layered;
    if (key === 'tags') return withTags(layered, name, text, origin);
    const present: Configured<unknown> | undefined = layered[key];
    if (present !== undefined && !isStronger(origin, present.origin)) return layered;
    const value = readers[key](text);
    return value === undefined
      ? withProblem(layered, key, name, text, origin)
      : { ...layered, [key]: { value, origin } };
  }, configuration);
}

/** Adds what the project says of sessions when nobody says otherwise. */
export function withDefaults(
  configuration: SessionConfiguration,
  { tags = {}, ...defaults }: SessionDefaults,
): SessionConfiguration {
  const origin = 'guardrails';
  const layered = Object.entries(defaults).reduce<SessionConfiguration>((before, [key, value]) => {
    const present = before[key as keyof typeof defaults];
    return present !== undefined && !isStronger(origin, present.origin)
      ? before
      : { ...before, [key]: { value, origin } };
  }, configuration);
  return Object.keys(tags).length === 0 ? layered : joinTags(layered, tags, origin);
}

/** Adds tags of an origin to those of others. */
export function joinTags(
  configuration: SessionConfiguration,
  tags: Tags,
  origin: Origin,
): SessionConfiguration {
  const { tags: present, tagOrigins = {} } = configuration;
  const originOf = (key: string) =>
    (Object.hasOwn(tagOrigins, key) ? tagOrigins[key] : undefined) ?? present.origin;
  const added = Object.keys(tags).filter(
    (key) => !Object.hasOwn(present.value, key) || !isStronger(originOf(key), origin),
  );
  const value = { ...present.value, ...pick(tags, added) };
  const origins = Object.fromEntries(
    Object.keys(value).map((key) => [key, added.includes(key) ? origin : originOf(key)]),
  );
  const strongest = isStronger(present.origin, origin) ? present.origin : origin;
  return { ...configuration, tags: { value, origin: strongest }, tagOrigins: origins };
}

function withTags(
  configuration: SessionConfiguration,
  name: string,
  text: string,
  origin: Origin,
): SessionConfiguration {
  const tags = readTags(text);
  return tags === undefined
    ? withProblem(configuration, 'tags', name, text, origin)
    : joinTags(configuration, tags, origin);
}

function withProblem(
  configuration: SessionConfiguration,
  key: Named,
  name: string,
  text: string,
  origin: Origin,
): SessionConfiguration {
  const wanted = expected[key] ?? sentence('a value');
  const problem =
    origin === 'environment'
      ? sentence('{0} of the environment can\'t be read: "{1}" is not {2}.', name, text.slice(0, 80), wanted)
      : sentence('{0} of the profile can\'t be read: "{1}" is not {2}.', name, text.slice(0, 80), wanted);
  return { ...configuration, problems: { ...configuration.problems, [key]: problem } };
}

const text = (value: string) => value.trim();
const list = (value: string) =>
  value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
const integer = (value: string) => (/^\d+$/.test(value.trim()) ? Number(value) : undefined);

const readers: Readonly<Record<Exclude<Named, 'tags'>, (value: string) => unknown>> = {
  iamRole: text,
  sessionIdPrefix: text,
  sessionType: (value) => (value.includes('streaming') ? 'gluestreaming' : 'glueetl'),
  glueVersion: text,
  workerType: text,
  numberOfWorkers: integer,
  maxCapacity: (value) => (Number(value) > 0 ? Number(value) : undefined),
  idleTimeout: integer,
  timeout: integer,
  connections: list,
  securityConfiguration: text,
  extraPyFiles: list,
  extraJars: list,
  additionalPythonModules: list,
  sparkConf: (value) => value.trim().replace(/^--conf\s+/, ''),
};

const expected: Partial<Record<Named, Sentence>> = {
  numberOfWorkers: sentence('a whole number'),
  maxCapacity: sentence('a number above 0'),
  idleTimeout: sentence('a whole number of minutes'),
  timeout: sentence('a whole number of minutes'),
  tags: sentence('a JSON object of texts, such as {"team": "analytics"}'),
};

function readTags(value: string): Tags | undefined {
  let read: unknown;
  try {
    read = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  const entries = Object.entries(read);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : undefined;
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}

/** Whether a value of one origin counts over one of the other. */
export function isStronger(one: Origin, other: Origin): boolean {
  return strength.indexOf(one) > strength.indexOf(other);
}

function pick(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => keys.includes(key)));
}
