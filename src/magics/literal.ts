import { SaidError } from '../glue/errors';
import { sentence, type Said, type Sentence } from '../glue/sentence';

/** A number, kept as it was written: `3.0` is a Glue version and `012345678901` an account, neither a quantity. */
export class NumberText {
  constructor(readonly text: string) {}
}

/** What JSON and Python literals can hold. Lists, tuples and sets are all lists. */
export type Literal = string | boolean | null | NumberText | readonly Literal[] | LiteralObject;

/** An object or dict: members in order, the last of equal keys counts. */
export class LiteralObject {
  constructor(readonly members: ReadonlyMap<string, Literal>) {}
}

/** The text is no literal. The message says what was expected; it never repeats the text, which may hold keys. */
export class LiteralSyntaxError extends SaidError {
  override readonly name = 'LiteralSyntaxError';

  constructor(
    readonly expected: Said,
    /** Both from 1. */
    readonly line: number,
    readonly column: number,
  ) {
    super(sentence('{0} expected in line {1}, column {2}', expected, line, column));
  }
}

/**
 * Reads the first value of a text in JSON (with comments, trailing commas, bare keys, as JSON5 has them) or as a
 * Python literal (dicts, lists, tuples, sets, adjacent and triple-quoted strings, r and b prefixes, None, True, False),
 * and in the form `{{ "key" = "value" }}` of AWS's documentation.
 * @returns the value, and the index behind it
 * @throws LiteralSyntaxError
 */
export function readLiteral(text: string): { readonly value: Literal; readonly end: number } {
  const reader = new Reader(text);
  const value = reader.value(0);
  return { value, end: reader.at };
}

/** Deeper than anybody writes, and far from the end of the stack. */
const deepest = 64;

const words: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
};

class Reader {
  at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Literal {
    this.skip();
    if (depth > deepest) throw this.expected(sentence('a value less deeply nested'));
    if (this.take(/\{/y) !== undefined) return this.braces(depth + 1);
    if (this.take(/\[/y) !== undefined) return this.items(/\]/y, '"]"', depth + 1);
    if (this.take(/\(/y) !== undefined) return this.parentheses(depth + 1);
    const string = this.strings();
    if (string !== undefined) return string;
    const number = this.take(
      /[+-]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.-])/y,
    );
    if (number !== undefined) return new NumberText(number);
    const word = this.take(/[A-Za-z]+(?!\w)/y);
    if (word !== undefined && Object.hasOwn(words, word)) return words[word] ?? null;
    this.at -= word?.length ?? 0;
    throw this.expected(sentence('a value'));
  }

  /** Behind `{`: an object, a set, or the documentation's object in two pairs of braces. */
  private braces(depth: number): Literal {
    const first = this.lookPastSpace();
    if (first === '{') {
      const inner = this.value(depth);
      this.skip();
      if (this.take(/\}/y) === undefined) throw this.expected('"}"');
      return inner;
    }
    const start = this.at;
    this.skip();
    const key = this.key();
    this.skip();
    if (first !== '}' && (key === undefined || !/[:=]/.test(this.text.charAt(this.at)))) {
      // No key: a set, as in `{ 'arn:…' }`.
      this.at = start;
      return this.items(/\}/y, '"}"', depth);
    }
    this.at = start;
    return this.members(depth);
  }

  private members(depth: number): LiteralObject {
    const members = new Map<string, Literal>();
    for (;;) {
      this.skip();
      if (this.take(/\}/y) !== undefined) return new LiteralObject(members);
      const key = this.key();
      if (key === undefined)
        throw this.expected(members.size === 0 ? sentence('a key in quotes') : sentence('a key or "}"'));
      this.skip();
      if (this.take(/[:=]/y) === undefined) throw this.expected('":"');
      members.set(key, this.value(depth));
      this.skip();
      if (this.take(/,/y) !== undefined) continue;
      if (this.take(/\}/y) === undefined) throw this.expected(oneOf('"}"'));
      return new LiteralObject(members);
    }
  }

  private items(close: RegExp, closeName: string, depth: number): readonly Literal[] {
    const items: Literal[] = [];
    for (;;) {
      this.skip();
      if (this.take(close) !== undefined) return items;
      items.push(this.value(depth));
      this.skip();
      if (this.take(/,/y) !== undefined) continue;
      if (this.take(close) === undefined) throw this.expected(oneOf(closeName));
      return items;
    }
  }

  /** Behind `(`: Python's parentheses, a tuple only with a comma. */
  private parentheses(depth: number): Literal {
    const start = this.at;
    const items = this.items(/\)/y, '")"', depth);
    const [only] = items;
    const isTuple = /,[\s)]*$/.test(this.text.slice(start, this.at));
    return items.length === 1 && only !== undefined && !isTuple ? only : items;
  }

  private key(): string | undefined {
    return this.strings() ?? this.take(/[A-Za-z_$-][\w$.-]*|\d+(?=\s*[:=])/y);
  }

  /** Adjacent strings are one, as in Python. */
  private strings(): string | undefined {
    let all: string | undefined;
    for (;;) {
      const before = this.at;
      this.skip();
      const next = this.string();
      if (next === undefined) {
        this.at = before;
        return all;
      }
      all = (all ?? '') + next;
    }
  }

  private string(): string | undefined {
    const opening = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
    opening.lastIndex = this.at;
    const [found, prefix, quote] = opening.exec(this.text) ?? [];
    if (found === undefined || prefix === undefined || quote === undefined) return undefined;
    const isTriple = quote.length === 3;
    const start = this.at + found.length;
    let index = start;
    while (!this.text.startsWith(quote, index)) {
      if (index >= this.text.length || (!isTriple && this.text.charAt(index) === '\n')) {
        this.at = start - quote.length;
        throw this.expected(sentence('the end of the text that begins with {0} here', quote));
      }
      index += this.text.charAt(index) === '\\' ? 2 : 1;
    }
    this.at = index + quote.length;
    const raw = this.text.slice(start, index);
    const plain = /r/i.test(prefix) ? raw : unescaped(raw);
    // Written over several lines to be readable: an argument is one line.
    return isTriple ? plain.trim().replace(/\s*\n\s*/g, ' ') : plain;
  }

  private lookPastSpace(): string {
    const before = this.at;
    this.skip();
    const next = this.text.charAt(this.at);
    this.at = before;
    return next;
  }

  /** White space, and the comments of Python and JavaScript. */
  private skip(): void {
    this.take(/(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\\\n)*/y);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    return found;
  }

  private expected(what: Said): LiteralSyntaxError {
    const before = this.text.slice(0, this.at).split('\n');
    return new LiteralSyntaxError(what, before.length, (before.at(-1)?.length ?? 0) + 1);
  }
}

function oneOf(close: string): Sentence {
  return sentence('"," or {0}', close);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/** Escapes that JSON and Python share; others stay as they are written, as in Python. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|\n|([ntrbf0\\/"']))/g,
    (_, unicode: string | undefined, hex: string | undefined, letter: string | undefined) => {
      const code = unicode ?? hex;
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return letter === undefined ? '' : (escapes[letter] ?? letter);
    },
  );
}
