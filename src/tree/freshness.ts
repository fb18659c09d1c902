import * as vscode from 'vscode';
import type { TargetSnapshot } from '../glue/sessionInventory';

/** As of when sessions are shown that are not known to be so now; undefined for what is fresh. */
export function freshness({ state, asOf }: TargetSnapshot): string | undefined {
  if (state === 'ready') return undefined;
  const time = asOf === undefined ? undefined : formatMoment(asOf);
  if (state === 'failed') return time === undefined ? undefined : vscode.l10n.t('as of {0}', time);
  return time === undefined ? vscode.l10n.t('reading…') : vscode.l10n.t('as of {0}, reading…', time);
}

/** The time of today, and the day as well of any other. */
function formatMoment(time: number): string {
  const moment = new Date(time);
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday
    ? moment.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' })
    : moment.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
