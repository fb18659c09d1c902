import * as vscode from 'vscode';
import { patiently } from '../glue/patience';
import { systemClock } from '../glue/clock';
import type { GlueApi, Session } from '../glue/glueApi';
import { sessionState } from '../glue/sessionStatus';
import { workers } from '../host/sessionFacts';
import { translated } from '../host/translated';

/** What `%list_sessions` shows: all pages, live sessions first. */
export async function sessionTable(api: GlueApi, signal: AbortSignal): Promise<string> {
  const sessions: Session[] = [];
  let nextToken: string | undefined;
  do {
    const request = { maxResults: 1000, ...(nextToken !== undefined && { nextToken }) };
    const page = await patiently(() => api.listSessions(request, signal), { clock: systemClock, signal });
    sessions.push(...page.sessions);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  if (sessions.length === 0) return vscode.l10n.t('No sessions.');
  const rows = sessions
    .sort((a, b) => Number(sessionState(b.status).isLive) - Number(sessionState(a.status).isLive))
    .map((session) => [
      session.id,
      translated(sessionState(session.status).word),
      session.createdOn === undefined
        ? ''
        : new Date(session.createdOn).toISOString().slice(0, 19).replace('T', ' '),
      workers(session) ?? '',
      session.glueVersion ?? '',
      session.connections.join(', '),
    ]);
  const table = [
    [
      'Session',
      vscode.l10n.t('State'),
      vscode.l10n.t('Created (UTC)'),
      'Workers',
      'Glue',
      vscode.l10n.t('Connections'),
    ],
    ...rows,
  ];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return table
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
