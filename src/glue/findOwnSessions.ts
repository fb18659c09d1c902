import { forEachBounded } from './boundedConcurrency';
import type { Clock } from './clock';
import type { GlueApi, Session } from './glueApi';
import type { ListedSession } from './listedSession';
import { ownershipOf, type Myself } from './ownership';
import { patiently } from './patience';
import { sessionArn } from './roleArn';
import { sessionState } from './sessionStatus';
import type { Target } from './target';

const readsAtOnce = 4;
const pageSize = 1000;

export interface FindOptions {
  readonly clock: Clock;
  readonly isStartedHere: Myself['isStartedHere'];
  /** A place that can't be read is left out; it is nobody's business at this moment. */
  readonly onUnread: (target: Target, error: unknown) => void;
}

/** The live sessions of whoever calls, in these places, each with what reaches it: one ListSessions for each thousand, one GetTags for each live one. */
export async function findOwnSessions(
  places: ReadonlyMap<Target, GlueApi>,
  options: FindOptions,
): Promise<readonly ListedSession[]> {
  const found: ListedSession[] = [];
  for (const [target, api] of places) {
    try {
      found.push(...(await ownSessionsOf(target, api, options)));
    } catch (error) {
      options.onUnread(target, error);
    }
  }
  return found;
}

async function ownSessionsOf(
  target: Target,
  api: GlueApi,
  { clock, isStartedHere }: FindOptions,
): Promise<readonly ListedSession[]> {
  const steady = <T>(read: () => Promise<T>) => patiently(read, { clock, onlyThrottles: true });
  const [{ account, userId }, region] = await Promise.all([api.callerIdentity(), api.region()]);
  const live: Session[] = [];
  let nextToken: string | undefined;
  do {
    const request = { maxResults: pageSize, ...(nextToken !== undefined && { nextToken }) };
    const page = await steady(() => api.listSessions(request));
    live.push(...page.sessions.filter(({ status }) => sessionState(status).isLive));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const own: ListedSession[] = [];
  await forEachBounded(live, readsAtOnce, async (session) => {
    const arn = sessionArn(region, account, session.id);
    const listed = { target, session, arn, tags: await steady(() => api.getTags(arn)) };
    if (ownershipOf(listed, { userIds: new Set([userId]), isStartedHere }) === 'mine') own.push(listed);
  });
  return own;
}
