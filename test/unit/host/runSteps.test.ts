import { describe, expect, it } from 'vitest';
import { back, Jump, runSteps, type StepPlace } from '../../../src/host/runSteps';

type State = Readonly<Record<string, string>>;

/** Steps that answer from a script, and what they were asked with. */
function scripted(
  names: readonly string[],
  script: Record<string, (string | typeof back | undefined | number)[]>,
) {
  const asked: string[] = [];
  const steps = names.map((name) => ({
    applies: (state: State) => !(name === 'b' && state.a === 'no b'),
    ask: (state: State, { step, totalSteps }: StepPlace) => {
      asked.push(`${name} ${String(step)}/${String(totalSteps)} had ${state[name] ?? '-'}`);
      const answer = script[name]?.shift();
      if (answer === undefined || answer === back) return Promise.resolve(answer);
      if (typeof answer === 'number') return Promise.resolve(new Jump(answer, state));
      return Promise.resolve({ ...state, [name]: answer });
    },
  }));
  return { asked, steps };
}

describe('runSteps', () => {
  it('keeps answers when a person goes back and forth', async () => {
    const { asked, steps } = scripted(['a', 'b', 'c'], { a: ['1', '1'], b: [back, '2'], c: ['3'] });
    await expect(runSteps({}, steps)).resolves.toEqual({ a: '1', b: '2', c: '3' });
    expect(asked).toEqual(['a 1/3 had -', 'b 2/3 had -', 'a 1/3 had 1', 'b 2/3 had -', 'c 3/3 had -']);
  });

  it('goes past what does not apply, forth and back, and counts it not', async () => {
    const { asked, steps } = scripted(['a', 'b', 'c'], { a: ['no b', 'no b'], c: [back, '3'] });
    await runSteps({}, steps);
    expect(asked).toEqual(['a 1/3 had -', 'c 2/2 had -', 'a 1/2 had no b', 'c 2/2 had -']);
  });

  it('comes back to the last step after a detour, whether that was answered or left', async () => {
    const { asked, steps } = scripted(['a', 'b', 'last'], {
      a: ['1', 'new'],
      b: ['2', back],
      last: [0, 1, 'done'],
    });
    await expect(runSteps({}, steps)).resolves.toEqual({ a: 'new', b: '2', last: 'done' });
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'last', 'a', 'last', 'b', 'last']);
  });

  it('asks one step alone when the others were answered before', async () => {
    const { asked, steps } = scripted(['a', 'b', 'last'], { b: ['2'], last: ['done'] });
    await runSteps({ a: '1' }, steps, 1, true);
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['b', 'last']);
  });

  it('is over when it is cancelled', async () => {
    const { steps } = scripted(['a', 'b'], { a: ['1'], b: [undefined] });
    await expect(runSteps({}, steps)).resolves.toBeUndefined();
  });
});
