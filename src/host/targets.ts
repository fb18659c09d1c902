import * as vscode from 'vscode';
import { contextKeys } from '../manifest';
import { targetKey, type Target } from '../glue/target';
import type { LocalGlue } from './localGlue';
import { affects, readSettings, rewriteTargets, writeSetting, type TargetSetting } from './settings';

/** The places where sessions are looked for: those of the settings, those used in this window, and Local Glue's. */
export class Targets implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly used = new Map<string, Target>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly localGlue: LocalGlue) {
    this.subscriptions = [
      localGlue.onDidChange(() => {
        this.notify();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (affects(change, 'targets', 'profile', 'region', 'endpoint', 'roleToAssume')) this.notify();
      }),
    ];
    this.notify();
  }

  all(): readonly Target[] {
    const local = this.localGlue.running;
    const candidates = [
      ...readSettings.targets().map(fromSetting),
      ...(local?.profiles.map((profile) => ({ profile, files: local.files, roles: [] })) ?? []),
      ...this.used.values(),
    ];
    return [...new Map(candidates.map((target) => [targetKey(target), target])).values()];
  }

  /** Whom a notebook calls as before any magic: the settings, else Local Glue's user, else what AWS tools take. */
  defaultTarget(): Target {
    const configured = fromSetting({
      profile: readSettings.profile(),
      roleToAssume: readSettings.roleToAssume(),
      region: readSettings.region(),
      endpoint: readSettings.endpoint(),
    });
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
    await writeSetting('targets', [...readSettings.ownTargets(), toSetting(target)]);
  }

  /** Takes a target out of the view, and out of the settings, whether they are the user's or the workspace's. */
  async remove(target: Target): Promise<void> {
    this.used.delete(targetKey(target));
    await rewriteTargets((settings) =>
      settings.filter((setting) => targetKey(fromSetting(setting)) !== targetKey(target)),
    );
    this.notify();
  }

  /** Whether the person has added it: then nobody needs to be asked about it again. */
  isAdded(kind: 'role' | 'profile' | 'endpoint', value: string): boolean {
    return readSettings.ownTargets().some((setting) => {
      if (kind === 'role') return setting.roleToAssume === value;
      return kind === 'profile' ? setting.profile === value : setting.endpoint === value;
    });
  }

  dispose(): void {
    this.changed.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private notify(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.hasTargets, this.all().length > 0);
    this.changed.fire();
  }
}

/** A short name for people: profile, role and Region. */
export function targetLabel(target: Target): string {
  const roles = target.roles.map(({ roleArn }) => roleArn.split('/').at(-1) ?? roleArn);
  const who =
    target.credentials === undefined
      ? (target.profile ?? process.env.AWS_PROFILE ?? vscode.l10n.t('default credentials'))
      : vscode.l10n.t('keys from a cell');
  return [who, ...roles].join(' → ');
}

function fromSetting(setting: { [K in keyof TargetSetting]: TargetSetting[K] | undefined }): Target {
  const { profile, region, endpoint, roleToAssume, externalId } = setting;
  return {
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    roles:
      roleToAssume === undefined
        ? []
        : [{ roleArn: roleToAssume, ...(externalId !== undefined && { externalId }) }],
  };
}

function toSetting(target: Target): TargetSetting {
  const [role] = target.roles;
  return {
    ...(target.profile !== undefined && { profile: target.profile }),
    ...(target.region !== undefined && { region: target.region }),
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...(role !== undefined && { roleToAssume: role.roleArn }),
    ...(role?.externalId !== undefined && { externalId: role.externalId }),
  };
}
