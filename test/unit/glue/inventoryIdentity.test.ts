import { describe, expect, it } from 'vitest';
import type { CallerIdentity, GlueApi, SessionPage } from '../../../src/glue/glueApi';
import { SessionInventory } from '../../../src/glue/sessionInventory';
import type { Target } from '../../../src/glue/target';
import { apiWith, callError, quickClock, session } from '../scriptedApi';

const here: Target = { profile: 'here', roles: [] };
const there: Target = { profile: 'there', roles: [] };
const ada: CallerIdentity = { account: '111122223333', arn: 'arn:ada', userId: 'A' };
const bob: CallerIdentity = { account: '444455556666', arn: 'arn:bob', userId: 'B' };

function inventoryOf(apis: Readonly<Record<string, Partial<GlueApi>>>): SessionInventory {
  const made = (target: Target) =>
    apiWith({
      region: () => Promise.resolve('us-east-1'),
      getTags: () => Promise.resolve({}),
      ...apis[target.profile ?? ''],
    });
  const inventory = new SessionInventory(
    { of: made, forget: () => undefined, useKeys: () => undefined },
    quickClock(),
  );
  inventory.setTargets([here, there]);
  return inventory;
}
const pageOf = (id: string): Promise<SessionPage> => Promise.resolve({ sessions: [session({ id })] });
const idsOf = (inventory: SessionInventory, target: Target) =>
  inventory.snapshot(target).sessions.map(({ session: { id } }) => id);

/** An answer that comes when it is told to. */
function later<T>() {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (answer = resolve));
  return { promise, answer };
}

describe('the account shown is the account asked', () => {
  it('when the profile is edited to another one: what was shown goes at once', async () => {
    let who = ada;
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(who),
        listSessions: () => pageOf(who === ada ? 'of-ada' : 'of-bob'),
      },
    });
    await inventory.refresh([here]);
    expect(idsOf(inventory, here)).toEqual(['of-ada']);
    who = bob;
    inventory.forget([here]);
    expect(inventory.snapshot(here)).toEqual({ target: here, state: 'loading', sessions: [] });
    await inventory.refresh([here]);
    expect(inventory.snapshot(here)).toMatchObject({ identity: bob, state: 'ready' });
    expect(idsOf(inventory, here)).toEqual(['of-bob']);
  });

  it('also of one that was not shown, because another led to the same place', async () => {
    let who = ada;
    const inventory = inventoryOf({
      here: { callerIdentity: () => Promise.resolve(ada), listSessions: () => pageOf('of-ada') },
      there: {
        callerIdentity: () => Promise.resolve(who),
        listSessions: () => pageOf(who === ada ? 'of-ada' : 'of-bob'),
      },
    });
    await inventory.refresh([here, there]);
    expect(inventory.targets).toEqual([here]);
    expect(inventory.allTargets).toEqual([here, there]);
    who = bob;
    inventory.forget(inventory.allTargets.filter(({ profile }) => profile === 'there'));
    await inventory.refresh();
    expect(inventory.targets).toEqual([here, there]);
    expect(idsOf(inventory, there)).toEqual(['of-bob']);
  });

  it('reads tags of sessions whose target is another object by now', async () => {
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(ada),
        listSessions: () => Promise.resolve({ sessions: [session({ id: 'over', status: 'STOPPED' })] }),
        getTags: () => Promise.resolve({ team: 'a' }),
      },
    });
    await inventory.refresh([here]);
    inventory.setTargets([{ ...here }]);
    await inventory.readTagsOfAll(inventory.snapshot(here).sessions);
    expect(inventory.snapshot(here).sessions.map(({ tags }) => tags)).toEqual([{ team: 'a' }]);
  });

  it('when an answer of the account before comes late: it is not taken in', async () => {
    const slow = later<SessionPage>();
    let who = ada;
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(who),
        listSessions: () => (who === ada ? slow.promise : pageOf('of-bob')),
      },
    });
    const old = inventory.refresh([here]);
    await new Promise((resolve) => setImmediate(resolve));
    who = bob;
    inventory.forget([here]);
    await inventory.refresh([here]);
    slow.answer({ sessions: [session({ id: 'of-ada' })] });
    await old;
    expect(idsOf(inventory, here)).toEqual(['of-bob']);
  });

  it('when the account before fails late: its failure is not told of this one', async () => {
    let fail: (error: Error) => void = () => undefined;
    const slow = new Promise<SessionPage>((_, reject) => (fail = reject));
    let who = ada;
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(who),
        listSessions: () => (who === ada ? slow : pageOf('of-bob')),
      },
    });
    const old = inventory.refresh([here]);
    await new Promise((resolve) => setImmediate(resolve));
    who = bob;
    inventory.forget([here]);
    await inventory.refresh([here]);
    fail(callError('AccessDenied'));
    await old;
    expect(inventory.snapshot(here)).toMatchObject({ state: 'ready', identity: bob });
  });

  it('when keys end between two pages and those that follow are of another account', async () => {
    let who = ada;
    let asked = 0;
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(who),
        listSessions: () => {
          asked += 1;
          if (asked === 1) return Promise.resolve({ sessions: [session({ id: 'of-ada' })], nextToken: '2' });
          who = bob;
          return pageOf('of-bob');
        },
      },
    });
    const shown: string[] = [];
    inventory.onDidChange(() => {
      const { identity } = inventory.snapshot(here);
      shown.push(`${identity?.arn ?? ''}: ${idsOf(inventory, here).join(' ')}`);
    });
    await inventory.refresh([here]);
    expect(new Set(shown)).toEqual(new Set(['arn:ada: ', 'arn:ada: of-ada', 'arn:bob: ', 'arn:bob: of-bob']));
    expect(shown.at(-1)).toBe('arn:bob: of-bob');
  });
});

describe('one target', () => {
  it('that hangs keeps nobody waiting, and says whose answer is missing', async () => {
    const inventory = inventoryOf({
      here: { callerIdentity: () => new Promise<CallerIdentity>(() => undefined) },
      there: { callerIdentity: () => Promise.resolve(bob), listSessions: () => pageOf('of-bob') },
    });
    void inventory.refresh();
    await inventory.refresh([there]);
    expect(inventory.snapshot(here).state).toBe('loading');
    expect(inventory.snapshot(there).state).toBe('ready');
    expect(idsOf(inventory, there)).toEqual(['of-bob']);
  });

  it('without permission fails by itself', async () => {
    const refused = callError('AccessDenied', 'notExecuted', 'not authorized to perform: glue:ListSessions');
    const inventory = inventoryOf({
      here: { callerIdentity: () => Promise.resolve(ada), listSessions: () => Promise.reject(refused) },
      there: { callerIdentity: () => Promise.resolve(bob), listSessions: () => pageOf('of-bob') },
    });
    await inventory.refresh();
    expect(inventory.snapshot(here)).toMatchObject({ state: 'failed', error: refused, identity: ada });
    expect(inventory.snapshot(there).state).toBe('ready');
  });

  it('also where it is asked at two endpoints: one that fails hides no session of the other', async () => {
    const inventory = inventoryOf({
      here: {
        callerIdentity: () => Promise.resolve(ada),
        endpoint: () => Promise.resolve('http://127.0.0.1:9'),
        listSessions: () => Promise.reject(callError('Network', 'unknown')),
      },
      there: {
        callerIdentity: () => Promise.resolve(ada),
        endpoint: () => Promise.resolve(undefined),
        listSessions: () => pageOf('of-ada'),
      },
    });
    await inventory.refresh();
    await inventory.refresh();
    expect(inventory.targets).toEqual([here, there]);
    expect(inventory.allSessions().map(({ session: { id } }) => id)).toEqual(['of-ada']);
  });
});
