import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsCallError } from '../../src/glue/errors';
import { sessionArn } from '../../src/glue/roleArn';
import { startLocalGlue, type LocalGlue } from './localGlue';

const account = '444455556666';
const users = `
    users:
      admin: { profile: admin, managedPolicies: [AdministratorAccess] }
      reader: { profile: reader, managedPolicies: [AWSGlueServiceRole] }`;
const sessions = `
    regions:
      us-east-1:
        sessions:
          - { id: live-, count: 120, status: READY, tags: { team: [x, y] } }
          - { id: plain, status: READY }`;
const arn = (id: string) => sessionArn('us-east-1', account, id);

let local: LocalGlue;
beforeAll(async () => {
  local = await startLocalGlue({
    args: ['--engine', 'python'],
    world: `accounts:\n  '${account}':${users}${sessions}`,
  });
});
afterAll(() => local.stop());

describe('tagging:GetResources', () => {
  it('gives the tags of a hundred sessions in one call, and leaves out those never tagged', async () => {
    const { bulk, untagResource } = local.api('admin');
    const asked = [
      ...Array.from({ length: 99 }, (_, index) => arn(`live-${String(index + 1).padStart(3, '0')}`)),
    ];
    const tags = await bulk.getResourceTags([...asked, arn('plain')]);
    expect([...tags.keys()].sort()).toEqual(asked);
    expect(tags.get(arn('live-002'))).toEqual({ team: 'y' });
    await untagResource(arn('live-002'), ['team']);
    expect((await bulk.getResourceTags([arn('live-002')])).get(arn('live-002'))).toEqual({});
  });

  it('takes no more than a hundred', async () => {
    const tooMany = Array.from({ length: 101 }, (_, index) => arn(String(index)));
    await expect(local.api('admin').bulk.getResourceTags(tooMany)).rejects.toThrow(
      /failed to satisfy constraint: Member must have length less than or equal to 100/,
    );
  });

  it('is refused to whoever may not call it', async () => {
    const refused = local.api('reader').bulk.getResourceTags([arn('plain')]);
    await expect(refused).rejects.toMatchObject({ code: 'AccessDenied', action: 'tag:GetResources' });
    await expect(refused).rejects.toThrow(/not authorized to perform: tag:GetResources/);
  });

  it('is not there in a world without it', { timeout: 30_000 }, async () => {
    const without = await startLocalGlue({
      args: ['--engine', 'python'],
      world: `resourceGroupsTagging: false\naccounts:\n  '${account}':${users}`,
    });
    const refused = without.api('admin').bulk.getResourceTags([arn('plain')]);
    await expect(refused).rejects.toMatchObject({ code: 'UnknownOperation' });
    await without.stop();
  });

  it('is throttled under its own name, and not asked again by the SDK', { timeout: 30_000 }, async () => {
    const slow = await startLocalGlue({
      args: ['--engine', 'python', '--rate', '1'],
      world: `accounts:\n  '${account}':${users}`,
    });
    const { bulk } = slow.api('admin');
    const ends = await Promise.allSettled([1, 2, 3].map(() => bulk.getResourceTags([arn('plain')])));
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error instanceof AwsCallError && error.isThrottle).toBe(true);
    const calls = slow.journal().filter(({ operation }) => operation === 'tag:GetResources');
    expect(calls).toHaveLength(3);
    expect(calls.map(({ outcome }) => outcome)).toContain('ThrottledException');
    await slow.stop();
  });
});
