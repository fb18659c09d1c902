import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markCode } from '../../src/glue/statementMarker';
import { startLocalGlue, type LocalGlue } from '../local/localGlue';
import { faults, type ProxiedCall } from './faultyProxy';
import { startFaultySession, type FaultySession } from './session';

const sessions = 8;
const statementsEach = 125;
/** Of all calls, polls included. */
const faultShare = 0.1;
/** Shorter than a late delivery takes, so that late ones meet the guard. */
const graceMs = 1500;

let local: LocalGlue;
let folder: string;
beforeAll(async () => {
  local = await startLocalGlue({ args: ['--engine', 'python'], answerMs: 1000 });
  folder = await mkdtemp(path.join(tmpdir(), 'soak-'));
});
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

it(
  `a thousand statements with faults have each effect once, in order, and each its own output`,
  { timeout: 400_000 },
  async () => {
    const started = Date.now();
    const all = await Promise.all(
      Array.from({ length: sessions }, (_, number) => soak(`soak-${'abcdefgh'.charAt(number)}`, number + 1)),
    );
    const seconds = (Date.now() - started) / 1000;
    const calls = all.flatMap(({ session }) => session.proxy.calls);
    report(
      calls,
      all.reduce((sum, { secondArrivals }) => sum + secondArrivals, 0),
      seconds,
    );
    const faulty = calls.filter(({ fault }) => fault !== undefined).length;
    expect(faulty / calls.length).toBeGreaterThan(faultShare * 0.7);
    expect(all.reduce((sum, { secondArrivals }) => sum + secondArrivals, 0)).toBeGreaterThan(0);
    for (const { session } of all) await session.proxy.stop();
  },
);

/** Runs the statements of one session, and holds journal, session and file to what they should have done. */
async function soak(id: string, seed: number): Promise<{ session: FaultySession; secondArrivals: number }> {
  const random = generator(seed);
  const file = path.join(folder, id);
  const session = await startFaultySession(local, id, ({ operation }) =>
    operation !== 'STS' && random() < faultShare ? faults[Math.floor(random() * faults.length)] : undefined,
  );
  const codes: string[] = [];
  for (let n = 0; n < statementsEach; n++) {
    const code = `effects = globals().get('effects', [])
effects.append(${String(n)})
with open(${JSON.stringify(file)}, 'a') as file:
    _ = file.write('${String(n)}\\n')
print('statement ${String(n)}')
${String(n)} * ${String(n)}`;
    const marked = markCode(code, 'python', randomUUID());
    codes.push(marked.code);
    const ended = await session.run('', { marked, graceMs });
    expect(ended.output, `${id} ${String(n)}`).toMatchObject({
      status: 'ok',
      textPlain: `statement ${String(n)}\n${String(n * n)}\n`,
    });
  }
  await session.proxy.delivered();

  const numbers = Array.from({ length: statementsEach }, (_, n) => n);
  expect(JSON.parse(await session.ask('effects'))).toEqual(numbers);
  expect((await readFile(file, 'utf8')).trim().split('\n').map(Number)).toEqual(numbers);
  // Each was executed, in order of first arrival; what was executed again is a second arrival, which did nothing.
  const executed = local
    .journal()
    .filter((line) => line.kind === 'statement' && line.session === id)
    .map(({ sha256 }) => codes.findIndex((code) => sha256 === sha256Of(code)))
    .filter((n) => n !== -1);
  expect(executed.filter((n, index) => executed.indexOf(n) === index)).toEqual(numbers);
  return { session, secondArrivals: executed.length - statementsEach };
}

function report(calls: readonly ProxiedCall[], secondArrivals: number, seconds: number): void {
  const sent = calls.filter(({ operation }) => operation === 'RunStatement');
  const count = (kept: readonly ProxiedCall[]) =>
    faults
      .map((fault) => `${fault} ${String(kept.filter((call) => call.fault === fault).length)}`)
      .join(', ');
  // A throttled call and one with an expired token were refused: sending those again needs no guard.
  const refused = sent.filter(({ fault }) => fault === 'throttled' || fault === 'expiredToken').length;
  const first = sessions * (statementsEach + 1);
  console.log(
    [
      `soak: ${String(sessions * statementsEach)} statements in ${String(sessions)} sessions, ${seconds.toFixed(0)} s`,
      `calls ${String(calls.length)}, faults on them: ${count(calls)}`,
      `RunStatement ${String(sent.length)}, faults on them: ${count(sent)}`,
      `sent again under guard: ${String(sent.length - first - refused)}`,
      `statements that arrived a second time and did nothing: ${String(secondArrivals)}`,
    ].join('\n'),
  );
}

function sha256Of(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
