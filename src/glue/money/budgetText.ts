import { formatDollars } from '../cost';
import { sentence, type Said } from '../sentence';
import type { BudgetUse } from './budgets';

/** What of a budget is spent, as far as that is known. */
export function spentText({ spent, uncounted }: BudgetUse): Said {
  const dollars = formatDollars(spent);
  return uncounted === 0 ? dollars : sentence('at least {0}', dollars);
}

/** How a budget stands: never within without a remark, where the sum is not whole. */
export function stateText({ state, uncounted }: BudgetUse): Said {
  const words = {
    within: sentence('within'),
    near: sentence('nearly used'),
    over: sentence('over'),
  };
  return uncounted === 0 ? words[state] : sentence('{0}, sessions not counted: {1}', words[state], uncounted);
}
