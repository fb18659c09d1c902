import * as vscode from 'vscode';
import { targetKey, type Target } from '../glue/target';
import { regions } from '../glue/regions';
import { readSettings } from '../host/settings';
import { atCursor } from '../magics/cursor';
import { describeMagic, isSetting, magics, type Magic, type ValueSource } from '../magics/table';
import { glueLanguage } from '../manifest';
import { pythonScheme, type LanguageSources } from './languageFeatures';
import { pythonOf } from './pythonOf';
import { translated } from '../host/translated';

/** How long an answer may take (milliseconds): later it is of no use to who types. */
const patienceMs = 1500;
/** How long connections are remembered (milliseconds). */
const memoryMs = 60_000;

/** A question of the editor. */
export interface CompletionQuestion {
  readonly cell: vscode.NotebookCell;
  readonly position: vscode.Position;
  readonly token: vscode.CancellationToken;
  readonly context: vscode.CompletionContext;
  readonly sources: LanguageSources;
  /** Texts of virtual documents, by URI. */
  readonly python: Map<string, string>;
}

/** What can be written at a place of a cell. Starts nothing, asks for nothing, and is empty where something is not allowed. */
export async function completionsAt(question: CompletionQuestion): Promise<vscode.CompletionItem[]> {
  const { cell, position } = question;
  const lines = cell.document.getText().split(/\r?\n/);
  const where = atCursor(lines, position.line, position.character);
  const range = (start: number, end = position.character) =>
    new vscode.Range(position.line, start, position.line, end);
  switch (where.kind) {
    case 'name':
      return magics.map((magic) => nameItem(magic, range(where.start, where.end)));
    case 'argument':
      return valueItems(await valuesOf(where.magic, question), range(where.start));
    case 'tagKey':
      return valueItems(
        tagsSeen(question).map(([key]) => key),
        range(where.start),
      );
    case 'tagValue':
      return valueItems(
        tagsSeen(question).flatMap(([key, value]) => (key === where.key ? [value] : [])),
        range(where.start),
      );
    case 'configureKey':
      return valueItems(
        [...magics.filter(isSetting).map(({ name }) => name), ...argumentNames],
        range(where.start),
      );
    case 'code':
      return cell.document.languageId === glueLanguage ? pythonItems(question) : [];
    case 'sql':
      return [];
  }
}

/** What is told of the magic at a place. */
export function hoverAt(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
  const lines = document.getText().split(/\r?\n/);
  // A place counts for the character behind it.
  const where = atCursor(lines, position.line, position.character + 1);
  if (where.kind !== 'name' || where.magic === undefined) return undefined;
  const range = new vscode.Range(position.line, where.start, position.line, where.end);
  return new vscode.Hover(documentation(where.magic), range);
}

/** Names of job arguments that sessions often have. */
const argumentNames = [
  '--conf',
  '--datalake-formats',
  '--extra-jars',
  '--extra-py-files',
  '--TempDir',
  '--user-jars-first',
];

function nameItem(magic: Magic, range: vscode.Range): vscode.CompletionItem {
  const written = `${magic.kind === 'cell' ? '%%' : '%'}${magic.name}`;
  const item = new vscode.CompletionItem(
    { label: written, description: translated(magic.help) },
    vscode.CompletionItemKind.Keyword,
  );
  item.documentation = documentation(magic);
  item.filterText = `${written} %${written}`;
  item.range = range;
  const hasArgument = magic.kind === 'line' && magic.argument.kind !== 'none';
  item.insertText = hasArgument ? `${written} ` : written;
  if (hasArgument && hasValues(magic)) {
    item.command = { command: 'editor.action.triggerSuggest', title: '' };
  }
  return item;
}

function documentation(magic: Magic): vscode.MarkdownString {
  const [example = '', ...told] = describeMagic(magic).map(translated);
  return new vscode.MarkdownString().appendCodeblock(example, 'python').appendText(told.join('\n'));
}

function hasValues({ argument }: Magic): boolean {
  return argument.kind === 'choice' || ('from' in argument && argument.from !== undefined);
}

function valueItems(values: readonly string[], range: vscode.Range): vscode.CompletionItem[] {
  return [...new Set(values)].map((value, index) => {
    const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.Value);
    item.range = range;
    item.sortText = String(index).padStart(4, '0');
    return item;
  });
}

async function valuesOf({ argument }: Magic, question: CompletionQuestion): Promise<readonly string[]> {
  if (argument.kind === 'choice') return argument.choices;
  if (!('from' in argument) || argument.from === undefined) return [];
  return fromAccount(argument.from, question);
}

async function fromAccount(source: ValueSource, question: CompletionQuestion): Promise<readonly string[]> {
  const { cell, sources } = question;
  const session = sources.sessionOf(cell.notebook);
  const target = session?.target;
  const seen = sources.inventory.allSessions();
  const here = target && seen.filter((listed) => targetKey(listed.target) === targetKey(target));
  switch (source) {
    case 'regions':
      return regions;
    case 'roles': {
      const own = [session?.configuration.iamRole?.value, readSettings.iamRole()];
      return [...own, ...seen.map((listed) => listed.session.role)].filter((role) => role !== undefined);
    }
    case 'sessions':
      return (here ?? [])
        .filter((listed) => listed.session.status === 'READY')
        .map((listed) => listed.session.id);
    case 'profiles':
      return silently(question, async () => (await sources.profiles.listProfiles()).map(({ name }) => name));
    case 'presets':
      return silently(question, async () => {
        const read = (await session?.presets()) ?? [];
        return read.flatMap(({ presets }) => Object.keys(presets));
      });
    case 'connections':
      return target === undefined ? [] : connectionsOf(target, question);
  }
}

const connections = new Map<string, { readonly at: number; readonly names: readonly string[] }>();

/** Of a target that has been called already: a first call may ask for a code or assume a role, and nobody asked for that. */
async function connectionsOf(target: Target, question: CompletionQuestion): Promise<readonly string[]> {
  const { sources } = question;
  if (!vscode.workspace.isTrusted || !sources.targets.isUsed(target)) return [];
  const key = targetKey(target);
  const known = connections.get(key);
  if (known !== undefined && Date.now() - known.at < memoryMs) return known.names;
  return silently(question, async (signal) => {
    const names = (await sources.apis.of(target).listConnections(signal)).map(({ name }) => name);
    connections.set(key, { at: Date.now(), names });
    return names;
  });
}

function tagsSeen({ cell, sources }: CompletionQuestion): readonly (readonly [string, string])[] {
  const configured = sources.sessionOf(cell.notebook)?.configuration.tags.value ?? readSettings.tags();
  const seen = sources.inventory.allSessions().flatMap(({ tags }) => Object.entries(tags ?? {}));
  return [...Object.entries(configured), ...seen];
}

/** Nothing, and a line in the log, when it fails, takes too long or is not wanted any more. */
async function silently(
  { token, sources }: CompletionQuestion,
  ask: (signal: AbortSignal) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const cancelled = new AbortController();
  const listening = token.onCancellationRequested(() => {
    cancelled.abort();
  });
  try {
    return await ask(AbortSignal.any([cancelled.signal, AbortSignal.timeout(patienceMs)]));
  } catch (error) {
    sources.log.debug(`nothing to complete with: ${String(error)}`);
    return [];
  } finally {
    listening.dispose();
  }
}

/** What other extensions know of the Python of the notebook, asked by way of a document that holds nothing else. */
async function pythonItems(question: CompletionQuestion): Promise<vscode.CompletionItem[]> {
  const { cell, position, context, python, token } = question;
  const before = cell.notebook
    .getCells()
    .slice(0, cell.index)
    .filter(
      ({ kind, document }) => kind === vscode.NotebookCellKind.Code && document.languageId === glueLanguage,
    )
    .map(({ document }) => pythonOf(document.getText()));
  const offset = before.reduce((sum, text) => sum + text.split('\n').length, 0);
  // A path of its own for each version: a document that is open is not read again.
  const uri = vscode.Uri.from({
    scheme: pythonScheme,
    path: `${cell.document.uri.path}.${cell.document.uri.fragment}.${String(cell.document.version)}.py`,
  });
  python.set(uri.toString(), [...before, pythonOf(cell.document.getText())].join('\n'));
  try {
    const answer = Promise.resolve(
      vscode.commands.executeCommand<vscode.CompletionList | undefined>(
        'vscode.executeCompletionItemProvider',
        uri,
        position.translate(offset),
        context.triggerCharacter,
      ),
    );
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => {
        resolve(undefined);
      }, patienceMs);
      token.onCancellationRequested(() => {
        resolve(undefined);
      });
    });
    const list = await Promise.race([answer, late]);
    return (list?.items ?? []).map((item) => moved(item, -offset));
  } finally {
    python.delete(uri.toString());
  }
}

/** The item at its place in the cell. What it would do elsewhere in the document, such as adding an import, is left out. */
function moved(item: vscode.CompletionItem, lines: number): vscode.CompletionItem {
  const up = (range: vscode.Range) =>
    new vscode.Range(range.start.translate(lines), range.end.translate(lines));
  const copy = new vscode.CompletionItem(item.label, item.kind);
  const { range } = item;
  return Object.assign(copy, item, {
    additionalTextEdits: undefined,
    textEdit: undefined,
    ...(range !== undefined && {
      range:
        range instanceof vscode.Range
          ? up(range)
          : { inserting: up(range.inserting), replacing: up(range.replacing) },
    }),
  });
}
