import { glueVersions } from '../glue/glueVersions';
import { joined, sentence, type Said, type Sentence } from '../glue/sentence';
import { workerTypes } from '../glue/workerTypes';

/** How the text behind a magic's name is read. */
export type ArgumentShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly from?: ValueSource; readonly optional?: true }
  | { readonly kind: 'list'; readonly from?: ValueSource }
  /** Whole number. */
  | { readonly kind: 'integer'; readonly least: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** Where the values can be had that an argument may take. */
export type ValueSource = 'connections' | 'presets' | 'profiles' | 'regions' | 'roles' | 'sessions';

export interface Magic {
  readonly name: string;
  readonly aliases: readonly string[];
  /** `cell`: begins with %% and takes the lines below it. */
  readonly kind: 'line' | 'cell';
  readonly argument: ArgumentShape;
  /** For people: the argument as it is written. */
  readonly example: string;
  readonly help: Sentence;
}

/** Magics that do or show something at once; the others set what the next session will be like. */
const acting: readonly string[] = [
  'help',
  'status',
  'list_sessions',
  'stop_session',
  'new_session',
  'session_id',
  'reconnect',
  'reauthenticate',
  'enable_glue_datacatalog',
  'glue_ray',
  'min_workers',
  'sql',
];

/** Whether a magic sets what the next session will be like. */
export function isSetting({ name }: { readonly name: string }): boolean {
  return !acting.includes(name);
}

const text: ArgumentShape = { kind: 'text' };
const from = (source: ValueSource): ArgumentShape => ({ kind: 'text', from: source });
const none: ArgumentShape = { kind: 'none' };
const list: ArgumentShape = { kind: 'list' };
const minutes: ArgumentShape = { kind: 'integer', least: 1 };
const names = (items: readonly { readonly name: string }[]): ArgumentShape => ({
  kind: 'choice',
  choices: items.map(({ name }) => name),
});

/** Every magic: parser, help and completion all come from here. Source: glue.md, "The official kernel's notebook language". */
export const magics = [
  line('help', { kind: 'text', optional: true }, '[NAME]', sentence('Lists the magics, or explains one.')),
  line(
    'profile',
    from('profiles'),
    'NAME',
    sentence('Profile of the AWS configuration that calls are made with.'),
  ),
  line('region', from('regions'), 'us-east-1', sentence('Region the session starts in.')),
  line('endpoint', text, 'URL', sentence('Glue endpoint, for example that of Local Glue.')),
  line(
    'iam_role',
    from('roles'),
    'arn:aws:iam::ACCOUNT:role/NAME',
    sentence(
      'Runtime role: what the session runs as. A bare name is looked for in the account of the caller.',
    ),
  ),
  line(
    'idle_timeout',
    minutes,
    'MINUTES',
    sentence('Minutes without work after which the session ends by itself.'),
  ),
  line('timeout', minutes, 'MINUTES', sentence('Minutes after which the session ends whatever it does.')),
  line('session_id_prefix', text, 'PREFIX', sentence('Text that the id of the session begins with.')),
  line(
    'session_id',
    { kind: 'text', from: 'sessions', optional: true },
    '[ID]',
    sentence(
      'Shows the id of the session. With an id: attaches to that session, or gives the id to the next one.',
    ),
  ),
  line(
    'session_type',
    { kind: 'choice', choices: ['etl', 'streaming'] },
    'etl',
    sentence('Kind of session: etl or streaming.'),
    'job_type',
  ),
  line('etl', none, '', sentence('Makes the next session an ETL session.')),
  line('streaming', none, '', sentence('Makes the next session a streaming session.')),
  line('glue_version', names(glueVersions), '5.0', sentence('Glue version of the session.')),
  line('worker_type', names(workerTypes), 'G.1X', sentence('Worker type of the session.')),
  line('number_of_workers', { kind: 'integer', least: 2 }, '2', sentence('Number of workers, two at least.')),
  line(
    'max_capacity',
    { kind: 'number' },
    'DPU',
    sentence('DPU of the session, in place of worker type and number.'),
  ),
  line(
    'connections',
    { kind: 'list', from: 'connections' },
    'NAME, NAME',
    sentence('Connections whose network the session runs in.'),
  ),
  line(
    'preset',
    from('presets'),
    'NAME',
    sentence(
      'What a preset of the project (glue-guardrails.json) or of your settings says of sessions; magics below it change that.',
    ),
  ),
  line(
    'security_config',
    text,
    'NAME',
    sentence('Security configuration of the session.'),
    'security_configuration',
  ),
  line('extra_py_files', list, 's3://…, s3://…', sentence('Python files put on the path of the session.')),
  line('extra_jars', list, 's3://…, s3://…', sentence('JAR files put on the class path of the session.')),
  line(
    'additional_python_modules',
    list,
    'NAME==VERSION, …',
    sentence('Python modules installed in the session.'),
  ),
  line(
    'spark_conf',
    { kind: 'text', optional: true },
    'KEY=VALUE --conf KEY=VALUE',
    sentence('Spark configuration of the session; alone, shows the one that is set.'),
    'conf',
  ),
  line('temp_dir', text, 's3://…', sentence('Folder for temporary files: the job argument --TempDir.')),
  line('enable_glue_datacatalog', none, '', sentence('The Data Catalog is always enabled: has no effect.')),
  line('status', none, '', sentence('Shows the settings, the session, its network, tags and cost.')),
  line('list_sessions', none, '', sentence('Lists the sessions of the account and Region.')),
  line('stop_session', none, '', sentence('Stops the session of this notebook.'), 'delete_session'),
  line(
    'new_session',
    none,
    '',
    sentence('Stops the session of this notebook and starts a new one at the next code.'),
  ),
  line(
    'reconnect',
    from('sessions'),
    'ID',
    sentence('Attaches to the session with this id; the one before goes on.'),
  ),
  line('reauthenticate', none, '', sentence('Reads the credentials of the profile again.')),
  line('glue_ray', none, '', sentence('AWS Glue no longer has Ray sessions: refused.')),
  line('min_workers', text, 'NUMBER', sentence('Was for Ray sessions: has no effect.')),
  cell(
    'configure',
    "{ 'idle_timeout': 60, '--conf': '…' }",
    sentence('Sets several things at once, JSON or Python style; keys of other job arguments are passed on.'),
  ),
  cell(
    'tags',
    "{ 'team': 'analytics' }",
    sentence(
      'Tags of the session, running or next: who pays, which team. They add to those there are; {} begins anew.',
    ),
  ),
  cell(
    'assume_role',
    'arn:aws:iam::ACCOUNT:role/NAME',
    sentence('Session creation role: assumed before anything is asked of Glue.'),
  ),
  cell('sql', 'SELECT …', sentence('Runs SQL in the session and shows the rows.')),
] as const satisfies readonly Magic[];

export type MagicName = (typeof magics)[number]['name'];

/** Magics that are run in the session: they stay part of the code. */
export const sessionMagics: readonly string[] = ['matplot', 'plotly', 'table', 'json'];

/** The magic of that name or former name. */
export function findMagic(
  name: string,
  kind: 'line' | 'cell',
): (Magic & { readonly name: MagicName }) | undefined {
  return magics.find(
    (magic) =>
      magic.kind === kind && (magic.name === name || (magic.aliases as readonly string[]).includes(name)),
  );
}

/** What is told of one magic: as Markdown-free text, a line each. */
export function describeMagic({ kind, name, aliases, argument, example, help }: Magic): readonly Said[] {
  const written = (word: string) => `${kind === 'cell' ? '%%' : '%'}${word}`;
  return [
    `${written(name)}${kind === 'cell' ? '\n' : ' '}${example}`.trimEnd(),
    help,
    ...(argument.kind === 'choice' ? [sentence('One of {0}.', argument.choices.join(', '))] : []),
    ...(argument.kind === 'list' ? [sentence('Several are separated by commas.')] : []),
    ...(argument.kind === 'integer' ? [sentence('A whole number, {0} or more.', argument.least)] : []),
    ...(aliases.length > 0 ? [sentence('Also written {0}.', aliases.map(written).join(', '))] : []),
  ];
}

/** The magic that a person means by `iam_role`, `%iam_role` or a former name. */
export function magicNamed(text: string): (Magic & { readonly name: MagicName }) | undefined {
  const name = text.replace(/^%+/, '');
  return findMagic(name, 'line') ?? findMagic(name, 'cell');
}

/** What `%help` shows, a line each. @param topic what stands behind it: the one magic to tell of */
export function helpText(topic = ''): readonly Said[] {
  const one = topic === '' ? undefined : magicNamed(topic);
  if (one !== undefined) return describeMagic(one);
  const describe = ({ kind, name, example, help }: Magic) =>
    joined(
      `  ${`${kind === 'cell' ? '%%' : '%'}${name} ${kind === 'line' ? example : ''}`.trimEnd().padEnd(44)} `,
      help,
    );
  return [
    sentence('Magics, at the top of a cell:'),
    ...magics.filter(({ kind }) => kind === 'line').map(describe),
    '',
    sentence('Magics that take the lines below them:'),
    ...magics.filter(({ kind }) => kind === 'cell').map(describe),
    '',
    sentence('Run in the session: %matplot plt shows the current figure, %plotly fig an interactive one.'),
  ];
}

function line<Name extends string>(
  name: Name,
  argument: ArgumentShape,
  example: string,
  help: Sentence,
  ...aliases: string[]
) {
  return { name, aliases, kind: 'line' as const, argument, example, help };
}

function cell<Name extends string>(name: Name, example: string, help: Sentence) {
  return { name, aliases: [] as string[], kind: 'cell' as const, argument: text, example, help };
}
