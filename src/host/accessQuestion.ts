import type { AccessQuestion } from '../glue/access/accessFacts';
import { readDenial } from '../glue/denial';
import type { CreateSessionRequest } from '../glue/glueApi';
import type { Target } from '../glue/target';

/** What the check-up is called with after a refusal. */
export interface AskedAccess {
  readonly accessQuestion: AccessQuestion;
}

/** The question whether a start that was refused could work. */
export function askedAccess(
  target: Target,
  request: CreateSessionRequest | undefined,
  error: unknown,
): AskedAccess {
  const refusal = readDenial(error);
  return {
    accessQuestion: {
      target,
      ...(request === undefined ? { connections: [], tags: {} } : startOf(request)),
      ...(refusal && { refusal }),
    },
  };
}

function startOf(request: CreateSessionRequest): Omit<AccessQuestion, 'target'> {
  const { role, connections, tags, workerType, numberOfWorkers, maxCapacity } = request;
  return {
    role,
    connections,
    tags,
    ...(workerType !== undefined && { workerType }),
    ...(numberOfWorkers !== undefined && { numberOfWorkers }),
    ...(maxCapacity !== undefined && { maxCapacity }),
  };
}

export function isAccessQuestion(node: unknown): node is AskedAccess {
  return typeof node === 'object' && node !== null && 'accessQuestion' in node;
}
