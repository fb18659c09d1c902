import { expect, it } from 'vitest';
import { BulkPace, rank } from '../../../src/glue/inventory/bulkPace';
import { callError } from '../scriptedApi';
import { scriptedClock } from '../scriptedClock';

/** A service that takes 80 ms and throttles above so many calls a second, with a second's worth at once. */
function service(clock: ReturnType<typeof scriptedClock>, perSecond: number) {
  let [tokens, filledAt, underway] = [perSecond, clock.now(), 0];
  const seen = { calls: [] as number[], throttledAt: [] as number[], mostAtOnce: 0 };
  const call = async () => {
    const now = clock.now();
    tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    const isTaken = tokens >= 1;
    if (isTaken) tokens -= 1;
    seen.calls.push(now);
    underway += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, underway);
    await clock.sleep(80);
    underway -= 1;
    if (isTaken) return;
    seen.throttledAt.push(clock.now());
    throw callError('Throttling');
  };
  return { call, seen };
}

it('brings 200 calls through 20 a second within 15 seconds, and repeats none before its time', async () => {
  const clock = scriptedClock();
  const pace = new BulkPace(clock);
  const { call, seen } = service(clock, 20);
  let done = 0;
  for (let index = 0; index < 200; index++) void pace.run(rank.liveTags, call).then(() => (done += 1));
  await clock.pass(15_000);
  expect(done).toBe(200);
  expect(seen.mostAtOnce).toBeLessThanOrEqual(8);
  expect(seen.calls.length).toBeLessThan(225);
  for (const at of seen.throttledAt) {
    // Those that were underway already come to an end; nothing is sent for half a second.
    expect(seen.calls.filter((sentAt) => sentAt > at && sentAt < at + 300)).toEqual([]);
  }
});

it('leaves others their turn between two calls', async () => {
  const clock = scriptedClock();
  const pace = new BulkPace(clock);
  const at: number[] = [];
  const call = () => {
    at.push(clock.now());
    return Promise.resolve();
  };
  for (let index = 0; index < 8; index++) void pace.run(rank.liveTags, call);
  await clock.pass(100);
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(gaps).toHaveLength(7);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5);
});

it('lets what changes soon go before pages, and pages before tags', async () => {
  const clock = scriptedClock();
  const pace = new BulkPace(clock);
  const order: string[] = [];
  const call = (name: string) => async () => {
    order.push(name);
    await clock.sleep(80);
  };
  for (let index = 0; index < 20; index++) void pace.run(rank.again, call('again'));
  void pace.run(rank.liveTags, call('tags'));
  void pace.run(rank.pages, call('page'));
  void pace.run(rank.transit, call('transit'));
  await clock.pass(5000);
  expect(order.slice(0, 5)).toEqual(['again', 'transit', 'page', 'tags', 'again']);
});

it('tries a broken connection twice more, and tells any other failure at once', async () => {
  const clock = scriptedClock();
  const pace = new BulkPace(clock);
  const failing = (code: string, outcome: 'notExecuted' | 'unknown') => {
    let calls = 0;
    const ended = pace.run(rank.pages, () => {
      calls += 1;
      return Promise.reject(callError(code, outcome));
    });
    return ended.then(
      () => 0,
      () => calls,
    );
  };
  const ends = [failing('Network', 'unknown'), failing('AccessDenied', 'notExecuted')];
  await clock.pass(5000);
  expect(await Promise.all(ends)).toEqual([3, 1]);
});

it('lets go of calls that nobody wants any more', async () => {
  const clock = scriptedClock();
  const pace = new BulkPace(clock);
  const era = new AbortController();
  let sent = 0;
  const ends = Array.from({ length: 30 }, () =>
    pace
      .run(
        rank.again,
        async () => {
          sent += 1;
          await clock.sleep(80);
        },
        era.signal,
      )
      .catch((error: unknown) => (error as Error).message),
  );
  await clock.pass(60);
  era.abort(new Error('hidden'));
  await clock.pass(5000);
  expect(sent).toBe(8);
  expect((await Promise.all(ends)).filter((end) => end === 'hidden')).toHaveLength(22);
});

it('goes on when the clock of the machine is set back', async () => {
  const clock = scriptedClock();
  let back = 0;
  const pace = new BulkPace({
    now: () => clock.now() - back,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  });
  let done = 0;
  const call = () => Promise.resolve().then(() => (done += 1));
  await pace.run(rank.pages, call);
  back = 3_600_000;
  for (let index = 0; index < 5; index++) void pace.run(rank.pages, call);
  await clock.pass(1000);
  expect(done).toBe(6);
});
