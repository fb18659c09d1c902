/** What an editor of text does itself with Ctrl or Cmd. */
const editing = new Set(['a', 'c', 'v', 'x', 'y', 'z']);

/**
 * Keeps from the notebook the keys that are typed into a part of an output: it has meanings of its own for letters, arrows
 * and Enter. Shortcuts such as that of the command palette get through.
 */
export function keepOwnKeys(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey } = event;
  const isShortcut = ctrlKey || metaKey ? !editing.has(key.toLowerCase()) : /^F\d+$/.test(key);
  if (!isShortcut) event.stopPropagation();
}
