import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import { diffTags, formatTagList, parseTagList, validateTags } from '../../../src/glue/tags';

describe('validateTags', () => {
  it.each([
    [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${String(index)}`, ''])), '51 tags'],
    [{ '': 'x' }, 'must not be empty'],
    [{ ['k'.repeat(129)]: 'x' }, '129 characters; 128'],
    [{ k: 'v'.repeat(257) }, '257 characters; 256'],
    [{ 'aws:team': 'x' }, 'reserved for AWS'],
    [{ 'AWS:team': 'x' }, 'reserved for AWS'],
  ])('refuses case %#', (tags, reason) => {
    expect(() => {
      validateTags(tags);
    }).toThrow(InvalidInputError);
    expect(() => {
      validateTags(tags);
    }).toThrow(reason);
  });

  it('takes the most there may be', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [String(index).padEnd(128, 'k'), 'v'.repeat(256)]),
    );
    expect(() => {
      validateTags(tags);
    }).not.toThrow();
  });
});

it('reads a list as typed, values with = included', () => {
  expect(parseTagList(' team = analytics , url=a=b, empty= ,')).toEqual({
    team: 'analytics',
    url: 'a=b',
    empty: '',
  });
  expect(parseTagList('')).toEqual({});
  expect(() => parseTagList('team')).toThrow('"team" does not begin with a tag');
  expect(() => parseTagList('=x')).toThrow('does not begin with a tag');
});

it('writes what it reads', () => {
  const part = fc.stringMatching(/^[a-z][a-z0-9 ._-]{0,10}[a-z0-9]$/);
  fc.assert(
    fc.property(fc.dictionary(part, part, { maxKeys: 10 }), (tags) => {
      expect(parseTagList(formatTagList(tags))).toEqual({ ...tags });
    }),
  );
});

it('tells what leads from one set of tags to the other', () => {
  expect(diffTags({ a: '1', b: '2', c: '3' }, { a: '1', b: '5', d: '4' })).toEqual({
    add: { b: '5', d: '4' },
    remove: ['c'],
  });
  const tags = fc.dictionary(fc.string(), fc.string());
  fc.assert(
    fc.property(tags, tags, (before, after) => {
      const { add, remove } = diffTags(before, after);
      const left = Object.entries(before).filter(([key]) => !remove.includes(key));
      expect(Object.fromEntries([...left, ...Object.entries(add)])).toEqual(
        Object.fromEntries(Object.entries(after)),
      );
    }),
  );
});

it('reads again what it wrote, whatever stands in keys and values', () => {
  expect(formatTagList({ note: 'a, b', 'k=1': '"q"' })).toBe('note="a, b", "k=1"="\\"q\\""');
  expect(parseTagList('note = "a, b" , x=1,, y=')).toEqual({ note: 'a, b', x: '1', y: '' });
  expect(() => parseTagList('note="a" b')).toThrow(/does not begin with a tag/);
  const key = fc.string({ minLength: 1, maxLength: 128 }).filter((text) => !text.startsWith('aws:'));
  const tags = fc.dictionary(key, fc.string({ maxLength: 256 }), { maxKeys: 50 });
  fc.assert(
    fc.property(tags, (wanted) => {
      const own = Object.fromEntries(Object.entries(wanted).filter(([name]) => name !== '__proto__'));
      expect({ ...parseTagList(formatTagList(own)) }).toEqual(own);
    }),
  );
});
