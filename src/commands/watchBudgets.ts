import { lazy } from '../glue/lazy';
import { readSettings } from '../host/settings';
import type { CommandContext } from './commandContext';

/** Sessions come page by page, and their tags after them: all of it is looked at once (milliseconds). */
const settleMs = 5000;

/** Looks at the budgets whenever the sessions have changed, if there are any. */
export function watchBudgets(context: CommandContext): { dispose: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const warnings = lazy(async () => new (await import('./cost/cost')).BudgetWarnings(context));
  const following = context.inventory.onDidChange(() => {
    if (timer !== undefined || readSettings.budgets().length === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      warnings()
        .then((loaded) => loaded.look())
        .catch((error: unknown) => {
          context.log.warn(`the budgets were not looked at: ${String(error)}`);
        });
    }, settleMs);
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      following.dispose();
    },
  };
}
