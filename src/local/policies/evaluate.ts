import type {
  AuthorizationRequest,
  Decision,
  PolicyDocument,
  PolicyKind,
  PolicyStatement,
} from './authorization';
import { conditionHolds } from './conditionOperators';
import { literally, wildcardMatch } from './wildcards';

/** Every policy that bears on a call of one principal. */
export interface ApplicablePolicies {
  readonly identity: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  /** Empty: the account is in no organisation, or has none. */
  readonly serviceControl: readonly PolicyDocument[];
}

/**
 * Whether a call within the caller's account is allowed. Source: IAM user guide, "Policy evaluation logic": an explicit
 * deny anywhere wins; then every kind that bounds the principal must allow, and the identity policies must.
 */
export function authorize(request: AuthorizationRequest, policies: ApplicablePolicies): Decision {
  const context = fullContext(request);
  const kinds: readonly (readonly [PolicyKind, readonly PolicyDocument[], boolean])[] = [
    ['service control policy', policies.serviceControl, policies.serviceControl.length > 0],
    [
      'permissions boundary',
      policies.permissionsBoundary ? [policies.permissionsBoundary] : [],
      policies.permissionsBoundary !== undefined,
    ],
    ['session policy', request.caller.sessionPolicies, request.caller.sessionPolicies.length > 0],
    ['identity-based policy', policies.identity, true],
  ];
  for (const [kind, documents] of kinds) {
    if (documents.some((document) => hasMatch(document, 'Deny', request, context))) {
      return {
        allowed: false,
        explicit: true,
        kind,
        reason: `with an explicit deny in ${article(kind)} ${kind}`,
      };
    }
  }
  for (const [kind, documents, bounds] of kinds) {
    if (bounds && !documents.some((document) => hasMatch(document, 'Allow', request, context))) {
      return {
        allowed: false,
        explicit: false,
        kind,
        reason: `because no ${kind} allows the ${request.action} action`,
      };
    }
  }
  return { allowed: true };
}

/** The policies of which a statement with that effect applies. */
export function policiesThat(
  effect: 'Allow' | 'Deny',
  request: AuthorizationRequest,
  documents: readonly PolicyDocument[],
): readonly PolicyDocument[] {
  const context = fullContext(request);
  return documents.filter((document) => hasMatch(document, effect, request, context));
}

/** Condition keys that statements on the action ask for and the request doesn't have, as they are written. */
export function missingKeys(
  request: AuthorizationRequest,
  documents: readonly PolicyDocument[],
): readonly string[] {
  const context = fullContext(request);
  const asked = documents
    .flatMap(({ statements }) => statements)
    .filter((statement) => actionMatches(statement, request.action))
    .flatMap(({ conditions }) => conditions.map(({ key }) => key));
  return [...new Set(asked)].filter((key) => !context.has(key.toLowerCase()));
}

/** How a role's trust policy answers one who wants to assume it. */
export type TrustAnswer = 'deny' | 'allowPrincipal' | 'allowRole' | 'allowAccount' | 'none';

/**
 * Reads a trust policy for a caller. `allowPrincipal`: names the user or the role session itself; `allowRole`: the role
 * behind the session; `allowAccount`: the account, which leaves the decision to the identity policies there.
 */
export function trustAnswer(request: AuthorizationRequest, trust: PolicyDocument): TrustAnswer {
  const context = fullContext(request);
  const matching = trust.statements
    .filter((statement) => actionMatches(statement, request.action))
    .filter((statement) => conditionsHold(statement, context, trust.variables))
    .map((statement) => ({ statement, match: principalMatch(statement, request) }))
    .filter(({ match }) => match !== undefined);
  if (matching.some(({ statement }) => statement.effect === 'Deny')) return 'deny';
  if (matching.some(({ match }) => match === 'principal')) return 'allowPrincipal';
  if (matching.some(({ match }) => match === 'role')) return 'allowRole';
  return matching.length > 0 ? 'allowAccount' : 'none';
}

/**
 * Whether a trust policy lets an AWS service assume the role.
 * @param context condition keys that the service gives: `aws:SourceAccount`, `aws:SourceArn`
 */
export function trustsService(
  trust: PolicyDocument,
  service: string,
  context: Readonly<Record<string, readonly string[]>>,
): boolean {
  const keys = new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]));
  const names = ({ principals }: PolicyStatement) =>
    principals.some(({ type, values }) => type === 'Service' && values.includes(service));
  const applies = trust.statements.filter(
    (statement) =>
      actionMatches(statement, 'sts:AssumeRole') &&
      names(statement) &&
      conditionsHold(statement, keys, trust.variables),
  );
  return applies.some(({ effect }) => effect === 'Allow') && !applies.some(({ effect }) => effect === 'Deny');
}

function principalMatch(
  statement: PolicyStatement,
  { caller }: AuthorizationRequest,
): 'principal' | 'role' | 'account' | undefined {
  const values = statement.principals.flatMap(({ type, values: list }) => (type === 'Service' ? [] : list));
  if (values.includes(caller.arn)) return 'principal';
  if (values.includes(caller.principalArn)) return 'role';
  const account = [caller.account, `arn:aws:iam::${caller.account}:root`, '*'];
  return values.some((value) => account.includes(value)) ? 'account' : undefined;
}

function hasMatch(
  document: PolicyDocument,
  effect: 'Allow' | 'Deny',
  request: AuthorizationRequest,
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  return document.statements.some(
    (statement) =>
      statement.effect === effect &&
      actionMatches(statement, request.action) &&
      resourceMatches(statement, request.resource, context, document.variables) &&
      conditionsHold(statement, context, document.variables),
  );
}

function actionMatches(statement: PolicyStatement, action: string): boolean {
  const matches = (pattern: string) => wildcardMatch(pattern.toLowerCase(), action.toLowerCase());
  return statement.actions.length > 0 ? statement.actions.some(matches) : !statement.notActions.some(matches);
}

function resourceMatches(
  statement: PolicyStatement,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
  variables: boolean,
): boolean {
  const matches = (pattern: string) => {
    const resolved = variables ? resolveVariables(pattern, context) : pattern;
    return resolved !== undefined && wildcardMatch(resolved, resource);
  };
  return statement.resources.length > 0
    ? statement.resources.some(matches)
    : !statement.notResources.some(matches);
}

function conditionsHold(
  statement: PolicyStatement,
  context: ReadonlyMap<string, readonly string[]>,
  variables: boolean,
): boolean {
  return statement.conditions.every(({ operator, key, values }) =>
    conditionHolds(
      operator,
      context.get(key.toLowerCase()),
      values.map((value) => (variables ? resolveVariables(value, context) : value)),
    ),
  );
}

/**
 * Puts the request's values in place of `${aws:username}` and the like; `${aws:PrincipalTag/team, 'none'}` has a
 * default. Undefined when a variable has neither: then nothing can match.
 */
function resolveVariables(text: string, context: ReadonlyMap<string, readonly string[]>): string | undefined {
  const missing: string[] = [];
  const resolved = text.replace(
    /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)')?\s*\}/g,
    (_, name: string, fallback: string | undefined) => {
      if (name === '*' || name === '?' || name === '$') return literally(name);
      const values = context.get(name.toLowerCase());
      const value = values?.length === 1 ? values[0] : undefined;
      if (value === undefined && fallback === undefined) missing.push(name);
      return literally(value ?? fallback ?? '');
    },
  );
  return missing.length > 0 ? undefined : resolved;
}

function fullContext(request: AuthorizationRequest): ReadonlyMap<string, readonly string[]> {
  const { caller } = request;
  const context = new Map<string, readonly string[]>();
  const set = (key: string, ...values: string[]) => context.set(key.toLowerCase(), values);
  set('aws:userid', caller.userId);
  if (caller.userName !== undefined) set('aws:username', caller.userName);
  set('aws:PrincipalArn', caller.principalArn);
  set('aws:PrincipalAccount', caller.account);
  set('aws:PrincipalType', caller.userName === undefined ? 'AssumedRole' : 'User');
  set('aws:PrincipalIsAWSService', 'false');
  set('aws:ViaAWSService', 'false');
  set('aws:ResourceAccount', request.resourceAccount);
  set('aws:SecureTransport', 'false');
  set('aws:SourceIp', '127.0.0.1');
  const now = Date.now();
  set('aws:CurrentTime', new Date(now).toISOString());
  set('aws:EpochTime', String(Math.floor(now / 1000)));
  // Long-lived keys carry no such key at all. Those of an assumed role say false even when the role was assumed with a
  // code (IAM user guide, "MFA-protected API access"): that code shows in the AssumeRole call alone.
  if (caller.userName === undefined) set('aws:MultiFactorAuthPresent', 'false');
  if (caller.sourceIdentity !== undefined) set('aws:SourceIdentity', caller.sourceIdentity);
  for (const [key, value] of Object.entries(caller.principalTags)) set(`aws:PrincipalTag/${key}`, value);
  for (const [key, values] of Object.entries(request.context)) set(key, ...values);
  return context;
}

function article(kind: PolicyKind): string {
  return kind.startsWith('identity') ? 'an' : 'a';
}
