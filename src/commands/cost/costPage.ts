import * as vscode from 'vscode';
import { tableCsv } from '../../glue/display/csv';
import type { Cell, Table } from '../../glue/display/table';
import { AwsCallError, InvalidInputError } from '../../glue/errors';
import { formatGroupBy, groupFacts, parseGroupBy } from '../../glue/groupBy';
import { tagKeysOf } from '../../glue/grouping';
import type { PageAction } from '../../glue/pageMessage';
import { billedQuery, type CostAllocationTag } from '../../glue/money/billedCost';
import { budgetUses, readBudgets, uncountedSessions, type BudgetUse } from '../../glue/money/budgets';
import { byAccount, compareCosts, type ComparedRow } from '../../glue/money/compare';
import { lackingTags, liveCost, type CostBy } from '../../glue/money/liveCost';
import { parsePeriod, periodNames, periodOf, type Period } from '../../glue/money/period';
import type { ListedSession } from '../../glue/listedSession';
import { shellWord, visibleJson } from '../../glue/quoting';
import type { Target } from '../../glue/target';
import { withProgress } from '../../host/cancellation';
import { Page } from '../../host/page';
import { errorText } from '../../host/reportError';
import { readSettings, writeSetting } from '../../host/settings';
import { targetLabel } from '../../host/targets';
import type { CommandContext } from '../commandContext';
import { BilledCosts } from './billedCosts';
import { costPageHtml, type CostPageState } from './costPageHtml';

/** One page a window. */
let open: CostPage | undefined;

/** Shows what sessions cost by tag, owner, role or account. */
export async function showCostPage(context: CommandContext): Promise<void> {
  if (open === undefined) {
    open = new CostPage(context, () => {
      open = undefined;
    });
  } else open.reveal();
  await open.read();
}

class CostPage {
  private readonly page: Page;
  private readonly billedCosts: BilledCosts;
  private by: string;
  private periodName: CostPageState['periodName'] = 'month';
  private range: Period;
  private isReading = false;
  private billedProblem: string | undefined;
  private tags: readonly CostAllocationTag[] | undefined;
  private tagsProblem: string | undefined;
  private isMember = false;

  constructor(
    private readonly context: CommandContext,
    onEnd: () => void,
  ) {
    const { inventory, clock, memory, extensionUri, log } = context;
    this.billedCosts = new BilledCosts(memory, () => clock.now());
    this.by = formatGroupBy(parseGroupBy(readSettings.groupBy()).slice(0, 1)) || 'owner';
    this.range = periodOf('month', clock.now());
    this.page = new Page({
      type: 'glueSessions.cost',
      title: vscode.l10n.t('Cost of Glue Sessions'),
      extensionUri,
      log,
      render: () => costPageHtml(this.state()),
      onAction: (action) => this.act(action),
    });
    const following = inventory.onDidChange(() => {
      this.page.update();
    });
    this.page.onDidDispose(() => {
      following.dispose();
      onEnd();
    });
  }

  reveal(): void {
    this.page.reveal();
  }

  /** Looks at all targets: what is known shows meanwhile. */
  async read(): Promise<void> {
    this.isReading = true;
    this.page.update();
    try {
      await this.context.inventory.refresh();
    } finally {
      this.isReading = false;
      this.page.update();
    }
  }

  private state(): CostPageState {
    const { inventory, clock } = this.context;
    const [sessions, now] = [inventory.allSessions(), clock.now()];
    const by = costBy(this.by);
    const period = this.period();
    const query = billedQuery(by, period);
    const billingProfile = readSettings.billingProfile();
    const billed = query && billingProfile && this.billedCosts.find(billingProfile, query);
    const { budgets, uncounted, budgetProblem } = this.budgets(sessions);
    return {
      choices: this.choices(sessions),
      by: this.by,
      periodName: this.periodName,
      period,
      rows: this.rows(sessions),
      lackingTags: by.kind === 'tag' || by.kind === 'owner' ? lackingTags(sessions, period, now).length : 0,
      failed: inventory.targets.flatMap((target) => {
        const { error } = inventory.snapshot(target);
        return error === undefined ? [] : [{ target: targetLabel(target), reason: errorText(error) }];
      }),
      isReading: this.isReading,
      budgets,
      uncounted: uncounted.length,
      ...(budgetProblem !== undefined && { budgetProblem }),
      ...(billingProfile !== undefined && { billingProfile }),
      ...(query === undefined && {
        unbilledReason: vscode.l10n.t(
          'The bill does not know this: AWS bills sessions by tag and by account. Choose a tag, the owner or the account above.',
        ),
      }),
      ...(typeof billed === 'object' && { billed }),
      ...(this.billedProblem !== undefined && { billedProblem: this.billedProblem }),
      ...(this.tags !== undefined && { tags: this.tags }),
      ...(this.tagsProblem !== undefined && { tagsProblem: this.tagsProblem }),
      isMember: this.isMember,
      now,
    };
  }

  private rows(sessions: readonly ListedSession[]): readonly ComparedRow[] {
    const by = costBy(this.by);
    const period = this.period();
    const prices = { pricePerDpuHour: readSettings.pricePerDpuHour(), now: this.context.clock.now() };
    const live = liveCost(sessions, by, period, prices);
    const profile = readSettings.billingProfile();
    const query = billedQuery(by, period);
    const billed = query && profile !== undefined ? this.billedCosts.find(profile, query)?.cost : undefined;
    return compareCosts(by, by.kind === 'target' && billed !== undefined ? byAccount(live) : live, billed);
  }

  private budgets(sessions: readonly ListedSession[]): {
    readonly budgets: readonly BudgetUse[];
    readonly uncounted: readonly ListedSession[];
    readonly budgetProblem?: string;
  } {
    try {
      const prices = { pricePerDpuHour: readSettings.pricePerDpuHour(), now: this.context.clock.now() };
      const written = readBudgets(readSettings.budgets());
      return {
        budgets: budgetUses(written, sessions, prices),
        uncounted: uncountedSessions(written, sessions, prices.now),
      };
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return { budgets: [], uncounted: [], budgetProblem: errorText(error) };
    }
  }

  private period(): Period {
    return this.periodName === 'range' ? this.range : periodOf(this.periodName, this.context.clock.now());
  }

  private choices(sessions: readonly ListedSession[]): readonly string[] {
    const keys = tagKeysOf(sessions).map((key) => formatGroupBy([{ kind: 'tag', key }]));
    return [...new Set([...keys, this.by, ...groupFacts, 'target'])];
  }

  private async act({ action, value, fields }: PageAction): Promise<void> {
    switch (action) {
      case 'by':
        this.by = value;
        break;
      case 'period':
        this.periodName = periodNames.find((name) => name === value) ?? 'range';
        break;
      case 'choose':
        if (this.periodName === 'range')
          this.range = parsePeriod(fields.from?.[0] ?? '', fields.to?.[0] ?? '');
        break;
      case 'export':
        await this.export();
        break;
      case 'readTags':
        await this.readTags(
          lackingTags(this.context.inventory.allSessions(), this.period(), this.context.clock.now()),
        );
        break;
      case 'readBudgetTags':
        await this.readTags(this.budgets(this.context.inventory.allSessions()).uncounted);
        break;
      case 'readBilled':
        await this.readBilled();
        break;
      case 'billingProfile':
        await this.chooseBillingProfile();
        break;
      case 'readAllocationTags':
        await this.readAllocationTags();
        break;
      case 'activate':
      case 'deactivate':
        await this.setAllocationTag(value, action === 'activate');
        break;
      case 'copyRequest':
        await this.copyRequest();
        break;
    }
    this.page.update();
  }

  private async readTags(lacking: readonly ListedSession[]): Promise<void> {
    await withProgress(vscode.l10n.t('Reading the tags of {0} sessions', lacking.length), () =>
      this.context.inventory.readTagsOfAll(lacking),
    );
  }

  private async chooseBillingProfile(): Promise<string | undefined> {
    const local = this.context.localGlue.running;
    const profiles = await this.context.profiles.listProfiles(local?.files);
    const picked = await vscode.window.showQuickPick(
      profiles.map(({ name }) => name),
      {
        title: vscode.l10n.t('Billing Profile'),
        placeHolder: vscode.l10n.t('A profile of the account that pays: Cost Explorer is asked with it'),
      },
    );
    if (picked === undefined) return undefined;
    await writeSetting('billingProfile', picked);
    [this.tags, this.tagsProblem, this.billedProblem, this.isMember] = [
      undefined,
      undefined,
      undefined,
      false,
    ];
    return picked;
  }

  private billingTarget(profile: string): Target {
    const local = this.context.localGlue.running;
    return { profile, roles: [], ...(local !== undefined && { files: local.files }) };
  }

  private async readBilled(): Promise<void> {
    const query = billedQuery(costBy(this.by), this.period());
    const profile = readSettings.billingProfile() ?? (await this.chooseBillingProfile());
    if (query === undefined || profile === undefined) return;
    const read = vscode.l10n.t('Read for $0.01');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('Ask Cost Explorer as {0}?', profile),
      {
        modal: true,
        detail: vscode.l10n.t(
          'AWS charges $0.01 for each call to Cost Explorer. This takes one call, more when there are very many tag values. The answer is remembered for a day.',
        ),
      },
      read,
    );
    if (answer !== read) return;
    this.billedProblem = undefined;
    try {
      const cost = await withProgress(vscode.l10n.t('Reading billed cost'), (signal) =>
        this.context.apis.of(this.billingTarget(profile)).billedCost(query, signal),
      );
      await this.billedCosts.keep(profile, query, cost);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      this.context.log.warn(`billed cost was not read: ${error.message}`);
      this.billedProblem = errorText(error);
    }
  }

  private async readAllocationTags(): Promise<void> {
    const profile = readSettings.billingProfile() ?? (await this.chooseBillingProfile());
    if (profile === undefined) return;
    [this.tagsProblem, this.isMember] = [undefined, false];
    try {
      this.tags = await withProgress(vscode.l10n.t('Reading the cost allocation tags'), (signal) =>
        this.context.apis.of(this.billingTarget(profile)).costAllocationTags(signal),
      );
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      this.context.log.warn(`cost allocation tags were not read: ${error.message}`);
      this.tagsProblem = errorText(error);
      // Source: glue.md, IAM: how the refusal of a member account reads.
      this.isMember = /linked account/i.test(error.message);
    }
  }

  private async setAllocationTag(key: string, isActive: boolean): Promise<void> {
    const profile = readSettings.billingProfile();
    if (profile === undefined) return;
    const change = isActive ? vscode.l10n.t('Activate') : vscode.l10n.t('Deactivate');
    const detail = isActive
      ? vscode.l10n.t(
          'Its values will be on the bill of the whole organization, within 24 hours and from then on.',
        )
      : vscode.l10n.t('Its values will no longer be on the bill, for anybody in the organization.');
    const title = isActive
      ? vscode.l10n.t('Activate the cost allocation tag "{0}"?', key)
      : vscode.l10n.t('Deactivate the cost allocation tag "{0}"?', key);
    if ((await vscode.window.showWarningMessage(title, { modal: true, detail }, change)) !== change) return;
    const failed = await withProgress(title, (signal) =>
      this.context.apis.of(this.billingTarget(profile)).setCostAllocationTags([key], isActive, signal),
    );
    await this.readAllocationTags();
    if (failed[0] !== undefined) this.tagsProblem = `${failed[0].key}: ${failed[0].reason}`;
  }

  private async copyRequest(): Promise<void> {
    const keys = tagKeysOf(this.context.inventory.allSessions()).filter((key) => key !== 'owner');
    const entries = keys.map((TagKey) => ({ TagKey, Status: 'Active' }));
    await vscode.env.clipboard.writeText(
      vscode.l10n.t(
        'Please activate these cost allocation tags in the management account, so that the cost of Glue sessions can be told by them (Billing, "Cost allocation tags"; it takes AWS up to 24 hours): {0}',
        keys.join(', '),
      ) +
        `\n\naws ce update-cost-allocation-tags-status --cost-allocation-tags-status ${shellWord(visibleJson(entries))}\n`,
    );
    vscode.window.setStatusBarMessage(vscode.l10n.t('The request is on the clipboard.'), 4000);
  }

  private async export(): Promise<void> {
    const { from, to } = this.period();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const name = `glue-cost-${this.by.replace(/[^\w-]/g, '_')}-${from}-${to}.csv`;
    const uri = await vscode.window.showSaveDialog({
      filters: { CSV: ['csv'] },
      ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    });
    if (uri === undefined) return;
    const table = tableOf(this.rows(this.context.inventory.allSessions()));
    const csv = tableCsv(
      table,
      table.rows.map((_, position) => position),
    );
    await vscode.workspace.fs.writeFile(uri, Buffer.from(csv));
    vscode.window.setStatusBarMessage(
      vscode.l10n.t('Saved: {0}', vscode.workspace.asRelativePath(uri)),
      4000,
    );
  }
}

function costBy(text: string): CostBy {
  return text === 'target' ? { kind: 'target' } : (parseGroupBy(text)[0] ?? { kind: 'owner' });
}

function tableOf(rows: readonly ComparedRow[]): Table {
  const number = (name: string) => ({ name, type: 'number', kind: 'float' as const });
  return {
    kind: 'table',
    source: 'pandas',
    columns: [
      { name: 'group', type: 'text', kind: 'text' },
      number('sessions'),
      number('running'),
      number('dpu_hours'),
      number('dollars_reckoned'),
      number('dollars_billed'),
    ],
    rows: rows.map(({ value, live, billed }): readonly Cell[] => [
      value ?? null,
      live?.sessions ?? 0,
      live?.live ?? 0,
      live?.dpuHours ?? 0,
      live?.dollars ?? 0,
      billed ?? null,
    ]),
    total: rows.length,
    hasMore: false,
    isCut: false,
  };
}
