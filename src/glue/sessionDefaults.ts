import type { Tags } from './glueApi';

/** What a session is like when nobody says otherwise. */
export interface SessionDefaults {
  readonly iamRole?: string;
  readonly connections?: readonly string[];
  readonly tags?: Tags;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
  readonly glueVersion?: string;
  /** Minutes. */
  readonly idleTimeout?: number;
}

/** Its fields, in the order in which people are asked for them. */
export const sessionDefaultFields = [
  'iamRole',
  'connections',
  'tags',
  'workerType',
  'numberOfWorkers',
  'glueVersion',
  'idleTimeout',
] as const satisfies readonly (keyof SessionDefaults)[];
