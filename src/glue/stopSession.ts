import { pollDelay } from './backoff';
import { AwsCallError } from './errors';
import type { GlueApi, Session } from './glueApi';
import { patiently } from './patience';
import { sessionState } from './sessionStatus';
import type { SessionProgress } from './startSession';

/** Stops a session and waits until it has stopped. One that has ended already is given as it is. @throws AwsCallError */
export async function stopSession(
  api: GlueApi,
  id: string,
  { clock, signal, onStatus }: SessionProgress,
): Promise<Session> {
  const read = () => patiently(() => api.getSession(id, signal), { clock, signal });
  try {
    await patiently(() => api.stopSession(id, signal), { clock, signal, onlyThrottles: true });
  } catch (error) {
    // Stopping twice is refused; whether it is on its way to the end, the session tells.
    if (!(error instanceof AwsCallError) || error.code !== 'IllegalSessionState') throw error;
    const session = await read();
    if (sessionState(session.status).canStop) throw error;
  }
  const started = clock.now();
  for (;;) {
    const session = await read();
    onStatus?.(session);
    if (!sessionState(session.status).isLive) return session;
    await clock.sleep(Math.max(150, pollDelay(clock.now() - started)), signal);
  }
}
