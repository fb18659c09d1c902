import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { creationRole, startLocalGlue, type LocalGlue } from '../local/localGlue';
import { faults, startFaultyProxy, type Fault } from './faultyProxy';
import { smallSession } from '../local/smallSession';
import { startFaultySession } from './session';
import { permit } from '../unit/scriptedApi';

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

  it('is polled to its end whatever becomes of a poll', { timeout: 60_000 }, async () => {
    let next: Fault | undefined;
    const session = await startFaultySession(local, 'polls', ({ operation }) => {
      if (operation !== 'GetStatement') return undefined;
      const fault = next;
      next = undefined;
      return fault;
    });
    for (const fault of faults) {
      next = fault;
      const ended = await session.run(`'polled in spite of ${fault}'`);
      expect(ended.output?.textPlain).toBe(`'polled in spite of ${fault}'\n`);
    }
    await session.proxy.delivered();
    expect(session.executed()).toHaveLength(faults.length);
    await session.proxy.stop();
  });

  it('is found in spite of a fault on the search', { timeout: 60_000 }, async () => {
    let next: Fault | undefined;
    const session = await startFaultySession(local, 'searches', ({ operation }) => {
      if (operation === 'RunStatement') return 'answerLost';
      if (operation !== 'ListStatements') return undefined;
      const fault = next;
      next = undefined;
      return fault;
    });
    for (const fault of faults) {
      next = fault;
      expect((await session.run(`'${fault}'`)).output?.textPlain).toBe(`'${fault}'\n`);
    }
    await session.proxy.delivered();
    expect(session.executed()).toHaveLength(faults.length);
    await session.proxy.stop();
  });

  it('does nothing when it arrives after it was cancelled', async () => {
    let isFaulty = true;
    const session = await startFaultySession(local, 'withdrawn', ({ operation }) => {
      if (operation !== 'RunStatement' || !isFaulty) return undefined;
      isFaulty = false;
      return 'late';
    });
    const cancel = new AbortController();
    const run = session.run('late = True', { cancel: cancel.signal });
    setTimeout(() => {
      cancel.abort(new Error('interrupt'));
    }, 1500);
    await expect(run).rejects.toThrow('cancelled');
    expect(session.executed()).toHaveLength(1);
    await session.proxy.delivered();
    await settled(() => session.executed().length >= 2);
    expect(await session.ask(`'late' in globals()`)).toBe('False\n');
    expect(session.executed()).toHaveLength(3);
    await session.proxy.stop();
  });

  it('shows its output when it had run before it was cancelled', async () => {
    let isFaulty = true;
    const session = await startFaultySession(local, 'overtaken', ({ operation }) => {
      if (operation !== 'RunStatement' || !isFaulty) return undefined;
      isFaulty = false;
      return 'lateBeforeNext';
    });
    const cancel = new AbortController();
    const run = session.run(`early = True\n'ran'`, { cancel: cancel.signal });
    setTimeout(() => {
      cancel.abort(new Error('interrupt'));
    }, 1500);
    expect((await run).output?.textPlain).toBe(`'ran'\n`);
    expect(session.executed()).toHaveLength(2);
    await session.proxy.stop();
  });

  it('is not sent again without a guard, but its outcome called unknown', async () => {
    const session = await startFaultySession(local, 'unguarded', ({ operation }) =>
      operation === 'RunStatement' ? 'resetBefore' : undefined,
    );
    const marked = { ...markCode('1', 'python', 'unguarded'), isGuarded: false };
    await expect(session.run('', { marked, graceMs: 1000 })).rejects.toThrow(
      /No answer came when the cell was sent \(the connection broke\), and the session does not list it/,
    );
    expect(session.proxy.calls.filter(({ operation }) => operation === 'RunStatement')).toHaveLength(1);
    expect(session.executed()).toEqual([]);
    await session.proxy.stop();
  });
});

/** The start of a session under each fault on CreateSession: it must not be started, and paid for, twice. */
describe.concurrent('a session whose start meets a fault', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], answerMs });
  });
  afterAll(() => local.stop());

  for (const fault of faults) {
    it(`is started once: ${fault}`, async () => {
      const id = `start-${fault}`;
      let isFaulty = true;
      const proxy = await startFaultyProxy(local.endpoint, ({ operation }) => {
        if (operation !== 'CreateSession' || !isFaulty) return undefined;
        isFaulty = false;
        return fault;
      });
      const roles = [{ roleArn: creationRole, sessionName: id }];
      const api = local.api('isbloguser', roles, { endpoint: proxy.url });
      const started = await startSession(api, { ...smallSession, id }, { clock: systemClock, permit });
      expect(started).toMatchObject({ id, status: 'READY' });
      await proxy.delivered();
      const created = local
        .journal()
        .filter(({ operation, caller }) => operation === 'glue:CreateSession' && caller?.endsWith(`/${id}`));
      const outcomes = created.map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'AlreadyExistsException')).toEqual(
        [],
      );
      await proxy.stop();
    });
  }
});

async function settled(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 5000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
