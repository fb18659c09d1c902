import type { Schema } from '../glue/display/table';
import { button, element } from './element';
import { sentence } from '../glue/sentence';
import { say } from './words';

/** Columns that are shown. */
const mostColumns = 5000;

/** The columns of a DataFrame, and the way to its rows. */
export class SchemaView {
  readonly root: HTMLElement;
  private readonly note = element('span', { class: 'gs-note', role: 'status' });
  private readonly ask: HTMLButtonElement;

  /** @param showRows undefined where nobody listens */
  constructor(schema: Schema, showRows: (() => void) | undefined) {
    const { columns } = schema;
    this.ask = button(
      say(sentence('Show rows')),
      say(sentence('Show the first rows of this DataFrame: starts a Spark job')),
      () => {
        this.say(say(sentence('Reading the rows…')), true);
        showRows?.();
      },
    );
    this.ask.className = 'gs-first';
    if (showRows === undefined) this.say(say(sentence('Run the cell again to ask for its rows.')), true);
    const count =
      columns.length === 1
        ? say(sentence('Spark DataFrame, 1 column'))
        : say(sentence('Spark DataFrame, {0} columns', columns.length));
    const head = [say(sentence('Column')), say(sentence('Type')), say(sentence('Nullable'))].map((name) =>
      element('th', { scope: 'col' }, name),
    );
    const rows = columns
      .slice(0, mostColumns)
      .map(({ name, type, isNullable }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          element('td', {}, type),
          element('td', {}, isNullable ? say(sentence('yes')) : say(sentence('no'))),
        ),
      );
    this.root = element(
      'div',
      {},
      element('div', { class: 'gs-bar' }, element('span', { class: 'gs-count' }, count), this.note, this.ask),
      element(
        'div',
        { class: 'gs-scroll' },
        element(
          'table',
          { 'aria-label': count },
          element('thead', {}, element('tr', {}, ...head)),
          element('tbody', {}, ...rows),
        ),
      ),
      ...leftOut(columns.length - mostColumns),
    );
  }

  /** Tells how the asking went. */
  say(text: string, isOver: boolean): void {
    this.note.textContent = text;
    this.ask.disabled = isOver;
  }
}

function leftOut(columns: number): readonly HTMLElement[] {
  if (columns <= 0) return [];
  return [
    element(
      'div',
      { class: 'gs-note' },
      say(sentence('{0} more columns are left out', columns.toLocaleString('en'))),
    ),
  ];
}
