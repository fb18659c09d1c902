import type { Connection as SdkConnection, Session as SdkSession } from '@aws-sdk/client-glue';
import type { Connection, Session, Statement, StatementOutput } from '../glue/glueApi';

/** A session of the SDK in the domain's terms. */
export function toSession(session: SdkSession | undefined): Session {
  const { Command, Connections } = session ?? {};
  return compact({
    id: session?.Id ?? '',
    status: session?.Status ?? 'PROVISIONING',
    createdOn: session?.CreatedOn?.getTime(),
    completedOn: session?.CompletedOn?.getTime(),
    description: session?.Description,
    errorMessage: session?.ErrorMessage,
    role: session?.Role,
    command: Command && { name: Command.Name ?? 'glueetl', pythonVersion: Command.PythonVersion ?? '3' },
    defaultArguments: session?.DefaultArguments ?? {},
    connections: Connections?.Connections ?? [],
    progress: session?.Progress,
    maxCapacity: session?.MaxCapacity,
    securityConfiguration: session?.SecurityConfiguration,
    glueVersion: session?.GlueVersion,
    workerType: session?.WorkerType,
    numberOfWorkers: session?.NumberOfWorkers,
    executionTime: session?.ExecutionTime,
    dpuSeconds: session?.DPUSeconds,
    idleTimeout: session?.IdleTimeout,
  });
}

/** A connection of the SDK in the domain's terms; its properties stay behind. */
export function toConnection(connection: SdkConnection): Connection {
  const physical = connection.PhysicalConnectionRequirements;
  return compact({
    name: connection.Name ?? '',
    type: connection.ConnectionType,
    subnetId: physical?.SubnetId,
    securityGroupIds: physical?.SecurityGroupIdList ?? [],
    availabilityZone: physical?.AvailabilityZone,
    description: connection.Description,
  });
}

/** A statement from the raw answer. */
export function toStatement(value: unknown): Statement {
  const statement = record(value);
  const output = statement.Output === undefined ? undefined : toOutput(record(statement.Output));
  return compact({
    id: number(statement.Id) ?? 0,
    code: text(statement.Code),
    state: text(statement.State) ?? 'WAITING',
    progress: number(statement.Progress) ?? 0,
    startedOn: number(statement.StartedOn),
    completedOn: number(statement.CompletedOn),
    output,
  });
}

function toOutput(output: Readonly<Record<string, unknown>>): StatementOutput {
  const data = record(output.Data);
  const traceback: unknown = output.Traceback;
  return compact({
    status: text(output.Status)?.toLowerCase() ?? 'ok',
    executionCount: number(output.ExecutionCount),
    textPlain: text(data.TextPlain),
    mimeType: text(data.MimeType),
    result: text(data.Result),
    stdOut: text(data.StdOut),
    stdErr: text(data.StdErr),
    errorName: text(output.ErrorName),
    errorValue: text(output.ErrorValue),
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  });
}

/** An object or an empty one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined. */
function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Compact<T>;
}
