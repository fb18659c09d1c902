import * as vscode from 'vscode';
import type { SessionGroup } from '../glue/grouping';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import type { adviseOnTarget } from '../glue/targetAdvice';
import type { TargetFacts } from '../glue/targetFacts';
import { sessionsView, type ViewPart } from '../glue/sessionsView';
import { targetKey, type Target } from '../glue/target';
import type { CommandRegistrar } from '../host/registerCommand';
import { affects } from '../host/settings';
import { targetLabel, type Targets } from '../host/targets';
import { commands, views } from '../manifest';
import { askFilter } from './askFilter';
import type { GroupNode, TreeNode } from './nodes';
import { freshness } from './freshness';
import { RedrawPace } from './redrawPace';
import { RowBadges } from './rowBadges';
import {
  endedItem,
  groupItem,
  messageItem,
  moreItem,
  rowSettings,
  sessionItem,
  sessionTooltip,
  type RowSettings,
} from './treeItems';
import { badSettingItem, problemItem, targetItem, targetTooltip } from './targetItems';
import { ViewState } from './viewState';

/** A window beside the one with the focus may be looked at: for so long its view is kept up to date (milliseconds). */
const unfocusedMs = 15 * 60_000;

/** Rows shown of a group at once; the rest comes when asked for. */
const rowsPerGroup = 200;

export interface SessionTreeOptions {
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly targetFacts: TargetFacts;
  readonly registrar: CommandRegistrar;
  /** Keeps the filter, and whether ended sessions are shown. */
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** The view "Sessions": targets, then groups, then sessions. */
export class SessionTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly disposables: readonly { dispose: () => unknown }[];
  private readonly rows = new Map<string, number>();
  private readonly state: ViewState;
  private readonly pace = new RedrawPace(() => {
    this.parts = undefined;
    this.rowSettings = undefined;
    this.changed.fire(undefined);
    this.describe();
  });
  /** As told: while rows are drawn anew, the view itself says for a moment that none is selected. */
  private selection: readonly TreeNode[] = [];
  private message: string | undefined;
  /** Loaded with the first failure. */
  private advise: typeof adviseOnTarget | undefined;
  private unfocused: ReturnType<typeof setTimeout> | undefined;
  /** What is shown; made anew when something changed and somebody looks. */
  private parts: readonly ViewPart[] | undefined;
  /** As of the last redraw. */
  private rowSettings: RowSettings | undefined;

  constructor(private readonly options: SessionTreeOptions) {
    const { inventory, registrar, memory } = options;
    this.state = new ViewState(memory);
    this.view = vscode.window.createTreeView(views.sessions, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    const watch = () => {
      clearTimeout(this.unfocused);
      inventory.setWatched(this.view.visible);
      if (!this.view.visible || vscode.window.state.focused) return;
      this.unfocused = setTimeout(() => {
        inventory.setWatched(false);
      }, unfocusedMs);
    };
    this.disposables = [
      this.view,
      this.changed,
      vscode.window.registerFileDecorationProvider(new RowBadges()),
      new vscode.Disposable(() => {
        inventory.setWatched(false);
      }),
      inventory.onDidChange(() => {
        this.redraw();
      }),
      options.targetFacts.onDidChange(() => {
        this.redraw();
      }),
      options.targets.onDidChange(() => {
        this.redraw();
      }),
      this.view.onDidChangeVisibility(watch),
      this.view.onDidChangeSelection(({ selection }) => {
        this.selection = selection;
      }),
      vscode.window.onDidChangeWindowState(watch),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (affects(change, 'groupBy', 'mergeTargets', 'pricePerDpuHour', 'warnDollars', 'warnIdleHours'))
          this.redraw();
      }),
    ];
    registrar.register(commands.toggleEnded, async () => {
      await this.state.toggleEnded();
      this.redraw();
    });
    registrar.register(commands.filterSessions, () => this.filter(() => askFilter(this.state.filter)));
    registrar.register(commands.clearFilter, () => this.filter(() => Promise.resolve('')));
    registrar.register(commands.showMore, (groupKey) => {
      if (typeof groupKey === 'string') this.showMore(groupKey);
      return Promise.resolve();
    });
    this.describe();
    watch();
  }

  /** Sessions of the selected rows; a group stands for its own. */
  get selectedSessions(): readonly ListedSession[] {
    return this.selection.flatMap((node) => {
      if (node.kind === 'session') return [node.listed];
      return node.kind === 'group' ? node.group.sessions : [];
    });
  }

  /** The words that the view is filtered by. */
  get filterText(): string {
    return this.state.filter;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'target':
        return targetItem(
          this.options.inventory.snapshot(node.target),
          this.options.targetFacts.of(node.target),
        );
      case 'group':
        return groupItem(node);
      case 'session':
        return sessionItem(node.listed, node.groupKey, (this.rowSettings ??= rowSettings()));
      case 'message':
        return messageItem(node);
      case 'problem':
        return problemItem(node, this.advise?.(node.error, node.target));
      case 'badSetting':
        return badSettingItem(node.text);
      case 'more':
        return moreItem(node.groupKey, Math.min(node.hidden, rowsPerGroup));
      case 'ended':
        return endedItem(node.key, node.hidden);
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    this.pace.asked();
    if (node === undefined) return this.roots();
    if (node.kind === 'target') {
      const part = this.shown().find(({ target }) => target !== undefined && isSame(target, node.target));
      return [...this.problems([node.target]), ...(part === undefined ? [] : this.rowsOf(part))];
    }
    if (node.kind !== 'group') return [];
    const { groups } = node.group;
    return groups === undefined
      ? this.sessionsOf(node)
      : groups.map((group) => groupNode(group, node.groupKey));
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    if (node.kind === 'session') item.tooltip = sessionTooltip(node.listed);
    if (node.kind === 'target') {
      const { inventory, targetFacts } = this.options;
      item.tooltip = targetTooltip(inventory.snapshot(node.target), targetFacts.of(node.target));
    }
    return item;
  }

  dispose(): void {
    this.pace.dispose();
    clearTimeout(this.unfocused);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private roots(): TreeNode[] {
    const { targets } = this.options.inventory;
    const [merged] = this.shown();
    const badSettings = this.options.targets
      .problems()
      .map((text): TreeNode => ({ kind: 'badSetting', text }));
    if (merged === undefined || merged.target !== undefined) {
      return [...badSettings, ...targets.map((target): TreeNode => ({ kind: 'target', target }))];
    }
    return [...badSettings, ...this.problems(targets), ...this.stillRead(targets), ...this.rowsOf(merged)];
  }

  private rowsOf(part: ViewPart): TreeNode[] {
    const key = part.target === undefined ? 'all' : targetKey(part.target);
    const { endedHidden } = part;
    return [
      ...part.groups.map((group) => groupNode(group, key)),
      ...this.emptiness(part, key),
      ...unreadRow(part, key),
      ...(endedHidden > 0 ? [{ kind: 'ended' as const, key, hidden: endedHidden }] : []),
    ];
  }

  /** Why nothing is to be seen, where nothing is. */
  private emptiness({ target, shown, endedHidden, filteredOut }: ViewPart, key: string): TreeNode[] {
    if (shown > 0) return [];
    const isRead = target === undefined || this.options.inventory.snapshot(target).state === 'ready';
    if (!isRead) return [];
    const text =
      filteredOut > 0
        ? vscode.l10n.t('None of {0} sessions passes the filter.', filteredOut + endedHidden)
        : endedHidden > 0
          ? vscode.l10n.t('No session runs.')
          : vscode.l10n.t('No sessions here. Start one with the + above.');
    return [{ kind: 'message', key: `${key}\nempty`, text, isProblem: false }];
  }

  /** What is shown of these targets and not known to be so now: where each has a row of its own, that says it. */
  private stillRead(targets: readonly Target[]): TreeNode[] {
    return targets.flatMap((target) => {
      const snapshot = this.options.inventory.snapshot(target);
      const text = snapshot.state === 'loading' ? freshness(snapshot) : undefined;
      if (text === undefined) return [];
      const row = { kind: 'message' as const, key: `${targetKey(target)}\nread`, isProblem: false };
      return [{ ...row, text: `${targetLabel(target)}: ${text}` }];
    });
  }

  /** What went wrong with these targets, and what to do. */
  private problems(targets: readonly Target[]): TreeNode[] {
    return targets.flatMap((target) => {
      const { state, error } = this.options.inventory.snapshot(target);
      if (state !== 'failed') return [];
      this.loadAdvice();
      const key = `${targetKey(target)}\nfailed`;
      return [{ kind: 'problem' as const, key, target, error, named: targets.length > 1 }];
    });
  }

  private loadAdvice(): void {
    if (this.advise !== undefined) return;
    import('../glue/failures').then(
      ({ adviseOnTarget }) => {
        this.advise = adviseOnTarget;
        this.redraw();
      },
      (error: unknown) => {
        this.options.log.warn(`failures are told without advice: ${String(error)}`);
      },
    );
  }

  private sessionsOf({ group, groupKey }: GroupNode): TreeNode[] {
    const visible = group.sessions.slice(0, this.rows.get(groupKey) ?? rowsPerGroup);
    this.readMoreOf(visible);
    const hidden = group.sessions.length - visible.length;
    return [
      ...visible.map((listed): TreeNode => ({ kind: 'session', listed, groupKey })),
      ...(hidden > 0 ? [{ kind: 'more' as const, groupKey, hidden }] : []),
    ];
  }

  /** These rows come into view now: what takes a call each is read for them alone. */
  private readMoreOf(visible: readonly ListedSession[]): void {
    const { inventory, log } = this.options;
    const told = (error: unknown) => {
      log.warn(`rows in view: ${String(error)}`);
    };
    for (const target of inventory.targets) {
      const own = visible.filter((listed) => isSame(listed.target, target));
      if (own.length === 0) continue;
      inventory.readTagsOf(target, own).catch(told);
      inventory.readActivityOf(target, own).catch(told);
    }
  }

  private shown(): readonly ViewPart[] {
    const { inventory } = this.options;
    this.parts ??= sessionsView(
      inventory.targets.map((target) => inventory.snapshot(target)),
      this.state.settings(),
      Date.now(),
    );
    return this.parts;
  }

  private async filter(ask: () => Promise<string | undefined>): Promise<void> {
    const text = await ask();
    if (text === undefined) return;
    await this.state.setFilter(text);
    this.redraw();
  }

  private showMore(groupKey: string): void {
    this.rows.set(groupKey, (this.rows.get(groupKey) ?? rowsPerGroup) + rowsPerGroup);
    this.redraw();
  }

  private redraw(): void {
    this.pace.changed();
  }

  private describe(): void {
    const { filter } = this.state;
    const message = filter === '' ? undefined : vscode.l10n.t('Filter: {0}', filter);
    this.view.description = this.state.describe();
    // Also said as a change of the data, which would make the rows wait.
    if (message !== this.message) this.view.message = message;
    this.message = message;
  }
}

function groupNode(group: SessionGroup, parentKey: string): GroupNode {
  return { kind: 'group', group, groupKey: `${parentKey}\n${group.key}` };
}

function isSame(one: Target, other: Target): boolean {
  return one === other || targetKey(one) === targetKey(other);
}

/** A filter can't tell of what has not been read. */
function unreadRow({ unread }: ViewPart, key: string): TreeNode[] {
  if (unread === 0) return [];
  const text = vscode.l10n.t(
    '{0} more may pass the filter: their tags are read as their rows come into view without it.',
    unread,
  );
  return [{ kind: 'message', key: `${key}\nunread`, text, isProblem: false }];
}
