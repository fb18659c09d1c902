import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticesOf, packagesIn } from '../../scripts/notices.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'notices-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function made(
  name: string,
  license: unknown,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(own, file), text);
  return own;
}

describe('notices of what ships bundled', () => {
  it('are of the packages that something was taken from, each once', () => {
    const inputs = {
      'src/a.ts': { bytesInOutput: 1 },
      'node_modules/yaml/dist/a.js': { bytesInOutput: 1 },
      'node_modules/yaml/dist/b.js': { bytesInOutput: 2 },
      'node_modules/@aws-sdk/core/node_modules/@smithy/types/x.js': { bytesInOutput: 1 },
      'node_modules/unused/index.js': { bytesInOutput: 0 },
    };
    const build = { inputs: {}, outputs: { 'dist/a.js': { inputs } } } as unknown as Metafile;
    expect(packagesIn([build, build])).toEqual([
      'node_modules/@aws-sdk/core/node_modules/@smithy/types',
      'node_modules/yaml',
    ]);
  });

  it('hold names, versions, licences and texts, the same text once', async () => {
    const folders = [
      await made('one', 'MIT', { LICENSE: 'Copyright me' }),
      await made('two', 'MIT', { 'LICENSE.md': 'Copyright me\r\n' }),
      await made('three', 'Apache-2.0', { NOTICE: 'mine' }),
      await made('four', 'Apache-2.0', {}),
      await made('five', '(MIT OR GPL-3.0-or-later)', { licence: 'either' }),
    ];
    const text = await noticesOf(folders, 'the Apache text');
    expect(text).toContain('one 1.0.0 (MIT)\ntwo 1.0.0 (MIT)\n\nCopyright me\n');
    expect(text).toContain('four 1.0.0 (Apache-2.0)\n\nthe Apache text\n');
    expect(text.match(/Copyright me/g)).toHaveLength(1);
  });

  it.each([
    ['GPL-3.0', { LICENSE: 'x' }, /bad 1\.0\.0 has the licence GPL-3\.0/],
    ['(MIT AND GPL-3.0)', { LICENSE: 'x' }, /has the licence/],
    [undefined, { LICENSE: 'x' }, /has the licence none/],
    ['MIT', {}, /has no text of its licence MIT/],
  ])('refuse what may not ship: %s', async (license, files, expected) => {
    await rm(path.join(folder, 'bad'), { recursive: true, force: true });
    await expect(noticesOf([await made('bad', license, files)], 'x')).rejects.toThrow(expected);
  });
});
