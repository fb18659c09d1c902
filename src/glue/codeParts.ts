import { builtins, guardSource, pythonText, raising, seenSource } from './sessionGuard';
import { topLevelLines } from './topLevelLines';

/** Code that is too long for one statement, as the statements that carry it. */
export interface CodeInParts {
  /** Bring the text into the session: each harmless however often and whenever it arrives. */
  readonly uploads: readonly string[];
  /** Runs the text: every line of it stands before the person's first one. */
  readonly last: readonly string[];
}

/** Name that our own Python goes by in tracebacks, to be taken out of them. */
export const loaderName = '<glue-sessions>';

/** Texts left behind by interrupted uploads that a session keeps at most. */
const mostTexts = 8;

/**
 * Takes Python code apart into statements of at most `most` characters. The last one runs it as Livy would: node by node
 * in the session's namespace, the last expression displayed, under the statement's own file name. Lines of Livy's magics
 * are left for Livy: they stand in the last statement as they are, between the pieces.
 * @param id of the statement, random; letters, digits and hyphens
 * @param prelude one line of simple statements that run before the person's code
 */
export function takeApart(code: string, id: string, most: number, prelude = ''): CodeInParts {
  const { pieces, calls } = piecesBetweenMagics(code);
  const texts = cut(code, most - upload(id, 99_999, 99_999, '').length);
  const linesBefore = calls.length + 1;
  const source = pythonText(loaderSource(id, texts.length, pieces, linesBefore));
  const loader = `${builtins}.compile(${source}, "${loaderName}", "exec")`;
  const first = `${builtins}.exec(${loader}, {"scope": ${builtins}.globals()})`;
  return {
    uploads: texts.map((text, index) => upload(id, index, texts.length, text)),
    last: [prelude === '' ? first : `${first}; ${prelude}`, ...calls],
  };
}

/** First and last line, from 0, the last one excluded. */
type LineRange = readonly [start: number, end: number];

/** Where the code between the magics stands, and the lines that run each piece and each magic in order. */
function piecesBetweenMagics(code: string): { pieces: readonly LineRange[]; calls: readonly string[] } {
  const lines = code.split('\n');
  const isTopLevel = topLevelLines(code);
  const pieces: LineRange[] = [];
  const calls: string[] = [];
  const close = (start: number, end: number) => {
    if (start === end) return;
    calls.push(`__import__("sys").glue_sessions_run(${String(pieces.length)})`);
    pieces.push([start, end]);
  };
  let start = 0;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('%') || isTopLevel[index] === false) continue;
    close(start, index);
    calls.push(line);
    start = index + 1;
  }
  close(start, lines.length);
  return { pieces, calls };
}

/** Texts whose literals have at most that many characters. */
function cut(code: string, most: number): readonly string[] {
  const escaped = pythonText(code).slice(1, -1);
  const texts: string[] = [];
  for (let start = 0; start < escaped.length;) {
    // Never inside an escape, nor between the halves of a character beyond the basic plane.
    const whole = /^(?:\\u[0-9a-f]{4}|\\[^u]|[\ud800-\udbff][\udc00-\udfff]|[^\\\ud800-\udbff])*/;
    const text = whole.exec(escaped.slice(start, start + most))?.[0] ?? '';
    texts.push(text);
    start += text.length;
  }
  return texts;
}

/** @param literal the text as Python writes it, without its quotes */
function upload(id: string, index: number, count: number, literal: string): string {
  const source = [
    seenSource,
    `texts = vars(sys).setdefault('glue_sessions_texts', {})`,
    `if '${id}' not in seen: texts.setdefault('${id}', {})[${String(index)}] = text`,
    `while len(texts) > ${String(mostTexts)}: texts.pop(next(iter(texts)))`,
  ].join('\n');
  return `${builtins}.exec(${pythonText(source)}, {"text": "${literal}"})\n# glue-sessions:${id} part ${String(index + 1)} of ${String(count)}`;
}

/**
 * Puts the text together, makes every piece ready before one runs, so that a syntax error anywhere lets nothing run, and
 * leaves `sys.glue_sessions_run` to run one.
 */
function loaderSource(id: string, count: number, pieces: readonly LineRange[], linesBefore: number): string {
  return `${seenSource}
texts = vars(sys).get('glue_sessions_texts', {})
if '${id}' not in seen and len(texts.get('${id}', {})) < ${String(count)}: ${raising('PartsMissing', 'The session lost parts of this cell before it ran; nothing of it ran. Run the cell again.')}
${guardSource(id)}
import ast, linecache
parts = texts.pop('${id}')
lines = ''.join(parts[index] for index in range(${String(count)})).split('\\n')
name = sys._getframe(1).f_code.co_filename
if name in linecache.cache:
    shown = [line + '\\n' for line in [''] * ${String(linesBefore)} + lines]
    linecache.cache[name] = (len(shown), None, shown, name)
def ready(start, end):
    text = '\\n' * (${String(linesBefore)} + start) + '\\n'.join(lines[start:end])
    nodes = compile(text, name, 'exec', ast.PyCF_ONLY_AST, True).body
    def module(node):
        tree = compile('', name, 'exec', ast.PyCF_ONLY_AST, True)
        tree.body = [node]
        return tree
    return [(module(node), 'exec') for node in nodes[:-1]] + [(ast.Interactive([node]), 'single') for node in nodes[-1:]]
pieces = [ready(start, end) for start, end in ${JSON.stringify(pieces)}]
def run(index):
    for tree, mode in pieces[index]:
        exec(compile(tree, name, mode, 0, True), scope)
sys.glue_sessions_run = run`;
}
