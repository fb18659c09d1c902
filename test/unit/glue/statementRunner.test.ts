import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GlueApi, Statement } from '../../../src/glue/glueApi';
import { carries, markCode, withoutMarkerLines } from '../../../src/glue/statementMarker';
import { OutcomeUnknownError, resumeStatement, runStatement } from '../../../src/glue/statementRunner';
import { answers, apiWith, callError, quickClock, statement } from '../scriptedApi';

const running = statement({ state: 'RUNNING', progress: 0.4 });

function run(api: Partial<GlueApi>, change: Partial<Parameters<typeof runStatement>[0]> = {}) {
  return runStatement({
    api: apiWith(api),
    sessionId: 's1',
    marked: markCode('1', 'python', 'abc'),
    clock: quickClock(),
    ...change,
  });
}

describe('markCode', () => {
  it('puts the marker behind, or before code that Livy splits', () => {
    expect(markCode('x = 1', 'python', 'abc')).toEqual({
      code: 'x = 1\n# glue-sessions:abc',
      marker: '# glue-sessions:abc',
      linesBefore: 0,
    });
    expect(markCode('plot()\n%matplot plt', 'python', 'abc').code).toBe(
      '# glue-sessions:abc\nplot()\n%matplot plt',
    );
    expect(markCode('val x = 1', 'scala', 'abc').marker).toBe('// glue-sessions:abc');
  });

  it('counts the lines of a prelude', () => {
    expect(markCode('x = 1', 'python', 'abc', 'a = 1\nb = 2')).toMatchObject({
      code: 'a = 1\nb = 2\nx = 1\n# glue-sessions:abc',
      linesBefore: 2,
    });
    expect(markCode('plot()\n%matplot plt', 'python', 'abc', 'a = 1').linesBefore).toBe(2);
  });

  it('refuses code that is too long for one statement', () => {
    expect(() => markCode('x'.repeat(68_001), 'python', 'abc')).toThrow(
      /68,001 characters. A statement can have 68,000, 20 of which/,
    );
    expect(markCode('x'.repeat(67_980), 'python', 'abc').code).toHaveLength(68_000);
  });

  it('is found again whatever the code', () => {
    fc.assert(
      fc.property(fc.string(), fc.uuid(), (code, id) => {
        const marked = markCode(code, 'python', id);
        return (
          carries(statement({ code: marked.code }), marked.marker) &&
          !carries(statement({ code }), marked.marker)
        );
      }),
    );
  });

  it('takes its line off the line numbers of errors', () => {
    const failed = statement({
      output: { status: 'error', traceback: ['  File "<statement 4>", line 3, in <module>\n'] },
    });
    expect(withoutMarkerLines(failed, 1).output?.traceback).toEqual([
      '  File "<statement 4>", line 2, in <module>\n',
    ]);
    expect(withoutMarkerLines(failed, 0)).toBe(failed);
  });
});

describe('runStatement', () => {
  it('tells the mark before it sends', async () => {
    const order: string[] = [];
    await run(
      {
        runStatement: () => {
          order.push('sent');
          return Promise.resolve(0);
        },
        getStatement: answers(statement()),
      },
      {
        onSending: async (mark) => {
          await new Promise((resolve) => setTimeout(resolve, 10));
          order.push(`${mark.marker} ${String(mark.linesBefore)}`);
        },
      },
    );
    expect(order).toEqual(['# glue-sessions:abc 0', 'sent']);
  });

  it('sends once and polls to the end', async () => {
    const runs = answers(0);
    const seen: number[] = [];
    const ended = await run(
      { runStatement: runs, getStatement: answers(running, statement()) },
      { onProgress: ({ progress }) => seen.push(progress) },
    );
    expect(ended?.output?.textPlain).toBe('1\n');
    expect(runs.calls).toBe(1);
    expect(seen).toEqual([0.4, 1]);
  });

  it('sends again after a throttle, which did not run it', async () => {
    const runs = answers(callError('Throttling'), 0);
    await run({ runStatement: runs, getStatement: answers(statement()) });
    expect(runs.calls).toBe(2);
  });

  it('never sends again after a lost answer, but finds what was sent', async () => {
    const runs = answers<number>(callError('Network', 'unknown'));
    const listed = {
      statements: [statement({ id: 6, code: 'other' }), statement({ id: 7, code: '1\n# glue-sessions:abc' })],
    };
    const asked: number[] = [];
    const getStatement = (_: string, id: number) => {
      asked.push(id);
      return Promise.resolve(statement({ id }));
    };
    const listStatements = answers<{ statements: Statement[]; nextToken?: string }>(
      { statements: [], nextToken: 'more' },
      listed,
    );
    await run({ runStatement: runs, listStatements, getStatement });
    expect(runs.calls).toBe(1);
    expect(asked).toEqual([7]);
  });

  it('says that it does not know, when a lost statement is not listed', async () => {
    const runs = answers<number>(callError('Network', 'unknown'));
    await expect(run({ runStatement: runs, listStatements: answers({ statements: [] }) })).rejects.toThrow(
      OutcomeUnknownError,
    );
    expect(runs.calls).toBe(1);
  });

  it('goes on polling through throttles and lost answers', async () => {
    const getStatement = answers(callError('Throttling'), callError('Network', 'unknown'), statement());
    expect((await run({ runStatement: answers(0), getStatement }))?.state).toBe('AVAILABLE');
  });

  it('stops polling on expired credentials without cancelling anything', async () => {
    await expect(
      run({ runStatement: answers(0), getStatement: answers<Statement>(callError('ExpiredToken')) }),
    ).rejects.toMatchObject({ code: 'ExpiredToken' });
  });

  it('cancels at the service and waits for the end', async () => {
    const cancel = new AbortController();
    const cancelStatement = answers(undefined);
    const getStatement = () => {
      if (cancelStatement.calls > 0) return Promise.resolve(statement({ state: 'CANCELLED' }));
      cancel.abort(new Error('interrupt'));
      return Promise.resolve(running);
    };
    const ended = await run(
      { runStatement: answers(0), getStatement, cancelStatement },
      { cancel: cancel.signal },
    );
    expect(ended?.state).toBe('CANCELLED');
    expect(cancelStatement.calls).toBe(1);
  });

  it('does not send what was cancelled before', async () => {
    expect(await run({}, { cancel: AbortSignal.abort() })).toBeUndefined();
  });

  it('gives the result when the cancel came too late', async () => {
    const cancel = new AbortController();
    const getStatement = answers(running, statement());
    const ended = await run(
      {
        runStatement: answers(0),
        getStatement,
        cancelStatement: answers<undefined>(callError('IllegalSessionState')),
      },
      {
        cancel: cancel.signal,
        onProgress: () => {
          cancel.abort(new Error('interrupt'));
        },
      },
    );
    expect(ended?.state).toBe('AVAILABLE');
  });

  it('gives up when told so', async () => {
    const abandon = new AbortController();
    const ended = run(
      { runStatement: answers(0), getStatement: answers(running) },
      {
        abandon: abandon.signal,
        onProgress: () => {
          abandon.abort(new Error('given back'));
        },
      },
    );
    await expect(ended).rejects.toThrow('given back');
  });

  it('polls in tens of milliseconds at first, slower later', async () => {
    const clock = quickClock();
    const many = Array.from({ length: 60 }, () => running);
    await run({ runStatement: answers(0), getStatement: answers(...many, statement()) }, { clock });
    expect(clock.slept[0]).toBeLessThan(100);
    expect(clock.slept.at(-1)).toBe(2000);
  });
});

describe('resumeStatement', () => {
  const mark = { marker: '# glue-sessions:abc', linesBefore: 0 };

  it('goes on with a statement known by its mark', async () => {
    const listStatements = answers({ statements: [statement({ id: 7, code: '1\n# glue-sessions:abc' })] });
    const ended = await resumeStatement({
      api: apiWith({ listStatements, getStatement: answers(running, statement({ id: 7 })) }),
      sessionId: 's1',
      clock: quickClock(),
      mark,
      sendingAt: 0,
    });
    expect(ended?.id).toBe(7);
  });

  it('says that it was not sent: at once when that is long ago, otherwise after looking for a while', async () => {
    const resume = async (sendingAt: number) => {
      const listStatements = answers<{ statements: Statement[] }>({ statements: [] });
      const api = apiWith({ listStatements });
      const clock = quickClock();
      expect(await resumeStatement({ api, sessionId: 's1', clock, mark, sendingAt })).toBeUndefined();
      return listStatements.calls;
    };
    expect(await resume(0)).toBe(1);
    expect(await resume(quickClock().now())).toBeGreaterThan(5);
  });
});
