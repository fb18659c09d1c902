/** Marks HTML made by {@link html}: by name, so that pages built in lazily loaded files know each other's. */
const mark: unique symbol = Symbol.for('glueSessions.html');

/** HTML that is safe to show: what came from elsewhere stands in it as text. */
export interface Html {
  readonly [mark]: string;
}

/** What may stand between the parts of a template; nothing is shown of undefined, false and null. */
export type HtmlValue = string | number | boolean | undefined | null | Html | readonly HtmlValue[];

/**
 * A piece of a page. Everything put in is text, quotes included, so that it can't leave an attribute either; only what
 * `html` made itself goes in as it is. Attributes must be quoted in the template.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = parts.reduce((before, part, position) => before + written(values[position - 1]) + part);
  return { [mark]: text };
}

/** The HTML as text, to be given to a webview. */
export function htmlText(value: Html): string {
  return value[mark];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function written(value: HtmlValue): string {
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  if (isList(value)) return value.map(written).join('');
  // What comes from elsewhere may not be what its type says.
  if (typeof value === 'object') return mark in value ? value[mark] : '';
  return String(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}
