/** Runs a bundle with `run()` inside a real VS Code, to its end. */
import { chromium } from 'playwright-core';

export interface TestRun {
  readonly chromium: string;
  readonly url: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** What the bundle's own lines begin with; all else is the host's chatter. */
  readonly mark: string;
  /** Lines that the bundle printed, without the mark. */
  readonly onLine: (line: string) => void;
}

/** @returns the exit code: 0 when `run()` resolved */
export async function runInWorkbench({
  chromium: executablePath,
  url,
  timeout,
  mark,
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
    await page.goto(url);
    const late = new Promise<number>((_, reject) => {
      setTimeout(() => {
        reject(new Error(`the run inside VS Code did not end within ${String(timeout / 1000)} s`));
      }, timeout).unref();
    });
    return await Promise.race([ended, late]);
  } finally {
    await browser.close();
  }
}
