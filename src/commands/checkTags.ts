import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import type { TagEdit } from '../glue/tagChanges';
import {
  checkTags,
  groupFindings,
  joinEdits,
  type RequiredTags,
  type TagFindingGroup,
} from '../glue/tagHealth';
import { parseTagList } from '../glue/tags';
import { readSettings } from '../host/settings';
import { errorText } from '../host/reportError';
import type { CommandContext } from './commandContext';
import { readSessions, sayNoSession, sayUnread, sessionsOfNodes } from './sessionPicker';
import { latest } from './severalSessions';
import { changeTagsOf, readTagsOf, type CurrentTags } from './tagSessions';

interface GroupItem extends vscode.QuickPickItem {
  readonly group?: TagFindingGroup;
}

/** Finds sessions whose tags are missing or mistaken, and mends what the person chooses, after a preview. */
export async function checkTagsCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const sessions = await sessionsToCheck(context, node, nodes);
  if (sessions === undefined) return;
  const current = await readTagsOf(context, sessions);
  const required = await requiredTags(context);
  const groups = groupFindings(checkTags(current.tags, required));
  if (groups.length === 0) {
    sayInOrder(context, current);
    return;
  }
  const chosen = await chooseGroups(groups, current);
  if (chosen === undefined || chosen.length === 0) return;
  const edits = new Map<ListedSession, TagEdit[]>();
  for (const group of chosen) {
    const asked = group.isMendable ? undefined : await askMend(group, current.tags, required);
    if (!group.isMendable && asked === undefined) return;
    for (const { listed, mend = asked } of group.findings) {
      if (mend !== undefined) edits.set(listed, [...(edits.get(listed) ?? []), mend]);
    }
  }
  const meant = {
    tags: new Map([...current.tags].filter(([listed]) => edits.has(listed))),
    failed: current.failed,
  };
  await changeTagsOf(context, meant, (listed) => joinEdits(edits.get(listed) ?? []));
}

/** Of the rows it was called on; else live ones, and ended ones where the person wants them too. */
async function sessionsToCheck(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<readonly ListedSession[] | undefined> {
  const given = sessionsOfNodes(node, nodes);
  if (given.length > 0) return latest(context, given);
  await readSessions(context, () => context.inventory.allSessions().length > 0);
  const all = context.inventory.allSessions();
  const live = all.filter(({ session }) => sessionState(session.status).isLive);
  if (all.length === 0) {
    sayNoSession(context);
    return undefined;
  }
  if (live.length === all.length) return live;
  const picked = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('Live sessions ({0})', live.length), sessions: live },
      {
        label: vscode.l10n.t('Live and ended sessions ({0})', all.length),
        description: vscode.l10n.t('one call for each'),
        sessions: all,
      },
    ].filter(({ sessions }) => sessions.length > 0),
    {
      title: [vscode.l10n.t('Check Tags'), ...sayUnread(context)].join(' · '),
      placeHolder: vscode.l10n.t('Whose tags are checked'),
    },
  );
  return picked?.sessions;
}

/** Those of the settings, and those that the project's guardrails want; where both name a key, the guardrails' values count. */
async function requiredTags({ rules }: CommandContext): Promise<RequiredTags> {
  const ofProject = (await rules.read()).map(({ rules: { requiredTags: tags } }) => tags ?? {});
  return Object.assign({}, readSettings.requiredTags(), ...ofProject) as RequiredTags;
}

function sayInOrder(context: CommandContext, { tags, failed }: CurrentTags): void {
  const said = [
    vscode.l10n.t('The tags of {0} sessions are in order.', tags.size),
    ...(failed.length === 0 ? [] : [vscode.l10n.t('Those of {0} could not be read.', failed.length)]),
    ...sayUnread(context).map((place) => `${place}.`),
  ];
  void vscode.window.showInformationMessage(said.join(' '));
}

async function chooseGroups(
  groups: readonly TagFindingGroup[],
  { tags, failed }: CurrentTags,
): Promise<readonly TagFindingGroup[] | undefined> {
  const items: GroupItem[] = groups.map((group) => ({
    label: groupText(group),
    description: sessionCount(group.findings.length),
    detail: namesOf(group),
    picked: group.isMendable,
    group,
  }));
  const first = items.findIndex(({ group }) => group?.isMendable === false);
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const all = [
    ...(first === 0 ? [] : [separator(vscode.l10n.t('mended as shown'))]),
    ...items.slice(0, first === -1 ? undefined : first),
    ...(first === -1 ? [] : [separator(vscode.l10n.t('asked about one by one')), ...items.slice(first)]),
  ];
  const picked = await vscode.window.showQuickPick<GroupItem>(all, {
    title: vscode.l10n.t('Check Tags: {0}', sessionCount(tags.size)),
    placeHolder:
      failed.length === 0
        ? vscode.l10n.t('Tick what is to be mended; you see every change before it is made')
        : vscode.l10n.t(
            'Tick what is to be mended; the tags of {0} sessions could not be read',
            failed.length,
          ),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDetail: true,
  });
  return picked?.flatMap(({ group }) => group ?? []);
}

function groupText({ problem, key = '', value = '', common }: TagFindingGroup): string {
  switch (problem) {
    case 'untagged':
      return vscode.l10n.t('Untagged, but for the owner');
    case 'missing':
      return common === undefined
        ? vscode.l10n.t('Missing: {0}', key)
        : vscode.l10n.t('Missing: {0} → {1}', key, `${key}=${common}`);
    case 'key':
      return vscode.l10n.t('Key: "{0}" → "{1}"', key, common ?? '');
    case 'value':
      return vscode.l10n.t('Value of {0}: "{1}" → "{2}"', key, value, common ?? '');
    case 'unknown':
      return common === undefined
        ? vscode.l10n.t('Value of {0} is not allowed: "{1}"', key, value)
        : vscode.l10n.t('Value of {0} is not allowed: "{1}" → "{2}"', key, value, common);
  }
}

function namesOf({ findings }: TagFindingGroup): string {
  const names = findings.slice(0, 3).map(({ listed }) => listed.session.id);
  return findings.length > 3
    ? vscode.l10n.t('{0} and {1} more', names.join(', '), findings.length - 3)
    : names.join(', ');
}

/** What only a person can say. @returns undefined when they don't */
async function askMend(
  group: TagFindingGroup,
  tags: ReadonlyMap<ListedSession, Tags>,
  required: RequiredTags,
): Promise<TagEdit | undefined> {
  const { key } = group;
  const title = groupText(group);
  const prompt = namesOf(group);
  if (key === undefined) {
    const text = await ask(title, `${prompt}: key=value, key=value`, (written) => {
      parseTagList(written);
    });
    return text === undefined ? undefined : { add: parseTagList(text), remove: [] };
  }
  // Both spellings are there, with different values: the one that counts is asked for.
  const rightKey = group.problem === 'key' ? (group.common ?? key) : key;
  const value = await askValue(title, prompt, valuesFor(rightKey, tags, required));
  if (value === undefined) return undefined;
  return { add: { [rightKey]: value }, remove: rightKey === key ? [] : [key] };
}

/** The allowed values first, then those in use. */
function valuesFor(
  key: string,
  tags: ReadonlyMap<ListedSession, Tags>,
  required: RequiredTags,
): readonly string[] {
  const allowed = Object.hasOwn(required, key) ? (required[key] ?? []) : [];
  if (allowed.length > 0 && allowed.every((glob) => !/[*?]/.test(glob))) return allowed;
  const used = [...tags.values()].flatMap((own) => (Object.hasOwn(own, key) ? [own[key] ?? ''] : []));
  return [...new Set([...allowed.filter((glob) => !/[*?]/.test(glob)), ...used])];
}

async function askValue(
  title: string,
  prompt: string,
  values: readonly string[],
): Promise<string | undefined> {
  const another = { label: vscode.l10n.t('$(edit) Another value…'), value: undefined };
  if (values.length > 0) {
    const picked = await vscode.window.showQuickPick(
      [...values.map((value) => ({ label: value === '' ? '""' : value, value })), another],
      { title, placeHolder: prompt, ignoreFocusOut: true },
    );
    if (picked !== another) return picked?.value;
  }
  return ask(title, prompt, (text) => {
    if (text.length > 256) throw new InvalidInputError(vscode.l10n.t('A value has 256 characters at most.'));
  });
}

function ask(title: string, prompt: string, check: (text: string) => void): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        check(text);
        return undefined;
      } catch (error) {
        if (error instanceof InvalidInputError) return errorText(error);
        throw error;
      }
    },
  });
}

function sessionCount(sessions: number): string {
  return sessions === 1 ? vscode.l10n.t('one session') : vscode.l10n.t('{0} sessions', sessions);
}
