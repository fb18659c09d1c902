import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi, Tags } from './glueApi';
import { lastActivity } from './lastActivity';
import type { ListedSession } from './listedSession';
import { sessionState } from './sessionStatus';

export interface LookOptions {
  readonly clock: Clock;
  /** Whether its tags decide of something: those known before may be hours old. */
  readonly wantsTags: boolean;
  /** Told why the tags were not to be read. */
  readonly onUnread: (error: AwsCallError) => void;
}

/**
 * A session as the service tells of it now, with its last activity.
 * @returns tags undefined where they were wanted and are not to be read
 * @throws AwsCallError when the session is not to be had
 */
export async function lookAnew(
  api: GlueApi,
  listed: ListedSession,
  { clock, wantsTags, onUnread }: LookOptions,
): Promise<ListedSession> {
  const session = await api.getSession(listed.session.id);
  const idleSince = sessionState(session.status).canRun ? await lastActivity(api, session, clock) : undefined;
  const tags = wantsTags ? await tagsNow(api, listed.arn, onUnread) : listed.tags;
  const { target, arn } = listed;
  return { target, arn, session, ...(tags && { tags }), ...(idleSince !== undefined && { idleSince }) };
}

async function tagsNow(
  api: GlueApi,
  arn: string,
  onUnread: LookOptions['onUnread'],
): Promise<Tags | undefined> {
  try {
    return await api.getTags(arn);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    onUnread(error);
    return undefined;
  }
}
