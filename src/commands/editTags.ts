import * as vscode from 'vscode';
import { forEachBounded } from '../glue/boundedConcurrency';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { diffTags, formatTagList, parseTagList } from '../glue/tags';
import { withProgress } from '../host/cancellation';
import type { CommandContext } from './commandContext';
import { manySessions, oneSession, sessionsOfNodes } from './sessionPicker';

/** Changes the tags of a session, or of several: what they have in common is edited, the rest stays as it is. */
export async function editTagsCommand(context: CommandContext, node: unknown, nodes: unknown): Promise<void> {
  const title = vscode.l10n.t('Edit Tags');
  const given = sessionsOfNodes(node, nodes);
  const one = given.length > 1 ? undefined : await oneSession(context, node, { title });
  const sessions =
    given.length > 1 ? await manySessions(context, node, nodes, { title }) : one === undefined ? [] : [one];
  if (sessions.length === 0) return;

  const current = await withProgress(vscode.l10n.t('Reading the tags'), async (signal) => {
    const all = new Map<ListedSession, Tags>();
    await forEachBounded(sessions, 8, async (listed) => {
      all.set(listed, await context.apis.of(listed.target).getTags(listed.arn, signal));
    });
    return all;
  });
  const common = commonTags([...current.values()]);
  const text = await vscode.window.showInputBox({
    title:
      sessions.length === 1
        ? vscode.l10n.t('Tags of {0}', sessions[0]?.session.id ?? '')
        : vscode.l10n.t('Tags that {0} sessions have in common', sessions.length),
    prompt: vscode.l10n.t('key=value, key=value. A tag left out is removed.'),
    value: formatTagList(common),
    ignoreFocusOut: true,
    validateInput: (value) => {
      try {
        parseTagList(value);
        return undefined;
      } catch (error) {
        if (error instanceof InvalidInputError) return error.message;
        throw error;
      }
    },
  });
  if (text === undefined) return;
  const { add, remove } = diffTags(common, parseTagList(text));
  if (Object.keys(add).length === 0 && remove.length === 0) return;
  await withProgress(vscode.l10n.t('Changing the tags'), async (signal) => {
    await forEachBounded(sessions, 5, async (listed) => {
      const api = context.apis.of(listed.target);
      if (Object.keys(add).length > 0) await api.tagResource(listed.arn, add, signal);
      if (remove.length > 0) await api.untagResource(listed.arn, remove, signal);
      const before = Object.entries(current.get(listed) ?? {}).filter(([key]) => !remove.includes(key));
      context.inventory.noteSession(listed.target, listed.session, { ...Object.fromEntries(before), ...add });
    });
  });
  vscode.window.setStatusBarMessage(vscode.l10n.t('The tags are changed.'), 4000);
}

function commonTags(all: readonly Tags[]): Tags {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((tags) => tags[key] === value)),
  );
}
