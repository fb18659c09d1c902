import type { Tags } from './glueApi';
import type { Target } from './target';
import type { Sentence } from './sentence';

/** Where a value came from, strongest first. */
export type Origin = 'magic' | 'environment' | 'profile' | 'setting' | 'guardrails' | 'default';

/** A value and the place that decided it, for `%status`. */
export interface Configured<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** What the next session of a notebook (or of the start command) will be like. Immutable: a magic gives a new one. */
export interface SessionConfiguration {
  readonly target: Configured<Target>;
  /** Where the Region of the target came from, when it has one of its own. */
  readonly regionOrigin?: Origin;
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
  /** Of all origins together; the origin is the strongest of them. */
  readonly tags: Configured<Tags>;
  /** By tag key: where each came from, when they came from several places. */
  readonly tagOrigins?: Readonly<Record<string, Origin>>;
  readonly securityConfiguration?: Configured<string>;
  readonly extraPyFiles: Configured<readonly string[]>;
  readonly extraJars: Configured<readonly string[]>;
  readonly additionalPythonModules: Configured<readonly string[]>;
  readonly sparkConf?: Configured<string>;
  /** Further DefaultArguments, keys with their leading `--`. */
  readonly extraArguments: Configured<Readonly<Record<string, string>>>;
  /** By setting: what environment or profile say of it and can't be meant. Told when a session would start with it. */
  readonly problems?: Readonly<Record<string, Sentence>>;
}
