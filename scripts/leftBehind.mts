/**
 * What a run of the tests leaves behind: logs, records, notebooks and the state that VS Code keeps, in `out/left`; and the
 * keys that must be in none of it. Only while `npm test` asks for it, as with coverage.
 */
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';

const folder = 'GLUE_SESSIONS_LEFT';
const secrets = 'GLUE_SESSIONS_SECRETS';

/** Asks everything started from here on to keep what it leaves. @returns where, and the file of the keys in use */
export async function keepWhatIsLeft(): Promise<{ readonly left: string; readonly secretsFile: string }> {
  const left = path.resolve('out', 'left');
  await rm(left, { recursive: true, force: true });
  await mkdir(left, { recursive: true });
  const secretsFile = path.join(await mkdtemp(path.join(tmpdir(), 'glue-sessions-secrets-')), 'secrets');
  process.env[folder] = left;
  process.env[secrets] = secretsFile;
  return { left, secretsFile };
}

/** Notes the secret keys of a credentials file. Of the temporary ones the search knows the form. */
export async function noteSecrets(credentialsFile: string): Promise<void> {
  const file = process.env[secrets];
  if (file === undefined) return;
  const text = await readFile(credentialsFile, 'utf8');
  const keys = [...text.matchAll(/^aws_secret_access_key\s*=\s*(\S+)/gm)].map(([, key = '']) => key);
  await appendFile(file, keys.map((key) => `${key}\n`).join(''), { mode: 0o600 });
}

/** Keeps a folder that is about to be removed, but for extensions. @param kind what it is, for people */
export async function keepFolder(kind: string, from: string): Promise<void> {
  const left = process.env[folder];
  if (left === undefined) return;
  await cp(from, path.join(left, `${kind}-${path.basename(from)}`), {
    recursive: true,
    filter: (file) => !/\/(?:extensions|CachedExtensionVSIXs|node_modules)$/.test(file),
  });
}

/** Keeps the state that a VS Code in the browser has, that of extensions included: it is gone with its window. */
export async function keepBrowserState(page: Page): Promise<void> {
  const left = process.env[folder];
  if (left === undefined) return;
  // As text: the types of a browser are not those of this program.
  const state = await page.evaluate<string>(`(async () => {
    const opened = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const all = {};
    for (const { name } of await indexedDB.databases()) {
      const database = await opened(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const items = database.transaction(store).objectStore(store);
        all[name + '/' + store] = await Promise.all([opened(items.getAllKeys()), opened(items.getAll())]);
      }
      database.close();
    }
    return JSON.stringify(all);
  })()`);
  const kept = path.join(left, `state-of-window-${String(process.pid)}-${String(Date.now())}.json`);
  await appendFile(kept, state);
}
