/** Runs a bundle with `run()` inside a real VS Code, to its end. */
import { chromium, type Page } from 'playwright-core';
import { keepBrowserState } from '../leftBehind.mjs';

export interface TestRun {
  readonly chromium: string;
  readonly url: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** What the bundle's own lines begin with; all else is the host's chatter. */
  readonly mark: string;
  /** What this VS Code has asked its person before, by the key it remembers the answer with. */
  readonly remembered?: Readonly<Record<string, string>>;
  /** Lines that the bundle printed, without the mark. */
  readonly onLine: (line: string) => void;
}

/** @returns the exit code: 0 when `run()` resolved */
export async function runInWorkbench({
  chromium: executablePath,
  url,
  timeout,
  mark,
  remembered = {},
  onLine,
}: TestRun): Promise<number> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => {
        resolve(code);
      });
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const text = args.map(String).join(' ');
      if (text.startsWith(mark)) text.slice(mark.length).split('\n').forEach(onLine);
    });
    await remember(page, url, remembered);
    await page.goto(url);
    const late = new Promise<number>((_, reject) => {
      setTimeout(() => {
        reject(new Error(`the run inside VS Code did not end within ${String(timeout / 1000)} s`));
      }, timeout).unref();
    });
    const code = await Promise.race([ended, late]);
    await keepBrowserState(page);
    return code;
  } finally {
    await browser.close();
  }
}

/** Writes into the database in which a VS Code in the browser keeps its state, before it is opened. */
async function remember(page: Page, url: string, items: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(items).length === 0) return;
  // A page of the same origin that is no workbench.
  await page.goto(new URL('/version', url).href);
  // As text: the types of a browser are not those of this program.
  await page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('vscode-web-state-db-global');
    opening.onupgradeneeded = () => opening.result.createObjectStore('ItemTable');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const writing = opening.result.transaction('ItemTable', 'readwrite');
      for (const [key, value] of ${JSON.stringify(Object.entries(items))}) writing.objectStore('ItemTable').put(value, key);
      writing.onerror = () => reject(writing.error);
      writing.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  })`);
}
