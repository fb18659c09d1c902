import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest, Session } from '../glue/glueApi';
import { startSession } from '../glue/startSession';
import type { Target } from '../glue/target';
import { plain } from '../glue/toolText';
import { readSettings } from '../host/settings';
import { targetLabel } from '../host/targets';
import type { CommandContext } from './commandContext';

/** Starts a session that the person has agreed to, seen in the view on its way, and remembers that it was started here. */
export async function startedRequest(
  context: CommandContext,
  target: Target,
  request: CreateSessionRequest,
  signal: AbortSignal,
): Promise<Session> {
  let keeping: Promise<unknown> | undefined;
  const api = context.apis.of(target);
  const session = await startSession(api, request, {
    clock: context.clock,
    signal,
    permit: (asked) => context.rules.of().permit({ target, request: asked }, signal),
    onStatus: (seen) => {
      keeping ??= context.started.keep(seen.id);
      context.inventory.noteSession(target, seen, request.tags);
    },
  });
  await keeping;
  await context.starts.note(api, request, 'started');
  return session;
}

/** Shows what a session is and costs, and asks; no value begins a line of its own there. @param origin who wants it: not the person */
export async function confirmCost(
  request: CreateSessionRequest,
  target: Target,
  origin: string,
): Promise<boolean> {
  const hourly = dollarsPerHour(request, readSettings.pricePerDpuHour());
  if (hourly === undefined)
    throw new InvalidInputError(vscode.l10n.t('The worker type {0} is not known.', request.workerType ?? ''));
  const go = vscode.l10n.t('Start');
  const detail = [
    origin,
    vscode.l10n.t('Where: {0}', targetLabel(target)),
    vscode.l10n.t('Runs as: {0}', plain(request.role)),
    vscode.l10n.t('Connections: {0}', plain(request.connections.join(', ')) || vscode.l10n.t('none')),
    vscode.l10n.t(
      'Tags: {0}',
      plain(
        Object.entries(request.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
        2000,
      ),
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
