import * as vscode from 'vscode';
import type { SessionGroup } from '../glue/grouping';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import { sessionsView, type ViewPart } from '../glue/sessionsView';
import { targetKey, type Target } from '../glue/target';
import type { CommandRegistrar } from '../host/registerCommand';
import { errorText } from '../host/reportError';
import { affects } from '../host/settings';
import { targetLabel } from '../host/targets';
import { commands, views } from '../manifest';
import { askFilter } from './askFilter';
import type { GroupNode, TreeNode } from './nodes';
import {
  endedItem,
  groupItem,
  messageItem,
  moreItem,
  sessionItem,
  sessionTooltip,
  targetItem,
} from './treeItems';
import { ViewState } from './viewState';

/** Rows shown of a group at once; the rest comes when asked for. */
const rowsPerGroup = 200;

export interface SessionTreeOptions {
  readonly inventory: SessionInventory;
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
  private pending: ReturnType<typeof setTimeout> | undefined;
  /** What is shown; made anew when something changed and somebody looks. */
  private parts: readonly ViewPart[] | undefined;

  constructor(private readonly options: SessionTreeOptions) {
    const { inventory, registrar, memory } = options;
    this.state = new ViewState(memory);
    this.view = vscode.window.createTreeView(views.sessions, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    const watch = () => {
      inventory.setWatched(this.view.visible && vscode.window.state.focused);
    };
    this.disposables = [
      this.view,
      this.changed,
      new vscode.Disposable(() => {
        inventory.setWatched(false);
      }),
      inventory.onDidChange(() => {
        this.redraw();
      }),
      this.view.onDidChangeVisibility(watch),
      vscode.window.onDidChangeWindowState(watch),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (affects(change, 'groupBy', 'mergeTargets', 'pricePerDpuHour')) this.redraw();
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

  get selection(): readonly TreeNode[] {
    return this.view.selection;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'target':
        return targetItem(this.options.inventory.snapshot(node.target));
      case 'group':
        return groupItem(node);
      case 'session':
        return sessionItem(node.listed, node.groupKey);
      case 'message':
        return messageItem(node);
      case 'more':
        return moreItem(node.groupKey, Math.min(node.hidden, rowsPerGroup));
      case 'ended':
        return endedItem(node.key, node.hidden);
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
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
    return item;
  }

  dispose(): void {
    clearTimeout(this.pending);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private roots(): TreeNode[] {
    const { targets } = this.options.inventory;
    const [merged] = this.shown();
    if (merged === undefined || merged.target !== undefined) {
      return targets.map((target) => ({ kind: 'target', target }));
    }
    return [...this.problems(targets), ...this.rowsOf(merged)];
  }

  private rowsOf(part: ViewPart): TreeNode[] {
    const key = part.target === undefined ? 'all' : targetKey(part.target);
    const { endedHidden } = part;
    return [
      ...part.groups.map((group) => groupNode(group, key)),
      ...this.emptiness(part, key),
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

  /** What went wrong with these targets, and what to do. */
  private problems(targets: readonly Target[]): TreeNode[] {
    return targets.flatMap((target) => {
      const { state, error } = this.options.inventory.snapshot(target);
      if (state !== 'failed') return [];
      const where = targets.length > 1 ? `${targetLabel(target)}: ` : '';
      const text = where + errorText(error);
      return [{ kind: 'message' as const, key: `${targetKey(target)}\nfailed`, text, isProblem: true }];
    });
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

  /** Many changes in a moment make one redraw. */
  private redraw(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.parts = undefined;
      this.describe();
      this.changed.fire(undefined);
    }, 100);
  }

  private describe(): void {
    this.view.description = this.state.describe();
    const { filter } = this.state;
    this.view.message = filter === '' ? undefined : vscode.l10n.t('Filter: {0}', filter);
  }
}

function groupNode(group: SessionGroup, parentKey: string): GroupNode {
  return { kind: 'group', group, groupKey: `${parentKey}\n${group.key}` };
}

function isSame(one: Target, other: Target): boolean {
  return one === other || targetKey(one) === targetKey(other);
}
