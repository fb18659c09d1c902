import { InvalidInputError } from './errors';
import { saidBy, sentence, type Said } from './sentence';
import { parseRoleArn } from './roleArn';
import type { AssumedRole, Target } from './target';

/** A target as it is written in `glueSessions.targets`. */
export type TargetSetting = Pick<Target, 'profile' | 'region' | 'endpoint'> & {
  /** Assumed one after another. */
  readonly roles?: readonly AssumedRole[];
};

/** Seconds that a role session may have, and the most when the role is assumed with the keys of another. Source: STS API reference, AssumeRole. */
export const roleDuration = { least: 900, most: 43_200, mostChained: 3600 } as const;

const region = /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/;
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks each part of an assumed role as STS would, so that a bad value is named before anything is sent. Source of the
 * limits: STS API reference, AssumeRole.
 */
export const roleChecks = {
  roleArn: (value: unknown, name: Said = sentence('The role')): string => parseRoleArn(text(value, name)).arn,
  externalId: (value: unknown, name: Said = sentence('The external id')): string =>
    matching(value, name, /^[\w+=,.@:/-]{2,1224}$/, sentence('2 to 1224 letters, digits or +=,.@:/-_')),
  mfaSerial: (value: unknown, name: Said = sentence('The MFA device')): string => {
    const expected = sentence(
      'arn:aws:iam::ACCOUNT:mfa/NAME, or the serial number of a hardware device (9 or more)',
    );
    const serial = matching(value, name, /^[\w+=/:,.@-]{9,256}$/, expected);
    return serial.startsWith('arn:')
      ? matching(serial, name, /^arn:aws[\w-]*:iam::\d{12}:(?:mfa|sms-mfa)\/.+$/, expected)
      : serial;
  },
  sessionName: (value: unknown, name: Said = sentence('The session name')): string =>
    matching(value, name, /^[\w+=,.@-]{2,64}$/, sentence('2 to 64 letters, digits or +=,.@-_')),
  sourceIdentity: (value: unknown, name: Said = sentence('The source identity')): string =>
    matching(value, name, /^[\w+=,.@-]{2,64}$/, sentence('2 to 64 letters, digits or +=,.@-_')),
  /** @param isChained assumed with the keys of another role */
  durationSeconds: (value: unknown, name: Said = sentence('The duration'), isChained = false): number => {
    const most = isChained ? roleDuration.mostChained : roleDuration.most;
    const isRight =
      typeof value === 'number' && Number.isInteger(value) && value >= roleDuration.least && value <= most;
    if (isRight) return value;
    const why = isChained
      ? sentence(': AWS caps a role assumed with the keys of another role at one hour')
      : '';
    throw wrong(
      name,
      value,
      sentence('a whole number of seconds from {0} to {1}{2}', roleDuration.least, most, why),
    );
  },
  sessionTags: (
    value: unknown,
    name: Said = sentence('The session tags'),
  ): Readonly<Record<string, string>> => {
    const tags = object(value, name);
    const entries = Object.entries(tags);
    if (entries.length > 50) throw wrong(name, entries.length, sentence('at most 50'));
    const lower = new Set(entries.map(([key]) => key.toLowerCase()));
    if (lower.size < entries.length)
      throw wrong(name, value, sentence('keys that differ in more than capitals'));
    return Object.fromEntries(
      entries.map(([key, tag]) => {
        const isKey = key.length >= 1 && key.length <= 128 && tagCharacters.test(key) && !/^aws:/i.test(key);
        if (!isKey)
          throw wrong(
            sentence('{0}: the key', name),
            key,
            sentence('1 to 128 letters, digits, spaces or _.:/=+-@, without aws: in front'),
          );
        const isValue = typeof tag === 'string' && tag.length <= 256 && tagCharacters.test(tag);
        if (!isValue)
          throw wrong(
            sentence('{0}: the value of "{1}"', name, key),
            tag,
            sentence('up to 256 letters, digits, spaces or _.:/=+-@'),
          );
        return [key, tag];
      }),
    );
  },
} as const;

/** @throws InvalidInputError that names the value and what was expected */
export function checkRegion(value: unknown, name: Said = sentence('The Region')): string {
  return matching(value, name, region, sentence('a Region such as us-east-1'));
}

/** @throws InvalidInputError that names the value and what was expected */
export function checkEndpoint(value: unknown, name: Said = sentence('The endpoint')): string {
  const url = text(value, name);
  const isUrl = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).username === '';
  if (isUrl) return url;
  throw wrong(
    name,
    value,
    sentence('a URL such as http://127.0.0.1:4580 or https://glue.us-east-1.amazonaws.com'),
  );
}

/**
 * Reads a target of the settings.
 * @param where how messages name it, such as `glueSessions.targets[0]`
 * @throws InvalidInputError that names the first thing that can't be meant, and what was expected
 */
export function readTargetSetting(value: unknown, where: string): Target {
  const setting = known(object(value, where), where, ['profile', 'roles', 'region', 'endpoint']);
  const { profile, roles = [], region: place, endpoint } = setting;
  if (profile !== undefined) matching(profile, `${where}.profile`, /\S/, sentence('the name of a profile'));
  if (!Array.isArray(roles)) throw wrong(`${where}.roles`, roles, sentence('a list of roles'));
  return {
    ...(profile !== undefined && { profile: text(profile, `${where}.profile`) }),
    roles: roles.map((role: unknown, index) => readRole(role, `${where}.roles[${index}]`, index > 0)),
    ...(place !== undefined && { region: checkRegion(place, `${where}.region`) }),
    ...(endpoint !== undefined && { endpoint: checkEndpoint(endpoint, `${where}.endpoint`) }),
  };
}

/** All targets of the settings that can be meant, and what is wrong with the others. */
export function readTargetSettings(
  settings: readonly { readonly value: unknown; readonly where: string }[],
): { readonly targets: readonly Target[]; readonly problems: readonly Said[] } {
  const targets: Target[] = [];
  const problems: Said[] = [];
  for (const { value, where } of settings) {
    try {
      targets.push(readTargetSetting(value, where));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(saidBy(error));
    }
  }
  return { targets, problems };
}

function readRole(value: unknown, where: string, isChained: boolean): AssumedRole {
  const role = known(object(value, where), where, ['roleArn', ...Object.keys(roleChecks)]);
  const { durationSeconds, sessionTags } = role;
  const texts = ['externalId', 'mfaSerial', 'sessionName', 'sourceIdentity'] as const;
  return {
    roleArn: roleChecks.roleArn(role.roleArn, `${where}.roleArn`),
    ...Object.fromEntries(
      texts
        .filter((name) => role[name] !== undefined)
        .map((name) => [name, roleChecks[name](role[name], `${where}.${name}`)]),
    ),
    ...(durationSeconds !== undefined && {
      durationSeconds: roleChecks.durationSeconds(durationSeconds, `${where}.durationSeconds`, isChained),
    }),
    ...(sessionTags !== undefined && {
      sessionTags: roleChecks.sessionTags(sessionTags, `${where}.sessionTags`),
    }),
  };
}

/** The inverse of {@link readTargetSetting}. */
export function toTargetSetting({ profile, roles, region: place, endpoint }: Target): TargetSetting {
  return {
    ...(profile !== undefined && { profile }),
    ...(roles.length > 0 && { roles }),
    ...(place !== undefined && { region: place }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

function known(
  value: Readonly<Record<string, unknown>>,
  where: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const other = Object.keys(value).find((name) => !names.includes(name));
  if (other === undefined) return value;
  throw new InvalidInputError(
    sentence(
      '{0} has "{1}", which is not known. Expected: {2}.',
      where,
      other,
      [...new Set(names)].join(', '),
    ),
    other,
  );
}

function object(value: unknown, name: Said): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw wrong(name, value, sentence('an object'));
}

function text(value: unknown, name: Said): string {
  if (typeof value === 'string') return value.trim();
  throw wrong(name, value, sentence('text'));
}

function matching(value: unknown, name: Said, pattern: RegExp, expected: Said): string {
  const read = text(value, name);
  if (pattern.test(read)) return read;
  throw wrong(name, value, expected);
}

function wrong(name: Said, value: unknown, expected: Said): InvalidInputError {
  const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 120);
  const told = value === undefined ? sentence('missing') : shown;
  return new InvalidInputError(sentence('{0} is {1}. Expected {2}.', name, told, expected), shown);
}
