import * as vscode from 'vscode';
import { costSoFar, dollarsPerHour, formatDollars } from '../glue/cost';
import type { Session, Tags } from '../glue/glueApi';
import { sessionState } from '../glue/sessionStatus';
import { formatTagList } from '../glue/tags';
import { translated } from './translated';

/** Age for people: `5 min`, `3 h`, `2 d`. @param ms milliseconds */
export function formatDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return vscode.l10n.t('{0} s', Math.max(0, Math.floor(ms / 1000)));
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? vscode.l10n.t('{0} h {1} min', hours, minutes % 60)
    : vscode.l10n.t('{0} d', Math.floor(hours / 24));
}

/** Name and value of all there is to say of a session, in the order people look for it. */
export function sessionFacts(
  session: Session,
  more: { readonly arn?: string; readonly tags?: Tags | undefined; readonly network?: string | undefined },
  pricePerDpuHour: number,
  now: number,
): readonly (readonly [string, string])[] {
  const cost = costSoFar(session, pricePerDpuHour, now);
  const hourly = sessionState(session.status).isLive ? dollarsPerHour(session, pricePerDpuHour) : undefined;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Session'), session.id],
    [vscode.l10n.t('State'), translated(sessionState(session.status).word)],
    [vscode.l10n.t('Reason'), session.errorMessage],
    [vscode.l10n.t('Tags'), more.tags && (formatTagList(more.tags) || vscode.l10n.t('none'))],
    [vscode.l10n.t('Runtime role'), session.role],
    [vscode.l10n.t('Connections'), session.connections.join(', ') || vscode.l10n.t('none')],
    [vscode.l10n.t('Network'), more.network],
    [vscode.l10n.t('Workers'), workers(session)],
    [vscode.l10n.t('Glue version'), session.glueVersion],
    [
      vscode.l10n.t('Idle timeout'),
      session.idleTimeout === undefined ? undefined : vscode.l10n.t('{0} minutes', session.idleTimeout),
    ],
    [vscode.l10n.t('Created'), localTime(session.createdOn)],
    [vscode.l10n.t('Ended'), localTime(session.completedOn)],
    [
      vscode.l10n.t('Cost so far'),
      cost && `${formatDollars(cost.dollars)}${cost.reckoned ? ` ${vscode.l10n.t('(reckoned)')}` : ''}`,
    ],
    [vscode.l10n.t('Cost per hour'), hourly === undefined ? undefined : formatDollars(hourly)],
    ['ARN', more.arn],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

/** `G.1X × 5`, or the capacity. */
export function workers(session: Session): string | undefined {
  if (session.workerType !== undefined && session.numberOfWorkers !== undefined) {
    return `${session.workerType} × ${String(session.numberOfWorkers)}`;
  }
  return session.maxCapacity === undefined ? undefined : `${String(session.maxCapacity)} DPU`;
}

function localTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toLocaleString();
}
