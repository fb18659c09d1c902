import * as vscode from 'vscode';
import type { CallerIdentity } from '../glue/glueApi';
import { identityName } from '../glue/identityName';
import { adviseOnTarget, type TargetProblem } from '../glue/targetAdvice';
import { targetKey, type Target } from '../glue/target';
import { withProgress } from '../host/cancellation';
import { pickOne } from '../host/multiStep';
import { isAnswer } from '../host/runSteps';
import { errorText } from '../host/reportError';
import { profileOf, signInBySso } from '../host/ssoSignIn';
import { targetLabel } from '../host/targets';
import { demandTrust } from '../host/trust';
import { commands } from '../manifest';
import type { CommandContext } from './commandContext';
import { sayNoTarget, targetOfNode } from './sessionPicker';
import { askTarget, type TargetStep } from './targetWizard';
import { translated } from '../host/translated';

/** Asks for a place to look for sessions, tries it, and keeps it. */
export async function addTargetCommand(context: CommandContext): Promise<void> {
  const target = await askUntilItWorks(context, { roles: [] });
  if (target !== undefined) await context.targets.add(target);
}

/** Asks for a target anew, beginning with what it is, and writes it in the place of the old one. */
export async function editTargetCommand(context: CommandContext, node: unknown): Promise<void> {
  const target = await oneTarget(context, node);
  if (target === undefined) return;
  const changed = await askUntilItWorks(context, target);
  if (changed === undefined || targetKey(changed) === targetKey(target)) return;
  await context.targets.replace(target, changed);
}

/** Takes a place out of the view. */
export async function removeTargetCommand(context: CommandContext, node: unknown): Promise<void> {
  const target = await oneTarget(context, node);
  if (target !== undefined) await context.targets.remove(target);
}

/** Reads a target again that could not be read, with its profile and credentials anew. */
export async function retryTargetCommand(context: CommandContext, node: unknown): Promise<void> {
  const target = await oneTarget(context, node);
  if (target === undefined) return;
  context.apis.forget(target);
  await withProgress(vscode.l10n.t('Reading {0}', targetLabel(target)), () =>
    context.inventory.refresh([target]),
  );
}

/** Signs in with SSO, and reads whatever can be read again then. */
export async function signInCommand(context: CommandContext, node: unknown): Promise<void> {
  demandTrust();
  const target = await oneTarget(context, node);
  if (target !== undefined) await signIn(context, target);
}

async function signIn(context: CommandContext, target: Target): Promise<boolean> {
  const { inventory, apis } = context;
  const isSignedIn = await withProgress(vscode.l10n.t('Waiting for the sign-in in the terminal'), (signal) =>
    signInBySso(target, context, signal),
  );
  if (!isSignedIn) return false;
  const waiting = inventory.targets.filter((other) => inventory.snapshot(other).state === 'failed');
  for (const other of waiting) apis.forget(other);
  await inventory.refresh(waiting);
  return true;
}

async function oneTarget({ inventory }: CommandContext, node: unknown): Promise<Target | undefined> {
  const given = targetOfNode(node);
  if (given !== undefined) return given;
  if (inventory.targets.length === 0) {
    await sayNoTarget();
    return undefined;
  }
  const items = inventory.targets.map((target) => ({
    target,
    label: targetLabel(target),
    description: [inventory.snapshot(target).identity?.account, target.region].filter(Boolean).join(' · '),
  }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Target') });
  return picked?.target;
}

/** Where the answer lies that most likely has to change. */
const stepOf: Readonly<Partial<Record<TargetProblem, TargetStep>>> = {
  profile: 'profile',
  keys: 'profile',
  assumeRole: 'roleFacts',
  mfa: 'roleFacts',
  permission: 'role',
  region: 'region',
  network: 'endpoint',
};

/** @returns a target that somebody has been seen to answer for, or that the person wants all the same; undefined when cancelled */
async function askUntilItWorks(context: CommandContext, target: Target): Promise<Target | undefined> {
  const profiles = await context.profiles.listProfiles(target.files);
  let wanted = target;
  let begin: TargetStep | undefined;
  for (;;) {
    const asked = await askTarget(wanted, profiles, begin);
    if (asked === undefined) return undefined;
    wanted = asked;
    const outcome = await tryTarget(context, wanted);
    if (outcome === 'works' || outcome === 'anyway') return wanted;
    if (outcome === undefined) return undefined;
    begin = outcome;
  }
}

/** Asks AWS who calls, tells it, and asks how to go on when that can't be had. */
async function tryTarget(
  context: CommandContext,
  target: Target,
): Promise<'works' | 'anyway' | TargetStep | undefined> {
  for (;;) {
    try {
      context.apis.forget(target);
      const api = context.apis.of(target);
      const [identity, region] = await withProgress(
        vscode.l10n.t('Asking AWS who you are as {0}', targetLabel(target)),
        (signal) => Promise.all([api.callerIdentity(signal), api.region()]),
      );
      sayWho(identity, region);
      return 'works';
    } catch (error) {
      if (error instanceof vscode.CancellationError) return undefined;
      context.log.warn(`${targetLabel(target)} does not work: ${errorText(error)}`);
      const way = await askWayOn(context, target, error);
      if (way !== 'again') return way;
    }
  }
}

function sayWho({ arn, account }: CallerIdentity, region: string): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('You are {0} in account {1}, Region {2}.', identityName(arn), account, region),
  );
}

interface WayItem extends vscode.QuickPickItem {
  readonly way: 'again' | 'signIn' | 'change' | 'anyway' | 'log';
}

async function askWayOn(
  context: CommandContext,
  target: Target,
  error: unknown,
): Promise<'again' | 'anyway' | TargetStep | undefined> {
  const profile = await profileOf(target, context.profiles);
  const advice = adviseOnTarget(error, target, profile?.ssoToken !== undefined);
  const { problem } = advice;
  const todo = translated(advice.todo);
  const change: WayItem = { label: vscode.l10n.t('$(edit) Change the answers'), detail: todo, way: 'change' };
  const again: WayItem = { label: vscode.l10n.t('$(refresh) Try again'), way: 'again' };
  const items: WayItem[] = [
    ...(problem === 'signIn'
      ? [{ label: vscode.l10n.t('$(sign-in) Sign in'), detail: todo, way: 'signIn' as const }, again, change]
      : problem === 'network' || problem === 'mfa'
        ? [again, change]
        : [change, again]),
    { label: vscode.l10n.t('$(check) Add it all the same'), way: 'anyway' },
    { label: vscode.l10n.t('$(output) Show log'), way: 'log' },
  ];
  const picked = await pickOne<WayItem>({
    step: 1,
    totalSteps: 1,
    title: vscode.l10n.t('It does not work yet: {0}', translated(advice.headline)),
    items,
    placeholder: errorText(error),
  });
  if (!isAnswer(picked)) return undefined;
  switch (picked.way) {
    case 'signIn':
      return (await signIn(context, target)) ? 'again' : undefined;
    case 'change':
      return stepFor(problem, target);
    case 'log':
      await vscode.commands.executeCommand(commands.showLog);
      return undefined;
    default:
      return picked.way;
  }
}

function stepFor(problem: TargetProblem, target: Target): TargetStep {
  const step = stepOf[problem] ?? 'profile';
  return step === 'roleFacts' && target.roles.length === 0 ? 'role' : step;
}
