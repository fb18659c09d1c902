import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LiteralObject,
  LiteralSyntaxError,
  NumberText,
  readLiteral,
  type Literal,
} from '../../../src/magics/literal';

/** As plain values, to compare; numbers as `#text`. */
function plain(value: Literal): unknown {
  if (value instanceof NumberText) return `#${value.text}`;
  if (value instanceof LiteralObject)
    return Object.fromEntries([...value.members].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(value) ? value.map((item: Literal) => plain(item)) : value;
}

const read = (text: string) => plain(readLiteral(text).value);

describe('readLiteral', () => {
  it.each<[string, unknown]>([
    ['{"a": 1, "b": [true, false, null]}', { a: '#1', b: [true, false, null] }],
    ["{'a': True, 'b': False, 'c': None,}", { a: true, b: false, c: null }],
    ['{a: "x", "--b": 0x1F, --c: 1_000}', { a: 'x', '--b': '#0x1F', '--c': '#1_000' }],
    ['{"glue_version": 3.0, "account": 012345678901}', { glue_version: '#3.0', account: '#012345678901' }],
    ['("one " "text" \'s\')', 'one texts'],
    ['("one",)', ['one']],
    ['(1, 2)', ['#1', '#2']],
    ['{"a", "b"}', ['a', 'b']],
    ['{}', {}],
    ['{ }', {}],
    ['()', []],
    ['"""one\n  two"""', 'one two'],
    [String.raw`"\"\u00e9\x41\n\d"`, '"éA\n\\d'],
    [String.raw`r'a\d' b"c" u'd'`, String.raw`a\dcd`],
    ['# first\n{ // JavaScript\n/* and\n this */ "a": "# not", # Python\n}', { a: '# not' }],
    ['{{ "k" = "v", "l" = "w" }}', { k: 'v', l: 'w' }],
    ['{"a": {"b": {"c": -1.5e3}}}', { a: { b: { c: '#-1.5e3' } } }],
    ['{"a": 1, "a": 2}', { a: '#2' }],
    ['{"__proto__": "x"}', Object.fromEntries([['__proto__', 'x']])],
    ['{1: "one"}', { 1: 'one' }],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['', 'a value expected in line 1, column 1'],
    ['{"a": }', 'a value expected in line 1, column 7'],
    ['{"a": "b" 1}', '"," or "}" expected in line 1, column 11'],
    ['{"a": 1\n "b": 2}', '"," or "}" expected in line 2, column 2'],
    ['{"a": "b', 'the end of the text that begins with " here expected in line 1, column 7'],
    ['[1, 2', '"," or "]" expected in line 1, column 6'],
    ['maybe', 'a value expected in line 1, column 1'],
    ['{"a": yes}', 'a value expected in line 1, column 7'],
    ['{"a": 1.2.3}', 'a value expected'],
    ['['.repeat(100), 'less deeply nested'],
    ['{'.repeat(100), 'less deeply nested'],
    ['{a: constructor}', 'a value'],
  ])('refuses %s', (text, message) => {
    expect(() => readLiteral(text)).toThrow(LiteralSyntaxError);
    expect(() => readLiteral(text)).toThrow(message);
  });

  it('reads all of JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (json) => {
        const withText = (value: unknown): unknown => {
          if (typeof value === 'number') return `#${JSON.stringify(value)}`;
          if (Array.isArray(value)) return value.map(withText);
          if (typeof value !== 'object' || value === null) return value;
          return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withText(item)]));
        };
        expect(read(json)).toEqual(withText(JSON.parse(json)));
      }),
    );
  });

  it('never does anything with hostile text but read or refuse it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '"""',
      ':',
      '=',
      ',',
      '#',
      '\n',
      '\\',
      'r',
      '1',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
        (text) => {
          try {
            expect(readLiteral(text).end).toBeLessThanOrEqual(text.length);
          } catch (error) {
            expect(error).toBeInstanceOf(LiteralSyntaxError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
