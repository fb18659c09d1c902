/** The last step of `npm test`: searches what the run left behind for keys. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A file that holds what it must not; what it holds is not told. */
export interface FoundSecret {
  readonly file: string;
  readonly kind: string;
}

/** Keys of any run, by their form: as AWS's, session tokens begin alike. */
const forms: readonly (readonly [string, RegExp])[] = [
  ['a session token', /IQoJb3JpZ2luX2Vj[\w+/=%-]{32}/],
  [
    'a labelled secret key',
    /secret_?access_?key["'\\]*\s*[=:]\s*["'\\]*(?!wJalrXUtnFEMI)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  ],
];

/** Pictures and archives: their bytes are compressed, nothing readable stands in them. */
const unreadable = /\.(?:png|jpe?g|gif|woff2?|vsix|zip|gz)$/;

/**
 * Searches every file of the folders.
 * @param known secret keys, which must be nowhere
 * @returns what was found, and how many files were read
 */
export async function searchSecrets(
  folders: readonly string[],
  known: readonly string[],
): Promise<{ readonly found: readonly FoundSecret[]; readonly files: number }> {
  const needles = [...new Set(known.flatMap((key) => [key, encodeURIComponent(key), base64Of(key)]))];
  const found: FoundSecret[] = [];
  let files = 0;
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || unreadable.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      files += 1;
      const bytes = await readFile(file);
      // Also what a program wrote as UTF-16, as dumps have it.
      for (const text of [bytes.toString('latin1'), bytes.includes(0) ? bytes.toString('utf16le') : '']) {
        if (needles.some((needle) => text.includes(needle))) found.push({ file, kind: 'a key of this run' });
        for (const [kind, form] of forms) if (form.test(text)) found.push({ file, kind });
      }
    }
  }
  return { found, files };
}

/** The part of its base64 that does not hang on where it stands. */
function base64Of(key: string): string {
  return Buffer.from(key.slice(0, key.length - (key.length % 3))).toString('base64');
}

/** @throws Error when a planted key is not found: a search that finds nothing must have been able to */
async function proveItFinds(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-planted-'));
  try {
    await writeFile(path.join(folder, 'planted.log'), 'key planted/here+0000000000000000000000000000');
    const { found } = await searchSecrets([folder], ['planted/here+0000000000000000000000000000']);
    if (found.length !== 1) throw new Error('the search does not find a key that was planted for it');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('searchSecrets.mts') === true) {
  const [secretsFile = '', ...folders] = process.argv.slice(2);
  await proveItFinds();
  const known = (await readFile(secretsFile, 'utf8')).split('\n').filter((line) => line !== '');
  const { found, files } = await searchSecrets(folders, known);
  await rm(path.dirname(secretsFile), { recursive: true, force: true });
  console.log(
    `${files} files were searched for ${known.length} keys of this run, and for keys by their form.`,
  );
  for (const { file, kind } of found) console.log(`${file} holds ${kind}`);
  process.exitCode = found.length === 0 && files > 0 && known.length > 0 ? 0 : 1;
}
