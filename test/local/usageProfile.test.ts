import { expect, it } from 'vitest';
import { callersProfile } from '../../src/glue/guardrails/callersProfile';
import { startLocalGlue } from './localGlue';

const allowed = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['glue:GetUsageProfile', 'iam:Get*', 'sts:AssumeRole'], Resource: '*' },
  ],
};
const world = {
  accounts: {
    '444455556666': {
      users: {
        Ada: { profile: 'ada', inlinePolicies: { allowed }, tags: { 'glue:UsageProfile': 'analysts' } },
        Nobody: { profile: 'nobody', tags: { 'glue:UsageProfile': 'analysts' } },
      },
      roles: {
        Tagged: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' }],
          },
          inlinePolicies: { allowed },
          tags: { 'glue:UsageProfile': 'engineers' },
        },
      },
      regions: {
        'us-east-1': {
          usageProfiles: {
            analysts: {
              numberOfWorkers: { MinValue: '2', MaxValue: '4', DefaultValue: '2' },
              workerType: { AllowedValues: ['G.1X'] },
              timeout: { MaxValue: 'much' },
            },
          },
        },
      },
    },
  },
};

it('reads the limits of a usage profile as the service has them', async () => {
  const local = await startLocalGlue({ args: ['--engine', 'python'], world: JSON.stringify(world) });
  try {
    expect(await local.api('ada').usageProfile('analysts')).toEqual({
      name: 'analysts',
      session: {
        numberOfWorkers: { allowed: [], least: 2, most: 4 },
        workerType: { allowed: ['G.1X'] },
        timeout: { allowed: [] },
      },
    });
    await expect(local.api('ada').usageProfile('nothing')).rejects.toMatchObject({ code: 'EntityNotFound' });
    expect(await callersProfile(local.api('ada'))).toBe('analysts');
    expect(await callersProfile(local.api('nobody'))).toBeUndefined();
    const roleArn = 'arn:aws:iam::444455556666:role/Tagged';
    expect(await callersProfile(local.api('ada', [{ roleArn }]))).toBe('engineers');
    await expect(local.api('nobody').usageProfile('analysts')).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  } finally {
    await local.stop();
  }
});
