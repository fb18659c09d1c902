import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GlueApi, Statement, StatementOutput } from '../../../src/glue/glueApi';
import { asWritten, carries, isSecondArrival, markCode } from '../../../src/glue/statementMarker';
import { OutcomeUnknownError, resumeStatement, runStatement } from '../../../src/glue/statementRunner';
import { guard } from '../../../src/glue/sessionGuard';
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
  const guarded = guard('abc');

  it('puts the guard before and the marker behind, or both before code that Livy splits', () => {
    expect(markCode('x = 1', 'python', 'abc')).toEqual({
      code: `${guarded}\nx = 1\n# glue-sessions:abc`,
      marker: '# glue-sessions:abc',
      linesBefore: 1,
      uploads: [],
      isGuarded: true,
      withdrawal: {
        code: `${guarded}\n# glue-sessions:abc withdrawn`,
        marker: '# glue-sessions:abc withdrawn',
      },
    });
    expect(markCode('plot()\n%matplot plt', 'python', 'abc').code).toBe(
      `${guarded}  # glue-sessions:abc\nplot()\n%matplot plt`,
    );
  });

  it('can guard no Scala', () => {
    expect(markCode('val x = 1', 'scala', 'abc')).toEqual({
      code: 'val x = 1\n// glue-sessions:abc',
      marker: '// glue-sessions:abc',
      linesBefore: 0,
      uploads: [],
      isGuarded: false,
    });
  });

  it('takes a prelude along in the same line', () => {
    expect(markCode('x = 1', 'python', 'abc', 'a = 1; b = 2')).toMatchObject({
      code: `${guarded}; a = 1; b = 2\nx = 1\n# glue-sessions:abc`,
      linesBefore: 1,
    });
    expect(markCode('val x = 1', 'scala', 'abc', 'val a = 1').linesBefore).toBe(1);
  });

  it('sends Python that is too long in parts, and refuses such Scala', () => {
    expect(() => markCode('x'.repeat(68_001), 'scala', 'abc')).toThrow(
      /68,001 characters. A statement can have 68,000, 21 of which/,
    );
    const most = 68_000 - markCode('', 'python', 'abc').code.length;
    expect(markCode('x'.repeat(most), 'python', 'abc')).toMatchObject({ uploads: [], linesBefore: 1 });
    expect(markCode('x'.repeat(most), 'python', 'abc').code).toHaveLength(68_000);
    expect(markCode('x'.repeat(most + 1), 'python', 'abc').uploads).toHaveLength(2);
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

  it('takes its lines off the line numbers of errors, and its frames out', () => {
    const traceback = [
      'Traceback (most recent call last):\n',
      '  File "<statement 4>", line 1, in <module>\n    exec(compile(\n',
      '  File "<glue-sessions>", line 31, in run\n',
      '  File "<statement 4>", line 3, in <module>\n    f()\n',
      'ValueError: line 1\n',
    ];
    const failed = statement({ output: { status: 'error', traceback } });
    expect(asWritten(failed, 1).output?.traceback).toEqual([
      traceback[0],
      '  File "<statement 4>", line 2, in <module>\n    f()\n',
      traceback[4],
    ]);
    expect(asWritten(failed, 0)).toBe(failed);
  });

  it('takes them off the places that a syntax error, a warning or a printed traceback names', () => {
    const asSeen = (output: Partial<StatementOutput>) =>
      asWritten(statement({ output: { status: 'error', traceback: [], ...output } }), 1).output;
    expect(
      asSeen({
        errorName: 'SyntaxError',
        errorValue: "'(' was never closed (<statement 4>, line 3)",
        traceback: ['  File "<statement 4>", line 3\n', 'SyntaxError: invalid, opened on line 2\n'],
      }),
    ).toMatchObject({
      errorValue: "'(' was never closed (<statement 4>, line 2)",
      traceback: ['  File "<statement 4>", line 2\n', 'SyntaxError: invalid, opened on line 1\n'],
    });
    expect(
      asSeen({
        errorName: 'ValueError',
        errorValue: 'in line 3',
        textPlain: 'line 3\n<stdin>:3: UserWarning: x\n  File "<stdin>", line 4, in f\n',
      }),
    ).toMatchObject({
      errorValue: 'in line 3',
      textPlain: 'line 3\n<stdin>:2: UserWarning: x\n  File "<stdin>", line 3, in f\n',
    });
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
    expect(order).toEqual(['# glue-sessions:abc 1', 'sent']);
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

  it('asks when the same code had ended before, unless the statement waits for others', async () => {
    const ages = async (...states: readonly Statement[]) => {
      const clock = quickClock();
      const started = clock.now();
      const at: number[] = [];
      const answer = answers(...states);
      const getStatement = () => {
        at.push(clock.now() - started);
        return answer();
      };
      await run({ runStatement: answers(0), getStatement }, { clock, expectedMs: 30_000 });
      return at;
    };
    const waiting = statement({ state: 'WAITING' });
    const many = (one: Statement) => [...Array.from({ length: 40 }, () => one), statement()];
    const nearIt = (age: number) => age > 29_000 && age < 31_000;
    expect((await ages(...many(running))).filter(nearIt).length).toBeGreaterThan(5);
    expect((await ages(...many(waiting))).filter(nearIt).length).toBeLessThan(4);
  });

  it('tells how old the statement was when it ended, between what was seen', async () => {
    const told = async (change: Partial<Statement>) => {
      const endedMs: number[] = [];
      await run(
        { runStatement: answers(0), getStatement: answers(running, running, statement(change)) },
        { onEnded: (ageMs) => endedMs.push(ageMs) },
      );
      return endedMs;
    };
    expect(await told({ startedOn: 5000, completedOn: 5150 })).toEqual([150]);
    expect(await told({ startedOn: 5000, completedOn: 5020 })).toEqual([65]);
    expect(await told({ startedOn: 5000, completedOn: 9000 })).toEqual([390]);
    expect(await told({})).toEqual([390]);
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

  it('sends guarded code again once the session has not listed it for a while', async () => {
    const clock = quickClock();
    const sent: [code: string, at: number][] = [];
    const runStatement = (_: string, code: string) => {
      sent.push([code, clock.now()]);
      return sent.length < 3 ? Promise.reject(callError('Network', 'unknown')) : Promise.resolve(5);
    };
    const listStatements = answers({ statements: [] });
    const ended = await run(
      { runStatement, listStatements, getStatement: answers(statement({ id: 5 })) },
      { clock },
    );
    expect(ended?.id).toBe(5);
    expect(new Set(sent.map(([code]) => code)).size).toBe(1);
    expect(sent[1]![1] - sent[0]![1]).toBeGreaterThanOrEqual(8000);
  });

  it('gives the output of the one that ran, when what was sent again came second', async () => {
    const refused = statement({
      id: 5,
      output: { status: 'error', errorValue: 'glue-sessions:abc has run', traceback: [] },
    });
    expect(isSecondArrival(refused, '# glue-sessions:abc')).toBe(true);
    const late = statement({ id: 4, code: '1\n# glue-sessions:abc' });
    const listStatements = answers<{ statements: Statement[] }>(
      { statements: [] },
      { statements: [] },
      {
        statements: [{ ...refused, code: late.code! }, late],
      },
    );
    const sent: number[] = [];
    const ended = await run(
      {
        runStatement: answers<number>(callError('Network', 'unknown'), 5),
        listStatements,
        getStatement: (_, id) => Promise.resolve(id === 5 ? refused : late),
      },
      { graceMs: 500, onSent: (id) => sent.push(id) },
    );
    expect(ended?.id).toBe(4);
    expect(sent).toEqual([5, 4]);
  });

  it('never sends unguarded code again, but says that it does not know', async () => {
    const runs = answers<number>(callError('Network', 'unknown'));
    const marked = markCode('1', 'scala', 'abc');
    const outcome = run({ runStatement: runs, listStatements: answers({ statements: [] }) }, { marked });
    await expect(outcome).rejects.toThrow(OutcomeUnknownError);
    expect(runs.calls).toBe(1);
  });

  it('says that it does not know, when the session can not be asked', async () => {
    const runs = answers<number>(callError('Network', 'unknown'));
    const listStatements = answers<{ statements: Statement[] }>(callError('AccessDenied'));
    await expect(run({ runStatement: runs, listStatements })).rejects.toThrow(/can't be asked/);
    expect(runs.calls).toBe(1);
  });

  it('goes on trying when a lost statement is followed by no connection at all', async () => {
    const runs = answers<number>(callError('Network', 'unknown'), callError('Network'), 3);
    const getStatement = answers(statement({ id: 3 }));
    const ended = await run({
      runStatement: runs,
      listStatements: answers({ statements: [] }),
      getStatement,
    });
    expect(ended?.id).toBe(3);
    await expect(run({ runStatement: answers<number>(callError('Network')) })).rejects.toThrow('Network');
  });

  it('brings the parts of long code in first, and sends a part again after a lost answer', async () => {
    const marked = markCode(`x = '${'a'.repeat(150_000)}'`, 'python', 'abc');
    const sent: string[] = [];
    const uploads: string[] = [];
    const runStatement = (_: string, code: string) => {
      sent.push(code);
      return sent.length === 2
        ? Promise.reject(callError('Network', 'unknown'))
        : Promise.resolve(sent.length);
    };
    await run(
      { runStatement, getStatement: answers(statement()) },
      {
        marked,
        onUpload: (part, parts) => uploads.push(`${String(part)}/${String(parts)}`),
        onSending: () => {
          uploads.push(`sending after ${String(sent.length)}`);
          return Promise.resolve();
        },
      },
    );
    const [one, two, three] = marked.uploads;
    expect(sent).toEqual([one, two, two, three, marked.code]);
    expect(uploads).toEqual(['1/3', '2/3', '3/3', 'sending after 4']);
    expect(sent.every((code) => code.length <= 68_000)).toBe(true);
  });

  it('sends nothing more when it is cancelled while parts are brought in', async () => {
    const cancel = new AbortController();
    const runs = answers(0);
    const ended = await run(
      { runStatement: runs, getStatement: answers(statement()), cancelStatement: answers(undefined) },
      {
        marked: markCode(`x = '${'a'.repeat(150_000)}'`, 'python', 'abc'),
        cancel: cancel.signal,
        onUpload: (part) => {
          if (part === 2) cancel.abort(new Error('interrupt'));
        },
      },
    );
    expect(ended).toBeUndefined();
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

  it('is not sent when it is cancelled while it waits for credentials', async () => {
    const cancel = new AbortController();
    const runStatement = () => {
      cancel.abort(new Error('interrupted'));
      return Promise.reject(cancel.signal.reason as Error);
    };
    expect(await run({ runStatement }, { cancel: cancel.signal })).toBeUndefined();
  });

  it('is not said to be unsent when the answer to it could not be read while it was cancelled', async () => {
    const cancel = new AbortController();
    const unreadable = new Error('the answer names no statement');
    const runStatement = () => {
      cancel.abort(new Error('interrupted'));
      return Promise.reject(unreadable);
    };
    await expect(run({ runStatement }, { cancel: cancel.signal })).rejects.toBe(unreadable);
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

  it('polls in milliseconds at first, slower later', async () => {
    const clock = quickClock();
    const many = Array.from({ length: 60 }, () => running);
    await run({ runStatement: answers(0), getStatement: answers(...many, statement()) }, { clock });
    expect(clock.slept[0]).toBeLessThan(10);
    expect(clock.slept.at(-1)).toBeGreaterThan(900);
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
