/** An element with properties and children; text always stays text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** A button that does something when a person presses it: a script in another output of the notebook presses nothing. */
export function button(text: string, label: string, press: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', 'aria-label': label, title: label }, text);
  made.addEventListener('click', (event) => {
    if (event.isTrusted) press();
    // VS Code gives the focus to an output that is clicked: to several at once, in turns without end (seen in 1.139).
    else event.stopPropagation();
  });
  return made;
}
