import type { AwsCallError } from '../glue/errors';
import type { CreateSessionRequest, Session } from '../glue/glueApi';
import type { Target } from '../glue/target';
import { inEnglish, type Sentence } from '../glue/sentence';

/** A session that has ended, as it was last seen: what an equal one is made from. */
export interface EndedSession {
  readonly target: Target;
  readonly session: Session;
}

/** The session of a notebook ended while nobody looked; what was in its memory is gone. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SessionEndedError';
  }

  constructor(
    readonly sentence: Sentence,
    /** Undefined when the service does not know it any more. */
    readonly ended: EndedSession | undefined,
  ) {
    super(inEnglish(sentence));
  }
}

/** A start that failed, with what was asked for. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StartRefusedError';
  }

  constructor(
    readonly request: CreateSessionRequest,
    override readonly cause: AwsCallError,
  ) {
    super(cause.message, { cause });
  }
}

/** Reason of an abandoned execution whose cell nobody sees any more: the notebook was closed, or the window ends. */
export class OutOfSightError extends Error {
  override readonly name = 'OutOfSightError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'OutOfSightError';
  }
}
