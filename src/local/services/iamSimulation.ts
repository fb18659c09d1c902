import type { AuthorizationRequest, Caller, PolicyDocument } from '../policies/authorization';
import { authorize, missingKeys, policiesThat } from '../policies/evaluate';
import type { Role, User, World } from '../world/world';
import type { Authorizer } from './authorizer';
import { ServiceError } from './serviceError';
import { constrained, numbered, type QueryResult } from './sts';

/**
 * SimulatePrincipalPolicy over the world's policies: what a user or role may do, given only the context of the request.
 * One result per action; each resource's own stands in ResourceSpecificResults. Source: IAM API reference,
 * "SimulatePrincipalPolicy" and "EvaluationResult".
 */
export function simulatePrincipalPolicy(
  input: URLSearchParams,
  caller: Caller,
  world: World,
  authorizer: Authorizer,
): QueryResult {
  const source = constrained('policySourceArn', input.get('PolicySourceArn'), /^/, 20, 2048);
  authorizer.demand(caller, {
    action: 'iam:SimulatePrincipalPolicy',
    resource: source,
    resourceAccount: caller.account,
    context: {},
  });
  const account = /^arn:aws[^:]*:iam::(\d{12}):(?:user|role)\//.exec(source)?.[1];
  // Role sessions are told apart by this: their ARN is one of sts.
  if (account === undefined) {
    throw new ServiceError(
      'InvalidInput',
      `Invalid Entity Arn: ${source} does not clearly define entity type and name.`,
    );
  }
  const principal = account === caller.account ? authorizer.principal(source) : undefined;
  if (principal === undefined || !world.accounts.has(account)) {
    throw new ServiceError('NoSuchEntity', `The entity with ARN ${source} cannot be found.`, 404);
  }
  const actions = membersOf(input, 'ActionNames');
  if (actions.length === 0) {
    throw new ServiceError(
      'ValidationError',
      "1 validation error detected: Value null at 'actionNames' failed to satisfy constraint: Member must not be null",
    );
  }
  for (const action of actions) constrained('actionNames', action, /^/, 3, 128);
  const resources = membersOf(input, 'ResourceArns');
  const simulated = callerOf(principal, account);
  const context = contextOf(input);
  const results = actions.map((action) =>
    resultOf(
      action,
      (resources.length > 0 ? resources : ['*']).map((resource) =>
        evaluate({ caller: simulated, action, resource, resourceAccount: account, context }, authorizer),
      ),
      resources.length > 0,
    ),
  );
  return { EvaluationResults: { member: results }, IsTruncated: false };
}

interface Evaluation {
  readonly resource: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly matched: readonly PolicyDocument[];
  readonly missing: readonly string[];
  readonly allowedByOrganizations?: boolean;
  readonly allowedByBoundary?: boolean;
}

function evaluate(request: AuthorizationRequest, authorizer: Authorizer): Evaluation {
  const policies = authorizer.policiesOf(request.caller);
  const decision = authorize(request, policies);
  const { permissionsBoundary: boundary, serviceControl, identity } = policies;
  const all = [...identity, ...serviceControl, ...(boundary === undefined ? [] : [boundary])];
  const kind = decision.allowed ? undefined : decision.kind;
  return {
    resource: request.resource,
    decision: decision.allowed ? 'allowed' : decision.explicit ? 'explicitDeny' : 'implicitDeny',
    matched:
      decision.allowed || decision.explicit
        ? policiesThat(decision.allowed ? 'Allow' : 'Deny', request, decision.allowed ? identity : all)
        : [],
    missing: missingKeys(request, all),
    ...(serviceControl.length > 0 && { allowedByOrganizations: kind !== 'service control policy' }),
    ...(boundary !== undefined && { allowedByBoundary: kind !== 'permissions boundary' }),
  };
}

/** The strictest decision stands for the action. */
function resultOf(action: string, evaluations: readonly Evaluation[], hasResources: boolean): object {
  const order = ['explicitDeny', 'implicitDeny', 'allowed'] as const;
  const decision =
    order.find((one) => evaluations.some((evaluation) => evaluation.decision === one)) ?? 'implicitDeny';
  const decisive = evaluations.find((evaluation) => evaluation.decision === decision);
  return {
    EvalActionName: action,
    EvalResourceName: decisive?.resource ?? '*',
    EvalDecision: decision,
    ...(decisive && detailsOf(decisive)),
    ...(decisive?.allowedByOrganizations !== undefined && {
      OrganizationsDecisionDetail: { AllowedByOrganizations: decisive.allowedByOrganizations },
    }),
    ...(hasResources && {
      ResourceSpecificResults: {
        member: evaluations.map((evaluation) => ({
          EvalResourceName: evaluation.resource,
          EvalResourceDecision: evaluation.decision,
          ...detailsOf(evaluation),
        })),
      },
    }),
  };
}

function detailsOf({ matched, missing, allowedByBoundary }: Evaluation): object {
  const statements = matched.map(({ name }) => ({ SourcePolicyId: name, SourcePolicyType: 'IAM Policy' }));
  return {
    MatchedStatements: statements.length > 0 ? { member: statements } : '',
    MissingContextValues: missing.length > 0 ? { member: missing } : '',
    ...(allowedByBoundary !== undefined && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowedByBoundary },
    }),
  };
}

function callerOf(principal: User | Role, account: string): Caller {
  const isUser = !('trustPolicy' in principal);
  return {
    account,
    arn: principal.arn,
    principalArn: principal.arn,
    userId: principal.uniqueId,
    ...(isUser && { userName: principal.name }),
    principalTags: principal.tags,
    sessionPolicies: [],
  };
}

function contextOf(input: URLSearchParams): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    numbered(input, 'ContextEntries.member').map((prefix) => {
      const key = constrained('contextKeyName', input.get(`${prefix}.ContextKeyName`), /^/, 5, 256);
      return [key, membersOf(input, `${prefix}.ContextKeyValues`)];
    }),
  );
}

function membersOf(input: URLSearchParams, name: string): string[] {
  return numbered(input, `${name}.member`).map((key) => input.get(key) ?? '');
}
