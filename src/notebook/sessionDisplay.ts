import { randomUUID } from 'node:crypto';
import { displayModule } from '../glue/display/displayCalls';
import { markCode, type MarkedCode } from '../glue/statementMarker';
import { readSettings } from '../host/settings';

/** Gives statements what makes their tables shown as tables. */
export class SessionDisplay {
  /** Sessions that have it, as far as this window knows: they are sent a short line only. */
  private readonly installed = new Set<string>();

  /**
   * @param id random, for the marker and the delimiters of what is shown
   * @throws InvalidInputError for code that is too long for one statement
   */
  async marked(
    code: string,
    language: 'python' | 'scala',
    sessionId: string,
    id: string = randomUUID(),
  ): Promise<MarkedCode> {
    if (language === 'scala') return markCode(code, language, id);
    const { displayLine } = await import('../glue/display/display');
    const options = { id, limit: readSettings.tableRows(), rowsAtOnce: readSettings.showSparkRows() };
    return markCode(code, language, id, displayLine(code, options, !this.installed.has(sessionId)));
  }

  /** After a statement of the session has ended: from now on it has the display. */
  note(sessionId: string, marked: MarkedCode): void {
    if (marked.code.includes(displayModule)) this.installed.add(sessionId);
  }
}
