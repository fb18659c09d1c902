import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  GetTagsCommand,
  ListCostAllocationTagsCommand,
  UpdateCostAllocationTagsStatusCommand,
  type GetCostAndUsageCommandInput,
} from '@aws-sdk/client-cost-explorer';
import { fromIni } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalGlue, type LocalGlue } from './localGlue';

type Filter = GetCostAndUsageCommandInput['Filter'];

const hour = 3600;
const session = (id: string, tags: object, ageSeconds: number, executionSeconds: number) => ({
  id,
  status: 'STOPPED',
  role: 'arn:aws:iam::444455556666:role/Run',
  tags,
  ageSeconds,
  executionSeconds,
  workerType: 'G.1X',
  numberOfWorkers: 2,
});
const billing = {
  inlinePolicies: {
    Bill: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ce:*', Resource: '*' }] },
  },
};
const runtimeRole = {
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
};
const production = { Dimensions: { Key: 'LINKED_ACCOUNT', Values: ['444455556666'] } } satisfies Filter;
const world = {
  payerAccount: '111122223333',
  accounts: {
    '111122223333': {
      users: { Payer: { profile: 'payer', ...billing }, Nobody: { profile: 'nobody' } },
      roles: { Run: runtimeRole },
      regions: {
        'us-east-1': {
          sessions: [
            {
              ...session('now', { team: 'today' }, 60, 0),
              role: 'arn:aws:iam::111122223333:role/Run',
              status: 'READY',
            },
          ],
        },
      },
    },
    '444455556666': {
      users: { Member: { profile: 'member', ...billing } },
      roles: { Run: runtimeRole },
      regions: {
        'us-east-1': {
          sessions: [
            session('a', { team: 'analytics', billing: 'x' }, 50 * hour, hour),
            session('b', { team: 'finance' }, 50 * hour, 2 * hour),
            session('c', {}, 50 * hour, 30),
          ],
        },
        'eu-west-1': { sessions: [session('d', { team: 'analytics' }, 26 * hour, 1.5 * hour)] },
      },
    },
  },
};

describe('Cost Explorer', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world: JSON.stringify(world) });
  });
  afterAll(() => local.stop());

  const client = (profile: string) =>
    new CostExplorerClient({
      region: 'us-east-1',
      endpoint: local.endpoint,
      credentials: fromIni({ profile, filepath: local.credentialsFile, configFilepath: local.configFile }),
    });
  const day = (offset: number) => new Date(Date.now() + offset * 24 * hour * 1000).toISOString().slice(0, 10);
  const query: GetCostAndUsageCommandInput = {
    TimePeriod: { Start: day(-4), End: day(1) },
    Granularity: 'DAILY',
    Metrics: ['UnblendedCost', 'UsageQuantity'],
    Filter: production,
  };
  const cost = (profile: string, change: Partial<GetCostAndUsageCommandInput> = {}) =>
    client(profile).send(new GetCostAndUsageCommand({ ...query, ...change }));
  /** Cost of each group over the whole time. */
  const groups = async (profile: string, ...keys: GetCostAndUsageCommandInput['GroupBy'] & object) => {
    const sums: Record<string, number> = {};
    for (const { Groups = [] } of (await cost(profile, { GroupBy: keys })).ResultsByTime ?? []) {
      for (const { Keys = [], Metrics = {} } of Groups) {
        const name = Keys.join(' ');
        sums[name] = (sums[name] ?? 0) + Number(Metrics.UnblendedCost?.Amount);
      }
    }
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Number(sum.toFixed(3))]));
  };

  it('shows the payer what ran in every account, by day', async () => {
    const { ResultsByTime = [] } = await cost('payer');
    expect(ResultsByTime).toHaveLength(5);
    const total = ResultsByTime.reduce((sum, { Total }) => sum + Number(Total?.UnblendedCost?.Amount), 0);
    // 2 DPU: 1 + 2 + 1.5 hours, and a minute at least.
    expect(total).toBeCloseTo(2 * (4.5 + 1 / 60) * 0.44, 5);
  });

  it('knows services, Regions and accounts as dimensions', async () => {
    expect(
      await groups('payer', { Type: 'DIMENSION', Key: 'REGION' }, { Type: 'DIMENSION', Key: 'SERVICE' }),
    ).toEqual({
      'us-east-1 AWS Glue': 2.655,
      'eu-west-1 AWS Glue': 1.32,
    });
    const filter = {
      Dimensions: { Key: 'USAGE_TYPE', Values: ['EUW1-GlueInteractiveSession-DPU-Hour'] },
    } satisfies Filter;
    const { ResultsByTime = [] } = await cost('payer', { Filter: filter, Granularity: 'MONTHLY' });
    expect(
      ResultsByTime.reduce((sum, { Total }) => sum + Number(Total?.UsageQuantity?.Amount), 0),
    ).toBeCloseTo(3, 5);
  });

  it('shows no tag before it is activated, and activates it for the payer alone', async () => {
    expect(await groups('payer', { Type: 'TAG', Key: 'team' })).toEqual({ team$: 3.975 });
    await expect(client('member').send(new ListCostAllocationTagsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        "Linked account doesn't have access to cost allocation tags",
      ) as string,
    });
    const listed = await client('payer').send(new ListCostAllocationTagsCommand({}));
    expect(
      listed.CostAllocationTags?.map(({ TagKey, Status }) => `${String(TagKey)} ${String(Status)}`),
    ).toEqual(['billing Inactive', 'team Inactive']);
    const updated = await client('payer').send(
      new UpdateCostAllocationTagsStatusCommand({
        CostAllocationTagsStatus: [
          { TagKey: 'team', Status: 'Active' },
          { TagKey: 'nothing', Status: 'Active' },
        ],
      }),
    );
    expect(updated.Errors?.map(({ TagKey }) => TagKey)).toEqual(['nothing']);
    const active = await client('payer').send(new ListCostAllocationTagsCommand({ Status: 'Active' }));
    expect(active.CostAllocationTags?.[0]).toMatchObject({ TagKey: 'team', Status: 'Active' });
    // What ran before stays without: activation looks forward.
    expect(await groups('payer', { Type: 'TAG', Key: 'team' })).toEqual({ team$: 3.975 });
    const tags = await client('payer').send(
      new GetTagsCommand({ TimePeriod: query.TimePeriod, TagKey: 'team' }),
    );
    expect(tags.Tags).toContain('today');
    expect(tags.Tags).not.toContain('analytics');
  });

  it.each<[string, string, Partial<GetCostAndUsageCommandInput>, string]>([
    ['a caller without permission', 'nobody', {}, 'AccessDeniedException'],
    [
      'three groups',
      'payer',
      { GroupBy: [1, 2, 3].map(() => ({ Type: 'DIMENSION', Key: 'REGION' })) },
      'ValidationException',
    ],
    ['an unknown metric', 'payer', { Metrics: ['Money'] }, 'ValidationException'],
    [
      'an unknown dimension',
      'payer',
      { GroupBy: [{ Type: 'DIMENSION', Key: 'PLATFORM' }] },
      'ValidationException',
    ],
    ['no time', 'payer', { TimePeriod: { Start: '2026-01-02', End: '2026-01-02' } }, 'ValidationException'],
    [
      'a day that is none',
      'payer',
      { TimePeriod: { Start: 'yesterday', End: 'today' } },
      'ValidationException',
    ],
    ['hours', 'payer', { Granularity: 'HOURLY' }, 'ValidationException'],
    ['two operators in a filter', 'payer', { Filter: { And: [], Or: [] } }, 'ValidationException'],
  ])('refuses %s', async (_, profile, change, code) => {
    await expect(cost(profile, change)).rejects.toMatchObject({ name: code });
  });

  it('has its one endpoint in us-east-1', async () => {
    const elsewhere = new CostExplorerClient({
      region: 'eu-west-1',
      endpoint: local.endpoint,
      credentials: fromIni({
        profile: 'payer',
        filepath: local.credentialsFile,
        configFilepath: local.configFile,
      }),
    });
    await expect(elsewhere.send(new ListCostAllocationTagsCommand({}))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });
});
