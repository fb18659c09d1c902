import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAwsAccess } from '../../src/aws/glueApis';
import { systemClock } from '../../src/glue/clock';
import { inEnglish } from '../../src/glue/sentence';
import { SessionInventory } from '../../src/glue/sessionInventory';
import { startSession } from '../../src/glue/startSession';
import { adviseOnTarget } from '../../src/glue/targetAdvice';
import type { AssumedRole, Target } from '../../src/glue/target';
import { startFaultyProxy } from '../faults/faultyProxy';
import { creationRole, startLocalGlue, until, type LocalGlue } from './localGlue';
import { smallSession } from './smallSession';
import { permit } from '../unit/scriptedApi';

const world = `
accounts:
  '111122223333':
    alias: people
    policies:
      Look:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: ['glue:*', 'iam:*'], Resource: '*' }]
    users:
      ada: { profile: ada, managedPolicies: [Look] }
      poor: { profile: poor }
    regions:
      us-east-1:
        sessions: [{ id: many, count: 1500, status: STOPPED, ageSeconds: 90000, executionSeconds: 60 }]
`;

/** Several targets in one view, one of which is in trouble: with the real SDK over HTTP. */
describe('targets together', () => {
  let local: LocalGlue;
  let hanging: Server;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world });
    hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    hanging.close();
    await local.stop();
  });

  const access = (answerMs?: number) =>
    createAwsAccess({
      roleSessionName: () => undefined,
      mfaCode: () => Promise.resolve('123456'),
      ...(answerMs !== undefined && { answerMs }),
    });
  const target = (profile: string, change: Partial<Target> = {}): Target => ({
    profile,
    roles: [],
    files: { configFile: local.configFile, credentialsFile: local.credentialsFile },
    ...change,
  });

  it('show what each has: one that hangs and one without permission delay nobody, and say why', async () => {
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const good = target('ada');
    const poor = target('poor');
    const hangs = target('ada', { endpoint: `http://127.0.0.1:${String(port)}` });
    const [patient, hasty] = [access(), access(500)];
    const of = (asked: Target) => (asked === hangs ? hasty : patient).of(asked);
    const inventory = new SessionInventory({ ...patient, of }, systemClock);
    inventory.setTargets([hangs, poor, good]);
    const all = inventory.refresh();
    await until('the good one is read', () => inventory.snapshot(good).state === 'ready');
    expect(inventory.snapshot(hangs).state).toBe('loading');
    expect(inventory.snapshot(good).sessions).toHaveLength(1500);
    await until('the one without permission is told', () => inventory.snapshot(poor).state === 'failed');
    const refused = inventory.snapshot(poor);
    expect(refused.identity?.arn).toBe('arn:aws:iam::111122223333:user/poor');
    const advice = adviseOnTarget(refused.error, poor);
    expect(advice.problem).toBe('permission');
    expect(inEnglish(advice.todo)).toContain('glue:ListSessions');
    await all;
    expect(adviseOnTarget(inventory.snapshot(hangs).error, hangs).problem).toBe('network');
    expect(inventory.snapshot(hangs).sessions).toEqual([]);
    inventory.dispose();
  });

  it('go on when keys end between two pages: read anew, all sessions are there once, of the account asked', async () => {
    let pages = 0;
    const proxy = await startFaultyProxy(local.endpoint, ({ operation }) => {
      if (!operation.endsWith('ListSessions')) return undefined;
      pages += 1;
      return pages === 2 ? 'expiredToken' : undefined;
    });
    const renewed = target('ada', { endpoint: proxy.url });
    const inventory = new SessionInventory(access(), systemClock);
    inventory.setTargets([renewed]);
    await inventory.refresh();
    expect(inventory.snapshot(renewed)).toMatchObject({
      state: 'ready',
      identity: { account: '111122223333' },
    });
    expect(new Set(inventory.snapshot(renewed).sessions.map(({ session }) => session.id)).size).toBe(1500);
    expect(pages).toBe(3);
    inventory.dispose();
    await proxy.stop();
  });

  it('say so when keys have ended for good, and show nothing whose account is not known any more', async () => {
    let hasEnded = false;
    const proxy = await startFaultyProxy(local.endpoint, () => (hasEnded ? 'expiredToken' : undefined));
    const ended = target('ada', { endpoint: proxy.url });
    const inventory = new SessionInventory(access(), systemClock);
    inventory.setTargets([ended]);
    await inventory.refresh();
    hasEnded = true;
    await inventory.refresh();
    const snapshot = inventory.snapshot(ended);
    expect(snapshot.state).toBe('failed');
    expect(adviseOnTarget(snapshot.error, ended).problem).toBe('keys');
    expect(snapshot.sessions).toEqual([]);
    inventory.dispose();
    await proxy.stop();
  });

  it('start a session each when two windows start at once, and both see both', async () => {
    const creator: readonly AssumedRole[] = [{ roleArn: creationRole }];
    const story = await startLocalGlue({ args: ['--engine', 'python'] });
    const files = { configFile: story.configFile, credentialsFile: story.credentialsFile };
    const place: Target = { profile: 'isbloguser', roles: creator, files };
    const started = await Promise.all(
      [access(), access()].map(async (apis) => {
        const api = apis.of(place);
        const inventory = new SessionInventory(apis, systemClock);
        inventory.setTargets([place]);
        await inventory.refresh();
        const session = await startSession(
          api,
          { ...smallSession, id: randomUUID(), tags: { team: 'analytics' } },
          { clock: systemClock, permit },
        );
        return { inventory, session };
      }),
    );
    const ids = started.map(({ session }) => session.id).sort();
    expect(new Set(ids).size).toBe(2);
    for (const { inventory } of started) {
      await inventory.refresh();
      expect(
        inventory
          .allSessions()
          .map(({ session }) => session.id)
          .sort(),
      ).toEqual(ids);
      inventory.dispose();
    }
    await story.stop();
  });
});
