import type { UsageProfile } from '../glue/guardrails/usageProfile';
import { setImmediate as turn } from 'node:timers/promises';
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
    usageProfile: session?.ProfileName,
    sessionType: session?.SessionType,
  });
}

/** Sessions turned from the wire's terms into the domain's before others get their turn: a few milliseconds' worth. */
const sessionsAtOnce = 250;

/** The sessions of a raw page; a long one lets others have their turn meanwhile. */
export async function sessionsOf(values: unknown): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  for (const value of Array.isArray(values) ? values : []) {
    sessions.push(sessionOf(value));
    if (sessions.length % sessionsAtOnce === 0) await turn();
  }
  return sessions;
}

/** On the wire a session is as in the SDK, but for its times: seconds since the epoch. */
function sessionOf(value: unknown): Session {
  const { CreatedOn, CompletedOn, ...rest } = record(value);
  const date = (seconds: unknown) => (typeof seconds === 'number' ? new Date(seconds * 1000) : undefined);
  const [created, completed] = [date(CreatedOn), date(CompletedOn)];
  return toSession({
    ...(rest as SdkSession),
    ...(created !== undefined && { CreatedOn: created }),
    ...(completed !== undefined && { CompletedOn: completed }),
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

/** Limits of a usage profile; values that are no numbers where numbers are meant are left to the service. */
export function toUsageProfile(
  name: string,
  limits: Readonly<Record<string, { AllowedValues?: string[]; MinValue?: string; MaxValue?: string }>> = {},
): UsageProfile {
  const number = (text: string | undefined) => (text === undefined || text === '' ? NaN : Number(text));
  const session = Object.entries(limits).map(([key, { AllowedValues = [], MinValue, MaxValue }]) => {
    const [least, most] = [number(MinValue), number(MaxValue)];
    return [
      key,
      {
        allowed: AllowedValues,
        ...(!Number.isNaN(least) && { least }),
        ...(!Number.isNaN(most) && { most }),
      },
    ];
  });
  return { name, session: Object.fromEntries(session) as UsageProfile['session'] };
}
