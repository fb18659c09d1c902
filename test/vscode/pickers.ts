import * as vscode from 'vscode';
import { until } from './notebooks';

type Picker = vscode.QuickPick<vscode.QuickPickItem>;

/** The pickers and boxes that the extension shows, in the hands of a test: real ones, accepted by VS Code's own command. */
export interface Pickers {
  /** The one with this title, once it is there and has read what it offers. */
  readonly titled: (title: string) => Promise<Picker>;
  /** Enter, with this text in the box. */
  readonly answer: (title: string, text: string) => Promise<void>;
  /** Enter on the row whose label ends with this. */
  readonly pick: (title: string, row: string) => Promise<void>;
}

/** @param work has the pickers that are shown meanwhile */
export async function withPickers(work: (pickers: Pickers) => Promise<void>): Promise<void> {
  const window = vscode.window as unknown as Record<string, () => Picker>;
  const before = { createQuickPick: window.createQuickPick!, createInputBox: window.createInputBox! };
  let current: Picker | undefined;
  for (const [name, create] of Object.entries(before)) {
    window[name] = () => {
      const made = create();
      current = made;
      made.onDidHide(() => {
        if (current === made) current = undefined;
      });
      return made;
    };
  }
  const titled = async (title: string) => {
    await until(() => current?.title?.includes(title) === true && !current.busy);
    return current!;
  };
  const enter = async (picker: Picker) => {
    // What was set here is sent at the end of this turn: Enter comes after it. And once: the next picker has its own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until(() => current !== picker);
  };
  try {
    await work({
      titled,
      answer: async (title, text) => {
        const picker = await titled(title);
        picker.value = text;
        await enter(picker);
      },
      pick: async (title, row) => {
        const picker = await titled(title);
        const item = picker.items.find(({ label }) => label.endsWith(row));
        if (item === undefined)
          throw new Error(`no row ${row} in ${picker.items.map(({ label }) => label).join(' | ')}`);
        picker.activeItems = [item];
        await enter(picker);
      },
    });
  } finally {
    Object.assign(window, before);
    current?.hide();
  }
}
