import { InvalidInputError } from './errors';
import { saidBy, sentence, type Sentence } from './sentence';
import { sessionDefaultFields } from './sessionDefaults';
import { wishChecks, type SessionWish } from './sessionWish';
import { readTargetSetting } from './targetSetting';

/** Presets as they are written, by name: those of a project's guardrails, or a person's own. */
export interface PresetSource {
  /** The guardrails file; undefined for the setting `glueSessions.presets`. */
  readonly source?: string;
  readonly presets: Readonly<Record<string, unknown>>;
}

/** A part of a wish under a name, as written in `glueSessions.presets` or in the guardrails of a project. */
export interface Preset {
  readonly name: string;
  /** As with {@link PresetSource}. */
  readonly source?: string;
  readonly description?: string;
  /** Where the session starts; undefined leaves that to the person. */
  readonly target?: SessionWish['target'];
  readonly wish: Partial<Omit<SessionWish, 'target' | 'more'>>;
  /** DefaultArguments, keys with their leading `--`. */
  readonly arguments?: Readonly<Record<string, string>>;
}

const ofTarget = ['profile', 'roles', 'region', 'endpoint'] as const;

/** Reads a preset. @throws InvalidInputError that names what can't be meant, and what was expected */
export function readPreset(name: string, value: unknown, source?: string): Preset {
  const where = source === undefined ? `glueSessions.presets["${name}"]` : `${source} presets["${name}"]`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInputError(sentence('{0} is {1}. Expected an object.', where, JSON.stringify(value)));
  const said = value as Readonly<Record<string, unknown>>;
  const known: readonly string[] = ['description', 'arguments', ...ofTarget, ...sessionDefaultFields];
  const other = Object.keys(said).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new InvalidInputError(
      sentence('{0} has "{1}", which is not known. Expected: {2}.', where, other, known.join(', ')),
    );
  const target = Object.fromEntries(ofTarget.flatMap((key) => (key in said ? [[key, said[key]]] : [])));
  const wish = Object.fromEntries(
    sessionDefaultFields.flatMap((key) =>
      key in said ? [[key, checked(`${where}.${key}`, key, said[key])]] : [],
    ),
  );
  return {
    name,
    ...(source !== undefined && { source }),
    ...(typeof said.description === 'string' && { description: said.description }),
    ...(Object.keys(target).length > 0 && { target: readTargetSetting(target, where) }),
    wish,
    ...('arguments' in said && { arguments: readArguments(said.arguments, `${where}.arguments`) }),
  };
}

/** All presets that can be meant, and what is wrong with the others. */
export function readPresets(sources: readonly PresetSource[]): {
  readonly presets: readonly Preset[];
  readonly problems: readonly PresetProblem[];
} {
  const read: Preset[] = [];
  const problems: PresetProblem[] = [];
  for (const { source, presets } of sources) {
    for (const [name, value] of Object.entries(presets)) {
      try {
        read.push(readPreset(name, value, source));
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        problems.push({
          name,
          text: saidBy(error),
          ...(source !== undefined && { source }),
        });
      }
    }
  }
  return { presets: read, problems };
}

/** What is wrong with a preset, and where it stands. */
export interface PresetProblem {
  readonly name: string;
  readonly text: string | Sentence;
  readonly source?: string;
}

/**
 * The preset of that name: the project's own before a person's.
 * @throws InvalidInputError that names those there are, or what is wrong with it
 */
export function presetNamed(name: string, sources: readonly PresetSource[]): Preset {
  const found = sources.find(({ presets }) => Object.hasOwn(presets, name));
  if (found !== undefined) return readPreset(name, found.presets[name], found.source);
  const names = [...new Set(sources.flatMap(({ presets }) => Object.keys(presets)))];
  throw new InvalidInputError(
    names.length === 0
      ? sentence(
          'There is no preset "{0}": none is in the setting glueSessions.presets, or in glue-guardrails.json.',
          name,
        )
      : sentence('There is no preset "{0}". There are: {1}.', name, names.join(', ')),
    name,
  );
}

/** The wish with all that the preset says; what it doesn't say stays. Tags are those of the preset alone. */
export function withPreset(wish: SessionWish, preset: Preset): SessionWish {
  return {
    ...wish,
    ...preset.wish,
    ...(preset.target !== undefined && { target: preset.target }),
    more: preset.arguments === undefined ? {} : { arguments: preset.arguments },
  };
}

/** What of a wish a preset keeps, as it is written in the settings. */
export function toPresetSetting(wish: SessionWish): Readonly<Record<string, unknown>> {
  const { target, more } = wish;
  return {
    ...(target.profile !== undefined && { profile: target.profile }),
    ...(target.roles.length > 0 && { roles: target.roles }),
    ...(target.region !== undefined && { region: target.region }),
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...Object.fromEntries(sessionDefaultFields.map((key) => [key, wish[key]])),
    ...(more.arguments !== undefined && { arguments: more.arguments }),
  };
}

function checked(where: string, key: (typeof sessionDefaultFields)[number], value: unknown): unknown {
  try {
    if (key !== 'iamRole') return wishChecks[key](value);
    if (typeof value === 'string') return wishChecks.iamRole(value);
    throw new InvalidInputError(sentence('{0} is not the ARN or the name of a role.', JSON.stringify(value)));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const what = saidBy(error);
    throw new InvalidInputError(sentence('{0}: {1}', where, what), error.value, { cause: error });
  }
}

function readArguments(value: unknown, where: string): Readonly<Record<string, string>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries: [string, unknown][] = isRecord ? Object.entries(value) : [];
  const bad = entries.find(([key, text]) => !/^--\S+$/.test(key) || typeof text !== 'string');
  if (isRecord && bad === undefined) return value as Readonly<Record<string, string>>;
  const what = bad === undefined ? JSON.stringify(value) : JSON.stringify({ [bad[0]]: bad[1] });
  throw new InvalidInputError(
    sentence('{0} is {1}. Expected keys with -- in front, and texts.', where, what),
  );
}
