import type { PolicyCondition, PolicyDocument, PolicyStatement } from './authorization';
import { isKnownConditionKey } from './conditionKeys';
import { isComparable, isKnownOperator } from './conditionOperators';

/** A policy that can't be held to, because the evaluator doesn't know something in it. Names the element. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** What a policy is attached to decides which elements it may and must have. */
export type PolicyUse = 'identity' | 'trust';

/**
 * Reads a policy as IAM takes it.
 * @throws PolicyError on any element, operator or condition key that the evaluator doesn't know: ignoring one would
 * allow or deny something else than what was written.
 */
export function parsePolicy(name: string, document: unknown, use: PolicyUse): PolicyDocument {
  const where = `policy ${name}`;
  const policy = record(document, where);
  onlyKnown(policy, ['Version', 'Id', 'Statement'], where);
  const version = policy.Version ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyError(`${where}: Version ${JSON.stringify(version)} is not 2012-10-17 or 2008-10-17`);
  }
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  return {
    name,
    variables: version === '2012-10-17',
    statements: statements.map((statement: unknown, index) =>
      parseStatement(statement, `${where}, statement ${String(index + 1)}`, use),
    ),
  };
}

function parseStatement(value: unknown, where: string, use: PolicyUse): PolicyStatement {
  const statement = record(value, where);
  onlyKnown(
    statement,
    ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition'],
    where,
  );
  const effect = statement.Effect;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError(`${where}: Effect ${JSON.stringify(effect)} is not Allow or Deny`);
  }
  const actions = strings(statement.Action, `${where}, Action`);
  const notActions = strings(statement.NotAction, `${where}, NotAction`);
  exactlyOne(actions, notActions, 'Action', 'NotAction', where);
  for (const action of [...actions, ...notActions]) {
    if (action !== '*' && action !== '*:*' && !/^[\w-]+:[\w*?]+$/.test(action)) {
      throw new PolicyError(`${where}: ${JSON.stringify(action)} is not an action`);
    }
  }
  const resources = strings(statement.Resource, `${where}, Resource`);
  const notResources = strings(statement.NotResource, `${where}, NotResource`);
  if (use === 'identity') exactlyOne(resources, notResources, 'Resource', 'NotResource', where);
  else if (resources.length + notResources.length > 0) {
    throw new PolicyError(`${where}: a trust policy has no Resource`);
  }
  if ((statement.Principal !== undefined) !== (use === 'trust')) {
    throw new PolicyError(
      use === 'trust'
        ? `${where}: a trust policy needs a Principal`
        : `${where}: an identity policy has no Principal`,
    );
  }
  return {
    ...(typeof statement.Sid === 'string' && { sid: statement.Sid }),
    effect,
    actions,
    notActions,
    resources,
    notResources,
    principals: use === 'trust' ? parsePrincipals(statement.Principal, where) : [],
    conditions: parseConditions(statement.Condition, where),
  };
}

function parsePrincipals(value: unknown, where: string): PolicyStatement['principals'] {
  if (value === '*') return [{ type: '*', values: ['*'] }];
  return Object.entries(record(value, `${where}, Principal`)).map(([type, values]) => {
    if (type !== 'AWS' && type !== 'Service') {
      throw new PolicyError(`${where}: Principal ${JSON.stringify(type)} is not AWS or Service`);
    }
    const list = strings(values, `${where}, Principal`);
    const odd = list.find((text) => text !== '*' && /[*?]/.test(text));
    // IAM takes no pattern here, and a pattern taken as a name would match nobody.
    if (odd !== undefined) throw new PolicyError(`${where}: the Principal ${odd} has a wildcard in it`);
    return { type, values: list };
  });
}

function parseConditions(value: unknown, where: string): readonly PolicyCondition[] {
  if (value === undefined) return [];
  return Object.entries(record(value, `${where}, Condition`)).flatMap(([operator, keys]) => {
    if (!isKnownOperator(operator)) {
      throw new PolicyError(`${where}: the condition operator ${operator} is not known`);
    }
    return Object.entries(record(keys, `${where}, Condition ${operator}`)).map(([key, values]) => {
      if (!isKnownConditionKey(key)) throw new PolicyError(`${where}: the condition key ${key} is not known`);
      const list = strings(values, `${where}, Condition ${operator} ${key}`);
      if (list.length === 0) throw new PolicyError(`${where}: the condition key ${key} has no value`);
      const odd = list.find((text) => !isComparable(operator, text));
      if (odd !== undefined) {
        throw new PolicyError(`${where}: ${operator} can't compare ${key} with ${JSON.stringify(odd)}`);
      }
      return { operator, key, values: list };
    });
  });
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError(`${where}: expected an object, found ${JSON.stringify(value)}`);
  }
  return value as Record<string, unknown>;
}

function onlyKnown(value: Record<string, unknown>, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new PolicyError(`${where}: the element ${unknown} is not known`);
}

function exactlyOne(
  first: readonly string[],
  second: readonly string[],
  firstName: string,
  secondName: string,
  where: string,
): void {
  if (first.length > 0 === second.length > 0) {
    throw new PolicyError(`${where}: needs ${firstName} or ${secondName}, and only one of them`);
  }
}

function strings(value: unknown, where: string): readonly string[] {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new PolicyError(`${where}: expected text, found ${JSON.stringify(item)}`);
  });
}
