import { tableMime, treeMime } from '../../src/glue/display/table';
import { officialNotebook } from './window';

/** Sets a flag in whatever frame it runs in. Shorter than what a table shows of a cell. */
export const markup = '</td></div><script>window.forged = 1</script><img src=x onerror="window.forged = 1">';

/** What a schema of 30,000 columns, or a table, takes as long to draw as it wants. */
const manyColumns = Array.from({ length: 30_000 }, (_, at) => ({
  name: `c${String(at)}`,
  type: 'int',
  kind: 'integer',
}));
const column = { name: markup, type: markup, kind: 'text' };
const table = { kind: 'table', source: 'spark', total: 9e15, hasMore: true, isCut: false };

/** Presses every button of ours that it finds, again and again while the other outputs are drawn. */
const pressEverything = `() => {
  const press = () => {
    const buttons = document.querySelectorAll('.gs button');
    for (const each of buttons) each.click();
    if (buttons.length > 4) document.querySelector('#pressed').textContent = 'pressed';
  };
  const timer = setInterval(press, 100);
  setTimeout(() => clearInterval(timer), 10_000);
}`;

/**
 * A notebook whose outputs nobody made: of this extension's MIME types, with whatever may harm.
 * @param nonce one that the window gave to another notebook
 */
export function forgedNotebook(nonce: string): string {
  const outputs: readonly (readonly [string, unknown])[] = [
    [tableMime, { ...table, columns: [column], rows: [[markup], ['=cmd()']], nonce: 'never-given' }],
    [tableMime, { kind: 'schema', columns: [{ name: markup, type: 'int', isNullable: 1 }], nonce }],
    [tableMime, { ...table, columns: 7, rows: 'none', nonce: { toString: 1 } }],
    [tableMime, { ['__proto__']: { polluted: true, kind: 'table' }, constructor: { polluted: true } }],
    [tableMime, { ...table, columns: manyColumns, rows: [manyColumns.map((_, at) => at)] }],
    [treeMime, { [markup]: markup, ['__proto__']: { polluted: markup }, many: manyColumns.map(() => null) }],
    ['text/html', `<p id="pressed">not yet</p><script>(${pressEverything})()</script>`],
  ];
  const notebook = JSON.parse(officialNotebook(...outputs.map((_, at) => `cell_${String(at)} = 1`))) as {
    readonly cells: { outputs: unknown[] }[];
  };
  outputs.forEach(([mime, value], at) => {
    notebook.cells[at]!.outputs = [{ output_type: 'display_data', metadata: {}, data: { [mime]: value } }];
  });
  return JSON.stringify(notebook);
}
