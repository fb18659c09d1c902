import { expect, it } from 'vitest';
import { postedRows, readRows, rowsOf } from '../../../src/glue/tagRows';
import { english } from '../english';

it('reads what it wrote', () => {
  const tags = { team: 'a', billing: '', 'k=v': ' x ' };
  expect(readRows(rowsOf(tags))).toEqual({ tags });
  expect(readRows(rowsOf({ ...tags, 'aws:x': '1' }))).toEqual({ tags });
});

it('leaves empty rows out, and blanks around a key', () => {
  const rows = postedRows({ row: ['0', '7'], key: [' team ', ''], value: ['a', ''] });
  expect(readRows(rows)).toEqual({ tags: { team: 'a' } });
});

it('says of each row what is wrong with it', () => {
  const rows = postedRows({
    row: ['0', '1', '2', '3'],
    key: ['aws:x', 'team', 'team ', ''],
    value: ['', 'a', 'b', 'value without key'],
  });
  const { problems } = readRows(rows);
  expect([...(problems ?? [])].map(([id, text]) => [id, english(text).slice(0, 20)])).toEqual([
    ['0', 'The tag key "aws:x" '],
    ['2', 'The key "team" is th'],
    ['3', 'A tag key must not b'],
  ]);
});

it('says when there are too many', () => {
  const rows = rowsOf(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${String(n)}`, ''])));
  const [[id, problem] = []] = [...(readRows(rows).problems ?? [])];
  expect([id, english(problem)]).toEqual(['50', expect.stringMatching(/^51 tags/)]);
});

it('takes what is posted without its other lists', () => {
  expect(postedRows({ row: ['0'] })).toEqual([{ id: '0', key: '', value: '' }]);
  expect(postedRows({})).toEqual([]);
});
