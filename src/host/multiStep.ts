import * as vscode from 'vscode';
import { back, isAnswer, type StepPlace, type StepResult } from './runSteps';

interface StepTitle extends StepPlace {
  readonly title: string;
}

export interface PickStep<Item extends vscode.QuickPickItem> extends StepTitle {
  /** What there is to choose from, or what reads it: the picker is there meanwhile, and can be left. */
  readonly items: readonly Item[] | ((signal: AbortSignal) => Promise<readonly Item[]>);
  /** Asked for again once what there is to choose from has been read. */
  readonly placeholder: string | (() => string);
  readonly selected?: readonly Item[] | ((items: readonly Item[]) => readonly Item[]);
}

export interface TextStep extends StepTitle {
  readonly prompt: string;
  readonly value: string;
  /** Message on what is wrong with the text; undefined when it will do. */
  readonly validate: (text: string) => string | undefined;
}

/** A text to take in place of what is written. */
export interface Suggestion {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly text: string;
}

export interface SuggestedStep extends Omit<TextStep, 'prompt'> {
  readonly placeholder: string;
  readonly suggest: (text: string) => readonly Suggestion[];
  /** Finds more to suggest while the question is there: `suggest` has it once `update` is called. Has its own way with failures. */
  readonly more?: (update: () => void, signal: AbortSignal) => Promise<void>;
  /** Whether a suggestion is the whole answer; else it is written into the box, to go on from there. */
  readonly isWhole: boolean;
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
  const { placeholder } = step;
  const tell = typeof placeholder === 'function' ? placeholder : () => placeholder;
  picker.placeholder = tell();
  picker.canSelectMany = canSelectMany;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const show = (items: readonly Item[]) => {
    picker.items = items;
    const selected = typeof step.selected === 'function' ? step.selected(items) : (step.selected ?? []);
    if (canSelectMany) picker.selectedItems = selected;
    // None named: the first one is.
    else if (selected.length > 0) picker.activeItems = selected;
  };
  const { items } = step;
  if (typeof items !== 'function') {
    show(items);
    return ask(picker, step, () => picker.selectedItems);
  }
  picker.busy = true;
  const reading = new AbortController();
  const isRead = items(reading.signal).then((read) => {
    picker.busy = false;
    picker.placeholder = tell();
    show(read);
  });
  const answered = ask(picker, step, () => (picker.busy ? undefined : picker.selectedItems));
  return Promise.race([answered, isRead.then(() => answered)]).finally(() => {
    reading.abort(new vscode.CancellationError());
    picker.dispose();
  });
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

/** A suggestion as it is shown; without a text it says what is wrong with what is written. */
interface SuggestedItem extends vscode.QuickPickItem {
  readonly text?: string;
  readonly isWritten: boolean;
}

/** Asks for a text that passes its check, and completes it: by arrow keys and Enter. */
export function askSuggested(step: SuggestedStep): Promise<StepResult<string>> {
  const picker = vscode.window.createQuickPick<SuggestedItem>();
  picker.placeholder = step.placeholder;
  picker.value = step.value;
  const itemsFor = (text: string): readonly SuggestedItem[] => {
    const wrong = step.validate(text);
    const written: SuggestedItem =
      wrong === undefined
        ? {
            label:
              text.trim() === '' ? vscode.l10n.t('$(arrow-right) None') : `$(arrow-right) ${text.trim()}`,
            alwaysShow: true,
            isWritten: true,
            text,
          }
        : // Where nothing is written yet, nothing is wrong yet.
          {
            label: `$(${text.trim() === '' ? 'info' : 'warning'}) ${wrong}`,
            alwaysShow: true,
            isWritten: true,
          };
    const suggested = step
      .suggest(text)
      .map((suggestion): SuggestedItem => ({ ...suggestion, alwaysShow: true, isWritten: false }));
    // Begun and not yet right: what may be meant comes first.
    return wrong !== undefined && suggested.length > 0 ? [...suggested, written] : [written, ...suggested];
  };
  picker.items = itemsFor(step.value);
  picker.onDidChangeValue((text) => {
    picker.items = itemsFor(text);
  });
  const reading = new AbortController();
  const isRead = readMore(picker, step, reading.signal, () => {
    const [active] = picker.activeItems;
    picker.items = itemsFor(picker.value);
    // Whoever has gone down the list stays where they are.
    const same = picker.items.find(({ label }) => label === active?.label);
    if (same !== undefined) picker.activeItems = [same];
  });
  const answered = ask(picker, step, () => {
    // Enter may come before the list that belongs to the text.
    const items = itemsFor(picker.value);
    const [active] = picker.activeItems;
    const chosen = items.find(({ label }) => label === active?.label) ?? items[0];
    if (chosen?.text === undefined) return undefined;
    if (chosen.isWritten || step.isWhole) return chosen.text;
    picker.value = chosen.text;
    picker.items = itemsFor(chosen.text);
    return undefined;
  });
  return Promise.race([answered, isRead.then(() => answered)]).finally(() => {
    reading.abort(new vscode.CancellationError());
    picker.dispose();
  });
}

async function readMore(
  picker: vscode.QuickPick<SuggestedItem>,
  { more }: SuggestedStep,
  signal: AbortSignal,
  update: () => void,
): Promise<void> {
  if (more === undefined) return;
  picker.busy = true;
  picker.keepScrollPosition = true;
  await more(() => {
    if (!signal.aborted) update();
  }, signal);
  picker.busy = false;
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
