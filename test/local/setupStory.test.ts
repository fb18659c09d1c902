import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import type { CreateSessionRequest, GlueApi } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { stopSession } from '../../src/glue/stopSession';
import { permit } from '../unit/scriptedApi';
import { startLocalGlue, type LocalGlue } from './localGlue';
import { variantOf } from './setupWorlds';

const off = { RestrictVpcs: 'false' };
const tagged = {
  RequiredTag1Key: 'team',
  RequiredTag1Values: 'analytics,finance-*',
  RequiredTag2Key: 'billing',
};
/** Rules as an administrator chooses them; whether a start without any network is denied. */
const rules: readonly (readonly [
  name: string,
  parameters: Readonly<Record<string, string>>,
  denied: boolean,
])[] = [
  ['no rule', off, false],
  ['VPCs', {}, true],
  ['VPCs, with another approved', { OtherVpcIds: 'vpc-0b10c5e5510000009' }, true],
  ['subnets', { ...off, RestrictSubnets: 'true', OtherSubnetIds: 'subnet-0b10c5e5510000009' }, true],
  ['security groups', { ...off, RestrictSecurityGroups: 'true' }, true],
  ['required tags', { ...off, ...tagged }, false],
  [
    'every rule',
    { ...tagged, RestrictSubnets: 'true', RestrictSecurityGroups: 'true', ExternalId: 'blog-42' },
    true,
  ],
];
const cases = (['leastPrivilege', 'story'] as const).flatMap((profile) =>
  rules.map(([rule, parameters, denied]) => ({ profile, rule, parameters, denied })),
);
const variants = cases.map(({ profile, parameters }, index) =>
  variantOf(index, { ...parameters, Profile: profile }),
);

/** The templates that ship, set up in a world of Local Glue, with the extension's own way of starting and running. */
describe('the story under the templates', { timeout: 120_000 }, () => {
  let local: LocalGlue;
  beforeAll(async () => {
    const accounts = Object.assign({}, ...variants.map((variant) => variant.accounts)) as object;
    local = await startLocalGlue({
      args: ['--engine', 'python'],
      world: JSON.stringify({ defaultRegion: 'us-east-1', accounts }),
    });
  });
  afterAll(() => local.stop());

  it.concurrent.each(cases.map((one, index) => ({ ...one, index })))(
    '$profile, $rule',
    async ({ index, parameters, denied }) => {
      const { production } = variants[index]!;
      const digits = String(index).padStart(2, '0');
      const externalId = 'ExternalId' in parameters ? { externalId: parameters.ExternalId } : {};
      const as = (profile: string, role: string, more = {}): GlueApi =>
        local.api(`${profile}-${digits}`, [{ roleArn: `arn:aws:iam::${production}:role/${role}`, ...more }]);
      const api = as('user', 'GlueSessionCreationRole', externalId);

      const { userId, account } = await api.callerIdentity();
      expect(account).toBe(production);
      const wish: CreateSessionRequest = {
        id: `story-${digits}`,
        role: `arn:aws:iam::${production}:role/AWSGlueServiceRole-blog`,
        command: { name: 'glueetl', pythonVersion: '3' },
        defaultArguments: {},
        connections: [],
        workerType: 'G.1X',
        numberOfWorkers: 2,
        idleTimeout: 60,
        tags: { owner: userId, team: 'analytics', billing: 'data-platform' },
      };
      if (denied) {
        await expect(api.createSession(wish)).rejects.toMatchObject({
          code: 'AccessDenied',
          message: expect.stringMatching(
            /glue:CreateSession .*explicit deny in an identity-based policy$/,
          ) as string,
        });
      }
      const { id } = await startSession(
        api,
        { ...wish, connections: ['session_vpc'] },
        { clock: systemClock, permit },
      );
      const ended = await runStatement({
        api,
        sessionId: id,
        marked: markCode('6 * 7', 'python', randomUUID()),
        clock: systemClock,
      });
      expect(ended?.output?.textPlain).toBe('42\n');
      const arn = `arn:aws:glue:us-east-1:${production}:session/${id}`;
      await api.tagResource(arn, { note: 'first' });
      await api.untagResource(arn, ['note']);
      expect(await api.getTags(arn)).toEqual(wish.tags);
      const listed = await api.listSessions({ tags: { team: 'analytics' } });
      expect(listed.sessions.map((session) => session.id)).toEqual([id]);
      expect((await api.getConnection('session_vpc')).name).toBe('session_vpc');
      expect((await stopSession(api, id, { clock: systemClock })).status).toBe('STOPPED');

      const administrator = as('admin', 'GlueSessionAdministratorRole');
      await administrator.tagResource(arn, { team: 'finance-eu' });
      await administrator.deleteSession(id);
      await expect(api.getSession(id)).rejects.toMatchObject({ code: 'EntityNotFound' });
    },
  );
});
