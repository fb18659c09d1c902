import * as vscode from 'vscode';
import { parseFilter } from '../glue/sessionFilter';
import { formatGroupBy, parseGroupBy, type GroupBy } from '../glue/groupBy';
import { InvalidInputError } from '../glue/errors';
import type { ViewSettings } from '../glue/sessionsView';
import { readSettings } from '../host/settings';
import { contextKeys } from '../manifest';

const filterKey = 'view.filter';
const endedKey = 'view.showsEnded';

/** How the view is set: grouping from the settings, filter and ended sessions kept with the workspace. */
export class ViewState {
  constructor(private readonly memory: vscode.Memento) {
    this.tell();
  }

  get filter(): string {
    return this.memory.get(filterKey, '');
  }

  get showsEnded(): boolean {
    return this.memory.get(endedKey, false);
  }

  /** @throws InvalidInputError for a filter that can't be read; the one before stays */
  async setFilter(text: string): Promise<void> {
    parseFilter(text);
    await this.memory.update(filterKey, text.trim());
    this.tell();
  }

  async toggleEnded(): Promise<void> {
    await this.memory.update(endedKey, !this.showsEnded);
  }

  settings(): ViewSettings {
    return {
      groupBy: groupKeys(),
      isMerged: readSettings.mergeTargets(),
      filter: parseFilter(this.filter),
      showsEnded: this.showsEnded,
      pricePerDpuHour: readSettings.pricePerDpuHour(),
    };
  }

  /** In a few words, for the title of the view. */
  describe(): string {
    return vscode.l10n.t('by {0}', formatGroupBy(groupKeys()));
  }

  private tell(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.sessionsFiltered, this.filter !== '');
  }
}

/** A setting that can't be meant groups as by default: settings.json marks it already. */
function groupKeys(): readonly GroupBy[] {
  try {
    const keys = parseGroupBy(readSettings.groupBy());
    return keys.length > 0 ? keys : parseGroupBy('team');
  } catch (error) {
    if (error instanceof InvalidInputError) return parseGroupBy('team');
    throw error;
  }
}
