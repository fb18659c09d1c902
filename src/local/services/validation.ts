import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ServiceError } from './serviceError';

/** A schema, with the type of what it lets pass. */
export interface JsonSchema<T> {
  readonly type: 'object';
  readonly properties: { readonly [Member in keyof T]?: object } & Readonly<Record<string, object>>;
  readonly required: readonly string[];
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true, unicodeRegExp: true });

/**
 * Makes a check of an operation's input that refuses as the service does: `1 validation error detected: Value '…' at
 * '…' failed to satisfy constraint: …`.
 * @param schema JSON Schema of the input with the limits of the service's model.
 */
export function inputCheck<T>(schema: JsonSchema<T>): (input: unknown) => T {
  const validate: ValidateFunction<T> = ajv.compile<T>(schema);
  return (received) => {
    const input = withoutNulls(received);
    if (validate(input)) return input;
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames');
    const wrongType = errors.find(({ keyword }) => keyword === 'type');
    if (wrongType !== undefined) {
      throw new ServiceError(
        'SerializationException',
        `${memberPath(wrongType)} can not be converted to ${String(wrongType.params.type)}`,
      );
    }
    const plural = errors.length === 1 ? 'error' : 'errors';
    throw new ServiceError(
      'ValidationException',
      `${String(errors.length)} validation ${plural} detected: ${errors.map(describe).join('; ')}`,
    );
  };
}

/** A member sent as null is one not sent. */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}

function describe(error: ErrorObject): string {
  const { value, path } =
    error.keyword === 'required'
      ? { value: 'null', path: lowerFirst(String(error.params.missingProperty)) }
      : { value: `'${shown(error.data)}'`, path: memberPath(error) };
  return `Value ${value} at '${path}' failed to satisfy constraint: ${constraint(error)}`;
}

function constraint(error: ErrorObject): string {
  const limit = String(error.params.limit);
  switch (error.keyword) {
    case 'required':
      return 'Member must not be null';
    case 'minLength':
    case 'minProperties':
    case 'minItems':
      return `Member must have length greater than or equal to ${limit}`;
    case 'maxLength':
    case 'maxProperties':
    case 'maxItems':
      return `Member must have length less than or equal to ${limit}`;
    case 'minimum':
      return `Member must have value greater than or equal to ${limit}`;
    case 'maximum':
      return `Member must have value less than or equal to ${limit}`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${String(error.params.pattern)}`;
    case 'enum':
      return `Member must satisfy enum value set: [${(error.params.allowedValues as string[]).join(', ')}]`;
    default:
      return error.message ?? error.keyword;
  }
}

function memberPath(error: ErrorObject): string {
  const path = error.instancePath.split('/').slice(1).map(lowerFirst).join('.');
  return path === '' ? lowerFirst(error.propertyName ?? 'input') : path;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
