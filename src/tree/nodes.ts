import type { SessionGroup } from '../glue/grouping';
import type { ListedSession } from '../glue/listedSession';
import type { Target } from '../glue/target';

/** A row of the view. Nodes are plain values: a row keeps its place by the id of its tree item. */
export type TreeNode =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'group'; readonly target: Target; readonly group: SessionGroup }
  | { readonly kind: 'session'; readonly listed: ListedSession; readonly groupKey: string }
  | { readonly kind: 'message'; readonly target: Target; readonly text: string; readonly tooltip: string }
  | { readonly kind: 'more'; readonly target: Target; readonly groupKey: string; readonly hidden: number };
