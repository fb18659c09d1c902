import type { Schema } from '../glue/display/table';
import { button, element } from './element';

/** The columns of a DataFrame, and the way to its rows. */
export class SchemaView {
  readonly root: HTMLElement;
  private readonly note = element('span', { class: 'gs-note', role: 'status' });
  private readonly ask: HTMLButtonElement;

  /** @param showRows undefined where nobody listens */
  constructor(schema: Schema, showRows: (() => void) | undefined) {
    const { columns } = schema;
    this.ask = button('Show rows', 'Show the first rows of this DataFrame: starts a Spark job', () => {
      this.say('Reading the rows…', true);
      showRows?.();
    });
    this.ask.className = 'gs-first';
    if (showRows === undefined) this.say('Run the cell again to ask for its rows.', true);
    const count = `Spark DataFrame, ${String(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}`;
    const head = ['Column', 'Type', 'Nullable'].map((name) => element('th', { scope: 'col' }, name));
    const rows = columns.map(({ name, type, isNullable }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        element('td', {}, type),
        element('td', {}, isNullable ? 'yes' : 'no'),
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
    );
  }

  /** Tells how the asking went. */
  say(text: string, isOver: boolean): void {
    this.note.textContent = text;
    this.ask.disabled = isOver;
  }
}
