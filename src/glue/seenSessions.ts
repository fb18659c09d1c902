import { forEachBounded } from './boundedConcurrency';
import type { GlueApi, Session, Tags } from './glueApi';
import type { SeenSession } from './likelyConditions';
import type { ListedSession } from './listedSession';
import { sessionArn } from './roleArn';

/** Sessions whose tags are read: enough to know a habit by. */
const sample = 40;
const readsAtOnce = 8;

/**
 * A sample of the newest sessions of a place with their tags, to tell what is usual there. What can't be read is left out:
 * a person waits for it, and it only supports a guess.
 * @param known what has been read already
 * @param onUnread told of the failure that ended the reading: a refusal, or the signal
 */
export async function readSeenSessions(
  api: GlueApi,
  known: readonly ListedSession[],
  signal: AbortSignal,
  onUnread: (error: unknown) => void,
): Promise<readonly SeenSession[]> {
  const seen = new Map<string, SeenSession>();
  const put = (session: Session, tags?: Tags) => {
    const { id, role, connections } = session;
    seen.set(id, { id, ...(role !== undefined && { role }), connections, ...(tags && { tags }) });
  };
  for (const { session, tags } of known) put(session, tags);
  try {
    const sessions =
      known.length > 0
        ? known.map(({ session }) => session)
        : (await api.listSessions({ maxResults: 1000 }, signal)).sessions;
    for (const session of sessions) if (!seen.has(session.id)) put(session);
    const [{ account }, region] = await Promise.all([api.callerIdentity(signal), api.region()]);
    const newest = [...sessions]
      .sort((a, b) => (b.createdOn ?? 0) - (a.createdOn ?? 0))
      .slice(0, sample)
      .filter(({ id }) => seen.get(id)?.tags === undefined);
    await forEachBounded(newest, readsAtOnce, async (session) => {
      put(session, await api.getTags(sessionArn(region, account, session.id), signal));
    });
  } catch (error) {
    onUnread(error);
  }
  return [...seen.values()];
}
