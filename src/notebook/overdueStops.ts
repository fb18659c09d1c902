import * as vscode from 'vscode';
import { AwsCallError } from '../glue/errors';
import type { GlueApi, GlueApis } from '../glue/glueApi';
import type { Target } from '../glue/target';
import type { QuietApis } from '../host/quietApis';
import { errorText, reportError } from '../host/reportError';
import { readSettings } from '../host/settings';
import type { ClaimedLease, Lease } from './leaseFiles';
import type { SessionLeases } from './sessionLeases';

export interface OverdueStopsOptions {
  /** For what a person asks for. */
  readonly apis: GlueApis;
  readonly quietApis: QuietApis;
  readonly leases: SessionLeases;
  /** How many notebooks of any window use the session. */
  readonly countUses: (sessionId: string) => Promise<number>;
  readonly log: vscode.LogOutputChannel;
}

/** Stops what should have stopped with its window, but outlived the process that was to do it; or says what still costs. */
export async function stopOverdue(options: OverdueStopsOptions): Promise<void> {
  if (!vscode.workspace.isTrusted || readSettings.sessionsOnClose() !== 'stop') return;
  for await (const claimed of options.leases.overdue()) await settle(claimed, options);
}

/** A lease ends only with its session, or where nothing can be done: a stop that failed is tried again at the next start. */
async function settle(claimed: ClaimedLease, options: OverdueStopsOptions): Promise<void> {
  const { lease } = claimed;
  const { log, quietApis, countUses } = options;
  try {
    if ((await countUses(lease.sessionId)) > 0) {
      await claimed.end();
      return;
    }
    if (lease.target === undefined)
      throw new Error(vscode.l10n.t('It was started with keys from a cell, which are kept nowhere.'));
    const api = await quietApis.of(lease.target);
    if (api === undefined)
      throw new Error(
        vscode.l10n.t('Its keys can’t be had without asking you for a code or running a program of yours.'),
      );
    await stop(api, lease.sessionId);
    log.info(`${lease.sessionId} is stopped, as it should have been with its window`);
    await claimed.end();
  } catch (error) {
    log.warn(`${lease.sessionId} should have been stopped with its window: ${String(error)}`);
    if (lease.wasTold !== true) tell(lease, error, options);
    await (lease.target === undefined ? claimed.end() : claimed.giveBack({ wasTold: true }));
  }
}

/** Nothing waits for the answer. */
function tell({ sessionId, target }: Lease, error: unknown, options: OverdueStopsOptions): void {
  const text = vscode.l10n.t(
    'The session {0} should have been stopped when its window was closed, and was not: {1} It costs money until its idle timeout.',
    sessionId,
    errorText(error),
  );
  const stopNow = vscode.l10n.t('Stop Now');
  vscode.window.showWarningMessage(text, ...(target === undefined ? [] : [stopNow])).then(
    (answer) => {
      if (answer === stopNow && target !== undefined) stopAsked(target, sessionId, options);
    },
    (failure: unknown) => {
      reportError(options.log, 'a warning', failure);
    },
  );
}

function stopAsked(target: Target, sessionId: string, { apis, leases, log }: OverdueStopsOptions): void {
  stop(apis.of(target), sessionId)
    .then(async () => {
      vscode.window.setStatusBarMessage(vscode.l10n.t('The session {0} was stopped.', sessionId), 4000);
      await leases.takeOver(sessionId);
    })
    .catch((error: unknown) => {
      reportError(log, `the stop of ${sessionId}`, error);
    });
}

async function stop(api: GlueApi, sessionId: string): Promise<void> {
  try {
    await api.stopSession(sessionId);
  } catch (error) {
    const isOver =
      error instanceof AwsCallError && ['IllegalSessionState', 'EntityNotFound'].includes(error.code);
    if (!isOver) throw error;
  }
}
