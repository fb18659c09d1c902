import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/glue/clock';
import type { GlueApi, Statement } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { startLocalGlue, until, type LocalGlue } from './localGlue';
import { smallSession } from './smallSession';
import { permit } from '../unit/scriptedApi';

const execute = promisify(execFile);

/** Processes whose command line holds a text. */
async function processesWith(text: string): Promise<number[]> {
  const { stdout } = await execute('ps', ['-eo', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'))
    .map((line) => Number(line.trim().split(' ')[0]));
}

/** Whether a process is there, and not only its entry. */
async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await execute('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

/** Cells that do what cells should not; sessions run Python without Spark. */
describe('a cell', { timeout: 60_000 }, () => {
  let local: LocalGlue;
  let api: GlueApi;
  let number = 0;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'] });
    api = local.api('session-creator');
  });
  afterAll(() => local.stop());

  const start = async (more: { idleTimeout?: number } = {}) => {
    number += 1;
    const wish = { ...smallSession, id: `hostile-${String(number)}`, ...more };
    return (await startSession(api, wish, { clock: systemClock, permit })).id;
  };
  const ended = async (session: string, id: number): Promise<Statement> => {
    let statement = await api.getStatement(session, id);
    await until(`statement ${String(id)} of ${session} ended`, async () => {
      statement = await api.getStatement(session, id);
      return ['AVAILABLE', 'CANCELLED', 'ERROR'].includes(statement.state);
    });
    return statement;
  };
  const run = async (session: string, code: string) => ended(session, await api.runStatement(session, code));
  const cancelAfter = async (session: string, code: string, milliseconds: number) => {
    const id = await api.runStatement(session, code);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await api.cancelStatement(session, id);
    return ended(session, id);
  };

  it.each([
    ['a sleep', 'import time; time.sleep(600)'],
    ['a loop', 'while True: pass'],
    ['a loop that prints', 'while True: print("x" * 1000)'],
    ['a subprocess', 'import subprocess; subprocess.run(["sleep", "600"])'],
    [
      'a thread waited for',
      'import threading, time; t = threading.Thread(target=time.sleep, args=(600,), daemon=True); t.start(); t.join()',
    ],
  ])('that is %s is cancelled, also at once', async (_, code) => {
    const id = await start();
    await run(id, 'kept = 7');
    for (const milliseconds of [0, 0, 300]) {
      expect((await cancelAfter(id, code, milliseconds)).state).toBe('CANCELLED');
    }
    expect((await run(id, 'kept')).output?.textPlain).toBe('7\n');
  });

  it('that catches the first interrupt is interrupted again', async () => {
    const id = await start();
    const statement = await api.runStatement(
      id,
      'import time\ntry:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    time.sleep(600)',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.cancelStatement(id, statement);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await api.getStatement(id, statement)).state).toBe('CANCELLING');
    await api.cancelStatement(id, statement);
    expect((await ended(id, statement)).state).toBe('CANCELLED');
  });

  it.each([
    ['raise KeyboardInterrupt', 'KeyboardInterrupt', ''],
    ['import sys; sys.exit(3)', 'SystemExit', '3'],
    ['input("name?")', 'EOFError', 'EOF when reading a line'],
    ['def f(): return f()\nf()', 'RecursionError', 'maximum recursion depth exceeded'],
    [
      'class E(Exception):\n    def __str__(self): raise ValueError("no")\nraise E',
      'E',
      "<its text can't be told",
    ],
    ['raise ValueError("x" * 5_000_000)', 'ValueError', 'xxx'],
    ['x = (', 'SyntaxError', "'(' was never closed"],
  ])('%j ends as an error, and the session lives', async (code, name, value) => {
    const id = await start();
    const { output, state } = await run(id, code);
    expect(state).toBe('AVAILABLE');
    expect(output).toMatchObject({ status: 'error', errorName: name });
    expect(output!.errorValue).toContain(value);
    expect((await run(id, '1 + 1')).output?.textPlain).toBe('2\n');
  });

  it('that prints much is shown whole, without end is cut', async () => {
    const id = await start();
    expect((await run(id, 'print("é" * 10_000_000)')).output?.textPlain).toBe(`${'é'.repeat(10_000_000)}\n`);
    const cut = (await run(id, 'for _ in range(3): print("x" * 10_000_000)')).output!.textPlain!;
    expect(cut.length).toBeLessThan(16_000_200);
    expect(cut).toMatch(/Local Glue keeps the first 16,000,000 characters/);
    expect((await run(id, 'print("\\udcff", b"\\xff")')).output?.textPlain).toBe("\udcff b'\\xff'\n");
  });

  it('tells causes, contexts and functions of earlier cells by their lines', async () => {
    const id = await start();
    await run(id, '\n\ndef inner():\n    return {}["k"]');
    const { output } = await run(
      id,
      'try:\n    inner()\nexcept KeyError as error:\n    raise ValueError("v") from error',
    );
    const text = output!.traceback.join('');
    expect(text).toMatch(/<statement 1>", line 4, in inner\n\s+return \{\}\["k"\]/);
    expect(text).toMatch(
      /<statement 2>", line 2, in <module>[^]*direct cause[^]*<statement 2>", line 4, in <module>/,
    );
    expect(text).not.toMatch(/\.py"/);
  });

  it('can pickle its classes', async () => {
    const id = await start();
    await run(id, 'class C:\n    pass');
    expect(
      (await run(id, 'import pickle; type(pickle.loads(pickle.dumps(C()))).__name__')).output?.textPlain,
    ).toBe("'C'\n");
  });

  it('that writes into the pipe to Local Glue ends its session, not the endpoint', async () => {
    const id = await start();
    await run(
      id,
      'import os\nfor fd in range(3, 30):\n    try: os.write(fd, b"nonsense\\n")\n    except OSError: pass\nimport time; time.sleep(60)',
    );
    await until('the session failed', async () => (await api.getSession(id)).status === 'FAILED');
    expect((await api.callerIdentity()).account).toBe('444455556666');
  });

  it('that ends its process leaves nothing behind, and what waited is not run', async () => {
    const id = await start();
    const first = await api.runStatement(
      id,
      'import subprocess, os, time; subprocess.Popen(["sleep", "98765"]); time.sleep(0.5); os._exit(3)',
    );
    const second = await api.runStatement(id, '2');
    expect((await ended(id, first)).state).toBe('ERROR');
    expect((await ended(id, second)).state).toBe('ERROR');
    await until('the session failed', async () => (await api.getSession(id)).status === 'FAILED');
    await until('its children are gone', async () => (await processesWith('sleep 98765')).length === 0);
    expect(local.journal().filter((line) => line.kind === 'statement' && line.session === id)).toHaveLength(
      1,
    );
  });

  it('works in a folder of its session, which goes with it', async () => {
    const id = await start();
    const folder = (
      await run(id, 'import os, tempfile; tempfile.mkdtemp(); open("x.csv", "w").close(); print(os.getcwd())')
    ).output!.textPlain!.trim();
    const name = folder.split('/').at(-1)!;
    expect(readdirSync(tmpdir())).toContain(name);
    await api.stopSession(id);
    await until('it is gone', () => !readdirSync(tmpdir()).includes(name));
  });
});

describe('what a session started', () => {
  it('ends when the endpoint is killed, also deep in C code', { timeout: 60_000 }, async () => {
    const local = await startLocalGlue({ args: ['--engine', 'python'] });
    const api = local.api('session-creator');
    const { id } = await startSession(api, { ...smallSession, id: 'deep' }, { clock: systemClock, permit });
    await api.runStatement(
      id,
      'import os, re, subprocess; subprocess.Popen(["sh", "-c", f"sleep 98766 && echo {os.getpid()}"])\nre.match("(a*)*(a*)*b", "a" * 40)',
    );
    await until('it runs', async () => (await processesWith('sh -c sleep 98766')).length === 1);
    const { stdout } = await execute('ps', ['-eo', 'args=']);
    const python = Number(/sh -c sleep 98766 && echo (\d+)/.exec(stdout)?.[1]);
    expect(await isRunning(python)).toBe(true);
    local.child.kill('SIGKILL');
    await until('nothing of it runs', async () => (await processesWith('sleep 98766')).length === 0, 15_000);
    await until('its Python is gone', async () => !(await isRunning(python)), 15_000);
  });
});
