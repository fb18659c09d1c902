import * as vscode from 'vscode';
import { contextKeys } from '../manifest';
import { targetKey, type Target } from '../glue/target';
import type { TargetSetting } from '../glue/targetSetting';
import type { LocalGlue } from './localGlue';
import { affects, readSettings, rewriteTargets, writeSetting } from './settings';
import { translated } from './translated';

interface Written {
  readonly targets: readonly Target[];
  /** Those that the person wrote. */
  readonly own: readonly Target[];
  readonly problems: readonly string[];
}

/** The places where sessions are looked for: those of the settings, those used in this window, and Local Glue's. */
export class Targets implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly used = new Map<string, Target>();
  private readonly subscriptions: vscode.Disposable[];
  /** The settings as read last: the check of them is loaded with the first target that is written. */
  private written: Written = { targets: [], own: [], problems: [] };

  constructor(private readonly localGlue: LocalGlue) {
    this.subscriptions = [
      localGlue.onDidChange(() => {
        this.notify();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (affects(change, 'targets')) this.read();
        if (affects(change, 'profile', 'region', 'endpoint', 'roleToAssume')) this.notify();
      }),
    ];
    this.notify();
    this.read();
  }

  all(): readonly Target[] {
    const local = this.localGlue.running;
    const candidates = [
      ...this.written.targets,
      ...(local?.profiles.map((profile) => ({ profile, files: local.files, roles: [] })) ?? []),
      ...this.used.values(),
    ];
    return [...new Map(candidates.map((target) => [targetKey(target), target])).values()];
  }

  /** What is written in the settings and can't be meant: the value, and what was expected. */
  problems(): readonly string[] {
    return this.written.problems;
  }

  /** Whom a notebook calls as before any magic: the settings, else Local Glue's user, else what AWS tools take. */
  defaultTarget(): Target {
    const [profile, role] = [readSettings.profile(), readSettings.roleToAssume()];
    const [region, endpoint] = [readSettings.region(), readSettings.endpoint()];
    const configured: Target = {
      ...(profile !== undefined && { profile }),
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      roles: role === undefined ? [] : [{ roleArn: role }],
    };
    const local = this.localGlue.running;
    if (configured.profile !== undefined || configured.endpoint !== undefined || local === undefined)
      return configured;
    const user = local.profiles[0];
    return { ...configured, files: local.files, ...(user !== undefined && { profile: user }) };
  }

  /** Shows a target for the rest of this window's life: one that a notebook or a command has just used. */
  use(target: Target): void {
    const key = targetKey(target);
    if (this.used.has(key)) return;
    this.used.set(key, target);
    this.notify();
  }

  /** Whether a notebook or a command has called it in this window, or it is Local Glue's: calling it asks nobody for anything. */
  isUsed(target: Target): boolean {
    const isLocal = target.files !== undefined && target.files === this.localGlue.running?.files;
    return this.used.has(targetKey(target)) || (isLocal && target.roles.length === 0);
  }

  /** Keeps a target in the user's settings. */
  async add(target: Target): Promise<void> {
    const { toTargetSetting } = await import('../glue/targetSetting');
    await writeSetting('targets', [...readSettings.ownTargets(), toTargetSetting(target)]);
  }

  /** Writes a target in place of another, wherever that is written; where it is in no settings, it is added. */
  async replace(target: Target, changed: Target): Promise<void> {
    const { toTargetSetting } = await import('../glue/targetSetting');
    const key = targetKey(target);
    this.used.delete(key);
    if (!this.written.targets.some((other) => targetKey(other) === key)) return this.add(changed);
    await this.rewrite(key, toTargetSetting(changed));
  }

  /** Takes a target out of the view, and out of the settings, whether they are the user's or the workspace's. */
  async remove(target: Target): Promise<void> {
    this.used.delete(targetKey(target));
    await this.rewrite(targetKey(target), undefined);
    this.notify();
  }

  /** The places that the person added, not a workspace that came from somebody else. */
  added(): readonly Target[] {
    return this.written.own;
  }

  /** Whether the person has added it: then nobody needs to be asked about it again. */
  isAdded(kind: 'role' | 'profile' | 'endpoint', value: string): boolean {
    return this.written.own.some(({ roles, profile, endpoint }) => {
      if (kind === 'role') return roles.some(({ roleArn }) => roleArn === value);
      return kind === 'profile' ? profile === value : endpoint === value;
    });
  }

  dispose(): void {
    this.changed.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async rewrite(key: string, to: TargetSetting | undefined): Promise<void> {
    const { readTargetSettings } = await import('../glue/targetSetting');
    await rewriteTargets((value) => {
      const [target] = readTargetSettings([{ value, where: '' }]).targets;
      return target !== undefined && targetKey(target) === key ? to : 'keep';
    });
  }

  private read(): void {
    const settings = readSettings.targets();
    if (settings.length === 0) {
      this.take({ targets: [], own: [], problems: [] });
      return;
    }
    import('../glue/targetSetting').then(
      ({ readTargetSettings }) => {
        // Written anew meanwhile: what is there now counts.
        const now = readSettings.targets();
        const own = readTargetSettings(now.filter(({ isOwn }) => isOwn)).targets;
        const { targets, problems } = readTargetSettings(now);
        this.take({ targets, own, problems: problems.map(translated) });
      },
      (error: unknown) => {
        this.take({ targets: [], own: [], problems: [String(error)] });
      },
    );
  }

  private take(written: Written): void {
    this.written = written;
    this.notify();
  }

  private notify(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.hasTargets, this.all().length > 0);
    this.changed.fire();
  }
}

/** A short name for people: profile and roles, and where calls go when that is not AWS's own address. */
export function targetLabel(target: Target): string {
  const roles = target.roles.map(({ roleArn }) => roleArn.split('/').at(-1) ?? roleArn);
  const who =
    target.credentials === undefined
      ? (target.profile ?? process.env.AWS_PROFILE ?? vscode.l10n.t('default credentials'))
      : vscode.l10n.t('keys from a cell');
  const name = [who, ...roles].join(' → ');
  if (target.endpoint === undefined) return name;
  // Without a path or a user name, which could be made to look like an address of AWS.
  const address = URL.canParse(target.endpoint) ? new URL(target.endpoint).origin : target.endpoint;
  return vscode.l10n.t('{0} at {1}', name, address);
}
