import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from '../../../src/glue/cutText';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (part: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(part);

it('leaves what can be shown whole', () => {
  expect(cutText(bytes('x\n'.repeat(50_000)))).toBeUndefined();
});

it('keeps whole lines of beginning and end, and tells what lies between', () => {
  const line = 'a line of some length\n';
  const whole = bytes(line.repeat(500_000));
  const cut = cutText(whole)!;
  expect(text(cut.first).endsWith(line)).toBe(true);
  expect(text(cut.last).startsWith(line)).toBe(true);
  expect(cut.first.length + cut.omitted + cut.last.length).toBe(whole.length);
  expect(cut.first.length + cut.last.length).toBeLessThan(65 * 1024);
});

it('never cuts a character in two', () => {
  fc.assert(
    fc.property(fc.constantFrom('ä', '€', '😀'), fc.nat(3), (character, before) => {
      const cut = cutText(bytes('x'.repeat(before) + character.repeat(400_000)))!;
      return text(cut.first).length + text(cut.last).length > 0;
    }),
    { numRuns: 12 },
  );
});
