import { unwatchFile, watchFile } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { GlueApis } from '../glue/glueApi';
import type { SessionInventory } from '../glue/sessionInventory';
import type { AwsConfigurationFiles, Target } from '../glue/target';
import type { ProfileSource } from './profileSource';

/** Files are looked at so often (milliseconds): a look is one stat, and works on every file system. */
const lookMs = 2000;

export interface ProfileWatchOptions {
  /** All that keep keys of targets. */
  readonly apis: readonly Pick<GlueApis, 'forget'>[];
  readonly profiles: ProfileSource;
  readonly inventory: SessionInventory;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Follows the AWS configuration files: a target whose profile says something else now, perhaps another account, is read
 * anew, and what was read of it before is shown no longer.
 */
export class ProfileWatch {
  /** By file: the targets' configuration that it belongs to. */
  private readonly watched = new Map<string, AwsConfigurationFiles | undefined>();
  /** By configuration: those of its profiles when it was looked at last. */
  private readonly fingerprints = new Map<string, ReadonlyMap<string, string>>();
  private readonly following: { dispose: () => void };
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: ProfileWatchOptions) {
    this.following = options.inventory.onDidChange(() => {
      this.begin();
    });
    this.begin();
  }

  dispose(): void {
    this.following.dispose();
    for (const file of this.watched.keys()) unwatchFile(file);
  }

  /** From when a target has been read, or could not be: before, nothing is known that could have become untrue. */
  private begin(): void {
    const { inventory } = this.options;
    for (const target of inventory.allTargets) {
      if (inventory.snapshot(target).state === 'loading') continue;
      const { files } = target;
      const [config, credentials] = filesOf(files);
      if (this.watched.has(config)) continue;
      for (const file of [config, credentials]) {
        this.watched.set(file, files);
        watchFile(file, { interval: lookMs, persistent: false }, () => {
          this.look(files);
        });
      }
      this.look(files);
    }
  }

  private look(files: AwsConfigurationFiles | undefined): void {
    const { onFailure } = this.options;
    this.looking = this.looking.then(() => this.compare(files)).catch(onFailure);
  }

  private async compare(files: AwsConfigurationFiles | undefined): Promise<void> {
    const { apis, profiles, inventory } = this.options;
    const [config] = filesOf(files);
    const now = new Map(
      (await profiles.listProfiles(files)).map(({ name, fingerprint }) => [name, fingerprint]),
    );
    const before = this.fingerprints.get(config);
    this.fingerprints.set(config, now);
    if (before === undefined) return;
    // Also those that are not shown because another leads to the same place: they may now lead elsewhere.
    const changed = inventory.allTargets.filter((target) => {
      const name = nameOf(target);
      const isHere = target.credentials === undefined && filesOf(target.files)[0] === config;
      return isHere && before.get(name) !== now.get(name);
    });
    if (changed.length === 0) return;
    for (const target of changed) for (const each of apis) each.forget(target);
    inventory.forget(changed);
  }
}

function nameOf({ profile }: Target): string {
  return profile ?? process.env.AWS_PROFILE ?? 'default';
}

function filesOf(files: AwsConfigurationFiles | undefined): readonly [string, string] {
  const folder = path.join(homedir(), '.aws');
  return [
    files?.configFile ?? process.env.AWS_CONFIG_FILE ?? path.join(folder, 'config'),
    files?.credentialsFile ?? process.env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(folder, 'credentials'),
  ];
}
