/**
 * The texts of the interface and their German translation: `npm run l10n` prints what the translation lacks,
 * has too much, or says with other placeholders.
 */
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';

type Texts = Readonly<Record<string, string>>;

/** A difference of a translation from the texts that it translates. */
export interface Difference {
  readonly key: string;
  readonly what: 'missing' | 'stale' | 'other placeholders';
}

/**
 * Every text that the sources give to `vscode.l10n.t`, or where there is no vscode to `sentence`.
 * @throws Error when a call's text is not written out in the call, so that no translation could be found for it
 */
export function textsOfSources(): readonly string[] {
  const texts = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => textsOfFile(`src/${file}`));
  return [...new Set(texts)].sort();
}

/**
 * Texts of the sources of three words or more that nobody translates, as `file: text`; what is logged, matched with, or
 * written as HTML is left out, and parts in a template are a blank.
 */
export function untranslatedTexts(): readonly string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('local'))
    .sort()
    .flatMap((file) => untranslatedOfFile(file.replaceAll('\\', '/')));
}

function untranslatedOfFile(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(`src/${file}`, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText(source);
      if (/\blog\??\.\w+$|\.(?:includes|startsWith|exec|test)$/.test(called)) return;
      if (translates.test(called)) {
        node.arguments.slice(1).forEach(visit);
        return;
      }
    }
    const text = writtenText(node);
    if (text !== undefined && words.test(text) && !/[<\n]|\baws /.test(text)) found.push(`${file}: ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const translates = /(?:\bl10n\s*\.t|^sentence)$/;
const words = /[A-Za-z]{2,}[,:]? (?:[A-Za-z']*[,:]? )+[A-Za-z]{2,}/;

function writtenText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => literal.text).join('');
}

function textsOfFile(file: string): readonly string[] {
  const content = readFileSync(file, 'utf8');
  // What it translates stands where it was written.
  if (!/l10n|sentence\(/.test(content) || file.endsWith('host/translated.ts')) return [];
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && translates.test(node.expression.getText(source)))
      texts.push(textOfCall(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

function textOfCall(call: ts.CallExpression, source: ts.SourceFile): string {
  const [text] = call.arguments;
  if (text !== undefined && ts.isStringLiteralLike(text)) return text.text;
  const { line } = source.getLineAndCharacterOfPosition(call.getStart(source));
  throw new Error(`${source.fileName}:${String(line + 1)} translates a text that is not written in the call`);
}

/** Texts of a file of translations, by key. */
export function readTexts(file: string): Texts {
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}

/**
 * Where a translation differs from what it should translate.
 * @param english texts by key; for those of the sources the key is the text
 */
export function differences(english: Texts, translated: Texts): readonly Difference[] {
  const keys = [...new Set([...Object.keys(english), ...Object.keys(translated)])].sort();
  return keys.flatMap((key): readonly Difference[] => {
    const [from, to] = [english[key], translated[key]];
    if (from === undefined) return [{ key, what: 'stale' }];
    if (to === undefined || to === '') return [{ key, what: 'missing' }];
    return fixedParts(from) === fixedParts(to) ? [] : [{ key, what: 'other placeholders' }];
  });
}

/** What a translation must take over as it is: placeholders, links to commands, icons. */
function fixedParts(text: string): string {
  return [...new Set(text.match(/\{\d+\}|\(command:[^)]*\)|\$\([\w~-]+\)/g) ?? [])].sort().join(' ');
}

/** package.json with its `%keys%` replaced by English texts, as VS Code reads it. */
export function readManifest(): unknown {
  const texts = readTexts('package.nls.json');
  return JSON.parse(readFileSync('package.json', 'utf8'), (_, value: unknown) => {
    const key = typeof value === 'string' ? /^%([\w.]+)%$/.exec(value)?.[1] : undefined;
    return key === undefined ? value : (texts[key] ?? value);
  });
}

if (process.argv[1]?.endsWith('l10n.mts') === true) {
  const english = Object.fromEntries(textsOfSources().map((text) => [text, text]));
  const found = [
    ...differences(english, readTexts('l10n/bundle.l10n.de.json')),
    ...differences(readTexts('package.nls.json'), readTexts('package.nls.de.json')),
  ];
  for (const { key, what } of found) console.log(`${what}: ${JSON.stringify(key)}`);
  if (found.length === 0)
    console.log(`The German translation lacks nothing: ${Object.keys(english).length} texts.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
