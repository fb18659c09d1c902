import { afterEach, expect, it, vi } from 'vitest';
import { createAwsAccess } from '../../../src/aws/glueApis';

afterEach(() => {
  vi.doUnmock('../../../src/aws/credentials');
  vi.resetModules();
});

it('tells that a part of it is not there as a call that was not sent, and looks for it again', async () => {
  vi.doMock('../../../src/aws/credentials', () => {
    throw new Error('no such file');
  });
  const access = createAwsAccess({
    roleSessionName: () => undefined,
    mfaCode: () => Promise.reject(new Error('no MFA here')),
  });
  const api = access.of({ region: 'us-east-1', roles: [], endpoint: 'http://127.0.0.1:9' });
  const missing = { code: 'NotLoaded', outcome: 'notExecuted' };
  await expect(api.runStatement('session', '1')).rejects.toMatchObject(missing);
  vi.doUnmock('../../../src/aws/credentials');
  vi.resetModules();
  await expect(api.listSessions({})).rejects.not.toMatchObject(missing);
});
