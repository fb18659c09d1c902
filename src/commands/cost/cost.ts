/** Everything about money, in a file of its own: loaded when somebody looks, or a budget is set. */
export { showCostPage } from './costPage';
export { BudgetWarnings } from './budgetWarnings';
