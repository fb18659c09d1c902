import * as vscode from 'vscode';
import { actOnAll, type Outcome } from '../glue/actOnAll';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { patiently } from '../glue/patience';
import {
  applyTagEdit,
  inverseEdit,
  isEmptyEdit,
  planTagChange,
  tagChangeShares,
  type TagChange,
  type TagEdit,
} from '../glue/tagChanges';
import { withProgress } from '../host/cancellation';
import { errorText } from '../host/reportError';
import type { CommandContext } from './commandContext';
import { confirmAction, confirmOthers, type ActionWords } from './confirmAction';
import { latest, preview } from './severalSessions';
import { tellOutcome, type OutcomeWords } from './tellOutcome';

const readsAtOnce = 8;
const writesAtOnce = 5;
const mostLines = 8;

/** Tags of sessions, read a moment ago: what an edit begins with, and what Undo leads back to. */
export interface CurrentTags {
  readonly tags: ReadonlyMap<ListedSession, Tags>;
  /** Those whose tags could not be read: they are left as they are, and told. */
  readonly failed: Outcome<ListedSession>['failed'];
}

/** Reads the tags of these sessions anew. @throws CancellationError when the person cancels */
export async function readTagsOf(
  { apis, clock }: CommandContext,
  sessions: readonly ListedSession[],
): Promise<CurrentTags> {
  return withProgress(vscode.l10n.t('Reading the tags'), async (signal, report) => {
    const tags = new Map<ListedSession, Tags>();
    const { failed } = await actOnAll(
      sessions,
      async (listed) => {
        const api = apis.of(listed.target);
        const read = () => api.getTags(listed.arn, signal);
        tags.set(listed, await patiently(read, { clock, signal, onlyThrottles: true }));
      },
      {
        atOnce: readsAtOnce,
        signal,
        onProgress: (ended) => {
          report(vscode.l10n.t('{0} of {1}', ended, sessions.length));
        },
      },
    );
    if (signal.aborted) throw new vscode.CancellationError();
    return { tags, failed };
  });
}

/**
 * Shows what an edit changes in each session, asks, does it, and offers to undo it.
 * @param edit one for all, or each session's own
 */
export async function changeTagsOf(
  context: CommandContext,
  current: CurrentTags,
  edit: TagEdit | ((listed: ListedSession) => TagEdit),
): Promise<void> {
  const isShown = typeof edit !== 'function';
  const plan = planOf(current, isShown ? () => edit : edit);
  const sessions = [...plan.changes.keys()];
  if (sessions.length === 0 && plan.failed.length === 0) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('The tags are like that already.'), 4000);
    return;
  }
  const agreed = sessions.length === 0 ? [] : await agreeOn(context, plan, current.tags.size, isShown);
  if (agreed === undefined) return;
  const changes = new Map([...plan.changes].filter(([listed]) => agreed.includes(listed)));
  await applyChanges(context, { ...plan, changes }, true);
}

/** What an edit does, in one line: `team: analytics → marketing, − billing`. */
export function editText(before: Tags, { add, remove }: TagEdit): string {
  const added = Object.entries(add).map(([key, value]) =>
    Object.hasOwn(before, key) ? `${key}: ${before[key] ?? ''} → ${value}` : `+ ${key}=${value}`,
  );
  return [...added, ...remove.map((key) => `− ${key}`)].join(', ');
}

/** What shall be done to which session. */
interface TagPlan {
  readonly editOf: (listed: ListedSession) => TagEdit;
  /** Of those where something changes and nothing is wrong with it. */
  readonly changes: ReadonlyMap<ListedSession, TagChange>;
  /** Those that are not tried, told together with those that fail. */
  readonly failed: Outcome<ListedSession>['failed'];
}

function planOf(current: CurrentTags, editOf: TagPlan['editOf']): TagPlan {
  const changing = [...current.tags]
    .map(([listed, before]) => [listed, planTagChange(before, editOf(listed))] as const)
    .filter(([, { edit }]) => !isEmptyEdit(edit));
  const refused = changing.flatMap(([item, { problem }]) =>
    problem === undefined ? [] : [{ item, error: new InvalidInputError(problem) }],
  );
  return {
    editOf,
    changes: new Map(changing.filter(([, { problem }]) => problem === undefined)),
    failed: [...current.failed, ...refused],
  };
}

/** Of one session of one's own the box has shown all: only more than that, and others', are asked about. */
async function agreeOn(
  context: CommandContext,
  plan: TagPlan,
  asked: number,
  isShown: boolean,
): Promise<readonly ListedSession[] | undefined> {
  const sessions = [...plan.changes.keys()];
  const verb = vscode.l10n.t('Change');
  if (asked === 1 && isShown) return confirmOthers(preview(context, 'tag', sessions), { verb });
  const same = asked - sessions.length - plan.failed.length;
  const words: ActionWords = {
    verb,
    question: ({ able }) => vscode.l10n.t('Change the tags of {0} sessions?', able.length),
    notes: ({ able }) => [
      ...shareLines(able.flatMap((listed) => plan.changes.get(listed) ?? [])),
      ...(same > 0 ? [vscode.l10n.t('{0} are like that already.', same)] : []),
      ...plan.failed
        .slice(0, 3)
        .map(({ item, error }) =>
          vscode.l10n.t('Left as it is: {0}: {1}', item.session.id, errorText(error)),
        ),
      ...(plan.failed.length > 3 ? [vscode.l10n.t('and {0} more', plan.failed.length - 3)] : []),
    ],
    reviewTitle: vscode.l10n.t('Change the tags of these sessions'),
    cannot: vscode.l10n.t("Can't be tagged"),
    detailOf: (listed) => {
      const change = plan.changes.get(listed);
      return change === undefined ? '' : editText(change.before, change.edit);
    },
  };
  return confirmAction(context, sessions, words, (chosen) => preview(context, 'tag', chosen));
}

/** What becomes of each key, equal changes together. */
function shareLines(changes: readonly TagChange[]): readonly string[] {
  const shares = tagChangeShares(changes);
  const none = vscode.l10n.t('(none)');
  const lines = shares
    .slice(0, mostLines)
    .map(({ key, before, after, count }) =>
      vscode.l10n.t('{0}: {1} → {2} in {3}', key, before ?? none, after ?? none, count),
    );
  return [
    ...lines,
    ...(shares.length > mostLines ? [vscode.l10n.t('and {0} more', shares.length - mostLines)] : []),
    ...(shares.some(({ key }) => key === 'owner')
      ? [vscode.l10n.t('Many policies decide by the tag owner who may use a session.')]
      : []),
  ];
}

async function applyChanges(context: CommandContext, plan: TagPlan, canUndo: boolean): Promise<void> {
  const { apis, clock } = context;
  const { changes, editOf } = plan;
  const applied = new Map<ListedSession, TagEdit>();
  const note = (listed: ListedSession, before: Tags, done: TagEdit) => {
    const sofar = applied.get(listed) ?? { add: {}, remove: [] };
    const all = { add: { ...sofar.add, ...done.add }, remove: [...sofar.remove, ...done.remove] };
    applied.set(listed, all);
    const [now = listed] = latest(context, [listed]);
    context.inventory.noteSession(now.target, now.session, planTagChange(before, all).after);
  };
  const title = canUndo
    ? vscode.l10n.t('Changing the tags')
    : vscode.l10n.t('Taking back the change of tags');
  const outcome = await withProgress(title, (signal, report) =>
    actOnAll(
      [...changes],
      ([listed, change]) =>
        applyTagEdit(apis.of(listed.target), listed.arn, change, {
          clock,
          signal,
          onApplied: (done) => {
            note(listed, change.before, done);
          },
        }),
      {
        atOnce: writesAtOnce,
        signal,
        onProgress: (ended) => {
          report(vscode.l10n.t('{0} of {1}', ended, changes.size));
        },
      },
    ),
  );
  const told: Outcome<ListedSession> = {
    done: outcome.done.map(([listed]) => listed),
    failed: [...plan.failed, ...outcome.failed.map(({ item: [item], error }) => ({ item, error }))],
    underway: [],
    untouched: outcome.untouched.map(([listed]) => listed),
  };
  tellOutcome(context, told, words(canUndo), {
    retry: (sessions) => again(context, sessions, editOf, canUndo),
    // What is half done is taken back as well.
    ...(canUndo &&
      applied.size > 0 && {
        undo: () =>
          again(
            context,
            [...applied.keys()],
            (listed) =>
              inverseEdit(changes.get(listed)?.before ?? {}, applied.get(listed) ?? { add: {}, remove: [] }),
            false,
          ),
      }),
  });
}

/** Reads the tags anew, since others may have changed them meanwhile, and does an edit that the person has agreed to. */
async function again(
  context: CommandContext,
  sessions: readonly ListedSession[],
  editOf: TagPlan['editOf'],
  canUndo: boolean,
): Promise<void> {
  await applyChanges(context, planOf(await readTagsOf(context, sessions), editOf), canUndo);
}

function words(canUndo: boolean): OutcomeWords {
  return {
    done: canUndo ? vscode.l10n.t('changed') : vscode.l10n.t('changed back'),
    underway: vscode.l10n.t('being changed'),
    allDone: (count) =>
      canUndo
        ? vscode.l10n.t('Tags changed on sessions: {0}.', count)
        : vscode.l10n.t('Tags as they were before, on sessions: {0}.', count),
  };
}
