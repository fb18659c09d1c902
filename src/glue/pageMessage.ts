/** What a page tells the extension: something on it was pressed, sent or changed. */
export interface PageAction {
  /** The element's `data-action`. */
  readonly action: string;
  /** The element's `data-value`, or what was chosen in a field with an action; '' when it has none. */
  readonly value: string;
  /** Fields of the form it stands in, by name; a name that comes more than once has several. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** What the extension tells a page. */
export interface PageContent {
  /** HTML of the body, made by `html`. */
  readonly body: string;
  /** Kept with the panel, for when VS Code restores it. */
  readonly state?: unknown;
}

/** Whether a message from a webview is one of ours: whatever else comes is not obeyed. */
export function isPageAction(message: unknown): message is PageAction {
  if (typeof message !== 'object' || message === null) return false;
  const { action, value, fields } = message as Record<string, unknown>;
  if (typeof action !== 'string' || typeof value !== 'string') return false;
  if (typeof fields !== 'object' || fields === null) return false;
  return Object.values(fields).every(
    (values) => Array.isArray(values) && values.every((one) => typeof one === 'string'),
  );
}
