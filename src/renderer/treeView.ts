import { element } from './element';
import { sentence } from '../glue/sentence';
import { say } from './words';

/** Members of one object or list that are shown. */
const mostMembers = 200;
/** Characters of one text that are shown. */
const mostCharacters = 10_000;

/** JSON as a tree that opens by mouse and keyboard; what is deeper is made when it is opened. */
export function treeView(value: unknown): HTMLElement {
  return element(
    'div',
    { class: 'gs-tree', role: 'group', 'aria-label': say(sentence('JSON tree')) },
    node(undefined, value, true),
  );
}

function node(key: string | undefined, value: unknown, isOpen: boolean): HTMLElement {
  const name = key === undefined ? [] : [element('span', { class: 'gs-key' }, cut(key)), ': '];
  if (typeof value !== 'object' || value === null) {
    return element('div', { class: 'gs-leaf' }, ...name, cut(JSON.stringify(value)));
  }
  const members = Object.entries(value);
  const size = Array.isArray(value) ? `[${String(members.length)}]` : `{${String(members.length)}}`;
  const made = element('details', {}, element('summary', {}, ...name, size));
  const fill = () => {
    if (made.childElementCount > 1) return;
    made.append(...members.slice(0, mostMembers).map(([inner, child]) => node(inner, child, false)));
    const left = members.length - mostMembers;
    if (left > 0) made.append(element('div', { class: 'gs-note' }, say(sentence('and {0} more', left))));
  };
  made.addEventListener('toggle', fill);
  if (isOpen) {
    fill();
    made.open = true;
  }
  return made;
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
