import type { Clock } from './clock';
import { AwsCallError } from './errors';
import type { GlueApi, Session } from './glueApi';

/** A session whose creation was under way may appear a moment later: looked for so often, so long apart (milliseconds). */
const looks = 6;
const apartMs = 1000;

/**
 * The session of a start that was cancelled while no answer had come yet; undefined when it was not created.
 * @throws AwsCallError for any other failure than that it is not there
 */
export async function findCancelledStart(
  api: Pick<GlueApi, 'getSession'>,
  id: string,
  clock: Clock,
): Promise<Session | undefined> {
  for (let look = 0; look < looks; look++) {
    if (look > 0) await clock.sleep(apartMs);
    try {
      return await api.getSession(id);
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.code !== 'EntityNotFound') throw error;
    }
  }
  return undefined;
}
