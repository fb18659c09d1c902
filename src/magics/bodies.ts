import { InvalidInputError } from '../glue/errors';
import { saidBy, sentence, type Sentence } from '../glue/sentence';
import type { Tags } from '../glue/glueApi';
import { parseRoleArn } from '../glue/roleArn';
import { validateTags } from '../glue/tags';
import type { AssumedRole, StaticCredentials } from '../glue/target';
import { LiteralObject, LiteralSyntaxError, NumberText, readLiteral, type Literal } from './literal';

/** @throws InvalidInputError for anything but an object of plain values, JSON or Python style */
export function readTags(body: string): Tags {
  return tagsOf(readObject(body, '%%tags', "{'team': 'analytics', 'billing': 'data-platform'}"), '%%tags');
}

function tagsOf({ members }: LiteralObject, magic: string): Tags {
  const tags = Object.fromEntries(
    [...members].map(([key, item]) => {
      const text = plainText(item);
      if (text !== undefined) return [key.trim(), text.trim()];
      throw new InvalidInputError(
        sentence('{0}: the value of "{1}" is {2}; a tag\'s value is text.', magic, key, nameOf(item)),
        key,
      );
    }),
  );
  validateTags(tags);
  return tags;
}

/** What `%%assume_role` was given: a role, or keys. */
export type RoleBody =
  | { readonly kind: 'role'; readonly role: AssumedRole }
  | { readonly kind: 'credentials'; readonly credentials: StaticCredentials };

/**
 * Reads a bare ARN, an ARN in braces or quotes, an object with `role_arn` (and `external_id`, `mfa_serial`,
 * `session_name`), or keys, also in the documentation's odd form `{{ "aws_access_key_id" = "…" }}`.
 * @throws InvalidInputError that never repeats a key
 */
export function readRole(body: string): RoleBody {
  const text = body
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .trim();
  const bare = /^[{\s]*["']?(arn:[^"'\s{}]+)["']?[\s}]*$/.exec(text)?.[1];
  if (bare !== undefined) return { kind: 'role', role: { roleArn: parseRoleArn(bare).arn } };
  if (!text.startsWith('{')) {
    // Says what is wrong with it, unless it could be a key.
    if (text === '' || /\s/.test(text))
      throw new InvalidInputError(
        sentence(
          '%%assume_role wants the ARN of a role on the line below it: arn:aws:iam::ACCOUNT:role/NAME',
        ),
      );
    parseRoleArn(text.replace(/^["']|["']$/g, ''));
  }
  const { members } = readObject(text, '%%assume_role', 'arn:aws:iam::ACCOUNT:role/NAME', true);
  const field = (...names: string[]) => {
    const value = names.map((name) => members.get(name)).find((found) => typeof found === 'string');
    return typeof value === 'string' ? value.trim() : undefined;
  };
  const roleArn = field('role_arn', 'RoleArn', 'arn');
  if (roleArn !== undefined) {
    const [externalId, mfaSerial, sessionName] = [
      field('external_id', 'ExternalId'),
      field('mfa_serial', 'SerialNumber'),
      field('session_name', 'RoleSessionName'),
    ];
    return {
      kind: 'role',
      role: {
        roleArn: parseRoleArn(roleArn).arn,
        ...(externalId !== undefined && { externalId }),
        ...(mfaSerial !== undefined && { mfaSerial }),
        ...(sessionName !== undefined && { sessionName }),
      },
    };
  }
  const [accessKeyId, secretAccessKey, sessionToken] = [
    field('aws_access_key_id', 'AccessKeyId'),
    field('aws_secret_access_key', 'SecretAccessKey'),
    field('aws_session_token', 'SessionToken'),
  ];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new InvalidInputError(
      sentence(
        "%%assume_role found neither a role's ARN nor keys. Its members: {0}. Expected role_arn, or aws_access_key_id and aws_secret_access_key.",
        [...members.keys()].join(', ') || '–',
      ),
    );
  }
  return {
    kind: 'credentials',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  };
}

/** Members of a `%%configure` body, values as text, lists joined with commas; tags by themselves. @throws InvalidInputError */
export function readConfigure(body: string): {
  readonly members: Readonly<Record<string, string>>;
  readonly tags?: Tags;
} {
  const { members } = readObject(body, '%%configure', '{"idle_timeout": 60, "--conf": "spark.a=b"}');
  const tags = members.get('tags') ?? members.get('--tags');
  return {
    members: Object.fromEntries(
      [...members].flatMap(([key, item]) => {
        const text = /^(?:--)?tags$/.test(key) ? undefined : argumentText(key, item);
        return text === undefined ? [] : [[key.trim(), text]];
      }),
    ),
    ...(tags instanceof LiteralObject && { tags: tagsOf(tags, '%%configure') }),
    ...(typeof tags === 'string' && { tags: readTags(tags) }),
  };
}

/** A member's value as the text of an argument; undefined for null. */
function argumentText(key: string, item: Literal): string | undefined {
  if (item === null) return undefined;
  const plain = plainText(item);
  if (plain !== undefined) return plain;
  if (item instanceof LiteralObject) {
    const pairs = [...item.members].map(([name, part]) => [name, plainText(part)] as const);
    // Spark's `conf` of other kernels: pairs of one object. Anything else is handed on as the JSON it is.
    return /^(?:--)?conf$/.test(key)
      ? pairs.map(([name, part]) => `${name}=${part ?? ''}`).join(' --conf ')
      : JSON.stringify(Object.fromEntries(pairs));
  }
  if (Array.isArray(item)) return item.map((part: Literal) => plainText(part) ?? '').join(',');
  return undefined;
}

function plainText(item: Literal): string | undefined {
  if (item instanceof NumberText) return item.text;
  return typeof item === 'string' || typeof item === 'boolean' ? String(item) : undefined;
}

/** Reads JSON or a Python dict. @param secret keep what was written out of the message */
function readObject(body: string, magic: string, example: string, secret = false): LiteralObject {
  let value: Literal;
  try {
    const read = readLiteral(body);
    value = read.value;
    const rest = body.slice(read.end).replace(/#[^\n]*|;/g, '');
    if (/\S/.test(rest)) throw behind(body, read.end);
  } catch (error) {
    if (!(error instanceof LiteralSyntaxError)) throw error;
    throw new InvalidInputError(
      secret
        ? sentence(
            '{0}: this is neither JSON nor a Python dict: {1}. Write for example {2}',
            magic,
            saidBy(error),
            example,
          )
        : sentence(
            '{0}: this is neither JSON nor a Python dict near "{1}": {2}. Write for example {3}',
            magic,
            body.trim().slice(0, 60),
            saidBy(error),
            example,
          ),
      secret ? undefined : body,
      { cause: error },
    );
  }
  if (value instanceof LiteralObject) return value;
  throw new InvalidInputError(
    sentence('{0} got {1}; expected an object such as {2}', magic, nameOf(value), example),
    secret ? undefined : body,
  );
}

function behind(body: string, end: number): LiteralSyntaxError {
  const before = body.slice(0, end).split('\n');
  return new LiteralSyntaxError(sentence('nothing more'), before.length, (before.at(-1)?.length ?? 0) + 1);
}

function nameOf(value: Literal): Sentence {
  if (value === null) return sentence('nothing');
  if (value instanceof LiteralObject) return sentence('an object');
  if (value instanceof NumberText) return sentence('a number');
  if (typeof value === 'string') return sentence('a text');
  return typeof value === 'boolean' ? sentence('a truth value') : sentence('a list');
}
