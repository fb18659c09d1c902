import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchSecrets } from '../../scripts/searchSecrets.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'left-behind-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// With characters that are written otherwise in an address.
const key = `/+${randomBytes(30).toString('base64').slice(2)}`;
const token = `IQoJb3JpZ2luX2Vj${randomBytes(48).toString('base64')}`;
const planted: readonly (readonly [string, string | Buffer])[] = [
  ['as it is', `calls with ${key}`],
  ['in an address', `?secret=${encodeURIComponent(key)}&x=1`],
  ['in base64', Buffer.from(key).toString('base64')],
  ['in UTF-16, between zeros', Buffer.concat([Buffer.alloc(4), Buffer.from(key, 'utf16le')])],
  ['as a token of any run', JSON.stringify({ SessionToken: token })],
  ['as a token in an address', encodeURIComponent(token)],
  [
    'as a temporary key with its label',
    JSON.stringify({ secretAccessKey: randomBytes(30).toString('base64') }),
  ],
  ['as configuration', `aws_secret_access_key = ${randomBytes(30).toString('base64')}`],
  ['quoted twice', JSON.stringify(JSON.stringify({ SecretAccessKey: randomBytes(30).toString('base64') }))],
];

describe('the search of what a run leaves behind', () => {
  it.each(planted)('finds a key %s, and names file and kind without the key', async (_, content) => {
    const file = path.join(folder, 'planted');
    await writeFile(file, content);
    const { found } = await searchSecrets([folder], [key]);
    expect(found.map((one) => one.file)).toEqual([file]);
    expect(JSON.stringify(found)).not.toContain(key);
  });

  it('takes nothing for a key that only stands beside one', async () => {
    await writeFile(
      path.join(folder, 'planted'),
      `AKIAIOSFODNN7EXAMPLE sha256 ${'0a'.repeat(32)} aws_secret_access_key = wrong {"SecretAccessKey": "…"}`,
    );
    expect(await searchSecrets([folder], [key])).toEqual({ found: [], files: 1 });
  });
});
