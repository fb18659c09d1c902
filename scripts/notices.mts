/** Notices of what others wrote and ships bundled, as their licences want it; refuses what may not ship. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Licences of what may ship (SPDX). */
const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);

interface Notice {
  /** With its version. */
  readonly name: string;
  readonly licence: string;
  /** What must go along: licence and notice as the package has them. */
  readonly text: string;
}

/** Folders of the packages that a build took something from. */
export function packagesIn(builds: readonly Metafile[]): readonly string[] {
  const taken = builds.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
  );
  const folders = taken.flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/')) ?? [],
  );
  return [...new Set(folders)].sort();
}

/**
 * The text that ships.
 * @param folders of packages
 * @param apache the text of the Apache License 2.0: packages under it need not bring their own
 * @throws Error that names each package whose licence is not allowed, or whose text is not there
 */
export async function noticesOf(folders: readonly string[], apache: string): Promise<string> {
  const problems: string[] = [];
  const notices: Notice[] = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      await readFile(path.join(folder, 'package.json'), 'utf8'),
    ) as { readonly name: string; readonly version: string; readonly license?: unknown };
    const known = typeof license === 'string' ? license : 'none';
    const own = await textsOf(folder, /^(?:licen[cs]e|copying)\b/i);
    const licenceText = own === '' && known === 'Apache-2.0' ? apache.trim() : own;
    const text = [licenceText, await textsOf(folder, /^notice\b/i)].filter((one) => one !== '').join('\n\n');
    if (!isAllowed(known)) problems.push(`${name} ${version} has the licence ${known}`);
    else if (licenceText === '') problems.push(`${name} ${version} has no text of its licence ${known}`);
    else notices.push({ name: `${name} ${version}`, licence: known, text });
  }
  if (problems.length > 0) throw new Error(`This may not ship: ${problems.join('; ')}.`);
  return written(notices);
}

/** A choice is allowed when one of it is, a sum when all of it are. */
function isAllowed(licence: string): boolean {
  const plain = licence.replace(/^\((.*)\)$/, '$1');
  if (plain.includes('(')) return false;
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.has(one)));
}

async function textsOf(folder: string, names: RegExp): Promise<string> {
  const files = (await readdir(folder)).filter((file) => names.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
}

/** Packages with the same text stand above it together. */
function written(notices: readonly Notice[]): string {
  const byText = new Map<string, Notice[]>();
  for (const notice of notices) byText.set(notice.text, [...(byText.get(notice.text) ?? []), notice]);
  const parts = [...byText].map(([text, all]) => {
    const names = all.map(({ name, licence }) => `${name} (${licence})`).join('\n');
    return `${'-'.repeat(80)}\n${names}\n\n${text}\n`;
  });
  return `What others wrote and is part of Glue Sessions\n\n${parts.join('\n')}`;
}
