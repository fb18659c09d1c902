import { BlockList, isIP } from 'node:net';
import { plain, wildcardMatch } from './wildcards';

/** Compares one value of the request with one of the policy. */
type Compare = (actual: string, expected: string) => boolean;

const compareStrings: Record<string, Compare> = {
  StringEquals: (actual, expected) => actual === plain(expected),
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === plain(expected).toLowerCase(),
  StringLike: (actual, expected) => wildcardMatch(expected, actual),
};

const compareArns: Record<string, Compare> = { ArnEquals: arnMatch, ArnLike: arnMatch };

const compareNumbers: Record<string, Compare> = {
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
};

const compareDates: Record<string, Compare> = {
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
};

const positive: Record<string, Compare> = {
  ...compareStrings,
  ...compareArns,
  ...compareNumbers,
  ...compareDates,
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  IpAddress: (actual, expected) =>
    isIP(actual) !== 0 && addresses(expected)?.check(actual, isIP(actual) === 6 ? 'ipv6' : 'ipv4') === true,
};

const negated: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

interface Operator {
  readonly quantifier: 'none' | 'ForAnyValue' | 'ForAllValues';
  readonly base: string;
  readonly ifExists: boolean;
}

/** Takes `ForAnyValue:StringNotEqualsIfExists` apart; undefined when no such operator exists. */
function parseOperator(text: string): Operator | undefined {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text);
  const base = match?.[2];
  if (base === undefined) return undefined;
  const quantifier = (match?.[1] ?? 'none') as Operator['quantifier'];
  const ifExists = match?.[3] !== undefined;
  if (base === 'Null') return quantifier === 'none' && !ifExists ? { quantifier, base, ifExists } : undefined;
  const isKnown = Object.hasOwn(positive, base) || Object.hasOwn(negated, base);
  return isKnown ? { quantifier, base, ifExists } : undefined;
}

/** Whether a value in a policy is one that its operator can compare with; a policy variable is, whatever it stands for. */
export function isComparable(operatorText: string, value: string): boolean {
  const base = parseOperator(operatorText)?.base ?? '';
  if (value.includes('${')) return true;
  const kind = negated[base] ?? base;
  if (kind === 'Bool' || kind === 'Null') return /^(true|false)$/i.test(value);
  if (kind === 'IpAddress') return addresses(value) !== undefined;
  if (kind.startsWith('Numeric')) return value.trim() !== '' && !Number.isNaN(Number(value));
  if (kind.startsWith('Date')) return !Number.isNaN(moment(value));
  return true;
}

/** Whether {@link conditionHolds} can evaluate the operator. */
export function isKnownOperator(text: string): boolean {
  return parseOperator(text) !== undefined;
}

/**
 * Whether one condition holds. Source: IAM user guide, "Condition operators" and "Multivalued context keys".
 * @param actual values of the key in the request; undefined: the key is not there.
 * @param expected values in the policy, variables resolved; undefined for one whose variable has no value.
 */
export function conditionHolds(
  operatorText: string,
  actual: readonly string[] | undefined,
  expected: readonly (string | undefined)[],
): boolean {
  const operator = parseOperator(operatorText);
  if (operator === undefined) throw new Error(`unknown operator ${operatorText} got past the parser`);
  const values = actual?.length === 0 ? undefined : actual;
  if (operator.base === 'Null') {
    return expected.some((text) => (text?.toLowerCase() === 'true') === (values === undefined));
  }

  const positiveName = negated[operator.base];
  const isNegated = positiveName !== undefined;
  if (values === undefined) {
    if (operator.quantifier === 'ForAllValues') return true;
    if (operator.ifExists) return true;
    return operator.quantifier === 'none' && isNegated;
  }
  const compare = positive[positiveName ?? operator.base];
  if (compare === undefined) throw new Error(`unknown operator ${operatorText} got past the parser`);
  const isAmongExpected = (value: string) =>
    expected.some((candidate) => candidate !== undefined && compare(value, candidate));
  const holds = (value: string) => isAmongExpected(value) !== isNegated;
  if (operator.quantifier === 'ForAllValues') return values.every(holds);
  if (operator.quantifier === 'ForAnyValue') return values.some(holds);
  // Without a quantifier a list matches when one of its values does; the negation is of that.
  return values.some(isAmongExpected) !== isNegated;
}

function numeric(compare: (a: number, b: number) => boolean): Compare {
  return (actual, expected) => {
    const [a, b] = [Number(actual), Number(expected)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
}

function date(compare: (a: number, b: number) => boolean): Compare {
  return (actual, expected) => compare(moment(actual), moment(expected));
}

/** Milliseconds since the epoch of a date in ISO 8601, or in seconds. */
function moment(text: string): number {
  return /^\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** The addresses of a CIDR block or a single one; undefined when the text is neither. */
function addresses(text: string): BlockList | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  const [bits, most] = [Number(length ?? (version === 6 ? 128 : 32)), version === 6 ? 128 : 32];
  if (version === 0 || rest.length > 0 || !Number.isInteger(bits) || bits < 0 || bits > most)
    return undefined;
  const block = new BlockList();
  block.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  return block;
}

/** Each of the six parts of an ARN is matched by itself, so that a wildcard doesn't reach over a colon. */
function arnMatch(actual: string, expected: string): boolean {
  const [actualParts, expectedParts] = [arnParts(actual), arnParts(expected)];
  return (
    actualParts.length === expectedParts.length &&
    expectedParts.every((part, index) => wildcardMatch(part, actualParts[index] ?? ''))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
