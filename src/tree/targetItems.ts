import * as vscode from 'vscode';
import type { TargetSnapshot } from '../glue/sessionInventory';
import { sessionState } from '../glue/sessionStatus';
import { identityName } from '../glue/identityName';
import type { TargetAdvice } from '../glue/targetAdvice';
import type { TargetFact } from '../glue/targetFacts';
import { targetKey, type Target } from '../glue/target';
import { errorText } from '../host/reportError';
import { targetLabel } from '../host/targets';
import { configurationSection, settings } from '../manifest';
import { freshness } from './freshness';
import type { TreeNode } from './nodes';
import { translated } from '../host/translated';

/** A target: who calls, in which account and Region, and until when its keys hold. */
export function targetItem(snapshot: TargetSnapshot, { alias }: TargetFact): vscode.TreeItem {
  const { target, state, identity, region, sessions } = snapshot;
  const item = new vscode.TreeItem(targetLabel(target), vscode.TreeItemCollapsibleState.Expanded);
  item.id = targetKey(target);
  item.contextValue = `target${removable(target)}`;
  const live = sessions.filter(({ session }) => sessionState(session.status).isLive).length;
  const isEmpty = state === 'loading' && sessions.length === 0;
  const parts = [
    isEmpty ? undefined : freshness(snapshot),
    identity && (alias === undefined ? identity.account : `${identity.account} (${alias})`),
    identity && identityName(identity.arn),
    region,
    isEmpty ? vscode.l10n.t('loading…') : undefined,
    isEmpty || identity === undefined ? undefined : vscode.l10n.t('{0} live of {1}', live, sessions.length),
  ];
  item.description = parts.filter((part) => part !== undefined).join(' · ');
  item.iconPath = new vscode.ThemeIcon(
    state === 'failed' ? 'warning' : isEmpty ? 'loading~spin' : target.roles.length > 0 ? 'key' : 'account',
  );
  item.accessibilityInformation = { label: `${targetLabel(target)}, ${item.description}` };
  return item;
}

/** All there is to say of a target, made when it is asked for: VS Code takes Markdown apart for each row that has some. */
export function targetTooltip(
  { target, identity, region, state }: TargetSnapshot,
  { alias, keysEndAt }: TargetFact,
): vscode.MarkdownString {
  const facts: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Target'), targetLabel(target)],
    [vscode.l10n.t('Account'), identity && [identity.account, alias].filter(Boolean).join(', ')],
    [vscode.l10n.t('You are'), identity?.arn],
    [vscode.l10n.t('Region'), region ?? target.region],
    [vscode.l10n.t('Endpoint'), target.endpoint],
    [vscode.l10n.t('Keys end'), keysEndAt === undefined ? undefined : new Date(keysEndAt).toLocaleString()],
    [
      vscode.l10n.t('State'),
      state === 'loading' && identity === undefined ? vscode.l10n.t('no answer yet') : undefined,
    ],
  ];
  const text = new vscode.MarkdownString();
  for (const [name, value] of facts) {
    if (value) text.appendMarkdown(`**${name}:** `).appendText(value).appendMarkdown('  \n');
  }
  return text;
}

/**
 * Why a target can't be looked at; what to do about it is in its inline actions.
 * @param advice undefined until what knows of failures is loaded
 */
export function problemItem(
  { key, target, error, named }: Extract<TreeNode, { kind: 'problem' }>,
  advice: TargetAdvice | undefined,
): vscode.TreeItem {
  const headline = advice === undefined ? vscode.l10n.t('It can’t be read') : translated(advice.headline);
  const item = new vscode.TreeItem(named ? `${targetLabel(target)}: ${headline}` : headline);
  item.id = key;
  item.description = errorText(error);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = `problem${advice?.problem === 'signIn' ? '.sso' : ''}${removable(target) === '' ? '' : '.editable'}`;
  const todo = advice === undefined ? '' : translated(advice.todo);
  item.tooltip = [errorText(error), todo].filter(Boolean).join('\n\n');
  item.accessibilityInformation = { label: `${headline}. ${errorText(error)} ${todo}` };
  return item;
}

/** A target of the settings that can't be meant; leads to the settings. */
export function badSettingItem(text: string): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('A target of the settings can’t be read'));
  item.id = `setting\n${text}`;
  item.description = text;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.accessibilityInformation = { label: text };
  item.command = {
    command: 'workbench.action.openSettings',
    title: vscode.l10n.t('Open Settings'),
    arguments: [`@id:${configurationSection}.${settings.targets}`],
  };
  return item;
}

/** Local Glue's own go when it is stopped. */
function removable(target: Target): '' | '.removable' {
  return target.files === undefined ? '.removable' : '';
}
