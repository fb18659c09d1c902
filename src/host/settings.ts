import * as vscode from 'vscode';
import { configurationSection, settings } from '../manifest';
import type { Tags } from '../glue/glueApi';

/** A place to look for sessions, as written in `glueSessions.targets`. */
export interface TargetSetting {
  readonly profile?: string;
  readonly roleToAssume?: string;
  readonly externalId?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

/** The settings of the extension, read anew at each use. Empty texts count as not set. */
export const readSettings = {
  profile: () => text(settings.profile),
  region: () => text(settings.region),
  endpoint: () => text(settings.endpoint),
  roleToAssume: () => text(settings.roleToAssume),
  roleSessionName: () => text(settings.roleSessionName),
  iamRole: () => text(settings.iamRole),
  connections: () => get<string[]>(settings.connections, []),
  tags: () => get<Tags>(settings.tags, {}),
  glueVersion: () => get(settings.glueVersion, '5.0'),
  workerType: () => get(settings.workerType, 'G.1X'),
  numberOfWorkers: () => get(settings.numberOfWorkers, 2),
  /** Minutes. */
  idleTimeout: () => get(settings.idleTimeout, 60),
  /** Dollars. */
  pricePerDpuHour: () => get(settings.pricePerDpuHour, 0.44),
  targets: () => get<TargetSetting[]>(settings.targets, []),
  /** Those that the person wrote, not a workspace that came from somebody else. */
  ownTargets: () => section().inspect<TargetSetting[]>(settings.targets)?.globalValue ?? [],
  groupBy: () => get(settings.groupBy, 'team'),
  mergeTargets: () => get(settings.mergeTargets, false),
  allowedRoles: () => get<string[]>(settings.allowedRoles, []),
  allowedProfiles: () => get<string[]>(settings.allowedProfiles, []),
  allowedEndpoints: () => get<string[]>(settings.allowedEndpoints, []),
  sessionsOnClose: () => get<'ask' | 'stop' | 'keep'>(settings.sessionsOnClose, 'ask'),
  /** Seconds; 0 turns it off. */
  notifyAfterSeconds: () => get(settings.notifyAfterSeconds, 60),
  tableRows: () => get(settings.tableRows, 1000),
  showSparkRows: () => get(settings.showSparkRows, false),
  localPort: () => get(settings.localPort, 0),
  localWorld: () => text(settings.localWorld),
  localEngine: () => get<'auto' | 'spark' | 'python'>(settings.localEngine, 'auto'),
  localPython: () => text(settings.localPython),
};

/** Whether a setting was set by anyone, or has the value it ships with. */
export function settingOrigin(name: keyof typeof settings): 'setting' | 'default' {
  const seen = section().inspect(settings[name]);
  const values = [seen?.globalValue, seen?.workspaceValue, seen?.workspaceFolderValue];
  return values.some((value) => value !== undefined) ? 'setting' : 'default';
}

/** Writes a setting for the user. */
export async function writeSetting(name: keyof typeof settings, value: unknown): Promise<void> {
  await section().update(settings[name], value, vscode.ConfigurationTarget.Global);
}

/** Changes the targets wherever they are written: the user's settings, the workspace's, a folder's. */
export async function rewriteTargets(
  change: (targets: readonly TargetSetting[]) => readonly TargetSetting[],
): Promise<void> {
  const found = section().inspect<TargetSetting[]>(settings.targets);
  const places = [
    [found?.globalValue, vscode.ConfigurationTarget.Global],
    [found?.workspaceValue, vscode.ConfigurationTarget.Workspace],
    [found?.workspaceFolderValue, vscode.ConfigurationTarget.WorkspaceFolder],
  ] as const;
  for (const [written, place] of places) {
    if (written === undefined) continue;
    const changed = change(written);
    if (changed.length !== written.length) await section().update(settings.targets, changed, place);
  }
}

/** Whether a change touches one of these settings. */
export function affects(
  change: vscode.ConfigurationChangeEvent,
  ...names: (keyof typeof settings)[]
): boolean {
  return names.some((name) => change.affectsConfiguration(`${configurationSection}.${settings[name]}`));
}

function section(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(configurationSection);
}

function get<T>(name: string, fallback: T): T {
  return section().get<T>(name) ?? fallback;
}

function text(name: string): string | undefined {
  const value = get(name, '').trim();
  return value === '' ? undefined : value;
}
