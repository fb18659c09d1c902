/**
 * Outlives its window: stops a session a while after it has ended, unless a window uses the session by then. Reads what
 * to do from its standard input, a StopRequest as JSON; the keys in it stay in memory.
 */
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { isLoopback } from './aws/loopback';
import { LeaseFiles, type ClaimedLease } from './notebook/leaseFiles';
import type { StopRequest } from './notebook/sessionLeases';
import { SessionUses } from './notebook/sessionUses';
import { WindowPresence } from './notebook/windowPresence';

/** An answer that is lost may have stopped it; stopping twice does no harm. */
const attempts = 5;

async function main(): Promise<void> {
  const request = JSON.parse(await text(process.stdin)) as StopRequest;
  const presence = new WindowPresence(request.keeper);
  try {
    // Unseen, it may be taken for one that has ended: then a window does the same.
    await presence.show().catch(() => undefined);
    await pause(request.graceMs);
    await stopUnused(request, presence);
  } finally {
    presence.dispose();
  }
}

async function stopUnused(request: StopRequest, presence: WindowPresence): Promise<void> {
  const claimed = await new LeaseFiles(request.leases, presence).claimOwn(request.sessionId);
  // A window has gone on with it, or has left it to another process since.
  if (claimed === undefined) return;
  try {
    await settle(claimed, request, presence);
  } catch (error) {
    await claimed.giveBack();
    throw error;
  }
}

async function settle(
  claimed: ClaimedLease,
  { uses, target, sessionId }: StopRequest,
  presence: WindowPresence,
): Promise<void> {
  // Counted only now: windows that end together each saw the other one live.
  if ((await new SessionUses(uses, presence).countElsewhere(sessionId)) > 0) return claimed.end();
  const { createTargetApi } = await import('./aws/glueService');
  const api = createTargetApi(target, {
    roleSessionName: () => undefined,
    mfaCode: () => Promise.reject(new Error('nobody can be asked')),
  });
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (!(await claimed.isHeld())) return;
    const isDone = await api.stopSession(sessionId).then(() => true, isOverAlready);
    if (isDone) return claimed.end();
    await pause(1000 * 2 ** attempt);
  }
  // A Local Glue that is gone took its sessions along. Otherwise the next window finds it overdue, and tells.
  if (target.endpoint !== undefined && isLoopback(target.endpoint)) await claimed.end();
  else await claimed.giveBack();
}

function isOverAlready(error: unknown): boolean {
  return (
    error instanceof Error && ['IllegalSessionStateException', 'EntityNotFoundException'].includes(error.name)
  );
}

void main();
