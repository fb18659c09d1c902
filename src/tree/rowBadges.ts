import * as vscode from 'vscode';
import { durationBadge, warningOf, type ForgottenLimits } from '../glue/forgotten';
import type { ListedSession } from '../glue/listedSession';
import { sessionState } from '../glue/sessionStatus';
import { formatDuration } from '../host/sessionFacts';

const scheme = 'glue-session-row';

interface Badge {
  readonly badge: string;
  readonly tooltip: string;
  /** A limit of the person's is reached. */
  readonly isOver: boolean;
}

/** What a row's badge says, written into its address, from which {@link RowBadges} reads it; undefined: no badge. */
export function badgeUri(
  listed: ListedSession,
  limits: ForgottenLimits,
  pricePerDpuHour: number,
  now: number,
): vscode.Uri | undefined {
  const { session, idleSince, arn } = listed;
  if (!sessionState(session.status).isLive || session.createdOn === undefined) return undefined;
  const ageMs = now - session.createdOn;
  const badge = durationBadge(idleSince === undefined ? ageMs : now - idleSince);
  if (badge === '') return undefined;
  const tooltip =
    idleSince === undefined
      ? vscode.l10n.t('Runs for {0}', formatDuration(ageMs))
      : vscode.l10n.t('Idle for {0}', formatDuration(now - idleSince));
  const isOver = warningOf(listed, limits, pricePerDpuHour, now)?.stage === 'after';
  const content: Badge = { badge, tooltip, isOver };
  return vscode.Uri.from({ scheme, path: `/${encodeURIComponent(arn)}`, query: JSON.stringify(content) });
}

/** Shows on live rows since when they are idle, or how old they are; those over a limit in the colour of warnings. */
export class RowBadges implements vscode.FileDecorationProvider {
  provideFileDecoration({ scheme: given, query }: vscode.Uri): vscode.FileDecoration | undefined {
    if (given !== scheme) return undefined;
    const { badge, tooltip, isOver } = JSON.parse(query) as Badge;
    const color = isOver ? new vscode.ThemeColor('list.warningForeground') : undefined;
    return new vscode.FileDecoration(badge, tooltip, color);
  }
}
