import type { CallerIdentity, Tags } from '../../glue/glueApi';
import type { ListedSession } from '../../glue/listedSession';
import type { Part } from '../../glue/part';
import type { NetworkLink } from '../../glue/sessionNetwork';
import type { StatementPages } from '../../glue/statementPages';
import type { TagRow } from '../../glue/tagRows';
import type { Said } from '../../glue/sentence';

/** All that the page of a session shows. */
export interface PageFacts {
  readonly listed: ListedSession;
  readonly targetName: string;
  /** Who looks. */
  readonly identity: CallerIdentity | undefined;
  readonly tags: Part<Tags>;
  /** What a person has written in the form and not saved, or could not save. */
  readonly draft: TagDraft | undefined;
  /** Another one for each form that begins anew: what was typed into the one before is gone with it. */
  readonly formNumber: number;
  /** What became of the last save. */
  readonly saved: Notice | undefined;
  /** Keys in use among the sessions that are known. */
  readonly tagKeys: readonly string[];
  readonly network: Part<readonly NetworkLink[]>;
  readonly statements: Part<StatementPages>;
  /** What became of asking for the Spark UI or for logs. */
  readonly asked: Notice | undefined;
  /** It is being read, and takes its time. */
  readonly isSlow: boolean;
  /** Why the session itself could not be read again. */
  readonly trouble: unknown;
  /** Dollars. */
  readonly pricePerDpuHour: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface TagDraft {
  readonly rows: readonly TagRow[];
  readonly problems: ReadonlyMap<string, Said>;
  /** The tags as they were when the rows were begun. */
  readonly begunOn: Tags;
}

export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
}
