import JSON5 from 'json5';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import { parseRoleArn } from '../glue/roleArn';
import { validateTags } from '../glue/tags';
import type { AssumedRole, StaticCredentials } from '../glue/target';

/** @throws InvalidInputError for anything but an object of plain values, JSON or Python style */
export function readTags(body: string): Tags {
  const value = readObject(body, '%%tags', "{'team': 'analytics', 'billing': 'data-platform'}");
  const tags = Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') {
        return [key, String(item)];
      }
      throw new InvalidInputError(
        `%%tags: the value of "${key}" is ${nameOf(item)}; a tag's value is text.`,
        JSON.stringify(item),
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
        '%%assume_role wants the ARN of a role on the line below it: arn:aws:iam::ACCOUNT:role/NAME',
      );
    parseRoleArn(text.replace(/^["']|["']$/g, ''));
  }
  const single = text
    .replace(/^\{\s*\{/, '{')
    .replace(/\}\s*\}$/, '}')
    .replace(/(["']\w+["'])\s*=\s*/g, '$1: ');
  const value = readObject(single, '%%assume_role', 'arn:aws:iam::ACCOUNT:role/NAME', true);
  const field = (name: string) => (typeof value[name] === 'string' ? value[name] : undefined);
  const roleArn = field('role_arn') ?? field('arn');
  if (roleArn !== undefined) {
    const [externalId, mfaSerial, sessionName] = [
      field('external_id'),
      field('mfa_serial'),
      field('session_name'),
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
    field('aws_access_key_id'),
    field('aws_secret_access_key'),
    field('aws_session_token'),
  ];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new InvalidInputError(
      `%%assume_role found neither a role's ARN nor keys. It has the members ${Object.keys(value).join(', ') || 'none'}; expected role_arn, or aws_access_key_id and aws_secret_access_key.`,
    );
  }
  return {
    kind: 'credentials',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  };
}

/** Members of a `%%configure` body, values as text, lists joined with commas. @throws InvalidInputError */
export function readConfigure(body: string): Readonly<Record<string, string>> {
  const value = readObject(body, '%%configure', '{"idle_timeout": 60, "--conf": "spark.a=b"}');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (item === null || item === undefined) return [];
      if (Array.isArray(item)) return [[key, item.map(String).join(',')]];
      if (key === 'tags' && typeof item === 'object') return [[key, JSON.stringify(item)]];
      if (typeof item === 'object') {
        // Spark's `conf` of other kernels: pairs of one object.
        const pairs = Object.entries(item as Record<string, string | number | boolean>).map(
          ([name, part]) => `${name}=${String(part)}`,
        );
        return [[key, pairs.join(' --conf ')]];
      }
      return [[key, typeof item === 'string' ? item : JSON.stringify(item)]];
    }),
  );
}

/** Reads JSON, JSON5 or a Python dict of plain values. @param secret keep what was written out of the message */
function readObject(body: string, magic: string, example: string, secret = false): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON5.parse(fromPython(body));
  } catch (error) {
    const where = /at (\d+:\d+)$/.exec(error instanceof Error ? error.message : '')?.[1];
    const shown = secret ? '' : ` near "${body.trim().slice(0, 60)}"`;
    throw new InvalidInputError(
      `${magic}: this is neither JSON nor a Python dict${where === undefined ? '' : ` (line and column ${where})`}${shown}. Expected for example ${example}`,
      secret ? undefined : body,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidInputError(
    `${magic} got ${nameOf(value)}; expected an object such as ${example}`,
    secret ? undefined : body,
  );
}

/** Python's words, comments and triple quotes in JSON5's form. */
function fromPython(body: string): string {
  const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };
  return body.replace(
    /"""([\s\S]*?)"""|'''([\s\S]*?)'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\b(?:True|False|None)\b|#[^\n]*/g,
    (found, double: string | undefined, single: string | undefined) => {
      const triple = double ?? single;
      if (triple !== undefined) return JSON.stringify(triple.trim().replace(/\s*\n\s*/g, ' '));
      if (found.startsWith('#')) return '';
      return words[found] ?? found;
    },
  );
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'number' ? 'a number' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
