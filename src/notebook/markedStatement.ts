import { randomUUID } from 'node:crypto';
import { displayModule } from '../glue/display/displayCalls';
import { markCode, type MarkedCode } from '../glue/statementMarker';
import { lazy } from '../glue/lazy';
import { readSettings } from '../host/settings';

const display = lazy(() => import('../glue/display/display'));

/** Ids of the sessions that have the display, as far as this window knows: they are sent a short line only. */
export type SessionsWithDisplay = Set<string>;

/**
 * Gives code its marker, and what makes its tables shown as tables.
 * @param id random, for the marker and the delimiters of what is shown
 * @throws InvalidInputError for code that is too long for one statement
 */
export async function markedStatement(
  code: string,
  language: 'python' | 'scala',
  sessionId: string,
  withDisplay: SessionsWithDisplay,
  id: string = randomUUID(),
): Promise<MarkedCode> {
  if (language === 'scala') return markCode(code, language, id);
  const { displayLine } = await display();
  const options = { id, limit: readSettings.tableRows(), rowsAtOnce: readSettings.showSparkRows() };
  return markCode(code, language, id, displayLine(code, options, !withDisplay.has(sessionId)));
}

/** After a statement of the session has ended: from now on it has the display. */
export function noteDisplay(sessionId: string, marked: MarkedCode, withDisplay: SessionsWithDisplay): void {
  if (marked.code.includes(displayModule)) withDisplay.add(sessionId);
}
