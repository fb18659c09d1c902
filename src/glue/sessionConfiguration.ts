import type { Tags } from './glueApi';
import type { Target } from './target';

/** Where a value came from, strongest first. */
export type Origin = 'magic' | 'environment' | 'profile' | 'setting' | 'default';

/** A value and the place that decided it, for `%status`. */
export interface Configured<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** What the next session of a notebook (or of the start command) will be like. Immutable: a magic gives a new one. */
export interface SessionConfiguration {
  readonly target: Configured<Target>;
  /** Runtime role: an ARN, or a bare name resolved in the target's account. */
  readonly iamRole?: Configured<string>;
  readonly sessionIdPrefix?: Configured<string>;
  /** Name of a session to attach to, or to make with exactly this id. */
  readonly sessionId?: Configured<string>;
  readonly sessionType: Configured<'glueetl' | 'gluestreaming'>;
  readonly glueVersion: Configured<string>;
  readonly workerType: Configured<string>;
  readonly numberOfWorkers: Configured<number>;
  /** Minutes. */
  readonly idleTimeout: Configured<number>;
  /** Minutes. */
  readonly timeout?: Configured<number>;
  readonly maxCapacity?: Configured<number>;
  readonly connections: Configured<readonly string[]>;
  readonly tags: Configured<Tags>;
  readonly securityConfiguration?: Configured<string>;
  readonly extraPyFiles: Configured<readonly string[]>;
  readonly extraJars: Configured<readonly string[]>;
  readonly additionalPythonModules: Configured<readonly string[]>;
  readonly sparkConf?: Configured<string>;
  /** Further DefaultArguments, keys with their leading `--`. */
  readonly extraArguments: Configured<Readonly<Record<string, string>>>;
}
