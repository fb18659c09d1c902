import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAwsCli, loginArguments } from '../../../src/host/awsCli';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aws-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that says what an AWS CLI says of its version. */
async function program(name: string, says: string): Promise<string> {
  await mkdir(path.join(folder, name));
  const file = path.join(folder, name, 'aws');
  await writeFile(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o700 });
  return file;
}

it('finds the AWS CLI in absolute folders of the PATH alone, and only what may be run', async () => {
  const file = await program('here', 'aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64');
  const PATH = ['.', path.join(folder, 'nothing'), path.dirname(file)].join(path.delimiter);
  await chmod(file, 0o600);
  if (process.getuid?.() !== 0) expect(await findAwsCli({ PATH })).toBeUndefined();
  await chmod(file, 0o700);
  expect(await findAwsCli({ PATH })).toEqual({ file, version: { major: 2, minor: 9 } });
  expect(await findAwsCli({})).toBeUndefined();
});

it('passes by version 1, which has no sso login, and takes what does not say its version', async () => {
  const old = path.dirname(await program('one', 'aws-cli/1.45.11 Python/3.11.7 botocore/1.43.11'));
  expect(await findAwsCli({ PATH: old })).toBeUndefined();
  const other = await program('other', 'a wrapper');
  const folders = [old, path.dirname(other)];
  expect(await findAwsCli({ PATH: folders.join(path.delimiter) })).toEqual({
    file: other,
    version: undefined,
  });
  const good = await program('good', 'aws-cli/2.31.0 Python/3.13 Linux/6.1');
  // As the archive of the CLI unpacks.
  await mkdir(path.join(folder, 'unpacked', 'aws'), { recursive: true });
  const all = [path.join(folder, 'unpacked'), ...folders, path.dirname(good)];
  expect(await findAwsCli({ PATH: all.join(path.delimiter) })).toEqual({
    file: good,
    version: { major: 2, minor: 31 },
  });
});

it('is not waited for by whoever gave up', async () => {
  const file = await program('slow', '$(sleep 30)');
  const given = new AbortController();
  setTimeout(() => {
    given.abort(new Error('given up'));
  }, 100);
  await expect(findAwsCli({ PATH: `${path.dirname(file)}:/bin:/usr/bin` }, given.signal)).rejects.toThrow(
    'given up',
  );
});

it('has the CLI print the address where the browser is on another machine, and need no way back', () => {
  const of = (major: number, minor: number) => ({ file: 'aws', version: { major, minor } });
  expect(loginArguments(of(2, 22), 'p', false)).toEqual(['sso', 'login', '--profile', 'p']);
  const elsewhere = ['sso', 'login', '--no-browser'];
  expect(loginArguments(of(2, 9), undefined, true)).toEqual(elsewhere);
  expect(loginArguments(of(2, 22), undefined, true)).toEqual([...elsewhere, '--use-device-code']);
  expect(loginArguments({ file: 'aws', version: undefined }, undefined, true)).toEqual(elsewhere);
});
