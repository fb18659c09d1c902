import { cellText, isNumeric, rowCountText, type Cell, type Table } from '../glue/display/table';
import { button, element } from './element';
import { orderedRows, type Filter, type Sorting } from './order';
import { keepOwnKeys } from './ownKeys';
import { canPlot, quickPlot } from './quickPlot';
import { sentence } from '../glue/sentence';
import { say } from './words';

/** Cells drawn at once: a wide table has fewer rows on a page. */
const mostCells = 5000;
const mostRows = 100;
/** Characters of a cell that are shown in the table. */
const shownCharacters = 200;

/** A table to sort, filter, walk through by keyboard, plot, copy and export. */
export class TableView {
  readonly root: HTMLElement;
  private order: number[];
  private sorting: Sorting | undefined;
  private filter: Filter = { text: '', column: undefined };
  private page = 0;
  /** Row of the page, -1 is the head. */
  private focus = { row: -1, column: 0 };
  private readonly pageRows: number;
  private readonly grid: HTMLTableElement;
  private readonly head = element('thead');
  private readonly body = element('tbody');
  private readonly count = element('span', { class: 'gs-count', role: 'status' });
  private readonly note = element('span', { class: 'gs-note', role: 'status' });
  private readonly pages = element('div', { class: 'gs-pages' });
  private readonly full = element('div');
  private readonly plot = element('figure', { class: 'gs-plot' });
  private plotted: number;

  /** @param exportCsv undefined where nobody listens */
  constructor(
    private readonly table: Table,
    private readonly exportCsv: ((rows: readonly number[]) => void) | undefined,
  ) {
    this.pageRows = Math.max(
      5,
      Math.min(mostRows, Math.floor(mostCells / Math.max(1, table.columns.length))),
    );
    this.order = [...table.rows.keys()];
    this.plotted = table.rows.length > 1 ? table.columns.findIndex(canPlot) : -1;
    this.grid = element(
      'table',
      { role: 'grid', 'aria-label': say(rowCountText(table)), 'aria-colcount': table.columns.length },
      this.head,
      this.body,
    );
    this.grid.addEventListener('keydown', (event) => {
      if (!this.press(event)) return;
      event.preventDefault();
      // The notebook has meanings of its own for these keys.
      event.stopPropagation();
    });
    this.grid.addEventListener('focusin', ({ target }) => {
      const place = target instanceof HTMLElement ? placeOf(target) : undefined;
      if (place !== undefined) this.rove(place);
    });
    this.root = element(
      'div',
      {},
      this.bar(),
      element('div', { class: 'gs-main' }, element('div', { class: 'gs-scroll' }, this.grid), this.plot),
      this.pages,
      this.full,
    );
    this.draw();
  }

  /** Tells how an asking went. */
  say(text: string): void {
    this.note.textContent = text;
  }

  private bar(): HTMLElement {
    const { columns } = this.table;
    const input = element('input', {
      type: 'search',
      placeholder: say(sentence('Filter')),
      'aria-label': say(sentence('Filter rows')),
    });
    const names = columns.map(({ name }, column) => element('option', { value: column }, name));
    const among = element(
      'select',
      { 'aria-label': say(sentence('Column to filter by')) },
      element('option', { value: '' }, say(sentence('All columns'))),
      ...names,
    );
    const change = () => {
      this.filter = { text: input.value, column: among.value === '' ? undefined : Number(among.value) };
      this.reorder();
    };
    input.title = say(
      sentence('Text that a row has to hold. For one column of numbers also > 5, <= 3 or = 2.'),
    );
    input.addEventListener('input', change);
    input.addEventListener('keydown', keepOwnKeys);
    among.addEventListener('change', change);
    const copy = button(
      say(sentence('Copy')),
      say(sentence('Copy the rows as text, columns between tabs')),
      () => void this.copyRows(),
    );
    const csv = button(
      'CSV…',
      say(sentence('Save the rows, as they are sorted and filtered, as a CSV file')),
      () => {
        this.exportCsv?.(this.order);
      },
    );
    csv.disabled = this.exportCsv === undefined;
    return element(
      'div',
      { class: 'gs-bar' },
      this.count,
      this.note,
      input,
      among,
      ...this.plotChoice(),
      copy,
      csv,
    );
  }

  private plotChoice(): HTMLElement[] {
    const able = this.table.columns.flatMap((column, position) =>
      canPlot(column) ? [{ column, position }] : [],
    );
    if (able.length === 0) return [];
    const choice = element(
      'select',
      { 'aria-label': say(sentence('Column to plot')) },
      element('option', { value: -1 }, say(sentence('No plot'))),
      ...able.map(({ column, position }) =>
        element('option', { value: position }, say(sentence('Plot {0}', column.name))),
      ),
    );
    choice.value = String(this.plotted);
    choice.addEventListener('change', () => {
      this.plotted = Number(choice.value);
      this.drawPlot();
    });
    return [choice];
  }

  private reorder(): void {
    this.order = orderedRows(this.table, this.filter, this.sorting);
    this.page = 0;
    this.focus = { row: -1, column: this.focus.column };
    this.draw();
  }

  private sortBy(column: number): void {
    const now = this.sorting?.column === column ? this.sorting.direction : undefined;
    if (now === 'descending') this.sorting = undefined;
    else this.sorting = { column, direction: now === undefined ? 'ascending' : 'descending' };
    this.reorder();
    this.moveTo(-1, column);
  }

  private draw(): void {
    const { columns, rows } = this.table;
    const all = say(rowCountText(this.table));
    const isAll = this.order.length === rows.length;
    this.count.textContent = isAll
      ? all
      : say(sentence('{0} of {1}', this.order.length.toLocaleString('en'), all));
    this.grid.setAttribute('aria-rowcount', String(this.order.length + 1));
    this.head.replaceChildren(
      element('tr', { 'aria-rowindex': 1 }, ...columns.map((_, column) => this.headCell(column))),
    );
    const first = this.page * this.pageRows;
    const shown = this.order.slice(first, first + this.pageRows);
    this.body.replaceChildren(
      ...shown.map((position, row) =>
        element(
          'tr',
          { 'aria-rowindex': first + row + 2 },
          ...columns.map((_, column) => this.bodyCell(row, column, rows[position]?.[column] ?? null)),
        ),
      ),
    );
    this.drawPages(first, shown.length);
    this.drawPlot();
    this.rove(this.focus);
  }

  private headCell(column: number): HTMLElement {
    const { name = '', type = '' } = this.table.columns[column] ?? {};
    const direction = this.sorting?.column === column ? this.sorting.direction : 'none';
    const arrow = { ascending: ' ▲', descending: ' ▼', none: '' }[direction];
    const made = element(
      'th',
      { scope: 'col', role: 'columnheader', 'aria-sort': direction, ...place(-1, column) },
      element('span', {}, name),
      element('span', { 'aria-hidden': 'true' }, arrow),
      element('span', { class: 'gs-type' }, type),
    );
    made.title = say(sentence('Sort by this column (Enter)'));
    made.addEventListener('click', () => {
      this.sortBy(column);
    });
    return made;
  }

  private bodyCell(row: number, column: number, cell: Cell): HTMLElement {
    const described = this.table.columns[column] ?? { kind: 'other' as const, name: '', type: '' };
    const text = cellText(cell, described);
    const isCut = text.length > shownCharacters;
    const classes = [isNumeric(described) ? 'gs-number' : '', cell === null ? 'gs-null' : '']
      .join(' ')
      .trim();
    const made = element(
      'td',
      { role: 'gridcell', ...place(row, column), ...(classes !== '' && { class: classes }) },
      isCut ? `${text.slice(0, shownCharacters)}…` : text,
    );
    if (!isCut) return made;
    const label = say(sentence('Show all {0} characters (Enter)', text.length.toLocaleString('en')));
    const open = button(say(sentence('all')), label, () => {
      this.openFull(row, column);
    });
    open.tabIndex = -1;
    made.append(open);
    return made;
  }

  private drawPages(first: number, shown: number): void {
    if (this.order.length <= this.pageRows) {
      this.pages.replaceChildren(...this.leftOut());
      return;
    }
    const to = (page: number) => () => {
      this.turnTo(page);
    };
    const back = button(say(sentence('‹ Previous')), say(sentence('Previous rows')), to(this.page - 1));
    const next = button(say(sentence('Next ›')), say(sentence('Next rows')), to(this.page + 1));
    back.disabled = this.page === 0;
    next.disabled = first + shown >= this.order.length;
    const where = say(
      sentence('Rows {0} to {1}', (first + 1).toLocaleString('en'), (first + shown).toLocaleString('en')),
    );
    this.pages.replaceChildren(back, next, element('span', { role: 'status' }, where), ...this.leftOut());
  }

  private leftOut(): HTMLElement[] {
    const { columnsLeftOut = 0 } = this.table;
    return columnsLeftOut === 0
      ? []
      : [
          element(
            'span',
            { class: 'gs-note' },
            say(sentence('{0} more columns are left out', columnsLeftOut.toLocaleString('en'))),
          ),
        ];
  }

  private turnTo(page: number): boolean {
    if (page < 0 || page * this.pageRows >= this.order.length) return false;
    this.page = page;
    this.draw();
    return true;
  }

  private drawPlot(): void {
    const drawn = this.plotted < 0 ? undefined : quickPlot(this.table, this.order, this.plotted);
    const name = this.table.columns[this.plotted]?.name ?? '';
    this.plot.replaceChildren(...(drawn === undefined ? [] : [drawn, element('figcaption', {}, name)]));
  }

  /** Whether the key had a meaning here. */
  private press(event: KeyboardEvent): boolean {
    const { row, column } = this.focus;
    const isControl = event.ctrlKey || event.metaKey;
    const last = this.table.columns.length - 1;
    const bottom = this.body.rows.length - 1;
    switch (event.key) {
      case 'ArrowRight':
        return this.moveTo(row, Math.min(column + 1, last));
      case 'ArrowLeft':
        return this.moveTo(row, Math.max(column - 1, 0));
      case 'ArrowDown':
        return row < bottom
          ? this.moveTo(row + 1, column)
          : this.turnTo(this.page + 1) && this.moveTo(0, column);
      case 'ArrowUp':
        return this.moveTo(Math.max(row - 1, -1), column);
      case 'Home':
        return this.moveTo(isControl ? -1 : row, 0);
      case 'End':
        return this.moveTo(isControl ? bottom : row, last);
      case 'PageDown':
        return this.turnTo(this.page + 1) ? this.moveTo(0, column) : this.moveTo(bottom, column);
      case 'PageUp':
        return this.turnTo(this.page - 1) ? this.moveTo(0, column) : this.moveTo(-1, column);
      case 'Enter':
      case ' ':
        if (row < 0) this.sortBy(column);
        else this.openFull(row, column);
        return true;
      case 'c':
        if (!isControl) return false;
        void copyText(this.textAt(row, column), this.note);
        return true;
      default:
        return false;
    }
  }

  private moveTo(row: number, column: number): boolean {
    this.rove({ row, column });
    this.cellAt(row, column)?.focus();
    return true;
  }

  /** One cell of the grid is in the order of the Tab key, and it is the one last visited. */
  private rove(next: { row: number; column: number }): void {
    this.cellAt(this.focus.row, this.focus.column)?.setAttribute('tabindex', '-1');
    this.focus = next;
    this.cellAt(next.row, next.column)?.setAttribute('tabindex', '0');
  }

  private cellAt(row: number, column: number): HTMLElement | undefined {
    return (row < 0 ? this.head.rows[0] : this.body.rows[row])?.cells[column];
  }

  private textAt(row: number, column: number): string {
    const described = this.table.columns[column];
    if (row < 0 || described === undefined) return described?.name ?? '';
    const position = this.order[this.page * this.pageRows + row] ?? -1;
    return cellText(this.table.rows[position]?.[column] ?? null, described);
  }

  private openFull(row: number, column: number): void {
    const text = this.textAt(row, column);
    const name = this.table.columns[column]?.name ?? '';
    const title = say(sentence('{0}, {1} characters', name, text.length.toLocaleString('en')));
    const close = () => {
      this.full.replaceChildren();
      this.moveTo(row, column);
    };
    const shut = button(say(sentence('Close')), say(sentence('Close (Escape)')), close);
    const copy = button(
      say(sentence('Copy')),
      say(sentence('Copy all of this cell')),
      () => void copyText(text, this.note),
    );
    const dialog = element(
      'div',
      { class: 'gs-full', role: 'dialog', 'aria-label': title },
      element('div', { class: 'gs-bar' }, element('strong', { class: 'gs-count' }, title), copy, shut),
      element('pre', { tabindex: 0 }, text),
    );
    dialog.addEventListener('keydown', (event) => {
      keepOwnKeys(event);
      if (event.key === 'Escape') close();
    });
    this.full.replaceChildren(dialog);
    shut.focus();
  }

  private async copyRows(): Promise<void> {
    const { columns, rows } = this.table;
    const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
    const lines = [
      columns.map(({ name }) => clean(name)),
      ...this.order.map((position) =>
        columns.map((column, at) => clean(cellText(rows[position]?.[at] ?? null, column))),
      ),
    ];
    await copyText(lines.map((line) => line.join('\t')).join('\n'), this.note);
  }
}

async function copyText(text: string, note: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    note.textContent = say(sentence('Copied.'));
  } catch (error) {
    note.textContent = say(
      sentence('Not copied: {0}', error instanceof Error ? error.message : String(error)),
    );
  }
}

function place(row: number, column: number): Readonly<Record<string, string | number>> {
  return { tabindex: -1, 'data-row': row, 'data-column': column, 'aria-colindex': column + 1 };
}

function placeOf(target: HTMLElement): { row: number; column: number } | undefined {
  const cell = target.closest<HTMLElement>('[data-row]');
  return cell === null ? undefined : { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
}
