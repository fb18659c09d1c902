import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalGlue, type LocalGlue } from '../local/localGlue';
import type { Fault } from './faultyProxy';
import { startFaultySession } from './session';

/** For how long the client waits for an answer (milliseconds). */
const answerMs = 1000;

interface Life {
  readonly fault: Fault;
  readonly graceMs: number;
  /** What the journal shows of the statement: calls in order, repeated ones once. */
  readonly calls: readonly string[];
  /** How many statements the session executed, a second arrival that did nothing included. */
  readonly executed: number;
}

const sentOnce = ['RunStatement ok', 'GetStatement ok'];
const foundInList = ['RunStatement ok', 'ListStatements ok', 'GetStatement ok'];
const lookedForThenSent = ['ListStatements ok', 'RunStatement ok', 'GetStatement ok'];

const lives: readonly Life[] = [
  { fault: 'answerLost', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'resetBefore', graceMs: 2000, calls: lookedForThenSent, executed: 1 },
  { fault: 'resetAfter', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'internalError', graceMs: 2000, calls: lookedForThenSent, executed: 1 },
  { fault: 'internalErrorAfter', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'unavailable', graceMs: 2000, calls: lookedForThenSent, executed: 1 },
  { fault: 'throttled', graceMs: 2000, calls: sentOnce, executed: 1 },
  { fault: 'slow', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'half', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'halfThenSilence', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'malformed', graceMs: 2000, calls: foundInList, executed: 1 },
  { fault: 'expiredToken', graceMs: 2000, calls: sentOnce, executed: 1 },
  // Delivered within the grace: found, not sent again.
  {
    fault: 'late',
    graceMs: 8000,
    calls: ['ListStatements ok', 'RunStatement ok', 'ListStatements ok', 'GetStatement ok'],
    executed: 1,
  },
  // Delivered after it: what was sent again has run, and the late one does nothing.
  { fault: 'late', graceMs: 2000, calls: [...lookedForThenSent, 'RunStatement ok'], executed: 2 },
  // Delivered after the last look, but before what is sent again: that does nothing, and the late one's output is shown.
  {
    fault: 'lateBeforeNext',
    graceMs: 500,
    calls: [...lookedForThenSent, 'ListStatements ok', 'GetStatement ok'],
    executed: 2,
  },
];

/** The life of one statement under each fault, from the real SDK to a real session; the journal is the judge. */
describe.concurrent('a statement under a fault', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], answerMs });
  });
  afterAll(() => local.stop());

  for (const [number, { fault, graceMs, calls, executed }] of lives.entries()) {
    it(`runs once and shows its own output: ${fault}, grace ${String(graceMs)} ms`, async () => {
      let isFaulty = true;
      const session = await startFaultySession(local, `${fault}-${String(number)}`, ({ operation }) => {
        if (operation !== 'RunStatement' || !isFaulty) return undefined;
        isFaulty = false;
        return fault;
      });
      const ended = await session.run(`effects = globals().get('effects', []) + [7]\nprint('seven')\n7 * 7`, {
        graceMs,
      });
      await session.proxy.delivered();
      await settled(() => session.executed().length >= executed);
      expect(ended.output).toMatchObject({ status: 'ok', textPlain: 'seven\n49\n' });
      expect(session.calls()).toEqual(calls);
      expect(session.executed()).toHaveLength(executed);
      expect(await session.ask('effects')).toBe('[7]\n');
      await session.proxy.stop();
    });
  }
});

async function settled(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 5000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
