import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withTables } from '../../scripts/readmeTables.mjs';

const readme = readFileSync('README.md', 'utf8');

it('has every magic and setting as they are; "npm run readme" writes them', () => {
  expect(withTables(readme)).toBe(readme);
});

it('shows pictures that are there', () => {
  const pictures = [...readme.matchAll(/(?:src|srcset)="(media\/[^"]+)"/g)].map(([, file]) => file ?? '');
  expect(pictures.length).toBeGreaterThanOrEqual(10);
  expect(pictures.filter((file) => !existsSync(file))).toEqual([]);
});

it('names only commands that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
