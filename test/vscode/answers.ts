import * as vscode from 'vscode';

/** A question that was asked of the person, as the extension put it. */
export interface Asked {
  readonly kind: 'warning' | 'information' | 'error' | 'input' | 'pick';
  readonly text: string;
  readonly detail: string;
  readonly isModal: boolean;
  readonly buttons: readonly string[];
}

type Method = 'showWarningMessage' | 'showInformationMessage' | 'showErrorMessage';
const methods: readonly (readonly [Method, Asked['kind']])[] = [
  ['showWarningMessage', 'warning'],
  ['showInformationMessage', 'information'],
  ['showErrorMessage', 'error'],
];

/**
 * Answers questions in place of a person while `work` is done: a suite inside VS Code can press no button. What presses
 * them truly is in test/interface.
 * @param answer gives the text of a button, or what is written; undefined is Escape
 */
export async function answering(
  answer: (asked: Asked) => string | undefined,
  work: (asked: readonly Asked[]) => Promise<void>,
): Promise<void> {
  const all: Asked[] = [];
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.fromEntries(
    [...methods.map(([name]) => name), 'showInputBox', 'showQuickPick'].map((name) => [name, window[name]]),
  );
  for (const [name, kind] of methods) {
    window[name] = (text: string, ...rest: unknown[]) => {
      const options = rest.find((item): item is vscode.MessageOptions => typeof item === 'object') ?? {};
      const buttons = rest.filter((item): item is string => typeof item === 'string');
      const asked: Asked = {
        kind,
        text,
        detail: options.detail ?? '',
        isModal: options.modal === true,
        buttons,
      };
      all.push(asked);
      const chosen = answer(asked);
      return Promise.resolve(chosen !== undefined && buttons.includes(chosen) ? chosen : undefined);
    };
  }
  window.showInputBox = ({ title = '', value = '' }: vscode.InputBoxOptions) => {
    const asked: Asked = { kind: 'input', text: title, detail: value, isModal: false, buttons: [] };
    all.push(asked);
    return Promise.resolve(answer(asked));
  };
  // Of several that can be ticked, those that come ticked are taken; of others the one that is named.
  window.showQuickPick = async (
    given: readonly vscode.QuickPickItem[] | Promise<readonly vscode.QuickPickItem[]>,
    { title = '', canPickMany = false }: vscode.QuickPickOptions,
  ) => {
    const rows = (await given).filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
    const labels = rows.map(({ label }) => label);
    const asked: Asked = { kind: 'pick', text: title, detail: '', isModal: false, buttons: labels };
    all.push(asked);
    const chosen = answer(asked);
    if (chosen === undefined) return undefined;
    const ticked = rows.filter(({ picked }) => picked === true || chosen === 'all');
    return canPickMany ? ticked : rows.find(({ label }) => label === chosen);
  };
  try {
    await work(all);
  } finally {
    Object.assign(window, before);
  }
}
