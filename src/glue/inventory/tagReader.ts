import { forEachBounded } from '../boundedConcurrency';
import type { Clock } from '../clock';
import { AwsCallError } from '../errors';
import type { BulkReads, Tags } from '../glueApi';
import type { BulkPace, Rank } from './bulkPace';
import { isSame } from './sessionTable';

/** What GetResources takes at once. Source: botocore's model `resourcegroupstaggingapi/2017-01-26`. */
const mostArns = 100;
/** So few are read one by one: a call each, without the doubt whether the other API answers. */
const fewArns = 3;
/** ARNs that are asked for one after the other wait so long for company (milliseconds). */
const gatherMs = 250;
/** While tags come one by one, those there so far are shown so often (milliseconds). */
const showEveryMs = 400;
/** A session so young may not be known to the tagging API yet (milliseconds). */
const youngMs = 2 * 60_000;
/** For so long after an edit here, what the tagging API says may be from before it (milliseconds). */
const settlingMs = 60_000;
/** For how long an API that refused, or could not be reached, is not asked again (milliseconds). */
const avoidMs = { refused: 3_600_000, unreachable: 600_000 };

/** Whose tags are asked for. */
export interface Tagged {
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdOn: number | undefined;
}

interface KnownTags {
  readonly tags: Tags;
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly isOwnEdit: boolean;
}

export interface TagReaderOptions {
  readonly bulk: () => BulkReads;
  readonly pace: BulkPace;
  readonly clock: Clock;
  /** Told now and then of ARNs whose tags have just been read. */
  readonly onRead: (arns: readonly string[]) => void;
}

/**
 * The tags of one target's sessions. A session has none in it: GetTags gives them for one, the Resource Groups Tagging
 * API for a hundred. Of 10,000 sessions 200 live ones take 2 calls by ARN; listing all tagged sessions would take 100, and
 * GetTags 200. Where the tagging API does not answer (denied, not there, or without a word of sessions), GetTags is used.
 */
export class TagReader {
  private readonly known = new Map<string, KnownTags>();
  private readonly underway = new Map<string, Promise<void>>();
  private gathering:
    { readonly wanted: Tagged[]; readonly rank: Rank; readonly done: Promise<void> } | undefined;
  /** Until when the tagging API is not asked (milliseconds since the epoch). */
  avoidUntil = 0;
  /** The tagging API has told tags of a session: what it leaves out then has none. */
  private isProven = false;

  constructor(private readonly options: TagReaderOptions) {}

  get(arn: string): Tags | undefined {
    return this.known.get(arn)?.tags;
  }

  /** When they were read (milliseconds since the epoch); 0 when they weren't. */
  readAt(arn: string): number {
    return this.known.get(arn)?.readAt ?? 0;
  }

  /** Whether tags come by the hundred, so that reading all of them again costs next to nothing. */
  get isCheap(): boolean {
    return this.isProven && this.options.clock.now() >= this.avoidUntil;
  }

  /** Takes in tags that were learned elsewhere, unless newer ones are known. @returns whether they are others than before */
  note(arn: string, tags: Tags, readAt = this.options.clock.now(), isOwnEdit = false): boolean {
    const before = this.known.get(arn);
    if (before !== undefined && readAt < before.readAt) return false;
    const isAsBefore = before !== undefined && isSame(before.tags, tags);
    this.known.set(arn, { tags: isAsBefore ? before.tags : tags, readAt, isOwnEdit });
    return !isAsBefore;
  }

  clear(): void {
    this.known.clear();
    this.isProven = false;
    this.avoidUntil = 0;
  }

  /** Forgets what is no session any more. */
  keepOnly(isKept: (arn: string) => boolean): void {
    for (const arn of this.known.keys()) if (!isKept(arn)) this.known.delete(arn);
  }

  /** Reads these; what is on its way already is waited for, not asked again. @throws AwsCallError */
  async read(wanted: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    const fresh = wanted.filter(({ arn }) => !this.underway.has(arn));
    const present = wanted.flatMap(({ arn }) => this.underway.get(arn) ?? []);
    if (fresh.length > 0) {
      const reading = this.readFresh(fresh, rank, signal);
      for (const { arn } of fresh) this.underway.set(arn, reading);
      const ended = () => {
        for (const { arn } of fresh) this.underway.delete(arn);
      };
      reading.then(ended, ended);
      present.push(reading);
    }
    await Promise.all(present);
  }

  private readFresh(wanted: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    if (this.options.clock.now() < this.avoidUntil) return this.readEach(wanted, rank, signal);
    if (wanted.length >= mostArns) return this.readHundreds(wanted, rank, signal);
    if (this.gathering !== undefined && this.gathering.rank <= rank) {
      this.gathering.wanted.push(...wanted);
      return this.gathering.done;
    }
    const all = [...wanted];
    const done = this.gather(all, rank, signal);
    this.gathering = { wanted: all, rank, done };
    return done;
  }

  /** Waits for company, then asks for all together. */
  private async gather(all: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    try {
      await this.options.clock.sleep(gatherMs, signal);
    } finally {
      if (this.gathering?.wanted === all) this.gathering = undefined;
    }
    if (all.length <= fewArns) await this.readEach(all, rank, signal);
    else await this.readHundreds(all, rank, signal);
  }

  private async readHundreds(all: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    const hundreds = Array.from({ length: Math.ceil(all.length / mostArns) }, (_, index) =>
      all.slice(index * mostArns, (index + 1) * mostArns),
    );
    await Promise.all(hundreds.map((hundred) => this.readHundred(hundred, rank, signal)));
  }

  private async readHundred(wanted: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    const { pace, bulk, clock, onRead } = this.options;
    let told: ReadonlyMap<string, Tags> = new Map();
    if (clock.now() >= this.avoidUntil) {
      try {
        const arns = wanted.map(({ arn }) => arn);
        told = await pace.run(rank, () => bulk().getResourceTags(arns), signal);
      } catch (error) {
        if (!(error instanceof AwsCallError) || error.needsCredentials || error.isThrottle) throw error;
        const isRefusal = error.outcome === 'notExecuted' && error.code !== 'Network';
        this.avoidUntil = clock.now() + (isRefusal ? avoidMs.refused : avoidMs.unreachable);
      }
    }
    if (told.size > 0) this.isProven = true;
    const now = clock.now();
    const doubtful = wanted.filter(({ arn, createdOn }) => {
      const known = this.known.get(arn);
      if (known?.isOwnEdit === true && now - known.readAt < settlingMs) return false;
      const tags = told.get(arn);
      if (tags === undefined) {
        const isYoung = createdOn !== undefined && now - createdOn < youngMs;
        const hadTags = known !== undefined && Object.keys(known.tags).length > 0;
        if (!this.isProven || isYoung || hadTags) return true;
      }
      this.note(arn, tags ?? {}, now);
      return false;
    });
    if (doubtful.length < wanted.length) onRead(wanted.map(({ arn }) => arn));
    await this.readEach(doubtful, rank, signal);
  }

  private async readEach(wanted: readonly Tagged[], rank: Rank, signal?: AbortSignal): Promise<void> {
    if (wanted.length === 0) return;
    const { clock, onRead } = this.options;
    let unshown: string[] = [];
    let shownAt = clock.now();
    await forEachBounded(wanted, wanted.length, async ({ arn }) => {
      this.note(arn, await this.readOne(arn, rank, signal));
      unshown.push(arn);
      if (clock.now() - shownAt < showEveryMs) return;
      shownAt = clock.now();
      onRead(unshown);
      unshown = [];
    });
    if (unshown.length > 0) onRead(unshown);
  }

  private async readOne(arn: string, rank: Rank, signal?: AbortSignal): Promise<Tags> {
    try {
      return await this.options.pace.run(rank, () => this.options.bulk().getTags(arn), signal);
    } catch (error) {
      // Deleted meanwhile, or not to be read by this caller: shown with what is known, else as untagged.
      const isAnswer =
        error instanceof AwsCallError && (error.isAccessDenied || error.code === 'EntityNotFound');
      if (!isAnswer) throw error;
      return this.get(arn) ?? {};
    }
  }
}
