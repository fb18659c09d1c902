/** The renderer of this extension's outputs: runs in the notebook's webview, with nothing but what an output holds. */
import { tableMime, type RendererMessage, type RendererReply, type Shown } from '../glue/display/table';
import { element } from './element';
import { SchemaView } from './schemaView';
import { style } from './style';
import { TableView } from './tableView';
import { treeView } from './treeView';

/** What VS Code gives a renderer. Source: its notebook API guide. */
interface RendererContext {
  readonly postMessage?: (message: unknown) => void;
  readonly onDidReceiveMessage?: (listener: (message: unknown) => void) => unknown;
}

interface OutputItem {
  readonly id: string;
  readonly mime: string;
  json(): unknown;
}

export function activate(context: RendererContext) {
  const listeners = new Map<string, (reply: RendererReply) => void>();
  context.onDidReceiveMessage?.((message) => {
    const reply = message as RendererReply;
    listeners.get(reply.nonce)?.(reply);
  });
  return {
    renderOutputItem(item: OutputItem, host: HTMLElement) {
      const value = item.json();
      const view = item.mime === tableMime ? shownView(value as Shown, context, listeners) : treeView(value);
      host.replaceChildren(element('style', {}, style), element('div', { class: 'gs' }, view));
    },
  };
}

function shownView(
  shown: Shown,
  { postMessage }: RendererContext,
  listeners: Map<string, (reply: RendererReply) => void>,
): HTMLElement {
  const { nonce } = shown;
  const ask = nonce === undefined || postMessage === undefined ? undefined : { nonce, postMessage };
  const post = (message: RendererMessage) => ask?.postMessage(message);
  if (shown.kind === 'schema') {
    const view = new SchemaView(
      shown,
      ask &&
        (() => {
          post({ type: 'showRows', nonce: ask.nonce });
        }),
    );
    if (ask !== undefined) {
      listeners.set(ask.nonce, ({ text, mayAskAgain }) => {
        view.say(text, !mayAskAgain);
      });
    }
    return view.root;
  }
  const view = new TableView(
    shown,
    ask &&
      ((rows) => {
        post({ type: 'exportCsv', nonce: ask.nonce, rows });
      }),
  );
  if (ask !== undefined) {
    listeners.set(ask.nonce, ({ text }) => {
      view.say(text);
    });
  }
  return view.root;
}
