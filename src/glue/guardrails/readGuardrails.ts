import Ajv, { type ErrorObject } from 'ajv';
import {
  findNodeAtLocation,
  getNodePath,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import schema from '../../../schemas/guardrails.schema.json';
import { InvalidInputError } from '../errors';
import { lines, sentence, type Said, type Sentence } from '../sentence';
import type { GuardrailRules, Guardrails } from './guardrails';

const validate = new Ajv({ allErrors: true, strict: false }).compile<GuardrailRules>(schema);

/**
 * Reads the text of a guardrails file: JSON, in which comments and trailing commas may stand.
 * @param source what people call the file
 * @throws InvalidInputError that names each problem with its line: a file that can't be read must not pass for no rules
 */
export function readGuardrails(text: string, source: string): Guardrails {
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (root === undefined || first !== undefined) {
    const line = first === undefined ? 1 : lineAt(first.offset);
    const what = first === undefined ? sentence('it is empty') : printParseErrorCode(first.error);
    throw new InvalidInputError(
      sentence('{0}:{1} is not JSON: {2}. Nothing is started until it is mended.', source, line, what),
    );
  }
  const value = plain(root);
  if (!validate(value)) {
    const problems = (validate.errors ?? []).map((error) => {
      const path = error.instancePath.split('/').slice(1).map(unescaped);
      const node = findNodeAtLocation(root, path.map(indexOrKey));
      const what = path.join('.') || sentence('the file');
      return sentence('{0}:{1} {2} {3}', source, lineAt(node?.offset ?? 0), what, wrongWith(error));
    });
    throw new InvalidInputError(
      lines([...problems.slice(0, 5), sentence('Nothing is started until this is mended.')]),
    );
  }
  return { source, rules: value, lines: linesOf(root, lineAt) };
}

/** What the schema finds wrong, in the words of Ajv where it has others than these. */
function wrongWith({ keyword, message, params }: ErrorObject): Said {
  const { limit, pattern, additionalProperty, propertyName, type } = params as Record<string, unknown>;
  const value = limit ?? pattern ?? additionalProperty ?? propertyName ?? type;
  return violated[keyword]?.(String(value)) ?? message ?? sentence('is wrong');
}

/** By keyword of the schema. */
const violated: Readonly<Record<string, (value: string) => Sentence>> = {
  type: (value) => sentence('must be {0}', value),
  additionalProperties: (value) => sentence('must NOT have additional properties: "{0}"', value),
  minimum: (value) => sentence('must be >= {0}', value),
  maximum: (value) => sentence('must be <= {0}', value),
  exclusiveMinimum: (value) => sentence('must be > {0}', value),
  minItems: (value) => sentence('must NOT have fewer than {0} items', value),
  maxItems: (value) => sentence('must NOT have more than {0} items', value),
  maxProperties: (value) => sentence('must NOT have more than {0} properties', value),
  minLength: (value) => sentence('must NOT have fewer than {0} characters', value),
  maxLength: (value) => sentence('must NOT have more than {0} characters', value),
  pattern: (value) => sentence('must match pattern "{0}"', value),
  propertyNames: (value) => sentence('must NOT have the key "{0}"', value),
  uniqueItems: () => sentence('must NOT have the same item twice'),
};

/** The line of each rule: of the keys at the top, and of the required tags and presets. */
function linesOf(root: Node, lineAt: (offset: number) => number): Record<string, number> {
  const inner = ['requiredTags', 'presets'].flatMap((key) => findNodeAtLocation(root, [key])?.children ?? []);
  const properties = [...(root.children ?? []), ...inner];
  return Object.fromEntries(
    properties.flatMap((property) => {
      const [key, value] = property.children ?? [];
      return key === undefined || value === undefined
        ? []
        : [[getNodePath(value).join('.'), lineAt(key.offset)]];
    }),
  );
}

/** The value of a tree. A key `__proto__` stays a key. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value as unknown;
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [[String(key.value), plain(value)]],
    ),
  );
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function indexOrKey(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
