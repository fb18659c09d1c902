import * as vscode from 'vscode';
import { capacityOf, dollarsPerHour, formatDollars } from '../glue/cost';
import type { Session } from '../glue/glueApi';
import { workers } from '../host/sessionFacts';
import { readSettings } from '../host/settings';

/** One line on what is about to start, before it starts. */
export function priceLine(
  request: Pick<Session, 'workerType' | 'numberOfWorkers' | 'maxCapacity' | 'glueVersion' | 'idleTimeout'> & {
    readonly id: string;
  },
): string {
  const session: Session = { ...request, status: 'PROVISIONING', defaultArguments: {}, connections: [] };
  const hourly = dollarsPerHour(session, readSettings.pricePerDpuHour());
  const size = [
    workers(session),
    capacityOf(session) === undefined ? undefined : `${String(capacityOf(session))} DPU`,
  ];
  return vscode.l10n.t(
    'Starting session {0}: {1}, Glue {2}, {3} an hour, ends after {4} minutes without work.',
    request.id,
    size.filter((part) => part !== undefined).join(', '),
    request.glueVersion ?? '?',
    hourly === undefined ? '?' : formatDollars(hourly),
    request.idleTimeout ?? 2880,
  );
}
