import type { SessionGroup } from '../glue/grouping';
import type { ListedSession } from '../glue/listedSession';
import type { Target } from '../glue/target';

/** A row of the view. Nodes are plain values: a row keeps its place by the id of its tree item. */
export type TreeNode =
  | { readonly kind: 'target'; readonly target: Target }
  | GroupNode
  | { readonly kind: 'session'; readonly listed: ListedSession; readonly groupKey: string }
  | { readonly kind: 'message'; readonly key: string; readonly text: string; readonly isProblem: boolean }
  | {
      readonly kind: 'problem';
      readonly key: string;
      readonly target: Target;
      readonly error: unknown;
      /** Whether the row has to say whose problem it is. */
      readonly named: boolean;
    }
  | { readonly kind: 'badSetting'; readonly text: string }
  | { readonly kind: 'more'; readonly groupKey: string; readonly hidden: number }
  | { readonly kind: 'ended'; readonly key: string; readonly hidden: number };

export interface GroupNode {
  readonly kind: 'group';
  readonly group: SessionGroup;
  /** Equal for the same group of the same target, or of all, whenever it was made. */
  readonly groupKey: string;
}
