import type { Clock } from './clock';
import type { GlueApi, Session, StatementPage } from './glueApi';
import { patiently } from './patience';

/** When the last statement of a session ended; undefined while one runs. @throws AwsCallError */
export async function lastActivity(
  api: GlueApi,
  session: Session,
  clock: Clock,
): Promise<number | undefined> {
  return lastActivityIn(session.createdOn, (token) =>
    patiently(() => api.listStatements(session.id, token), { clock, onlyThrottles: true }),
  );
}

/**
 * The same, from pages of statements however they are read.
 * @param createdOn when the session was created (milliseconds since the epoch)
 */
export async function lastActivityIn(
  createdOn: number | undefined,
  readPage: (nextToken: string | undefined) => Promise<StatementPage>,
): Promise<number | undefined> {
  let last = createdOn;
  let nextToken: string | undefined;
  do {
    const page = await readPage(nextToken);
    for (const { completedOn } of page.statements) {
      if (completedOn === undefined) return undefined;
      last = Math.max(last ?? 0, completedOn);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return last;
}
