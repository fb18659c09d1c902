import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('SECURITY.md', 'utf8');

/** Tests that the threat model names: title and file. */
const named = [...text.matchAll(/\[([^\]]+)\]\((test\/[^)]+)\)/g)].map(([, title = '', file = '']) => ({
  title,
  file,
}));

describe('the threat model', () => {
  it('names tests', () => {
    expect(named.length).toBeGreaterThan(25);
  });

  it.each(named)('names a test that is there: $title', ({ title, file }) => {
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });

  it('shows every line by a test, or says that it is open', () => {
    const lines = text.split('\n').filter((line) => /^\| (\*\*|…)/.test(line));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line).toMatch(/\]\((test|setup)\/|open:/);
  });
});

/** Licences of what is installed, development tools included. */
const licences = new Set([
  ...[
    'MIT',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Python-2.0',
    'WTFPL',
  ],
  ...['CC0-1.0', '(MIT OR WTFPL)', '(MIT OR CC0-1.0)', '(MIT AND Zlib)', '(MIT OR GPL-3.0-or-later)'],
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
  // Tools alone, none of which ships: lightningcss, npm's own parts, vsce-sign, spdx-exceptions.
  ...['MPL-2.0', 'Artistic-2.0', 'SEE LICENSE IN LICENSE.txt', 'CC-BY-3.0'],
]);

describe('dependencies', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly license?: string; readonly integrity?: string }>>;
  };
  const installed = Object.entries(packages).filter(([name]) => name !== '');

  it('are held by hash', () => {
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('have a licence that is known here', () => {
    const odd = installed.filter(([, { license }]) => license === undefined || !licences.has(license));
    expect(odd.map(([name, { license }]) => `${name}: ${license ?? 'none'}`)).toEqual([]);
  });
});
