import type { Session, Tags } from '../glueApi';
import type { RememberedSession } from './sharedInventory';

/** Free text is kept up to here (characters). */
const mostText = 500;

/** A session as it is written: what may hold secrets or code, its arguments, stays out. */
export function toRow({ session, toldAt, tags, tagsReadAt }: RememberedSession): object {
  const { defaultArguments: _, description, errorMessage, ...facts } = session;
  return {
    session: {
      ...facts,
      ...(description !== undefined && { description: description.slice(0, mostText) }),
      ...(errorMessage !== undefined && { errorMessage: errorMessage.slice(0, mostText) }),
    },
    toldAt,
    tags,
    tagsReadAt,
  };
}

/** The inverse of {@link toRow} for what was read from disk; undefined for what can't have been written so. */
export function parseRow(value: unknown): RememberedSession | undefined {
  if (!isRecord(value)) return undefined;
  const session = parseSession(value.session);
  const { toldAt, tags, tagsReadAt } = value;
  if (session === undefined || !isOptional(toldAt, 'number') || !isOptional(tagsReadAt, 'number')) {
    return undefined;
  }
  if (tags !== undefined && !isTags(tags)) return undefined;
  return {
    session,
    ...(toldAt !== undefined && { toldAt }),
    ...(tags !== undefined && { tags }),
    ...(tagsReadAt !== undefined && { tagsReadAt }),
  };
}

const texts = [
  'description',
  'errorMessage',
  'role',
  'securityConfiguration',
  'glueVersion',
  'workerType',
] as const satisfies readonly (keyof Session)[];

const numbers = [
  'createdOn',
  'completedOn',
  'progress',
  'maxCapacity',
  'numberOfWorkers',
  'executionTime',
  'dpuSeconds',
  'idleTimeout',
] as const satisfies readonly (keyof Session)[];

function parseSession(value: unknown): Session | undefined {
  if (!isRecord(value)) return undefined;
  const { id, status, connections, command } = value;
  if (typeof id !== 'string' || id === '' || id.length > 255 || typeof status !== 'string') return undefined;
  if (!Array.isArray(connections) || !connections.every((name) => typeof name === 'string')) return undefined;
  const isCommand =
    command === undefined ||
    (isRecord(command) && typeof command.name === 'string' && typeof command.pythonVersion === 'string');
  if (!isCommand) return undefined;
  if (!texts.every((key) => isOptional(value[key], 'string'))) return undefined;
  if (!numbers.every((key) => isOptional(value[key], 'number'))) return undefined;
  const facts = [...texts, ...numbers].flatMap((key) =>
    value[key] === undefined ? [] : [[key, value[key]] as const],
  );
  return {
    id,
    status,
    ...(isRecord(command) && {
      command: { name: String(command.name), pythonVersion: String(command.pythonVersion) },
    }),
    ...Object.fromEntries(facts),
    defaultArguments: {},
    connections,
  };
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTags(value: unknown): value is Tags {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isOptional(value: unknown, type: 'string'): value is string | undefined;
function isOptional(value: unknown, type: 'number'): value is number | undefined;
function isOptional(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}
