import * as vscode from 'vscode';
import type { GlueApis } from '../glue/glueApi';
import type { SessionInventory } from '../glue/sessionInventory';
import type { ProfileSource } from './profileSource';
import type { ProfileWatch } from './profileWatch';

export interface FollowedProfiles {
  /** All that keep keys of targets. */
  readonly apis: readonly Pick<GlueApis, 'forget'>[];
  readonly profiles: ProfileSource;
  readonly inventory: SessionInventory;
  readonly log: vscode.LogOutputChannel;
}

/** Follows the AWS configuration from when the first target is looked at: what does it is loaded then. */
export function followProfiles({ log, ...options }: FollowedProfiles): vscode.Disposable {
  const onFailure = (error: unknown) => {
    log.warn(`the AWS configuration can't be followed: ${String(error)}`);
  };
  let isOver = false;
  let watch: ProfileWatch | undefined;
  const { inventory } = options;
  const waiting = inventory.onDidChange(() => {
    if (inventory.targets.length === 0) return;
    waiting.dispose();
    import('./profileWatch').then(({ ProfileWatch }) => {
      if (!isOver) watch = new ProfileWatch({ ...options, onFailure });
    }, onFailure);
  });
  return new vscode.Disposable(() => {
    isOver = true;
    waiting.dispose();
    watch?.dispose();
  });
}
