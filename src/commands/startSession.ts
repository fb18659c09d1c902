import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { createSessionRequest } from '../glue/createSessionRequest';
import { denialDetails, explainDenial } from '../glue/denial';
import { AwsCallError, InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest } from '../glue/glueApi';
import { sessionState } from '../glue/sessionStatus';
import { startSession } from '../glue/startSession';
import type { Target } from '../glue/target';
import { withProgress } from '../host/cancellation';
import { readSettings } from '../host/settings';
import { demandTrust } from '../host/trust';
import { targetLabel } from '../host/targets';
import type { CommandContext } from './commandContext';
import { askOtherConnections, askSessionWish, configurationOf, type SessionWish } from './sessionWish';
import { targetOfNode } from './sessionPicker';

/** Asks what the session shall be, shows what it costs, and starts it. */
export async function startSessionCommand(context: CommandContext, node: unknown): Promise<void> {
  demandTrust();
  const wish = await askSessionWish(context, targetOfNode(node));
  if (wish !== undefined) await startWished(context, wish);
}

/** Starts what was asked for, once the person has seen its price. */
async function startWished(context: CommandContext, wish: SessionWish): Promise<void> {
  const { target } = wish;
  const request = await withProgress(vscode.l10n.t('Preparing the session'), async (signal) => {
    const caller = await context.apis.of(target).callerIdentity(signal);
    return createSessionRequest(configurationOf(wish), caller, randomUUID);
  });
  if (!(await confirmCost(request, target))) return;
  context.targets.use(target);
  await start(context, target, request, wish);
}

async function start(
  context: CommandContext,
  target: Target,
  request: CreateSessionRequest,
  wish: SessionWish,
): Promise<void> {
  const api = context.apis.of(target);
  try {
    const session = await withProgress(vscode.l10n.t('Starting session {0}', request.id), (signal, report) =>
      startSession(api, request, {
        clock: context.clock,
        signal,
        onStatus: (seen) => {
          report(sessionState(seen.status).label);
          context.inventory.noteSession(target, seen, request.tags);
        },
      }),
    );
    await context.inventory.refresh([target]);
    const open = vscode.l10n.t('Open Notebook');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('Session {0} is ready.', session.id),
      open,
    );
    const listed = context.inventory.snapshot(target).sessions.find((item) => item.session.id === session.id);
    if (answer === open && listed !== undefined) await context.attachment.openOn(listed);
  } catch (error) {
    if (!(await offerWayOut(context, error, request, wish))) throw error;
  }
}

/** A denied start can be tried again with a connection, or told to an administrator. */
async function offerWayOut(
  context: CommandContext,
  error: unknown,
  request: CreateSessionRequest,
  wish: SessionWish,
): Promise<boolean> {
  const denial = explainDenial(error, request);
  if (denial === undefined || !(error instanceof AwsCallError)) return false;
  const again = vscode.l10n.t('Choose Another Connection');
  const copy = vscode.l10n.t('Copy Details');
  const cause =
    denial.cause === 'noConnection'
      ? vscode.l10n.t('The request named no connection, and a rule denies that.')
      : denial.cause === 'connectionNotApproved'
        ? vscode.l10n.t('A rule denies a session in the network of {0}.', request.connections.join(', '))
        : error.message;
  const answer = await vscode.window.showErrorMessage(
    vscode.l10n.t('The session was not started: {0} is denied. {1}', denial.action, cause),
    again,
    copy,
  );
  if (answer === copy) await vscode.env.clipboard.writeText(denialDetails(denial, error, request));
  if (answer === again) {
    const changed = await askOtherConnections(context, wish);
    if (changed !== undefined) await startWished(context, changed);
  }
  return true;
}

async function confirmCost(request: CreateSessionRequest, target: Target): Promise<boolean> {
  const hourly = dollarsPerHour(request, readSettings.pricePerDpuHour());
  if (hourly === undefined)
    throw new InvalidInputError(vscode.l10n.t('The worker type {0} is not known.', request.workerType ?? ''));
  const go = vscode.l10n.t('Start');
  const detail = [
    vscode.l10n.t('Where: {0}', targetLabel(target)),
    vscode.l10n.t('Runs as: {0}', request.role),
    vscode.l10n.t('Connections: {0}', request.connections.join(', ') || vscode.l10n.t('none')),
    vscode.l10n.t(
      'Tags: {0}',
      Object.entries(request.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    ),
    vscode.l10n.t(
      'Ends after {0} minutes without work, {1} at most by then.',
      request.idleTimeout ?? 0,
      formatDollars((hourly * (request.idleTimeout ?? 0)) / 60),
    ),
  ].join('\n');
  const message = vscode.l10n.t(
    'Start a session of {0} × {1} for {2} an hour?',
    request.workerType ?? '',
    request.numberOfWorkers ?? 0,
    formatDollars(hourly),
  );
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, go)) === go;
}
