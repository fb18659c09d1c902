/** The script of every page of this extension: shows the body it is sent, and posts back what a person does on it. */
import morphdom from 'morphdom';
import type { PageAction, PageContent } from '../glue/pageMessage';
import { pageStyle } from './pageStyle';

declare function acquireVsCodeApi(): {
  readonly postMessage: (message: unknown) => void;
  readonly setState: (state: unknown) => void;
};

const vscode = acquireVsCodeApi();
const page = document.querySelector('#page') ?? document.body;
/** Fields that a person has changed since the page's form was sent: an update leaves them as they are. */
const touched = new WeakSet<Element>();
/** Whether a form was sent whose answer has not come. */
let isSent = false;

addStyle();
for (const event of ['click', 'submit', 'change'] as const) document.addEventListener(event, act);
document.addEventListener('input', ({ target }) => {
  if (target instanceof Element) touched.add(target);
});
window.addEventListener('message', ({ data }: MessageEvent<PageContent>) => {
  show(data.body);
  // Where the first of what is wrong stands may be far from the button that was pressed.
  if (isSent) document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  isSent = false;
  if (data.state !== undefined) vscode.setState(data.state);
});
vscode.postMessage('ready');

function addStyle(): void {
  const style = document.createElement('style');
  const nonce = document.querySelector<HTMLElement>('script[data-style-nonce]')?.dataset.styleNonce;
  if (nonce !== undefined) style.nonce = nonce;
  style.textContent = pageStyle;
  document.head.append(style);
}

function act(event: Event): void {
  if (!(event.target instanceof Element)) return;
  const element = event.target.closest<HTMLElement>('[data-action]');
  if (element?.dataset.action === undefined || !isMeantBy(event.type, element)) return;
  event.preventDefault();
  const form = element instanceof HTMLFormElement ? element : element.closest('form');
  const action: PageAction = {
    action: element.dataset.action,
    value: element.dataset.value ?? (isField(element) ? element.value : ''),
    fields: form === null ? {} : fieldsOf(form),
  };
  if (element instanceof HTMLFormElement) {
    for (const field of element.elements) touched.delete(field);
    isSent = true;
  }
  vscode.postMessage(action);
}

function isMeantBy(event: string, element: HTMLElement): boolean {
  if (element instanceof HTMLFormElement) return event === 'submit';
  return event === (isField(element) ? 'change' : 'click');
}

function isField(
  element: HTMLElement,
): element is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  );
}

function fieldsOf(form: HTMLFormElement): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') (fields[name] ??= []).push(value);
  }
  return fields;
}

/** Changes what differs: focus, scroll, open parts and what is being typed stay. */
function show(body: string): void {
  const wanted = page.cloneNode(false) as HTMLElement;
  wanted.innerHTML = body;
  wanted.removeAttribute('aria-busy');
  morphdom(page, wanted, {
    onBeforeElUpdated: (before, after) => {
      if (before.isEqualNode(after) || touched.has(before)) return false;
      // Whether a person has opened it is theirs to say.
      if (before instanceof HTMLDetailsElement && after instanceof HTMLDetailsElement)
        after.open = before.open;
      return true;
    },
  });
}
