import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findAwsCli } from '../../../src/host/awsCli';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aws-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds the AWS CLI in absolute folders of the PATH alone, and only what may be run', async () => {
  const PATH = ['.', path.join(folder, 'nothing'), folder].join(path.delimiter);
  expect(await findAwsCli({ PATH })).toBeUndefined();
  const file = path.join(folder, 'aws');
  await writeFile(file, '#!/bin/sh\n', { mode: 0o600 });
  if (process.getuid?.() !== 0) expect(await findAwsCli({ PATH })).toBeUndefined();
  await chmod(file, 0o700);
  expect(await findAwsCli({ PATH })).toBe(file);
  expect(await findAwsCli({})).toBeUndefined();
});
