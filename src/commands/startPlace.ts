import * as vscode from 'vscode';
import { asksNobody } from '../glue/asksNobody';
import { noOutcomes, type StartOutcomes } from '../glue/startOutcomes';
import type { Target } from '../glue/target';
import { withProgress } from '../host/cancellation';
import { readPlace } from '../host/startMemory';
import { targetLabel } from '../host/targets';
import type { CommandContext } from './commandContext';

/** Whether calls of a target ask a person for nothing: it has been read, or its keys are had without a word. */
export async function isQuiet({ inventory, profiles }: CommandContext, target: Target): Promise<boolean> {
  if (inventory.snapshot(target).identity !== undefined) return true;
  return asksNobody(target, await profiles.listProfiles(target.files), process.env.AWS_PROFILE ?? 'default');
}

/** Has a code asked for, where one is needed, before a picker is shown: the question would take the picker's place. */
export async function askFirst(context: CommandContext, target: Target): Promise<void> {
  const { apis, log } = context;
  try {
    if (await isQuiet(context, target)) return;
    await withProgress(vscode.l10n.t('Asking AWS who you are as {0}', targetLabel(target)), (signal) =>
      apis.of(target).callerIdentity(signal),
    );
  } catch (error) {
    // What is read next says so where it is seen.
    log.info(`${targetLabel(target)} does not work: ${String(error)}`);
  }
}

/** What starts in the place of a target have met before; nothing where it can't be told unasked which place that is. */
export async function readOutcomes(
  context: CommandContext,
  target: Target,
  signal: AbortSignal,
): Promise<StartOutcomes> {
  try {
    if (!(await isQuiet(context, target))) return noOutcomes;
    return context.starts.of(await readPlace(context.apis.of(target), signal));
  } catch (error) {
    if (!signal.aborted) context.log.info(`what starts have met is not shown: ${String(error)}`);
    return noOutcomes;
  }
}
