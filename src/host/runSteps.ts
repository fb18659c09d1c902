/** The person went back a step. */
export const back = Symbol('back');

/** What a step gave; undefined: the person cancelled. */
export type StepResult<T> = T | typeof back | undefined;

/** Whether a step was answered. */
export function isAnswer<T>(result: StepResult<T>): result is T {
  return result !== undefined && result !== back;
}

/** Where in the row of questions one stands, from 1. */
export interface StepPlace {
  readonly step: number;
  readonly totalSteps: number;
}

/** Leads to another step; what follows it has been answered already, so the last step comes next. */
export class Jump<State> {
  constructor(
    readonly to: number,
    readonly state: State,
  ) {}
}

/** One question: gives the state with its answer. */
export interface Step<State> {
  /** Whether it is asked, as things are; always when left out. */
  readonly applies?: (state: State) => boolean;
  readonly ask: Ask<State>;
}

type Ask<State> = (state: State, place: StepPlace) => Promise<StepResult<State | Jump<State>>>;

/**
 * Runs steps in order, each with what those before gave; Back goes to the one before, and answers are kept.
 * @param begin the step to begin with
 * @param isDetour whether all has been answered before, so that the last step comes next
 * @returns undefined when cancelled
 */
export async function runSteps<State>(
  state: State,
  questions: readonly (Step<State> | Ask<State>)[],
  begin = 0,
  isDetour = false,
): Promise<State | undefined> {
  const steps = questions.map((step) => (typeof step === 'function' ? { ask: step } : step));
  const last = steps.length - 1;
  const applies = (index: number, now: State) => {
    const step: Step<State> | undefined = steps[index];
    return step?.applies?.(now) ?? true;
  };
  let returns = isDetour;
  let index = begin;
  let current = state;
  while (index <= last) {
    if (!applies(index, current)) {
      index += 1;
      continue;
    }
    const asked = steps.flatMap((_, each) => (applies(each, current) ? [each] : []));
    const place = { step: asked.indexOf(index) + 1, totalSteps: asked.length };
    const result = await steps[index]?.ask(current, place);
    if (result === undefined) return undefined;
    if (result === back) {
      const before = asked.filter((each) => each < index).at(-1) ?? index;
      index = returns && index !== last ? last : before;
      returns = false;
    } else if (result instanceof Jump) {
      ({ to: index, state: current } = result);
      returns = true;
    } else {
      current = result;
      index = returns && index !== last ? last : index + 1;
      returns = false;
    }
  }
  return current;
}
