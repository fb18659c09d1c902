import { afterAll, beforeAll, expect, it } from 'vitest';
import { officialNotebook, openWindow, shootFailures, type TestWindow } from './window';

let opened: TestWindow;
beforeAll(async () => {
  opened = await openWindow({
    workspaceTrust: true,
    files: {
      'evil.ipynb': officialNotebook('print(1)'),
      '.vscode/settings.json': JSON.stringify({
        'glueSessions.local.python': '/tmp/evil',
        'glueSessions.profile': 'evil',
      }),
    },
  });
}, 300_000);
afterAll(() => opened.close());

shootFailures(() => opened.workbench);

it(
  'sends nothing from a workspace that nobody trusts, and says how to go on',
  { timeout: 90_000 },
  async () => {
    const { workbench } = opened;
    const { page } = workbench;
    const no = page.locator('.monaco-dialog-box .monaco-button', { hasText: "No, I don't trust" });
    await no.click({ timeout: 10_000 }).catch(() => undefined);
    await page
      .locator('.statusbar-item', { hasText: 'Restricted Mode' })
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench.openFile('evil.ipynb');
    await page.locator('.code-cell-row').first().waitFor({ timeout: 30_000 });
    await workbench.runCell('print(1)');
    await workbench.see(/not trusted|Restricted Mode|trust/i);
    expect(await page.locator('.monaco-dialog-box, .notebook-cell-list').first().innerText()).not.toMatch(
      /^1$/m,
    );
  },
);
