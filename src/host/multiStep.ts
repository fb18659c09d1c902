import * as vscode from 'vscode';

/** The person went back a step. */
export const back = Symbol('back');

/** What a step gave; undefined: the person cancelled. */
export type StepResult<T> = T | typeof back | undefined;

/** Whether a step was answered. */
export function isAnswer<T>(result: StepResult<T>): result is T {
  return result !== undefined && result !== back;
}

interface StepTitle {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface PickStep<Item extends vscode.QuickPickItem> extends StepTitle {
  readonly items: readonly Item[];
  readonly placeholder: string;
  readonly selected?: readonly Item[];
}

export interface TextStep extends StepTitle {
  readonly prompt: string;
  readonly value: string;
  /** Message on what is wrong with the text; undefined when it will do. */
  readonly validate: (text: string) => string | undefined;
}

/** Asks for one item. */
export async function pickOne<Item extends vscode.QuickPickItem>(
  step: PickStep<Item>,
): Promise<StepResult<Item>> {
  const picked = await pick(step, false);
  return isAnswer(picked) ? picked[0] : picked;
}

/** Asks for any number of items. */
export function pickMany<Item extends vscode.QuickPickItem>(
  step: PickStep<Item>,
): Promise<StepResult<readonly Item[]>> {
  return pick(step, true);
}

function pick<Item extends vscode.QuickPickItem>(
  step: PickStep<Item>,
  canSelectMany: boolean,
): Promise<StepResult<readonly Item[]>> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.items = step.items;
  picker.placeholder = step.placeholder;
  picker.canSelectMany = canSelectMany;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  if (canSelectMany) picker.selectedItems = step.selected ?? [];
  else picker.activeItems = step.selected ?? [];
  return ask(picker, step, () => picker.selectedItems);
}

/** Asks for a text that passes its check. */
export function askText(step: TextStep): Promise<StepResult<string>> {
  const box = vscode.window.createInputBox();
  box.prompt = step.prompt;
  box.value = step.value;
  box.onDidChangeValue((text) => {
    box.validationMessage = step.validate(text);
  });
  return ask(box, step, () => {
    box.validationMessage = step.validate(box.value);
    return box.validationMessage === undefined ? box.value : undefined;
  });
}

function ask<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, totalSteps }: StepTitle,
  read: () => T | undefined,
): Promise<StepResult<T>> {
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const answer = (value: StepResult<T>) => {
      resolve(value);
      input.dispose();
    };
    input.onDidTriggerButton(() => {
      answer(back);
    });
    input.onDidAccept(() => {
      const value = read();
      if (value !== undefined) answer(value);
    });
    input.onDidHide(() => {
      answer(undefined);
    });
    input.show();
  });
}

/** Runs steps in order, each with what those before gave; Back goes to the one before. @returns undefined when cancelled */
export async function runSteps<State>(
  state: State,
  steps: readonly ((state: State) => Promise<StepResult<State>>)[],
): Promise<State | undefined> {
  const states = [state];
  for (let index = 0; index < steps.length;) {
    const current = states[index];
    const result = current === undefined ? undefined : await steps[index]?.(current);
    if (result === undefined) return undefined;
    if (result === back) index = Math.max(0, index - 1);
    else {
      index += 1;
      // Answers given are kept when a person goes back and forth.
      states[index] = result;
      for (let earlier = 0; earlier < index; earlier++) states[earlier] = result;
    }
  }
  return states[steps.length];
}
