import { InvalidInputError } from '../errors';
import { sentence } from '../sentence';
import type { ListedSession } from '../listedSession';
import { lackingTags, liveCost } from './liveCost';
import { periodOf, type PeriodName } from './period';

/** What a tag value may cost, as written in the setting `glueSessions.budgets`. */
export interface Budget {
  readonly tag: string;
  readonly value: string;
  readonly dollars: number;
  readonly period: PeriodName;
}

/** How much of a budget is used. */
export interface BudgetUse {
  readonly budget: Budget;
  /** Dollars, reckoned from the sessions whose tags are known: at least so much, when some are not counted. */
  readonly spent: number;
  /** How many sessions of the period are not counted, for their tags have not been read. */
  readonly uncounted: number;
  /** `near` from four fifths on. */
  readonly state: 'within' | 'near' | 'over';
}

const nearShare = 0.8;

/** @throws InvalidInputError that names the budget and what is wrong with it */
export function readBudgets(setting: unknown): readonly Budget[] {
  if (!Array.isArray(setting))
    throw new InvalidInputError(sentence('glueSessions.budgets must be a list of budgets.'));
  return setting.map((entry: unknown, position) => {
    const { tag, value, dollars, period = 'month' } = (entry ?? {}) as Record<string, unknown>;
    const number = position + 1;
    if (typeof tag !== 'string' || tag === '' || typeof value !== 'string')
      throw new InvalidInputError(
        sentence('Budget {0} of glueSessions.budgets must name a tag and its value.', number),
      );
    if (typeof dollars !== 'number' || !(dollars > 0))
      throw new InvalidInputError(
        sentence(
          'Budget {0} of glueSessions.budgets ({1}) must have dollars above 0; it has {2}.',
          number,
          `${tag}=${value}`,
          String(dollars),
        ),
      );
    if (period !== 'today' && period !== 'week' && period !== 'month')
      throw new InvalidInputError(
        sentence(
          'Budget {0} of glueSessions.budgets ({1}) must be for today, week or month.',
          number,
          `${tag}=${value}`,
        ),
      );
    return { tag, value, dollars, period };
  });
}

/** @param prices with now in milliseconds since the epoch */
export function budgetUses(
  budgets: readonly Budget[],
  sessions: readonly ListedSession[],
  prices: { readonly pricePerDpuHour: number; readonly now: number },
): readonly BudgetUse[] {
  return budgets.map((budget) => {
    const period = periodOf(budget.period, prices.now);
    const rows = liveCost(sessions, { kind: 'tag', key: budget.tag }, period, prices);
    const uncounted = uncountedSessions([budget], sessions, prices.now).length;
    const spent = rows.find(({ value }) => value === budget.value)?.dollars ?? 0;
    const share = spent / budget.dollars;
    const state = share >= 1 ? 'over' : share >= nearShare ? 'near' : 'within';
    return { budget, spent, uncounted, state };
  });
}

/**
 * Sessions of the budgets' periods that no budget counts, for their tags have not been read.
 * @param now milliseconds since the epoch
 */
export function uncountedSessions(
  budgets: readonly Budget[],
  sessions: readonly ListedSession[],
  now: number,
): readonly ListedSession[] {
  const names = [...new Set(budgets.map(({ period }) => period))];
  const lacking = names.flatMap((name) => lackingTags(sessions, periodOf(name, now), now));
  // Two targets may show the same session.
  return [...new Map(lacking.map((listed) => [listed.arn, listed])).values()];
}

/** Equal for the same warning: it is given once. @param now milliseconds since the epoch */
export function warningKey({ budget, state }: BudgetUse, now: number): string {
  const { tag, value, dollars, period } = budget;
  return JSON.stringify([tag, value, dollars, period, periodOf(period, now).from, state]);
}
