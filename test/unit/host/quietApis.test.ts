import { expect, it } from 'vitest';
import type { GlueApi } from '../../../src/glue/glueApi';
import type { Profile } from '../../../src/glue/profile';
import { QuietApis } from '../../../src/host/quietApis';

const profiles: readonly Profile[] = [
  { name: 'plain', source: 'keys', fingerprint: '' },
  { name: 'program', source: 'process', fingerprint: '' },
];

function quietWith(holdsKeys: boolean) {
  const inUse = { holdsKeys: () => Promise.resolve(holdsKeys) } as GlueApi;
  const unasked = {} as GlueApi;
  const apisOf = (api: typeof inUse) => ({
    of: () => api,
    forget: () => undefined,
    useKeys: () => undefined,
  });
  const quiet = new QuietApis({
    apis: apisOf(inUse),
    unasked: apisOf(unasked),
    profiles: {
      listProfiles: () => Promise.resolve(profiles),
      signedInUntil: () => Promise.resolve(undefined),
    },
  });
  return { quiet, inUse, unasked };
}

it('calls with keys that are in hand, wherever they came from', async () => {
  const { quiet, inUse } = quietWith(true);
  expect(await quiet.of({ profile: 'program', roles: [] })).toBe(inUse);
});

it('runs no program and asks for no code to have keys', async () => {
  const { quiet, unasked } = quietWith(false);
  expect(await quiet.of({ profile: 'plain', roles: [] })).toBe(unasked);
  expect(await quiet.of({ profile: 'program', roles: [] })).toBeUndefined();
  const withCode = { profile: 'plain', roles: [{ roleArn: 'r', mfaSerial: 'm' }] };
  expect(await quiet.of(withCode)).toBeUndefined();
});
