import { describe, expect, it } from 'vitest';
import { formatSmallDollars, statementCost } from '../../../src/glue/cost';
import { elapsedText } from '../../../src/glue/elapsed';
import type { Statement } from '../../../src/glue/glueApi';
import { printedSoFar, textChange } from '../../../src/glue/liveText';
import { progressBar } from '../../../src/glue/progressBar';
import { markCode } from '../../../src/glue/statementMarker';
import { runStatement } from '../../../src/glue/statementRunner';
import { answers, apiWith, quickClock, session, statement } from '../scriptedApi';

describe('progressBar', () => {
  it('fills with the progress, and is full only at the end', () => {
    expect(progressBar(0)).toBe('▱▱▱▱▱');
    expect(progressBar(0.6)).toBe('▰▰▰▱▱');
    expect(progressBar(0.999)).toBe('▰▰▰▰▱');
    expect(progressBar(1)).toBe('▰▰▰▰▰');
    expect(progressBar(7)).toBe('▰▰▰▰▰');
    expect(progressBar(-1)).toBe('▱▱▱▱▱');
  });
});

describe('elapsedText', () => {
  it.each([
    [40, '0.0 s'],
    [2340, '2.3 s'],
    [12_900, '12 s'],
    [125_000, '2 min 5 s'],
    [3_720_000, '1 h 2 min'],
  ])('says %i ms as %s', (ms, text) => {
    expect(elapsedText(ms)).toBe(text);
  });

  it('leaves tenths out where they would only flicker', () => {
    expect(elapsedText(2340, false)).toBe('2 s');
  });
});

describe('cost of a statement', () => {
  it('is its DPU-seconds times the price', () => {
    const cost = statementCost(session({ workerType: 'G.1X', numberOfWorkers: 2 }), 2300, 0.44);
    expect(cost?.dpuSeconds).toBeCloseTo(4.6);
    expect(formatSmallDollars(cost?.dollars ?? 0)).toBe('$0.0006');
    expect(statementCost({}, 2300, 0.44)).toBeUndefined();
  });

  it.each([
    [0, '$0.00'],
    [0.000_01, '< $0.0001'],
    [0.0123, '$0.0123'],
    [1.239, '$1.24'],
  ])('of %d dollars reads %s', (dollars, text) => {
    expect(formatSmallDollars(dollars)).toBe(text);
  });
});

describe('output as it comes', () => {
  const printed = (text: string): Statement =>
    statement({ state: 'RUNNING', progress: 0.5, output: { status: 'ok', textPlain: text, traceback: [] } });

  it('is shown as the service sends it, each part once', async () => {
    let shown = '';
    const changes: string[] = [];
    await runStatement({
      api: apiWith({
        runStatement: answers(0),
        getStatement: answers(
          statement({ state: 'RUNNING', progress: 0, output: undefined }),
          printed('a\n'),
          printed('a\n'),
          printed('a\nb\n'),
          statement({ output: { status: 'ok', textPlain: 'a\nb\nc\n', traceback: [] } }),
        ),
      }),
      sessionId: 's1',
      marked: markCode('1', 'python', 'abc'),
      clock: quickClock(),
      onProgress: (seen) => {
        const change = textChange(shown, printedSoFar(seen));
        if (change === undefined) return;
        changes.push(`${change.kind} ${change.text}`);
        shown = change.kind === 'append' ? shown + change.text : change.text;
      },
    });
    expect(changes).toEqual(['append a\n', 'append b\n', 'append c\n']);
    expect(shown).toBe('a\nb\nc\n');
  });

  it('is replaced when it does not go on from what is shown', () => {
    expect(textChange('10 %\r', '20 %\r')).toEqual({ kind: 'replace', text: '20 %\r' });
  });
});
