import * as vscode from 'vscode';
import { formatDollars } from '../../glue/cost';
import { InvalidInputError } from '../../glue/errors';
import { budgetUses, readBudgets, warningKey } from '../../glue/money/budgets';
import { readSettings } from '../../host/settings';
import { commands } from '../../manifest';
import type { CommandContext } from '../commandContext';

const memoryKey = 'budgetWarnings';
const mostKept = 200;

/** Tells of each budget that is nearly used, and of each that is over, once. */
export async function warnOfBudgets({ inventory, clock, memory, log }: CommandContext): Promise<void> {
  const now = clock.now();
  const told = memory.get<readonly string[]>(memoryKey, []);
  let uses;
  try {
    const prices = { pricePerDpuHour: readSettings.pricePerDpuHour(), now };
    uses = budgetUses(readBudgets(readSettings.budgets()), inventory.allSessions(), prices);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    log.warn(error.message);
    return;
  }
  const news = uses.filter((use) => use.state !== 'within' && !told.includes(warningKey(use, now)));
  if (news.length === 0) return;
  await memory.update(memoryKey, [...news.map((use) => warningKey(use, now)), ...told].slice(0, mostKept));
  for (const { budget, spent, state } of news) {
    const show = vscode.l10n.t('Show Cost');
    const text =
      state === 'over'
        ? vscode.l10n.t(
            'The budget of {0}={1} is used up: {2} of {3}.',
            budget.tag,
            budget.value,
            formatDollars(spent),
            formatDollars(budget.dollars),
          )
        : vscode.l10n.t(
            'The budget of {0}={1} is nearly used: {2} of {3}.',
            budget.tag,
            budget.value,
            formatDollars(spent),
            formatDollars(budget.dollars),
          );
    void vscode.window.showWarningMessage(text, show).then((answer) => {
      if (answer === show) void vscode.commands.executeCommand(commands.showCost);
    });
  }
}
