import * as vscode from 'vscode';
import { costSoFar, dollarsPerHour, formatDollars } from '../glue/cost';
import type { ListedSession } from '../glue/listedSession';
import { formatDuration } from '../host/sessionFacts';
import { readSettings } from '../host/settings';
import { commands } from '../manifest';

/** What is listed in the tooltip; the rest is counted. */
const mostListed = 10;

/** The status bar item with what a person's own sessions cost an hour, and so far; hidden when none runs. */
export class SessionCostItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('glueSessions.myCost', vscode.StatusBarAlignment.Left, 49);
    this.item.name = vscode.l10n.t('Cost of My Glue Sessions');
    this.item.command = commands.showMySessions;
  }

  /** @param now milliseconds since the epoch */
  show(sessions: readonly ListedSession[], now: number): void {
    if (sessions.length === 0 || !readSettings.ownSessionsCost()) {
      this.item.hide();
      return;
    }
    const { hourly, sofar } = sums(sessions, now);
    this.item.text = `$(credit-card) ${formatDollars(hourly)}/h · ${formatDollars(sofar)}`;
    this.item.accessibilityInformation = { label: this.summary(sessions, now) };
    const tooltip = new vscode.MarkdownString();
    tooltip.appendText(this.summary(sessions, now));
    for (const listed of sessions.slice(0, mostListed)) {
      tooltip.appendMarkdown('\n\n').appendText(`${listed.session.id}: ${this.costText(listed, now)}`);
    }
    if (sessions.length > mostListed)
      tooltip.appendMarkdown('\n\n').appendText(vscode.l10n.t('and {0} more', sessions.length - mostListed));
    this.item.tooltip = tooltip;
    this.item.show();
  }

  /** All of them in a sentence. */
  summary(sessions: readonly ListedSession[], now: number): string {
    const { hourly, sofar } = sums(sessions, now);
    return sessions.length === 1
      ? vscode.l10n.t(
          'Your session costs {0} an hour, {1} so far',
          formatDollars(hourly),
          formatDollars(sofar),
        )
      : vscode.l10n.t(
          'Your {0} sessions cost {1} an hour, {2} so far',
          sessions.length,
          formatDollars(hourly),
          formatDollars(sofar),
        );
  }

  /** What one costs, and since when it is idle. */
  costText({ session, idleSince }: ListedSession, now: number): string {
    const price = readSettings.pricePerDpuHour();
    const parts = [
      vscode.l10n.t('{0}/h', formatDollars(dollarsPerHour(session, price) ?? 0)),
      vscode.l10n.t('{0} so far', formatDollars(costSoFar(session, price, now)?.dollars ?? 0)),
      ...(idleSince === undefined ? [] : [vscode.l10n.t('idle for {0}', formatDuration(now - idleSince))]),
    ];
    return parts.join(' · ');
  }

  dispose(): void {
    this.item.dispose();
  }
}

function sums(sessions: readonly ListedSession[], now: number): { hourly: number; sofar: number } {
  const price = readSettings.pricePerDpuHour();
  const sum = (read: (listed: ListedSession) => number | undefined) =>
    sessions.reduce((total, listed) => total + (read(listed) ?? 0), 0);
  return {
    hourly: sum(({ session }) => dollarsPerHour(session, price)),
    sofar: sum(({ session }) => costSoFar(session, price, now)?.dollars),
  };
}
