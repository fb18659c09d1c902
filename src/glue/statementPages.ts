import type { Clock } from './clock';
import type { GlueApi, Statement } from './glueApi';
import { patiently } from './patience';

/** A page of ListStatements, with the token that asked for it. */
interface Page {
  readonly token: string | undefined;
  readonly statements: readonly Statement[];
  readonly nextToken: string | undefined;
}

/** The statements of a session, read a page at a time; what can still change is read again. */
export class StatementPages {
  private pages: readonly Page[] = [];

  constructor(
    private readonly api: GlueApi,
    private readonly sessionId: string,
    private readonly clock: Clock,
  ) {}

  /** Those read so far, the latest first. */
  get statements(): readonly Statement[] {
    return this.pages.flatMap(({ statements }) => statements).sort((a, b) => b.id - a.id);
  }

  /** Whether the service has more. */
  get hasMore(): boolean {
    return this.pages.at(-1)?.nextToken !== undefined;
  }

  get isAnyUnderway(): boolean {
    return this.pages.some(hasUnderway);
  }

  /** Reads one more page; the first when none has been read. */
  async more(signal?: AbortSignal): Promise<void> {
    const last = this.pages.at(-1);
    if (last !== undefined && last.nextToken === undefined) return this.refresh(signal);
    const page = await this.read(last?.nextToken, signal);
    // Asked twice at once, the same page comes twice.
    if (this.pages.at(-1) === last) this.pages = [...this.pages, page];
  }

  /** Reads again the pages with statements underway, and the last one, where new ones come. */
  async refresh(signal?: AbortSignal): Promise<void> {
    if (this.pages.length === 0) return this.more(signal);
    const last = this.pages.at(-1);
    for (const page of this.pages) {
      if (page !== last && !hasUnderway(page)) continue;
      const renewed = await this.read(page.token, signal);
      this.pages = this.pages.map((other) => (other.token === page.token ? renewed : other));
    }
  }

  private async read(token: string | undefined, signal: AbortSignal | undefined): Promise<Page> {
    const { statements, nextToken } = await patiently(
      () => this.api.listStatements(this.sessionId, token, signal),
      { clock: this.clock, signal, onlyThrottles: true },
    );
    return { token, statements, nextToken };
  }
}

function hasUnderway({ statements }: Page): boolean {
  return statements.some(isUnderway);
}

/** Whether a statement has yet to end. */
export function isUnderway({ state }: Pick<Statement, 'state'>): boolean {
  return ['WAITING', 'RUNNING', 'CANCELLING'].includes(state);
}

/** When the session last worked, from these statements; undefined while one is underway. */
export function lastWork(
  statements: readonly Statement[],
  createdOn: number | undefined,
): number | undefined {
  if (statements.some(isUnderway)) return undefined;
  return statements.reduce<number | undefined>(
    (latest, { completedOn }) => (completedOn === undefined ? latest : Math.max(latest ?? 0, completedOn)),
    createdOn,
  );
}

/**
 * The code that a person wrote, of a statement that this extension sent: without the line before it that makes a second
 * arrival do nothing, and without the marker that makes it known again.
 */
export function personsCode(code: string): string {
  const isGuarded = isGuardedCode(code);
  const lastLine = code.lastIndexOf('\n') + 1;
  const isMarker = lastLine > 0 && /^(?:#|\/\/) glue-sessions:[\w-]+/.test(code.slice(lastLine));
  const start = isGuarded ? code.indexOf('\n') + 1 : 0;
  return code.slice(start, isMarker ? Math.max(start, lastLine - 1) : undefined);
}

/** Whether a line of this extension's stands before the person's code. */
export function isGuardedCode(code: string): boolean {
  return (
    code.startsWith('__import__("builtins").exec(') &&
    code.includes('\n') &&
    code.includes('# glue-sessions:')
  );
}
