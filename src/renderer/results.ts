/** The renderer of this extension's outputs: runs in the notebook's webview, with nothing but what an output holds. */
import {
  tableMime,
  type RendererMessage,
  type RendererReply,
  type RendererWords,
  type Shown,
} from '../glue/display/table';
import { sentence } from '../glue/sentence';
import { element } from './element';
import { readShown } from './readShown';
import { SchemaView } from './schemaView';
import { style } from './style';
import { TableView } from './tableView';
import { treeView } from './treeView';
import { learn, say } from './words';

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
  const shown = new Map<string, { readonly item: OutputItem; readonly host: HTMLElement }>();
  const show = (item: OutputItem, host: HTMLElement) => {
    const view = viewOf(item, context, listeners);
    host.replaceChildren(element('style', {}, style), element('div', { class: 'gs' }, view));
  };
  context.onDidReceiveMessage?.((message) => {
    const reply = message as RendererReply | RendererWords;
    if ('nonce' in reply) listeners.get(reply.nonce)?.(reply);
    // What came before its words is shown anew with them.
    else if (learn(reply.words)) for (const { item, host } of shown.values()) show(item, host);
  });
  context.postMessage?.({ type: 'words' } satisfies RendererMessage);
  return {
    renderOutputItem(item: OutputItem, host: HTMLElement) {
      shown.set(item.id, { item, host });
      show(item, host);
    },
    /** @param id undefined: all of them */
    disposeOutputItem(id?: string) {
      if (id === undefined) shown.clear();
      else shown.delete(id);
    },
  };
}

/** Anyone may have written the output: what isn't what it should be is said to be so. */
function viewOf(
  item: OutputItem,
  context: RendererContext,
  listeners: Map<string, (reply: RendererReply) => void>,
): HTMLElement {
  let value: unknown;
  try {
    value = item.json();
  } catch {
    return element(
      'div',
      { class: 'gs-note' },
      say(sentence('This output is not JSON. Run the cell again.')),
    );
  }
  if (item.mime !== tableMime) return treeView(value);
  const shown = readShown(value);
  return shown === undefined
    ? element(
        'div',
        { class: 'gs-note' },
        say(sentence('This output is not a table of Glue Sessions. Run the cell again.')),
      )
    : shownView(shown, context, listeners);
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
