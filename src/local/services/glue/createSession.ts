import { trustsService } from '../../policies/evaluate';
import type { Caller } from '../../policies/authorization';
import type { WorldSession } from '../../world/world';
import type { Authorizer } from '../authorizer';
import { ServiceError } from '../serviceError';
import { workerTypes, type CreateSessionInput } from './inputs';
import type { SessionFacts } from './sessionRecord';

const defaultIdleMinutes = 2880;
const defaultWorkers = 5;

/** DPU of one worker: the number in its name; Z.2X counts two M-DPU, Standard one DPU. */
function dpuOfWorker(workerType: string): number {
  if (workerType === 'G.025X') return 0.25;
  return Number(/\.(\d+)X$/.exec(workerType)?.[1] ?? '1');
}

/**
 * Checks what a session is asked to be beyond its permissions, and settles what was left out.
 * @throws AccessRefused when the runtime role may not be passed, ServiceError for what can't be.
 */
export function createSessionFacts(
  input: CreateSessionInput,
  arn: string,
  caller: Caller,
  { authorizer, now }: { readonly authorizer: Authorizer; readonly now: () => number },
): SessionFacts {
  const reserved = Object.keys(input.Tags ?? {}).find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) {
    throw new ServiceError(
      'InvalidInputException',
      `aws: prefixed tag key names are not allowed for external use: ${reserved}`,
    );
  }
  passRole(input.Role, arn, caller, authorizer);
  if (!['glueetl', 'gluestreaming'].includes(input.Command.Name ?? 'glueetl')) {
    throw new ServiceError(
      'InvalidInputException',
      `Command name ${String(input.Command.Name)} is not supported for sessions`,
    );
  }
  if (input.SessionType === 'SPARK_CONNECT') {
    throw new ServiceError(
      'OperationNotSupportedException',
      'Local Glue runs sessions of type LIVY only, not SPARK_CONNECT',
    );
  }
  const glueVersion = input.GlueVersion ?? '5.0';
  if (!['3.0', '4.0', '5.0', '5.1', '6.0'].includes(glueVersion)) {
    throw new ServiceError(
      'InvalidInputException',
      `Glue version ${glueVersion} is not supported for sessions`,
    );
  }
  if (
    input.MaxCapacity !== undefined &&
    (input.WorkerType !== undefined || input.NumberOfWorkers !== undefined)
  ) {
    throw new ServiceError(
      'InvalidInputException',
      'Please set either maxCapacity or workerType and numberOfWorkers',
    );
  }
  const workerType = input.WorkerType ?? 'G.1X';
  const numberOfWorkers = input.NumberOfWorkers ?? defaultWorkers;
  if (numberOfWorkers < 2) {
    throw new ServiceError('InvalidInputException', 'Number of workers must be greater than or equal to 2');
  }
  return {
    id: input.Id,
    arn,
    role: input.Role,
    command: { Name: 'glueetl', PythonVersion: '3', ...input.Command },
    ...(input.Description !== undefined && { description: input.Description }),
    defaultArguments: input.DefaultArguments ?? {},
    connections: input.Connections?.Connections ?? [],
    ...(input.MaxCapacity === undefined
      ? { maxCapacity: dpuOfWorker(workerType) * numberOfWorkers, workerType, numberOfWorkers }
      : { maxCapacity: input.MaxCapacity }),
    ...(input.SecurityConfiguration !== undefined && { securityConfiguration: input.SecurityConfiguration }),
    glueVersion,
    idleTimeoutMinutes: input.IdleTimeout ?? defaultIdleMinutes,
    ...(input.Timeout !== undefined && { timeoutMinutes: input.Timeout }),
    createdAt: now(),
  };
}

/** The same of a session that the world has from the start. */
createSessionFacts.fromWorld = (session: WorldSession, arn: string, now: number): SessionFacts => ({
  id: session.id,
  arn,
  role: session.role,
  command: { Name: 'glueetl', PythonVersion: '3' },
  ...(session.description !== undefined && { description: session.description }),
  defaultArguments: { '--enable-glue-datacatalog': 'true' },
  connections: session.connections,
  maxCapacity:
    dpuOfWorker(workerTypes.includes(session.workerType) ? session.workerType : 'G.1X') *
    session.numberOfWorkers,
  workerType: session.workerType,
  numberOfWorkers: session.numberOfWorkers,
  glueVersion: session.glueVersion,
  idleTimeoutMinutes: session.idleTimeoutMinutes,
  createdAt: now - session.ageSeconds * 1000,
});

/** PassRole works within one account only, and the role must let Glue assume it. */
function passRole(arn: string, session: string, caller: Caller, authorizer: Authorizer): void {
  const account = /^arn:aws[^:]*:iam::(\d*):role\//.exec(arn)?.[1] ?? '';
  if (account !== caller.account) {
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.');
  }
  authorizer.demand(caller, {
    action: 'iam:PassRole',
    resource: arn,
    resourceAccount: account,
    context: { 'iam:PassedToService': ['glue.amazonaws.com'] },
  });
  const role = authorizer.role(arn);
  if (
    role === undefined ||
    !trustsService(role.trustPolicy, 'glue.amazonaws.com', {
      'aws:SourceAccount': [account],
      'aws:SourceArn': [session],
    })
  ) {
    throw new ServiceError(
      'InvalidInputException',
      `Role ${arn} should be given assume role permissions for Glue Service.`,
    );
  }
}
