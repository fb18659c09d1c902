import type { Clock } from './clock';
import { AwsCallError, InvalidInputError } from './errors';
import { saidBy, sentence, type Said } from './sentence';
import type { GlueApi, Tags } from './glueApi';
import { patiently } from './patience';
import { diffTags, isReservedKey, maximumTags, validateTags } from './tags';

/** What is to be done to the tags of a session. */
export interface TagEdit {
  /** New tags, and new values. */
  readonly add: Tags;
  readonly remove: readonly string[];
}

/** What an edit does to one session. */
export interface TagChange {
  readonly before: Tags;
  readonly after: Tags;
  /** No more than what differs; empty when nothing does. */
  readonly edit: TagEdit;
  /** Why the service would not take it; undefined when it would. */
  readonly problem?: Said;
}

/** Reckons an edit for a session with these tags, and checks the service's limits before anything is sent. */
export function planTagChange(before: Tags, { add, remove }: TagEdit): TagChange {
  const kept = Object.entries(before).filter(([key]) => !remove.includes(key));
  const after = { ...Object.fromEntries(kept), ...add };
  const change = { before, after, edit: diffTags(before, after) };
  try {
    refuseReserved(change.edit);
    // Those that AWS itself has set don't count.
    validateTags(Object.fromEntries(Object.entries(after).filter(([key]) => !isReservedKey(key))));
    return change;
  } catch (error) {
    if (error instanceof InvalidInputError) return { ...change, problem: saidBy(error) };
    throw error;
  }
}

/** Whether a change changes anything. */
export function isEmptyEdit({ add, remove }: TagEdit): boolean {
  return remove.length === 0 && Object.keys(add).length === 0;
}

/** What leads back to what was, once only `applied` has been done. */
export function inverseEdit(before: Tags, applied: TagEdit): TagEdit {
  const touched = [...Object.keys(applied.add), ...applied.remove];
  return {
    add: Object.fromEntries(
      touched.filter((key) => Object.hasOwn(before, key)).map((key) => [key, before[key] ?? '']),
    ),
    remove: touched.filter((key) => !Object.hasOwn(before, key)),
  };
}

/**
 * Does an edit: two calls at most. @param onApplied called after each with what it did, so that a half-done edit can be
 * undone. @throws AwsCallError
 */
export async function applyTagEdit(
  api: GlueApi,
  arn: string,
  { before, edit: { add, remove } }: TagChange,
  options: {
    readonly clock: Clock;
    readonly signal?: AbortSignal;
    readonly onApplied: (edit: TagEdit) => void;
  },
): Promise<void> {
  const { clock, signal, onApplied } = options;
  // Only its waiting is cut off by the signal: a call that was sent is seen to its end.
  const call = (send: () => Promise<void>) => patiently(send, { clock, signal, onlyThrottles: true });
  const adding = async () => {
    if (Object.keys(add).length === 0) return;
    await call(() => tagAsOwner(api, arn, before, add));
    onApplied({ add, remove: [] });
  };
  const removing = async () => {
    if (remove.length === 0) return;
    await call(() => api.untagResource(arn, remove));
    onApplied({ add: {}, remove });
  };
  const isFull = new Set([...Object.keys(before), ...Object.keys(add)]).size > maximumTags;
  for (const step of isFull ? [removing, adding] : [adding, removing]) await step();
}

/**
 * Adds tags. AwsGlueSessionUserRestrictedPolicy lets people tag their own sessions only when the request has their tag
 * `owner` in it: what it refused is asked for again with that tag as it is. Source: AWS managed policy reference.
 */
async function tagAsOwner(api: GlueApi, arn: string, before: Tags, add: Tags): Promise<void> {
  try {
    await api.tagResource(arn, add);
  } catch (error) {
    const { owner } = before;
    const isRefused = error instanceof AwsCallError && error.isAccessDenied;
    if (!isRefused || owner === undefined || Object.hasOwn(add, 'owner')) throw error;
    if ((await api.callerIdentity()).userId !== owner) throw error;
    try {
      await api.tagResource(arn, { ...add, owner });
    } catch (again) {
      throw again instanceof AwsCallError && again.isAccessDenied ? error : again;
    }
  }
}

/** One line of a preview: what becomes of a key in how many sessions. */
export interface TagChangeShare {
  readonly key: string;
  /** Undefined: it has none. */
  readonly before?: string;
  readonly after?: string;
  readonly count: number;
}

/** What changes do, equal ones together, the most frequent first. */
export function tagChangeShares(changes: readonly TagChange[]): readonly TagChangeShare[] {
  const shares = new Map<string, TagChangeShare>();
  for (const { before, edit } of changes) {
    const keys = [...Object.keys(edit.add), ...edit.remove];
    for (const key of keys) {
      const from = Object.hasOwn(before, key) ? before[key] : undefined;
      const to = Object.hasOwn(edit.add, key) ? edit.add[key] : undefined;
      const id = JSON.stringify([key, from ?? null, to ?? null]);
      const count = (shares.get(id)?.count ?? 0) + 1;
      shares.set(id, {
        key,
        ...(from !== undefined && { before: from }),
        ...(to !== undefined && { after: to }),
        count,
      });
    }
  }
  return [...shares.values()].sort((one, other) => other.count - one.count);
}

function refuseReserved({ add, remove }: TagEdit): void {
  const reserved = [...Object.keys(add), ...remove].find(isReservedKey);
  if (reserved !== undefined) {
    throw new InvalidInputError(
      sentence('The tag "{0}" is AWS\'s own: only AWS changes it.', reserved),
      reserved,
    );
  }
}
