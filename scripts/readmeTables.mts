/** The parts of the README that say what the code and package.json say already: `npm run readme` writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { magics } from '../src/magics/table';
import { readManifest } from './l10n.mjs';
import { inEnglish } from '../src/glue/sentence';

interface Setting {
  readonly markdownDescription: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string; readonly category: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, Setting>>;
    };
  };
}

/** The README with its tables of magics and settings as they are now. @param text of the README */
export function withTables(text: string): string {
  const manifest = readManifest() as Manifest;
  return replacePart(replacePart(text, 'magics', magicsTable()), 'settings', settingsTable(manifest));
}

function magicsTable(): string {
  const rows = magics.map(({ name, aliases, kind, example, help }) => {
    const sign = kind === 'cell' ? '%%' : '%';
    const written = kind === 'cell' ? `${sign}${name}` : `${sign}${name} ${example}`.trim();
    const former = aliases.map((alias) => `\`${sign}${alias}\``).join(', ');
    const body = kind === 'cell' ? ` Below it: \`${example}\`` : '';
    return [`\`${written}\``, `${inEnglish(help)}${body}${former === '' ? '' : ` Also: ${former}.`}`];
  });
  return table(['Magic', 'What it does'], rows);
}

function settingsTable({ contributes }: Manifest): string {
  const rows = Object.entries(contributes.configuration.properties).map(([name, setting]) => [
    `\`${name}\``,
    `\`${JSON.stringify(setting.default)}\``,
    [inText(setting.markdownDescription), ...allowed(setting)].join(' '),
  ]);
  return table(['Setting', 'Default', 'What it is'], rows);
}

/** In VS Code's own pages `#name#` leads to a setting; elsewhere the name stands for itself. */
function inText(description: string): string {
  return description.replace(/`#([\w.]+)#`/g, '`$1`');
}

function allowed({ enum: values }: Setting): readonly string[] {
  return values === undefined ? [] : [`One of ${values.map((value) => `\`${value}\``).join(', ')}.`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @throws Error when the README has no such part */
function replacePart(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no part between ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

if (process.argv[1]?.endsWith('readmeTables.mts') === true) {
  writeFileSync('README.md', withTables(readFileSync('README.md', 'utf8')));
}
