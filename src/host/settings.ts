import * as vscode from 'vscode';
import { configurationSection, settings } from '../manifest';
import type { ForgottenLimits } from '../glue/forgotten';
import type { Tags } from '../glue/glueApi';
import type { TargetSetting } from '../glue/targetSetting';

/** A target as it is written, whatever it is. */
export interface TargetEntry {
  readonly value: unknown;
  /** How messages name it. */
  readonly where: string;
  /** Written by the person, not by a workspace that came from somebody else. */
  readonly isOwn: boolean;
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
  requiredTags: () => get<Record<string, string[]>>(settings.requiredTags, {}),
  glueVersion: () => get(settings.glueVersion, '5.0'),
  workerType: () => get(settings.workerType, 'G.1X'),
  numberOfWorkers: () => get(settings.numberOfWorkers, 2),
  /** Minutes. */
  idleTimeout: () => get(settings.idleTimeout, 60),
  /** As written: readBudgets checks them. */
  budgets: () => get<readonly unknown[]>(settings.budgets, []),
  billingProfile: () => text(settings.billingProfile),
  /** Dollars. */
  pricePerDpuHour: () => get(settings.pricePerDpuHour, 0.44),
  /** Dollars, as the person wrote it: a workspace can't have sessions stopped by making them dear. */
  ownPricePerDpuHour: () => {
    const own = section().inspect<unknown>(settings.pricePerDpuHour)?.globalValue;
    return typeof own === 'number' ? own : 0.44;
  },
  /** Dollars; 0 turns the warning off. */
  warnDollars: () => get(settings.warnDollars, 10),
  /** 0 turns the warning off. */
  warnIdleHours: () => get(settings.warnIdleHours, 4),
  ownSessionsCost: () => get(settings.ownSessionsCost, true),
  dailyCheck: () => section().inspect<boolean>(settings.dailyCheck)?.globalValue ?? true,
  /** Those that the person wrote for themselves: a workspace can't have sessions stopped. */
  stopRules: () => section().inspect<unknown>(settings.stopRules)?.globalValue,
  /** As they are written, with the place of each: the person's own first, then those that come with the workspace. */
  targets: (): readonly TargetEntry[] => {
    const seen = section().inspect<unknown>(settings.targets);
    const ofWorkspace = vscode.workspace.isTrusted ? [seen?.workspaceValue, seen?.workspaceFolderValue] : [];
    return [seen?.globalValue, ...ofWorkspace].flatMap((list, place) =>
      (Array.isArray(list) ? (list as unknown[]) : []).map((value, index) => ({
        value,
        where: `${configurationSection}.${settings.targets}[${index}]`,
        isOwn: place === 0,
      })),
    );
  },
  /** Those that the person wrote, not a workspace that came from somebody else. */
  ownTargets: (): readonly unknown[] => {
    const own = section().inspect<unknown>(settings.targets)?.globalValue;
    return Array.isArray(own) ? (own as unknown[]) : [];
  },
  /** As they are written, by name: those of the workspace beside the person's own. */
  presets: () => get<Readonly<Record<string, unknown>>>(settings.presets, {}),
  /** Those that the person wrote, not a workspace that came from somebody else. */
  ownPresets: () => section().inspect<Readonly<Record<string, unknown>>>(settings.presets)?.globalValue ?? {},
  groupBy: () => get(settings.groupBy, 'team'),
  mergeTargets: () => get(settings.mergeTargets, false),
  allowedRoles: () => get<string[]>(settings.allowedRoles, []),
  allowedProfiles: () => get<string[]>(settings.allowedProfiles, []),
  allowedEndpoints: () => get<string[]>(settings.allowedEndpoints, []),
  sessionsOnClose: () => get<'ask' | 'stop' | 'keep'>(settings.sessionsOnClose, 'ask'),
  /** Seconds. */
  stopAfterSeconds: () => get(settings.stopAfterSeconds, 60),
  /** Seconds; 0 turns it off. */
  notifyAfterSeconds: () => get(settings.notifyAfterSeconds, 60),
  tableRows: () => get(settings.tableRows, 1000),
  showSparkRows: () => get(settings.showSparkRows, false),
  localPort: () => get(settings.localPort, 0),
  localWorld: () => text(settings.localWorld),
  localEngine: () => get<'auto' | 'spark' | 'python'>(settings.localEngine, 'auto'),
  localPython: () => text(settings.localPython),
};

/** From when a person is warned of a session of theirs. */
export function forgottenLimits(): ForgottenLimits {
  return { dollars: readSettings.warnDollars(), idleHours: readSettings.warnIdleHours() };
}

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

/** Adds a preset to the person's own. */
export async function writePreset(name: string, preset: unknown): Promise<void> {
  const own = section().inspect<Readonly<Record<string, unknown>>>(settings.presets)?.globalValue ?? {};
  await writeSetting('presets', { ...own, [name]: preset });
}

/**
 * Changes the targets wherever they are written: the user's settings, the workspace's, a folder's.
 * @param change gives the target to write in place of one, or none to leave it out
 */
export async function rewriteTargets(
  change: (target: unknown) => TargetSetting | undefined | 'keep',
): Promise<void> {
  const found = section().inspect<unknown[]>(settings.targets);
  const places = [
    [found?.globalValue, vscode.ConfigurationTarget.Global],
    [found?.workspaceValue, vscode.ConfigurationTarget.Workspace],
    [found?.workspaceFolderValue, vscode.ConfigurationTarget.WorkspaceFolder],
  ] as const;
  for (const [written, place] of places) {
    if (!Array.isArray(written)) continue;
    const changes = written.map((target) => ({ target, to: change(target) }));
    if (changes.every(({ to }) => to === 'keep')) continue;
    const kept = changes.flatMap(({ target, to }): unknown[] =>
      to === 'keep' ? [target] : to === undefined ? [] : [to],
    );
    await section().update(settings.targets, kept, place);
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
