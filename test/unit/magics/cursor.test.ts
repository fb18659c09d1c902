import { expect, it } from 'vitest';
import { atCursor } from '../../../src/magics/cursor';

/** The cursor stands where | does. */
function at(text: string) {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return atCursor(text.replace('|', '').split('\n'), before.length - 1, before.at(-1)?.length ?? 0);
}

it.each<[string, object]>([
  ['%|', { kind: 'name', start: 0, end: 1 }],
  ['%gl|', { kind: 'name', start: 0, end: 3 }],
  ['x = 1\n  %%ta|gs {}', { kind: 'name', start: 2, end: 8, magic: { name: 'tags' } }],
  ['%glue_ver|sion 5.0', { kind: 'name', magic: { name: 'glue_version' } }],
  ['%worker_type |', { kind: 'argument', magic: { name: 'worker_type' }, start: 13 }],
  ['%worker_type G.|', { kind: 'argument', start: 13 }],
  ['%worker_type "G.|', { kind: 'argument', start: 14 }],
  ['%connections a, b|', { kind: 'argument', magic: { name: 'connections' }, start: 16 }],
  ['%connections a,|', { kind: 'argument', start: 15 }],
  ['%iam_role arn:aws:iam::1|', { kind: 'argument', start: 10 }],
  ["%%tags\n{'te|", { kind: 'tagKey', start: 2 }],
  ["%%tags\n{'team': 'a', '|", { kind: 'tagKey', start: 15 }],
  ["%%tags\n{'team': 'an|", { kind: 'tagValue', key: 'team', start: 10 }],
  ["%%tags {'team': '|", { kind: 'tagValue', key: 'team' }],
  ['%%configure\n{\n  "idle|', { kind: 'configureKey', start: 3 }],
  ["%%tags\n{'a': 'b'}\nprint('x|", { kind: 'code' }],
  ['%%sql\nselect |', { kind: 'sql' }],
  ['x = 7 %|', { kind: 'code' }],
  ['spark.|', { kind: 'code' }],
])('tells what stands at %s', (text, expected) => {
  expect(at(text)).toMatchObject(expected);
});
