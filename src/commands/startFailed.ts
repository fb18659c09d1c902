import * as vscode from 'vscode';
import type { CreateSessionRequest } from '../glue/glueApi';
import { brokenRule } from '../glue/guardrails/brokenRule';
import type { SessionWish, WishStep } from '../glue/sessionWish';
import { startFixes, type StartFix } from '../glue/startFixes';
import { withProgress } from '../host/cancellation';
import { askedAccess } from '../host/accessQuestion';
import { openRule } from '../host/openRule';
import { errorText } from '../host/reportError';
import { signInBySso } from '../host/ssoSignIn';
import { commands } from '../manifest';
import type { CommandContext } from './commandContext';

/** What to ask again, with which answers. */
export interface Again {
  readonly wish: SessionWish;
  readonly begin: WishStep;
}

interface Way extends vscode.MessageItem {
  readonly take: () => Promise<Again | undefined>;
}

/** Tells why a session was not started, with what may help: each leads back into the questions, answers kept. */
export async function offerFixes(
  context: CommandContext,
  error: unknown,
  wish: SessionWish,
  request: CreateSessionRequest | undefined,
): Promise<Again | undefined> {
  context.log.warn('the session was not started', error instanceof Error ? error.message : String(error));
  const denied = request === undefined ? undefined : await denialWays(context, error, wish, request);
  const { sentence, ways } = denied ?? {
    sentence: vscode.l10n.t('The session was not started. {0}', errorText(error)),
    ways: startFixes(error).map((fix) => wayOf(context, fix, wish)),
  };
  const rule = brokenRule(error);
  const look: Way =
    rule === undefined
      ? way(vscode.l10n.t('Show Log'), () => vscode.commands.executeCommand(commands.showLog))
      : way(vscode.l10n.t('Open Rule'), () => openRule(rule));
  const answer = await vscode.window.showErrorMessage(sentence, ...ways, ...(denied ? [] : [look]));
  return answer?.take();
}

/** A denied start can be tried again with what may satisfy the rule, or told to an administrator. */
async function denialWays(
  context: CommandContext,
  error: unknown,
  wish: SessionWish,
  request: CreateSessionRequest,
): Promise<{ readonly sentence: string; readonly ways: readonly Way[] } | undefined> {
  const { apis, inventory, log } = context;
  const { explainDenialIn } = await import('../host/denialExplanation');
  const explanation = await explainDenialIn(error, {
    api: apis.of(wish.target),
    request,
    known: inventory.snapshot(wish.target).sessions,
    log,
  });
  if (explanation === undefined) return undefined;
  const { connection, tag, role } = explanation.offers;
  await context.starts.note(apis.of(wish.target), request, explanation.offers);
  const again = (title: string, begin: WishStep, changed = wish): Way => ({
    title,
    take: () => Promise.resolve({ wish: changed, begin }),
  });
  const check = way(vscode.l10n.t('Check Access'), () =>
    vscode.commands.executeCommand(commands.checkAccess, askedAccess(wish.target, request, error)),
  );
  const copy = way(vscode.l10n.t('Copy Details'), () => vscode.env.clipboard.writeText(explanation.details));
  const withTag = tag && { ...wish, tags: { ...wish.tags, [tag.key]: tag.values[0] ?? '' } };
  const ways = [
    ...(connection ? [again(vscode.l10n.t('Choose Another Connection'), 'connections')] : []),
    ...(tag ? [again(vscode.l10n.t('Set the Tag "{0}"', tag.key), 'tags', withTag)] : []),
    ...(role ? [again(vscode.l10n.t('Choose Another Role'), 'iamRole')] : []),
  ];
  const other = again(vscode.l10n.t('Start It as Somebody Else'), 'target');
  return { sentence: explanation.sentence, ways: [...(ways.length > 0 ? ways : [other]), check, copy] };
}

/** A way that leads to no question. */
function way(title: string, act: () => PromiseLike<unknown>): Way {
  return {
    title,
    take: async () => {
      await act();
      return undefined;
    },
  };
}

function wayOf(context: CommandContext, fix: StartFix, wish: SessionWish): Way {
  switch (fix) {
    case 'again':
      return { title: vscode.l10n.t('Try Again'), take: () => Promise.resolve({ wish, begin: 'review' }) };
    case 'stopOthers':
      return {
        title: vscode.l10n.t('Stop Other Sessions'),
        take: async () => {
          await vscode.commands.executeCommand(commands.stopSessions);
          return { wish, begin: 'review' };
        },
      };
    case 'signIn':
      return {
        title: vscode.l10n.t('Sign In'),
        take: async () => {
          const title = vscode.l10n.t('Waiting for the sign-in in the terminal');
          const isSignedIn = await withProgress(title, (signal) => signInBySso(wish.target, context, signal));
          return isSignedIn ? { wish, begin: 'review' } : undefined;
        },
      };
    default:
      return { title: stepTitles[fix], take: () => Promise.resolve({ wish, begin: fix }) };
  }
}

const stepTitles: Readonly<Record<WishStep, string>> = {
  preset: vscode.l10n.t('Choose a Preset'),
  target: vscode.l10n.t('Start It as Somebody Else'),
  iamRole: vscode.l10n.t('Choose Another Role'),
  connections: vscode.l10n.t('Choose Another Connection'),
  tags: vscode.l10n.t('Change the Tags'),
  workerType: vscode.l10n.t('Choose Another Worker Type'),
  numberOfWorkers: vscode.l10n.t('Change the Number of Workers'),
  glueVersion: vscode.l10n.t('Choose Another Version'),
  idleTimeout: vscode.l10n.t('Change the Idle Timeout'),
  review: vscode.l10n.t('Change the Answers'),
};
