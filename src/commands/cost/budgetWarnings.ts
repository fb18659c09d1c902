import * as vscode from 'vscode';
import { formatDollars } from '../../glue/cost';
import { InvalidInputError } from '../../glue/errors';
import { BudgetTags } from '../../glue/money/budgetTags';
import { budgetUses, readBudgets, warningKey, type Budget, type BudgetUse } from '../../glue/money/budgets';
import { spentText } from '../../glue/money/budgetText';
import { readSettings } from '../../host/settings';
import { translated } from '../../host/translated';
import { commands } from '../../manifest';
import type { CommandContext } from '../commandContext';

const memoryKey = 'budgetWarnings';
const mostKept = 200;

/** Tells of each budget that is nearly used, and of each that is over, once. */
export class BudgetWarnings {
  private readonly tags: BudgetTags;

  constructor(private readonly context: CommandContext) {
    const { inventory, clock, log } = context;
    this.tags = new BudgetTags(inventory, clock, (error) => {
      log.warn(`tags of sessions that budgets count were not read: ${String(error)}`);
    });
  }

  /** Looks at the sums, with the tags that they lack, as far as those can be read now. */
  async look(): Promise<void> {
    const { inventory, clock, log } = this.context;
    let budgets: readonly Budget[];
    try {
      budgets = readBudgets(readSettings.budgets());
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      log.warn(error.message);
      return;
    }
    const pricePerDpuHour = readSettings.pricePerDpuHour();
    await this.tags.read(budgets, pricePerDpuHour);
    const prices = { pricePerDpuHour, now: clock.now() };
    await this.tell(budgetUses(budgets, inventory.allSessions(), prices), prices.now);
  }

  private async tell(uses: readonly BudgetUse[], now: number): Promise<void> {
    const { memory } = this.context;
    const told = memory.get<readonly string[]>(memoryKey, []);
    const news = uses.filter((use) => use.state !== 'within' && !told.includes(warningKey(use, now)));
    if (news.length === 0) return;
    await memory.update(memoryKey, [...news.map((use) => warningKey(use, now)), ...told].slice(0, mostKept));
    for (const use of news) showWarning(use);
  }
}

function showWarning(use: BudgetUse): void {
  const { budget, state } = use;
  const show = vscode.l10n.t('Show Cost');
  const text =
    state === 'over'
      ? vscode.l10n.t(
          'The budget of {0}={1} is used up: {2} of {3}.',
          budget.tag,
          budget.value,
          translated(spentText(use)),
          formatDollars(budget.dollars),
        )
      : vscode.l10n.t(
          'The budget of {0}={1} is nearly used: {2} of {3}.',
          budget.tag,
          budget.value,
          translated(spentText(use)),
          formatDollars(budget.dollars),
        );
  void vscode.window.showWarningMessage(text, show).then((answer) => {
    if (answer === show) void vscode.commands.executeCommand(commands.showCost);
  });
}
