import * as vscode from 'vscode';
import { groupSessions, type GroupBy, type SessionGroup } from '../glue/grouping';
import type { SessionInventory } from '../glue/sessionInventory';
import { sessionState } from '../glue/sessionStatus';
import { targetKey, type Target } from '../glue/target';
import { errorText } from '../host/reportError';
import { affects, readSettings } from '../host/settings';
import { commands, views } from '../manifest';
import type { TreeNode } from './nodes';
import { groupItem, sessionItem, sessionTooltip, targetItem } from './treeItems';

/** Rows shown of a group at once; the rest comes when asked for. */
const rowsPerGroup = 200;

/** The view "Sessions": targets, then groups, then sessions. */
export class SessionTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly disposables: readonly { dispose: () => unknown }[];
  private readonly rows = new Map<string, number>();
  private pending: ReturnType<typeof setTimeout> | undefined;
  private showEnded = true;

  constructor(private readonly inventory: SessionInventory) {
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
        if (affects(change, 'groupBy', 'pricePerDpuHour')) this.redraw();
      }),
    ];
    this.describe();
    watch();
  }

  get selection(): readonly TreeNode[] {
    return this.view.selection;
  }

  toggleEnded(): void {
    this.showEnded = !this.showEnded;
    this.redraw();
  }

  showMore(groupKey: string): void {
    this.rows.set(groupKey, (this.rows.get(groupKey) ?? rowsPerGroup) + rowsPerGroup);
    this.redraw();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'target':
        return targetItem(this.inventory.snapshot(node.target));
      case 'group':
        return groupItem(node);
      case 'session':
        return sessionItem(node.listed, node.groupKey);
      case 'message': {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon('info');
        item.tooltip = node.tooltip;
        return item;
      }
      case 'more': {
        const item = new vscode.TreeItem(vscode.l10n.t('Show {0} more', Math.min(node.hidden, rowsPerGroup)));
        item.iconPath = new vscode.ThemeIcon('ellipsis');
        item.command = { command: commands.showMore, title: '', arguments: [node.groupKey] };
        return item;
      }
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return this.inventory.targets.map((target) => ({ kind: 'target', target }));
    if (node.kind === 'target') return this.groupsOf(node.target);
    return node.kind === 'group' ? this.sessionsOf(node.target, node.group) : [];
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    if (node.kind === 'session') item.tooltip = sessionTooltip(node.listed);
    return item;
  }

  dispose(): void {
    clearTimeout(this.pending);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private groupsOf(target: Target): TreeNode[] {
    const snapshot = this.inventory.snapshot(target);
    if (snapshot.state === 'failed') {
      const text = errorText(snapshot.error);
      return [{ kind: 'message', target, text, tooltip: text }];
    }
    const shown = snapshot.sessions.filter(
      ({ session }) => this.showEnded || sessionState(session.status).isLive,
    );
    if (shown.length === 0 && snapshot.state === 'ready') {
      const text = vscode.l10n.t('No sessions here. Start one with the + above.');
      return [{ kind: 'message', target, text, tooltip: text }];
    }
    const groups = groupSessions(shown, groupBy(), readSettings.pricePerDpuHour(), Date.now());
    return groups.map((group) => ({ kind: 'group', target, group }));
  }

  private sessionsOf(target: Target, group: SessionGroup): TreeNode[] {
    const groupKey = `${targetKey(target)}\n${group.key}`;
    const limit = this.rows.get(groupKey) ?? rowsPerGroup;
    const visible = group.sessions.slice(0, limit);
    // These rows come into view now: what takes a call each is read for them alone.
    void this.inventory.readTagsOf(target, visible).catch(() => undefined);
    void this.inventory.readActivityOf(target, visible).catch(() => undefined);
    const hidden = group.sessions.length - visible.length;
    return [
      ...visible.map((listed): TreeNode => ({ kind: 'session', listed, groupKey: group.key })),
      ...(hidden > 0 ? [{ kind: 'more' as const, target, groupKey, hidden }] : []),
    ];
  }

  /** Many changes in a moment make one redraw. */
  private redraw(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.describe();
      this.changed.fire(undefined);
    }, 100);
  }

  private describe(): void {
    const by = groupBy();
    this.view.description =
      by.kind === 'status' ? vscode.l10n.t('by status') : vscode.l10n.t('by {0}', by.key);
  }
}

/** The grouping that the settings ask for: `status`, or a tag key. */
function groupBy(): GroupBy {
  const key = readSettings.groupBy();
  return key === 'status' ? { kind: 'status' } : { kind: 'tag', key };
}
