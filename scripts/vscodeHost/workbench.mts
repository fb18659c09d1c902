/** Drives the workbench in a real browser, as a person would: by keyboard and by what can be seen. */
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { keepBrowserState } from '../leftBehind.mjs';

/** The workbench of one window. Waits are milliseconds. */
export class Workbench {
  private constructor(
    readonly browser: Browser,
    readonly page: Page,
  ) {}

  /** Opens a window and waits until the workbench and the extension host are up. */
  static async open(options: {
    readonly chromium: string;
    readonly url: string;
    readonly width?: number;
    readonly height?: number;
  }): Promise<Workbench> {
    const browser = await chromium.launch({
      executablePath: options.chromium,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(options.url, { timeout: 60_000 });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    const workbench = new Workbench(browser, page);
    await page.locator('.explorer-viewlet, .explorer-folders-view').first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    return workbench;
  }

  async close(): Promise<void> {
    await this.keepState();
    await this.browser.close();
  }

  /** Keeps what the window wrote in its browser, for the search for keys; a page that was left has nothing any more. */
  async keepState(): Promise<void> {
    if (this.page.url() !== 'about:blank') await keepBrowserState(this.page);
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    await this.inPalette(title, (timeout) => row.click({ timeout }));
  }

  /** Runs a command by its exact title, without the mouse. */
  async commandByKeys(title: string): Promise<void> {
    await this.inPalette(title, (timeout) => this.untilFocused(title, timeout));
    await this.page.keyboard.press('Enter');
  }

  /** Writes the title into the palette, and opens that again where it closes or does not know the command yet. */
  private async inPalette(title: string, choose: (timeout: number) => Promise<void>): Promise<void> {
    for (let left = 4; ; left--) {
      await this.page.keyboard.press('F1');
      const input = this.page.locator('.quick-input-widget input').first();
      try {
        await input.waitFor({ timeout: 5000 });
        // A window that gets its focus back closes the palette that was just opened.
        await input.fill(`>${title}`, { timeout: 5000 });
        await choose(left === 0 ? 20_000 : 4000);
        return;
      } catch (error) {
        if (left === 0) throw error;
        // The palette lists what was known when it was opened: in a window that has just come up, not yet all.
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Chooses a row of the picker that has this title by typing what it says. */
  async pickByKeys(title: string, text: string): Promise<void> {
    await this.titled(title);
    await this.page.locator('.quick-input-widget input[type="text"]').first().fill(text);
    await this.untilFocused(text);
    await this.page.keyboard.press('Enter');
  }

  /** Ticks a row of the list that has this title, and accepts the list. */
  async tickByKeys(title: string, text: string): Promise<void> {
    await this.titled(title);
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
    await row.waitFor();
    await this.page.locator('.quick-input-widget input[type="text"]').first().fill(text);
    await this.page.keyboard.press('ArrowDown');
    await this.untilFocused(text);
    if ((await row.locator('[aria-checked="true"], input:checked').count()) === 0) {
      await this.page.keyboard.press('Space');
    }
    await this.page.keyboard.press('Enter');
  }

  /** Texts of the rows of the view "Sessions". */
  async rows(): Promise<string[]> {
    return this.page.locator('.sidebar .pane-body .monaco-list-row').allInnerTexts();
  }

  /** What a screen reader says of the row that has the focus in the side bar. */
  async focusedRow(): Promise<string> {
    const row = this.page.locator('.sidebar .pane-body .monaco-list-row.focused').first();
    return (await row.count()) === 0 ? '' : ((await row.getAttribute('aria-label')) ?? '');
  }

  private async untilFocused(text: string, timeout = 20_000): Promise<void> {
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused')
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout });
  }

  /** Chooses a row of the picker that is open, once its title is the one given. */
  async pick(text: string, title?: string, timeout = 20_000): Promise<void> {
    await this.titled(title);
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
    await row.waitFor({ timeout });
    await row.click();
  }

  /** Fills the box that is open, once its title is the one given, and accepts it; no text accepts what it holds. */
  async answer(title: string, text?: string): Promise<void> {
    await this.titled(title);
    const input = this.page
      .locator('.quick-input-widget input[type="text"], .quick-input-widget input')
      .first();
    await input.waitFor();
    if (text !== undefined) await input.fill(text);
    // A picker takes no answer before it has read what it offers.
    const list = this.page.locator('.quick-input-list');
    if (await list.isVisible()) await list.locator('.monaco-list-row').first().waitFor({ timeout: 20_000 });
    await this.page.keyboard.press('Enter');
  }

  /** Presses a button of a dialog. */
  async dialog(button: string, timeout = 20_000): Promise<void> {
    const found = this.page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: button }).first();
    await found.waitFor({ timeout });
    await found.click();
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    // Whatever takes the focus in this moment closes the box: it is opened again, as a person would.
    for (let turn = 0; ; turn++) {
      await this.page.keyboard.press('ControlOrMeta+P');
      try {
        await input.waitFor();
        await input.fill(name, { timeout: 3000 });
        break;
      } catch (error) {
        if (turn === 4) throw error;
      }
    }
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /**
   * Waits until a notebook is there again after a reload. VS Code writes down once a minute what is open: one that was
   * opened since then is opened again, as a person would.
   */
  async untilBack(name: string): Promise<void> {
    const cell = this.page.locator('.code-cell-row').first();
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await cell.waitFor({ timeout: 10_000 }).catch(() => this.openFile(name));
    await cell.waitFor({ timeout: 60_000 });
  }

  /** A row of the view "Sessions" that shows this text. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row').filter({ hasText: text }).first();
  }

  /** Scrolls the notebook until its code cell with this text can be seen, and puts the cursor into it. */
  async focusCell(text: string): Promise<void> {
    const cell = this.page.locator('.code-cell-row').filter({ hasText: text }).first();
    await this.scrollUntil(cell);
    await cell.locator('.monaco-editor .view-lines').first().click();
  }

  /** Runs the code cell with this text by its run button. */
  async runCell(text: string): Promise<void> {
    await this.focusCell(text);
    const cell = this.page.locator('.code-cell-row').filter({ hasText: text }).first();
    await cell.locator('.run-button-container .action-label').first().click();
  }

  /** Whether the code cell with this text shows as running. */
  async isRunning(text: string): Promise<boolean> {
    const cell = this.page.locator('.code-cell-row').filter({ hasText: text }).first();
    await this.scrollUntil(cell);
    return (await cell.locator('.codicon-notebook-state-executing').count()) > 0;
  }

  /** Writes a new code cell below the one with this text, and runs it. */
  async addAndRunCell(below: string, code: string): Promise<void> {
    await this.focusCell(below);
    await this.command('Notebook: Insert Code Cell Below');
    await this.page.locator('.code-cell-row .monaco-editor.focused').waitFor();
    await this.page.keyboard.insertText(code);
    await this.command('Notebook: Execute Cell');
  }

  /** Waits until the notebook shows the text, in a cell, below one or in an output, and scrolls it into sight. */
  async see(text: string | RegExp, timeout = 30_000): Promise<void> {
    const started = Date.now();
    for (let turn = 1; ; turn++) {
      for (const frame of this.page.frames()) {
        const found = frame.getByText(text).filter({ visible: true }).first();
        if ((await found.count().catch(() => 0)) > 0) {
          await this.scrollUntil(found);
          return;
        }
      }
      if (Date.now() - started > timeout)
        throw new Error(`not seen within ${String(timeout)} ms: ${String(text)}`);
      await this.page.waitForTimeout(200);
      // What is out of sight is not drawn: look around, down first.
      if (turn % 4 === 0) await this.scroll(turn % 80 < 40 ? 200 : -200);
    }
  }

  /** Waits until an output of the notebook holds such an element, with this text; looks in every frame. */
  async output(selector: string, text: string | RegExp, timeout = 30_000): Promise<Locator> {
    const started = Date.now();
    while (Date.now() - started < timeout) {
      for (const frame of this.page.frames()) {
        const found = frame.locator(selector).filter({ hasText: text }).first();
        if ((await found.count().catch(() => 0)) > 0) return found;
      }
      await this.page.waitForTimeout(200);
    }
    throw new Error(`not seen within ${String(timeout)} ms: ${selector} with ${String(text)}`);
  }

  /** Turns the wheel over the editor until something is within the window: down to the end, then from the top. */
  async scrollUntil(wanted: Locator): Promise<void> {
    const { height } = this.page.viewportSize() ?? { height: 860 };
    for (let turn = 0; turn < 60; turn++) {
      const box = await wanted.boundingBox({ timeout: 200 }).catch(() => null);
      if (box !== null && box.y > 130 && box.y + Math.min(box.height, 160) < height - 30) return;
      await this.scroll(box === null ? (turn < 30 ? 350 : -350) : box.y <= 130 ? -150 : 150);
      await this.page.waitForTimeout(120);
    }
  }

  /** Waits until the picker or box with this title is there. */
  async titled(title: string | undefined): Promise<void> {
    if (title === undefined) return;
    await this.page
      .locator('.quick-input-title')
      .filter({ hasText: title })
      .first()
      .waitFor({ timeout: 20_000 });
  }

  /** Turns the wheel over the notebook, by about so many pixels: each event moves it by 48, whatever it says. */
  private async scroll(pixels: number): Promise<void> {
    const { width, height } = this.page.viewportSize() ?? { width: 1280, height: 860 };
    await this.page.mouse.move(width * 0.6, height * 0.6);
    const events = Math.max(1, Math.round(Math.abs(pixels) / 48));
    for (let event = 0; event < events; event++) await this.page.mouse.wheel(0, Math.sign(pixels) * 120);
  }

  /** Drags the edge of the side bar to so many pixels from the left. */
  async widenSideBar(to: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('there is no side bar');
    const { height } = this.page.viewportSize() ?? { height: 860 };
    await this.page.mouse.move(box.x + box.width + 1, height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(to, height / 2, { steps: 8 });
    await this.page.mouse.up();
    await this.page.waitForTimeout(500);
  }

  async screenshot(file: string): Promise<void> {
    // What VS Code says of itself for a while is not what a picture is of.
    const activating = this.page.locator('.statusbar-item', { hasText: 'Activating Extensions' }).first();
    await activating.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
    // A theme that changes fades over: not in a picture.
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }
}
