import type { GlueApi } from './glueApi';
import type { ListedSession } from './listedSession';

/** The session with its arguments: of one that comes from disk, where they are not kept, they are asked for. @throws AwsCallError */
export async function wholeSession(
  { isRemembered, ...listed }: ListedSession,
  api: Pick<GlueApi, 'getSession'>,
  signal?: AbortSignal,
): Promise<ListedSession> {
  if (isRemembered !== true) return listed;
  return { ...listed, session: await api.getSession(listed.session.id, signal) };
}
