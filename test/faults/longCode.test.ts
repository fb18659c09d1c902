import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { startLocalGlue, type LocalGlue } from '../local/localGlue';
import type { Fault } from './faultyProxy';
import { startFaultySession, type FaultySession } from './session';

/** Lines of code with all that could be damaged on the way, about a million characters of it. */
const filler = Array.from(
  { length: 14_000 },
  (_, n) => `row_${String(n)} = ('\\\\n "quoted" \\u00e9 é 😀 ${String(n)}', "it's", """a\nb\t%c""")  # 日本`,
).join('\n');

/** Code that is too long for one statement. */
describe('code over 68,000 characters', () => {
  let local: LocalGlue;
  let session: FaultySession;
  let next: Fault | undefined;
  let nextCall = 0;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], answerMs: 1000 });
    session = await startFaultySession(local, 'long', ({ operation }) => {
      if (operation !== 'RunStatement' || nextCall-- !== 0) return undefined;
      return next;
    });
  });
  afterAll(async () => {
    await session.proxy.stop();
    await local.stop();
  });

  /** The statement of short code and of the same code behind a million characters must read alike. */
  const both = async (code: string) => {
    const short = await session.run(code);
    const long = await session.run(`${code}\n${'#'.repeat(100_000)}`);
    return [short.output, long.output];
  };

  it('runs at a million characters, every one of them as written', async () => {
    expect(filler.length).toBeGreaterThan(1_000_000);
    const before = session.executed().length;
    const ended = await session.run(
      `${filler}\nimport hashlib\nprint('printed')\n[len(row_13999), row_13999[0], row_7]`,
    );
    const row = (n: number) => `'\\\\n "quoted" é é 😀 ${String(n)}'`;
    expect(ended.output).toMatchObject({
      status: 'ok',
      textPlain: `printed\n[3, ${row(13_999)}, (${row(7)}, "it's", 'a\\nb\\t%c')]\n`,
    });
    const statements = session.executed().length - before;
    expect(statements).toBeGreaterThan(16);
    expect(statements).toBeLessThan(25);
  });

  it('displays the last expression, and nothing for what is none', async () => {
    const [short, long] = await both('x = 20\nx + 1');
    expect(long).toEqual({ ...short, executionCount: long?.executionCount });
    expect(long?.textPlain).toBe('21\n');
    expect((await both('x = 20')).map((output) => output?.textPlain)).toEqual(['', '']);
  });

  it('shows the traceback as if it had been short, lines of the cell included', async () => {
    const code = 'def f(x):\n    return 1 / x\n\n\nf(0)';
    const outputs = await both(code);
    const [short, long] = outputs.map((output) =>
      output?.traceback.join('').replace(/<statement \d+>/g, '<statement>'),
    );
    expect(long).toBe(short);
    expect(long).toContain('line 5, in <module>\n    f(0)');
    expect(long).toContain('line 2, in f\n    return 1 / x');
  });

  it('runs nothing of code with a syntax error, and tells its line', async () => {
    const outputs = await both(`wrong = True\nx = (1 +\n`);
    expect(outputs.map((output) => output?.errorName)).toEqual(['SyntaxError', 'SyntaxError']);
    for (const output of outputs) {
      expect(output?.errorValue).toMatch(/, line 2\)$/);
      expect(output?.traceback.join('')).toMatch(/line 2\n\s+x = \(1 \+/);
    }
    expect(await session.ask(`'wrong' in globals()`)).toBe('False\n');
  });

  it('leaves %matplot to the session, and shows the last piece alone', async () => {
    const plots = `class plt:
    @staticmethod
    def gcf():
        return plt
    @staticmethod
    def savefig(buffer, **_):
        buffer.write(b'PNG')
    @staticmethod
    def close(_):
        pass
`;
    const [short, long] = await both(`${plots}\n%matplot plt`);
    expect(short).toMatchObject({ mimeType: 'image/png;base64', result: 'UE5H' });
    // Comments behind the magic are a piece of their own.
    expect(long).toMatchObject({ status: 'ok', textPlain: '' });
    const text = `s = """\n%not a magic\n"""`;
    const last = await session.run(`${'#'.repeat(100_000)}\n${plots}\n${text}\n%matplot plt`);
    expect(last.output).toMatchObject({ mimeType: 'image/png;base64', result: 'UE5H' });
    const failed = await session.run(`%matplot plt\n${'#'.repeat(100_000)}\n\n1 / 0`);
    expect(failed.output?.traceback.join('')).toMatch(
      /^Traceback[^\n]*\n\s+File "<statement \d+>", line 4, in/,
    );
  });

  it('runs where the person has given the names of builtins another meaning', async () => {
    const names = 'exec = compile = globals = type = set = vars = None';
    await session.run(names);
    const outputs = await both('1 + 1');
    await session.run('del exec, compile, globals, type, set, vars');
    expect(outputs.map((output) => output?.textPlain)).toEqual(['2\n', '2\n']);
  });

  it('runs once when the answer to a part is lost, a part comes late, or the last statement is lost', async () => {
    for (const [fault, call] of [
      ['answerLost', 1],
      ['late', 1],
      ['answerLost', 2],
      ['lateBeforeNext', 2],
    ] as const) {
      [next, nextCall] = [fault, call];
      const ended = await session.run(`runs = globals().get('runs', 0) + 1\n${'#'.repeat(100_000)}\nruns`, {
        graceMs: 500,
      });
      expect(ended.output?.textPlain, `${fault} of call ${String(call)}`).toMatch(/^\d+\n$/);
    }
    await session.proxy.delivered();
    expect(await session.ask('runs')).toBe('4\n');
    expect(await session.ask('import sys; sys.glue_sessions_texts')).toBe('{}\n');
  });

  it('is cancelled while parts are on their way, and nothing of it runs', async () => {
    const cancel = new AbortController();
    const ended = await runStatement({
      api: session.api,
      sessionId: session.id,
      marked: markCode(`cancelled = True\n${'#'.repeat(300_000)}`, 'python', randomUUID()),
      clock: systemClock,
      cancel: cancel.signal,
      onUpload: (part) => {
        if (part === 3) cancel.abort(new Error('interrupt'));
      },
    });
    expect(ended).toBeUndefined();
    expect(await session.ask(`'cancelled' in globals()`)).toBe('False\n');
  });
});
