import { beforeAll, describe, expect, it } from 'vitest';
import type { CallerIdentity, GlueApi, Session, Tags } from '../../../src/glue/glueApi';
import type {
  InventoryOwner,
  InventoryStore,
  RememberedInventory,
  Role,
  ToldSession,
} from '../../../src/glue/inventory/sharedInventory';
import { SessionInventory } from '../../../src/glue/sessionInventory';
import type { Target } from '../../../src/glue/target';
import { apiWith, callError, session } from '../scriptedApi';
import { scriptedClock, type ScriptedClock } from '../scriptedClock';

// Loaded beforehand: it takes real time, which the scripted clock knows nothing of.
beforeAll(() => import('../../../src/glue/inventory/targetReader'));

const target: Target = { profile: 'p', roles: [] };
const owner: CallerIdentity = { account: '444455556666', arn: 'arn:a', userId: 'u' };

/** A service with sessions, answering after 80 ms, that counts its calls. */
class Service {
  sessions = new Map<string, Session>();
  tags = new Map<string, Tags>();
  identity = owner;
  isKeyGood = true;
  hangs = false;
  hasTagging = true;
  /** Sessions of a page. */
  pageSize = 1000;
  calls: { readonly operation: string; readonly at: number }[] = [];

  constructor(
    private readonly clock: ScriptedClock,
    sessions: readonly Session[],
  ) {
    for (const item of sessions) this.sessions.set(item.id, item);
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  set(id: string, change: Partial<Session>): void {
    this.sessions.set(id, session({ ...this.sessions.get(id), ...change, id }));
  }

  api(): GlueApi {
    return apiWith({
      callerIdentity: () =>
        this.isKeyGood ? Promise.resolve(this.identity) : Promise.reject(callError('ExpiredToken')),
      region: () => Promise.resolve('us-east-1'),
      listSessions: async ({ nextToken }) => {
        await this.call('ListSessions');
        const all = [...this.sessions.values()];
        const start = Number(nextToken ?? 0);
        const end = start + this.pageSize;
        return { sessions: all.slice(start, end), ...(end < all.length && { nextToken: String(end) }) };
      },
      getSession: async (id) => {
        await this.call('GetSession');
        const found = this.sessions.get(id);
        if (found === undefined) throw callError('EntityNotFound');
        return found;
      },
      getTags: async (arn) => {
        await this.call('GetTags');
        return this.tags.get(idOf(arn)) ?? {};
      },
      listStatements: async () => {
        await this.call('ListStatements');
        return { statements: [] };
      },
      ...({
        getResourceTags: async (arns: readonly string[]) => {
          await this.call('GetResources');
          if (!this.hasTagging) throw callError('AccessDenied');
          return new Map(
            arns.flatMap((arn) => {
              const tags = this.tags.get(idOf(arn));
              return tags === undefined ? [] : [[arn, tags] as const];
            }),
          );
        },
      } as object),
    });
  }

  private async call(operation: string): Promise<void> {
    this.calls.push({ operation, at: this.clock.now() });
    await this.clock.sleep(80);
    if (this.hangs) await new Promise(() => undefined);
    if (!this.isKeyGood) throw callError('ExpiredToken');
  }
}

function idOf(arn: string): string {
  return arn.split('session/')[1] ?? '';
}

/** What windows share, in memory; a holder that says nothing for six seconds has lost the lease. */
class SharedMemory implements InventoryStore {
  readonly files = new Map<string, RememberedInventory>();
  /** How long reading a file takes after the live ones were read (milliseconds). */
  readMs = 0;
  writes = 0;
  /** How long opening a file takes (milliseconds). */
  openMs = 0;
  /** What the disk says in place of an answer. */
  trouble: Error | undefined;
  private readonly leases = new Map<string, { holder: object; at: number; asOf: number | undefined }>();
  private readonly told = new Map<string, { from: object; told: readonly ToldSession[] }[]>();
  constructor(private readonly clock: ScriptedClock) {}

  open({ target: key, identity, region }: InventoryOwner) {
    const name = [key, identity.arn, region].join();
    const self = {};
    let seen: RememberedInventory | undefined;
    let heard = 0;
    return {
      read: async (onFirst?: (live: RememberedInventory) => void) => {
        const file = this.files.get(name);
        const isNews = file !== seen;
        if (this.openMs > 0) await this.clock.sleep(this.openMs);
        seen = file;
        if (file === undefined || !isNews) return undefined;
        if (this.readMs > 0) {
          onFirst?.({ ...file, sessions: file.sessions.slice(0, 2) });
          await this.clock.sleep(this.readMs);
        }
        return file;
      },
      write: (inventory: RememberedInventory) => {
        seen = inventory;
        this.writes += 1;
        this.files.set(name, inventory);
        return Promise.resolve();
      },
      lead: (asOf: number | undefined, mayLead: boolean): Promise<Role> => {
        if (this.trouble !== undefined) return Promise.reject(this.trouble);
        const lease = this.leases.get(name);
        const isFree = lease === undefined || this.clock.now() - lease.at > 6000;
        if (lease?.holder === self || (isFree && mayLead)) {
          this.leases.set(name, { holder: self, at: this.clock.now(), asOf });
          return Promise.resolve({ isLeader: true });
        }
        return Promise.resolve({ isLeader: false, asOf: isFree ? undefined : lease.asOf });
      },
      release: () => {
        if (this.leases.get(name)?.holder === self) this.leases.delete(name);
        return Promise.resolve();
      },
      tell: (told: readonly ToldSession[]) => {
        this.told.set(name, [...(this.told.get(name) ?? []), { from: self, told }]);
        return Promise.resolve();
      },
      heard: () => {
        const all = this.told.get(name) ?? [];
        const fresh = all.slice(heard).filter(({ from }) => from !== self);
        heard = all.length;
        return Promise.resolve(fresh.flatMap(({ told }) => told));
      },
    };
  }
}

function windowOn(
  services: Service | ReadonlyMap<string, Service>,
  clock: ScriptedClock,
  store?: InventoryStore,
) {
  const apiOf = new Map<string, GlueApi>();
  const of = ({ profile = '' }: Target) => {
    const service = services instanceof Service ? services : services.get(profile)!;
    const api = apiOf.get(profile) ?? service.api();
    apiOf.set(profile, api);
    return api;
  };
  const apis = { of, forget: () => undefined, useKeys: () => undefined };
  const inventory = new SessionInventory(apis, clock, store && { store: () => Promise.resolve(store) });
  const targets =
    services instanceof Service ? [target] : [...services.keys()].map((profile) => ({ profile, roles: [] }));
  inventory.setTargets(targets);
  return inventory;
}

const many = (count: number, change: Partial<Session> = {}) =>
  Array.from({ length: count }, (_, index) => session({ id: `s${index}`, ...change }));
const statusOf = (inventory: SessionInventory, id: string) =>
  inventory.allSessions().find((item) => item.session.id === id)?.session.status;

describe('looks at the service', () => {
  it('every 15 seconds for one page, while someone watches, and never when nobody does', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(3));
    const inventory = windowOn(service, clock);
    await clock.pass(60_000);
    expect(service.calls).toEqual([]);
    inventory.setWatched(true);
    await clock.pass(59_000);
    expect(service.count('ListSessions')).toBe(4);
    inventory.setWatched(false);
    const before = service.calls.length;
    await clock.pass(300_000);
    expect(service.calls).toHaveLength(before);
    inventory.dispose();
  });

  it('at ten pages within a minute, with as few calls', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(20, { status: 'STOPPED' }));
    service.pageSize = 2;
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(10_000);
    service.set('s19', { status: 'FAILED' });
    await clock.pass(50_000);
    expect(statusOf(inventory, 's19')).toBe('FAILED');
    expect(service.count('ListSessions')).toBe(20);
    inventory.dispose();
  });

  it('within seconds at a session that is in transit, alone', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, [...many(2), session({ id: 'x', status: 'STOPPING' })]);
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(5000);
    service.set('x', { status: 'STOPPED' });
    await clock.pass(3000);
    expect(statusOf(inventory, 'x')).toBe('STOPPED');
    expect(service.count('ListSessions')).toBe(1);
    const looks = service.count('GetSession');
    expect(looks).toBeLessThanOrEqual(6);
    await clock.pass(6000);
    expect(service.count('GetSession')).toBe(looks);
    service.set('y', { status: 'PROVISIONING' });
    await clock.pass(16_000);
    service.sessions.delete('y');
    await clock.pass(4000);
    expect(statusOf(inventory, 'y')).toBeUndefined();
    inventory.dispose();
  });

  it('at all when so many are in transit that each would take more calls', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(10, { status: 'STOPPING' }));
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(3000);
    for (const { id } of many(10)) service.set(id, { status: 'STOPPED' });
    await clock.pass(9000);
    expect(statusOf(inventory, 's9')).toBe('STOPPED');
    expect(service.count('GetSession')).toBe(0);
    expect(service.count('ListSessions')).toBe(2);
    inventory.dispose();
  });

  it('in one target while another hangs', async () => {
    const clock = scriptedClock();
    const [good, hanging] = [new Service(clock, many(2)), new Service(clock, many(2))];
    hanging.identity = { ...owner, arn: 'arn:b' };
    hanging.hangs = true;
    const inventory = windowOn(
      new Map([
        ['hanging', hanging],
        ['good', good],
      ]),
      clock,
    );
    inventory.setWatched(true);
    await clock.pass(59_000);
    const states = inventory.targets.map((place) => inventory.snapshot(place).state);
    expect(states).toEqual(['loading', 'ready']);
    expect(good.count('ListSessions')).toBe(4);
    inventory.dispose();
  });

  it('once at a place with two names', async () => {
    const clock = scriptedClock();
    const [one, other] = [new Service(clock, many(2)), new Service(clock, many(2))];
    const inventory = windowOn(
      new Map([
        ['one', one],
        ['other', other],
      ]),
      clock,
    );
    inventory.setWatched(true);
    await clock.pass(59_000);
    expect(inventory.targets).toHaveLength(1);
    expect(one.count('ListSessions')).toBe(4);
    expect(other.count('ListSessions')).toBeLessThanOrEqual(1);
    inventory.dispose();
  });

  it('says as of when its sessions are when it was hidden for long', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(3));
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(5000);
    inventory.setWatched(false);
    await clock.pass(600_000);
    service.hangs = true;
    inventory.setWatched(true);
    await clock.pass(500);
    expect(inventory.snapshot(target)).toMatchObject({ state: 'loading', asOf: 1_000_000_000 });
    expect(inventory.allSessions()).toHaveLength(3);
    inventory.dispose();
  });

  it('hides sessions when their keys end on the way, and shows them when there are new ones', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(3));
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(5000);
    expect(inventory.allSessions()).toHaveLength(3);
    service.isKeyGood = false;
    await clock.pass(20_000);
    expect(inventory.snapshot(target)).toMatchObject({ state: 'failed', sessions: [] });
    const calls = service.calls.length;
    await clock.pass(10_000);
    expect(service.calls).toHaveLength(calls);
    service.isKeyGood = true;
    await clock.pass(70_000);
    expect(inventory.snapshot(target)).toMatchObject({ state: 'ready' });
    expect(inventory.allSessions()).toHaveLength(3);
    inventory.dispose();
  });
});

describe('tags', () => {
  it('of 200 live sessions among many take a handful of calls, those of ended ones none', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, [
      ...many(200),
      ...many(500, { status: 'STOPPED' }).map((item) => ({ ...item, id: `e${item.id}` })),
    ]);
    service.pageSize = 100;
    for (const id of service.sessions.keys()) service.tags.set(id, { team: 'x' });
    service.tags.delete('s7');
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(5000);
    expect(inventory.allSessions().filter(({ tags }) => tags?.team === 'x')).toHaveLength(199);
    expect(inventory.allSessions().find((item) => item.session.id === 's7')?.tags).toEqual({});
    expect(service.count('GetResources')).toBeLessThanOrEqual(3);
    expect(service.count('GetTags')).toBe(0);
    service.tags.set('s9', { team: 'y' });
    await clock.pass(60_000);
    expect(inventory.allSessions().find((item) => item.session.id === 's9')?.tags).toEqual({ team: 'y' });
    inventory.dispose();
  });

  it('come one by one where the other API is denied, which is not asked again for an hour', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(10));
    service.hasTagging = false;
    for (const id of service.sessions.keys()) service.tags.set(id, { team: 'x' });
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(5000);
    expect(inventory.allSessions().every(({ tags }) => tags?.team === 'x')).toBe(true);
    expect([service.count('GetResources'), service.count('GetTags')]).toEqual([1, 10]);
    await clock.pass(600_000);
    expect(service.count('GetResources')).toBe(1);
    inventory.dispose();
  });

  it('are asked of the service itself where the other API says nothing of any session', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(5));
    const truth = Object.fromEntries(many(5).map(({ id }) => [id, { team: 'x' }]));
    const inventory = new SessionInventory(
      {
        of: () =>
          new Proxy(service.api(), {
            get: (api, name: keyof GlueApi) =>
              (name as string) === 'getTags'
                ? (arn: string) => Promise.resolve(truth[idOf(arn)])
                : (name as string) === 'bulk'
                  ? { ...bulkOf(api), getTags: (arn: string) => Promise.resolve(truth[idOf(arn)]) }
                  : api[name],
          }),
        forget: () => undefined,
        useKeys: () => undefined,
      },
      clock,
    );
    inventory.setTargets([target]);
    inventory.setWatched(true);
    await clock.pass(5000);
    expect(inventory.allSessions().every(({ tags }) => tags?.team === 'x')).toBe(true);
    inventory.dispose();
  });

  it('of an edit made here are not undone by an API that lags behind', async () => {
    const clock = scriptedClock();
    const service = new Service(clock, many(5));
    for (const id of service.sessions.keys()) service.tags.set(id, { team: 'x' });
    const inventory = windowOn(service, clock);
    inventory.setWatched(true);
    await clock.pass(40_500);
    inventory.noteSession(target, session({ id: 's1' }), { team: 'new' });
    await clock.pass(30_000);
    expect(inventory.allSessions().find((item) => item.session.id === 's1')?.tags).toEqual({ team: 'new' });
    inventory.dispose();
  });
});

function bulkOf(api: GlueApi) {
  const { listSessions, getSession, listStatements, getResourceTags } = api.bulk;
  return { listSessions, getSession, listStatements, getResourceTags };
}

/** A window has read five sessions with these tags, and is closed. */
async function afterAWindow(tags: Tags = {}) {
  const clock = scriptedClock();
  const store = new SharedMemory(clock);
  const service = new Service(clock, many(5));
  for (const id of service.sessions.keys()) service.tags.set(id, tags);
  const first = windowOn(service, clock, store);
  first.setWatched(true);
  await clock.pass(5000);
  first.dispose();
  return { clock, store, service };
}

describe('what is remembered', () => {
  it('shows before the first answer, with its tags and as of when, and is then read anew', async () => {
    const { clock, store, service } = await afterAWindow({ team: 'x' });
    await clock.pass(100_000);
    service.hangs = true;
    const second = windowOn(service, clock, store);
    second.setWatched(true);
    await clock.pass(500);
    const snapshot = second.snapshot(target);
    expect(snapshot).toMatchObject({ state: 'loading', asOf: 1_000_000_000 });
    expect(snapshot.sessions.map(({ tags }) => tags?.team)).toEqual(['x', 'x', 'x', 'x', 'x']);
    second.dispose();
  });

  it('shows live ones while the rest is read from disk, unless they are of a caller who is gone by then', async () => {
    const { clock, store, service } = await afterAWindow();
    store.readMs = 1000;
    const second = windowOn(service, clock, store);
    second.setWatched(true);
    await clock.pass(500);
    expect(second.allSessions()).toHaveLength(2);
    service.identity = { ...owner, arn: 'arn:other' };
    service.hangs = true;
    second.forget([target]);
    await clock.pass(5000);
    second.noteSession(target, session({ id: 'of-other' }));
    expect(second.allSessions().map((item) => item.session.id)).toEqual(['of-other']);
    second.dispose();
    service.identity = owner;
    const third = windowOn(service, clock, store);
    third.setWatched(true);
    await clock.pass(2500);
    expect(third.allSessions()).toHaveLength(5);
    third.dispose();
  });

  it('tells who calls also where nobody looked any more while it was read', async () => {
    const { clock, store, service } = await afterAWindow();
    store.openMs = 1000;
    const second = windowOn(service, clock, store);
    second.setWatched(true);
    await clock.pass(500);
    second.setWatched(false);
    await clock.pass(2000);
    second.setWatched(true);
    await clock.pass(5000);
    expect(second.snapshot(target)).toMatchObject({ identity: owner, region: 'us-east-1' });
    second.dispose();
  });

  it('costs no call and is not written anew when it is fresh', async () => {
    const { clock, store, service } = await afterAWindow();
    const calls = service.calls.length;
    const { writes } = store;
    const second = windowOn(service, clock, store);
    second.setWatched(true);
    await clock.pass(5000);
    expect(service.calls).toHaveLength(calls);
    expect(store.writes).toBe(writes);
    expect(second.allSessions()).toHaveLength(5);
    expect(second.snapshot(target).state).toBe('ready');
    second.dispose();
  });

  it('of another caller is never shown', async () => {
    const { clock, store, service } = await afterAWindow();
    service.identity = { ...owner, account: '111122223333', arn: 'arn:other' };
    service.hangs = true;
    const second = windowOn(service, clock, store);
    second.setWatched(true);
    await clock.pass(5000);
    expect(second.snapshot(target)).toMatchObject({ sessions: [], identity: { arn: 'arn:other' } });
    second.dispose();
  });
});

describe('two windows', () => {
  it('look at the service as often as one, and show the same', async () => {
    const clock = scriptedClock();
    const store = new SharedMemory(clock);
    const service = new Service(clock, many(5));
    const [one, other] = [windowOn(service, clock, store), windowOn(service, clock, store)];
    one.setWatched(true);
    await clock.pass(2000);
    other.setWatched(true);
    await clock.pass(57_000);
    expect(service.count('ListSessions')).toBe(4);
    service.set('s1', { status: 'FAILED' });
    await clock.pass(20_000);
    expect([one, other].map((inventory) => statusOf(inventory, 's1'))).toEqual(['FAILED', 'FAILED']);
    expect(other.snapshot(target).state).toBe('ready');
    one.dispose();
    other.dispose();
  });

  it('share again a minute after the disk failed, each looking for itself meanwhile', async () => {
    const clock = scriptedClock();
    const store = new SharedMemory(clock);
    const service = new Service(clock, many(5));
    const [one, other] = [windowOn(service, clock, store), windowOn(service, clock, store)];
    one.setWatched(true);
    other.setWatched(true);
    await clock.pass(5000);
    store.trouble = new Error('EBUSY');
    await clock.pass(2000);
    store.trouble = undefined;
    let before = service.count('ListSessions');
    await clock.pass(45_000);
    expect(service.count('ListSessions') - before).toBeGreaterThan(4);
    await clock.pass(30_000);
    before = service.count('ListSessions');
    await clock.pass(60_000);
    expect(service.count('ListSessions') - before).toBe(4);
    one.dispose();
    other.dispose();
  });

  it('hear of each other within seconds what was stopped, tagged, started and deleted', async () => {
    const clock = scriptedClock();
    const store = new SharedMemory(clock);
    const service = new Service(clock, many(5));
    const [one, other] = [windowOn(service, clock, store), windowOn(service, clock, store)];
    one.setWatched(true);
    await clock.pass(2000);
    other.setWatched(true);
    await clock.pass(2000);
    for (const [from, to, id] of [
      [one, other, 's1'],
      [other, one, 's2'],
    ] as const) {
      service.set(id, { status: 'STOPPED' });
      service.set(`new-${id}`, {});
      from.noteSession(target, session({ id, status: 'STOPPED' }), { team: 'z' });
      from.noteSession(target, session({ id: `new-${id}` }));
      await clock.pass(3000);
      expect(statusOf(to, id)).toBe('STOPPED');
      expect(to.allSessions().find((item) => item.session.id === id)?.tags).toEqual({ team: 'z' });
      expect(statusOf(to, `new-${id}`)).toBe('READY');
      service.sessions.delete(id);
      from.noteDeleted(target, id);
      await clock.pass(3000);
      expect(statusOf(to, id)).toBeUndefined();
    }
    one.dispose();
    other.dispose();
  });

  it('change places when the one that looks is hidden, or fails', async () => {
    const clock = scriptedClock();
    const store = new SharedMemory(clock);
    const [mine, yours] = [new Service(clock, many(5)), new Service(clock, many(5))];
    const [one, other] = [windowOn(mine, clock, store), windowOn(yours, clock, store)];
    one.setWatched(true);
    await clock.pass(2000);
    other.setWatched(true);
    await clock.pass(20_000);
    expect(yours.count('ListSessions')).toBe(0);
    one.setWatched(false);
    await clock.pass(30_000);
    expect(yours.count('ListSessions')).toBeGreaterThan(0);
    one.setWatched(true);
    yours.isKeyGood = false;
    const before = mine.count('ListSessions');
    await clock.pass(60_000);
    expect(mine.count('ListSessions')).toBeGreaterThan(before);
    expect(one.snapshot(target).state).toBe('ready');
    expect(other.snapshot(target).state).toBe('failed');
    one.dispose();
    other.dispose();
  });
});
