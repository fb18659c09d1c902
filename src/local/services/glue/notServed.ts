import type { Caller } from '../../policies/authorization';
import type { Authorizer } from '../authorizer';
import { ServiceError } from '../serviceError';

/** What an operation acts on, and the role it hands to Glue, read from its input. */
interface Target {
  /** The part of the ARN behind the account. */
  readonly resources: readonly string[];
  readonly passedRole?: unknown;
}

type Input = Readonly<Record<string, unknown>>;

const connection = (name: unknown): Target => ({ resources: ['catalog', `connection/${String(name)}`] });

/**
 * Operations that aren't served, but that a policy on sessions has to reckon with: other ways to run code or to move the
 * network. Source: service authorization reference, "Actions, resources, and condition keys for AWS Glue".
 */
const targets: Readonly<Record<string, (input: Input) => Target>> = {
  CreateJob: ({ Name, Role }) => ({ resources: [`job/${String(Name)}`], passedRole: Role }),
  UpdateJob: ({ JobName, JobUpdate }) => ({
    resources: [`job/${String(JobName)}`],
    passedRole: (JobUpdate as Input | undefined)?.Role,
  }),
  StartJobRun: ({ JobName }) => ({ resources: [`job/${String(JobName)}`] }),
  CreateDevEndpoint: ({ EndpointName, RoleArn }) => ({
    resources: [`devEndpoint/${String(EndpointName)}`],
    passedRole: RoleArn,
  }),
  StartMLEvaluationTaskRun: ({ TransformId }) => ({ resources: [`mlTransform/${String(TransformId)}`] }),
  CreateConnection: ({ ConnectionInput }) => connection((ConnectionInput as Input | undefined)?.Name),
  UpdateConnection: ({ Name }) => connection(Name),
  DeleteConnection: ({ ConnectionName }) => connection(ConnectionName),
};

/**
 * Refuses an operation that Local Glue doesn't serve: for want of permission first, as the service would.
 * @throws AccessRefused, or ServiceError when the call would be allowed
 */
export function refuseNotServed(
  operation: string,
  input: unknown,
  caller: Caller,
  region: string,
  authorizer: Authorizer,
): never {
  const target = Object.hasOwn(targets, operation) ? targets[operation]?.(input as Input) : undefined;
  for (const resource of target?.resources ?? []) {
    authorizer.demand(caller, {
      action: `glue:${operation}`,
      resource: `arn:aws:glue:${region}:${caller.account}:${resource}`,
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
  }
  if (typeof target?.passedRole === 'string') {
    authorizer.demand(caller, {
      action: 'iam:PassRole',
      resource: target.passedRole,
      resourceAccount: caller.account,
      context: { 'iam:PassedToService': ['glue.amazonaws.com'] },
    });
  }
  throw new ServiceError('UnknownOperationException', `Local Glue does not serve glue:${operation}`);
}
