import {
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
  type EvaluationResult,
  type IAMClientConfig,
  type Tag,
} from '@aws-sdk/client-iam';
import type { AccessApi, SimulatedDecision, Simulation } from '../glue/access/accessApi';
import type { Tags } from '../glue/glueApi';

type RoleFacts = Pick<AccessApi, 'getRole' | 'listRoles' | 'ownTags' | 'simulate'>;

/** Roles on a page: an account may have thousands, and the first should show soon. */
const rolesOnPage = 200;

/** What IAM tells of roles. */
export function createRoleFacts(config: IAMClientConfig): RoleFacts {
  const client = new IAMClient(config);
  const abortable = (signal: AbortSignal | undefined) =>
    signal === undefined ? {} : { abortSignal: signal };
  return {
    getRole: async (RoleName, signal) => {
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }), abortable(signal));
      return {
        arn: role?.Arn ?? '',
        trustPolicy: decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''),
        tags: toTags(role?.Tags),
      };
    },
    listRoles: async (onPage, signal) => {
      let marker: string | undefined;
      do {
        const page = await client.send(
          new ListRolesCommand({ MaxItems: rolesOnPage, ...(marker !== undefined && { Marker: marker }) }),
          abortable(signal),
        );
        onPage(
          (page.Roles ?? []).map(({ Arn, AssumeRolePolicyDocument }) => ({
            arn: Arn ?? '',
            trustPolicy: decodeURIComponent(AssumeRolePolicyDocument ?? ''),
          })),
        );
        marker = page.IsTruncated === true ? page.Marker : undefined;
      } while (marker !== undefined);
    },
    ownTags: async (signal) => {
      const { User: user } = await client.send(new GetUserCommand({}), abortable(signal));
      return toTags(user?.Tags);
    },
    simulate: async (question, signal) => {
      const decisions: SimulatedDecision[] = [];
      let marker: string | undefined;
      do {
        const answer = await client.send(commandOf(question, marker), abortable(signal));
        decisions.push(...(answer.EvaluationResults ?? []).map(toDecision));
        marker = answer.IsTruncated === true ? answer.Marker : undefined;
      } while (marker !== undefined);
      return decisions;
    },
  };
}

function toTags(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

function commandOf(
  { principalArn, actions, resource, context }: Simulation,
  marker: string | undefined,
): SimulatePrincipalPolicyCommand {
  return new SimulatePrincipalPolicyCommand({
    PolicySourceArn: principalArn,
    ActionNames: [...actions],
    ResourceArns: [resource],
    ContextEntries: Object.entries(context).map(([ContextKeyName, values]) => ({
      ContextKeyName,
      ContextKeyValues: [...values],
      ContextKeyType: isList(ContextKeyName) ? 'stringList' : 'string',
    })),
    ...(marker !== undefined && { Marker: marker }),
  });
}

/** Keys of several values. */
function isList(key: string): boolean {
  return ['glue:VpcIds', 'glue:SubnetIds', 'glue:SecurityGroupIds', 'aws:TagKeys'].includes(key);
}

/** The decision on the one resource that is asked for; the result's own when it comes without. */
function toDecision(result: EvaluationResult): SimulatedDecision {
  const specific = result.ResourceSpecificResults?.[0];
  const statements = specific?.MatchedStatements ?? result.MatchedStatements ?? [];
  const missing = [...(specific?.MissingContextValues ?? []), ...(result.MissingContextValues ?? [])];
  const decision = specific?.EvalResourceDecision ?? result.EvalDecision;
  const boundary = specific?.PermissionsBoundaryDecisionDetail ?? result.PermissionsBoundaryDecisionDetail;
  return {
    action: result.EvalActionName ?? '',
    decision: decision === 'allowed' || decision === 'explicitDeny' ? decision : 'implicitDeny',
    policies: [...new Set(statements.flatMap(({ SourcePolicyId }) => SourcePolicyId ?? []))],
    missingKeys: [...new Set(missing)],
    isStoppedByOrganization: result.OrganizationsDecisionDetail?.AllowedByOrganizations === false,
    isStoppedByBoundary: boundary?.AllowedByPermissionsBoundary === false,
  };
}
