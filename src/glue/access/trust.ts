/** What a trust policy says to Glue. */
export interface TrustReading {
  readonly trustsGlue: boolean;
  /** A statement denies it outright. */
  readonly isDenied: boolean;
  /** Condition keys that the statement asks for, as they are written. */
  readonly conditionKeys: readonly string[];
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Condition?: unknown;
}

const glue = 'glue.amazonaws.com';

/** Reads a role's trust policy, as JSON text. @throws SyntaxError for text that is no JSON */
export function readTrust(document: string): TrustReading {
  const { Statement: statements } = JSON.parse(document) as { Statement?: unknown };
  const all = (Array.isArray(statements) ? statements : [statements]) as readonly (Statement | undefined)[];
  const ofGlue = all.filter((statement) => isOfGlue(statement));
  const allowing = ofGlue.filter((statement) => statement?.Effect === 'Allow');
  const isDenied = ofGlue.some(
    (statement) => statement?.Effect === 'Deny' && statement.Condition === undefined,
  );
  // One without conditions is enough.
  const free = allowing.find((statement) => statement?.Condition === undefined);
  const deciding = free ?? allowing[0];
  return {
    trustsGlue: allowing.length > 0 && !isDenied,
    isDenied,
    conditionKeys: keysOf(deciding?.Condition),
  };
}

/** A role that Glue may assume. */
export interface TrustingRole {
  readonly arn: string;
  /** Its trust policy asks for more than that it is Glue. */
  readonly isConditional: boolean;
}

/** Those of the roles that a session may run as, by their trust. One whose trust policy can't be read is left out. */
export function rolesForGlue(
  roles: readonly { readonly arn: string; readonly trustPolicy: string }[],
): readonly TrustingRole[] {
  return roles.flatMap(({ arn, trustPolicy }) => {
    const { trustsGlue, conditionKeys } = readableTrust(trustPolicy);
    return trustsGlue ? [{ arn, isConditional: conditionKeys.length > 0 }] : [];
  });
}

function readableTrust(document: string): Pick<TrustReading, 'trustsGlue' | 'conditionKeys'> {
  try {
    return readTrust(document);
  } catch (error) {
    if (error instanceof SyntaxError) return { trustsGlue: false, conditionKeys: [] };
    throw error;
  }
}

function isOfGlue(statement: Statement | undefined): boolean {
  if (statement === undefined) return false;
  const isAssume = listOf(statement.Action).some((action) =>
    ['sts:assumerole', 'sts:assumerole*', 'sts:*', '*'].includes(action.toLowerCase()),
  );
  const { Principal: principal } = statement;
  if (principal === '*') return isAssume;
  const service =
    typeof principal === 'object' && principal !== null && 'Service' in principal
      ? principal.Service
      : undefined;
  return isAssume && listOf(service).some((name) => name === glue || name === '*');
}

function keysOf(condition: unknown): readonly string[] {
  if (typeof condition !== 'object' || condition === null) return [];
  return Object.values(condition as Readonly<Record<string, unknown>>).flatMap((keys) =>
    typeof keys === 'object' && keys !== null ? Object.keys(keys) : [],
  );
}

function listOf(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string');
}
