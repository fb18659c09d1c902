import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import { tagKeysOf } from '../glue/grouping';
import type { TagEdit } from '../glue/tagChanges';
import { diffTags, formatTagList, isReservedKey, parseTagList } from '../glue/tags';
import { askText } from '../host/multiStep';
import { isAnswer } from '../host/runSteps';
import { errorText } from '../host/reportError';
import type { CommandContext } from './commandContext';
import { severalSessions } from './severalSessions';
import { changeTagsOf, editText, readTagsOf } from './tagSessions';

/** Changes the tags of a session, or of several: what they have in common is edited, the rest stays as it is. */
export async function editTagsCommand(context: CommandContext, node: unknown, nodes: unknown): Promise<void> {
  const title = vscode.l10n.t('Edit Tags');
  const sessions = await severalSessions(context, node, nodes, { title, action: 'tag' });
  if (sessions === undefined) return;
  const current = await readTagsOf(context, sessions);
  const common = commonTags([...current.tags.values()]);
  const text = await vscode.window.showInputBox({
    title:
      sessions.length === 1
        ? vscode.l10n.t('Tags of {0}', sessions[0]?.session.id ?? '')
        : vscode.l10n.t('Tags that {0} sessions have in common', sessions.length),
    prompt: vscode.l10n.t('key=value, key=value. A tag left out is removed.'),
    value: formatTagList(common),
    ignoreFocusOut: true,
    validateInput: (value) => {
      const edit = read(() => diffTags(common, parseTagList(value)));
      if (typeof edit === 'string') return edit;
      const change = editText(common, edit);
      return change === ''
        ? undefined
        : { message: change, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  if (text !== undefined) await changeTagsOf(context, current, diffTags(common, parseTagList(text)));
}

/** Gives one tag to a session or several, whether they have it already or not. */
export async function addTagCommand(context: CommandContext, node: unknown, nodes: unknown): Promise<void> {
  const title = vscode.l10n.t('Add or Change Tag');
  const sessions = await severalSessions(context, node, nodes, { title, action: 'tag' });
  if (sessions === undefined) return;
  const current = await readTagsOf(context, sessions);
  const text = await askText({
    title:
      sessions.length === 1
        ? vscode.l10n.t('Add or Change a Tag of {0}', sessions[0]?.session.id ?? '')
        : vscode.l10n.t('Add or Change a Tag of {0} Sessions', sessions.length),
    step: 1,
    totalSteps: 1,
    prompt: vscode.l10n.t(
      'key=value, such as {0}; tags in use: {1}',
      'billing=data-platform',
      tagKeysOf(context.inventory.allSessions())
        .filter((key) => !isReservedKey(key))
        .slice(0, 8)
        .join(', '),
    ),
    value: '',
    validate: (value) => {
      const tags = read(() => parseTagList(value));
      if (typeof tags === 'string') return tags;
      return Object.keys(tags).length > 0 ? undefined : vscode.l10n.t('Write a tag as key=value.');
    },
  });
  if (isAnswer(text)) await changeTagsOf(context, current, { add: parseTagList(text), remove: [] });
}

/** Takes tags off a session or several. */
export async function removeTagCommand(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const title = vscode.l10n.t('Remove Tag');
  const sessions = await severalSessions(context, node, nodes, { title, action: 'tag' });
  if (sessions === undefined) return;
  const current = await readTagsOf(context, sessions);
  const items = keyItems([...current.tags.values()]);
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      sessions.length === 1
        ? vscode.l10n.t('The session {0} has no tags.', sessions[0]?.session.id ?? '')
        : vscode.l10n.t('These sessions have no tags.'),
    );
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title:
      sessions.length === 1
        ? vscode.l10n.t('Remove Tags of {0}', sessions[0]?.session.id ?? '')
        : vscode.l10n.t('Remove Tags of {0} Sessions', sessions.length),
    placeHolder: vscode.l10n.t('Tick the tags to remove'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined || picked.length === 0) return;
  const edit: TagEdit = { add: {}, remove: picked.map(({ label }) => label) };
  await changeTagsOf(context, current, edit);
}

/** Keys that can be removed, with how many sessions have them. */
function keyItems(all: readonly Tags[]): vscode.QuickPickItem[] {
  const counts = new Map<string, number>();
  for (const key of all.flatMap((tags) => Object.keys(tags))) {
    if (!isReservedKey(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([key, count]) => {
      const values = new Set(all.flatMap((tags) => (Object.hasOwn(tags, key) ? [tags[key] ?? ''] : [])));
      const shown = [...values].slice(0, 4).join(', ') + (values.size > 4 ? ', …' : '');
      return { label: key, description: vscode.l10n.t('in {0} sessions: {1}', count, shown) };
    });
}

function commonTags(all: readonly Tags[]): Tags {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(
      ([key, value]) => !isReservedKey(key) && others.every((tags) => tags[key] === value),
    ),
  );
}

/** What was read, or what is wrong with it. */
function read<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidInputError) return errorText(error);
    throw error;
  }
}
