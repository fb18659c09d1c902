import { InvalidInputError } from './errors';
import { sentence } from './sentence';
import type { ListedSession } from './listedSession';

/** What a link to a session asks for. */
export interface SessionLink {
  readonly action: 'session' | 'attach';
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly sessionId: string;
}

const parameters = ['target', 'id'];

/**
 * Reads a link such as `vscode://glue-sessions.glue-sessions/session?target=444455556666:us-east-1&id=NAME`. Anybody can
 * write one: whatever is not known is refused. @throws InvalidInputError
 */
export function parseSessionLink(link: string): SessionLink {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined)
    throw new InvalidInputError(sentence('"{0}" is not a link to a session.', link.slice(0, 80)), link);
  const action = url.pathname.slice(1);
  if (action !== 'session' && action !== 'attach')
    throw new InvalidInputError(
      sentence(
        'The link asks for "{0}", which is not known. Expected session or attach.',
        action.slice(0, 40),
      ),
      link,
    );
  const keys = [...url.searchParams.keys()];
  const unknown = keys.find((key) => !parameters.includes(key)) ?? (url.hash === '' ? undefined : url.hash);
  if (unknown !== undefined)
    throw new InvalidInputError(
      sentence(
        'The link has "{0}", which is not known. Expected target and id, and nothing else.',
        unknown.slice(0, 40),
      ),
      link,
    );
  const [target, id] = parameters.map((key) => url.searchParams.getAll(key));
  if (target?.length !== 1 || id?.length !== 1)
    throw new InvalidInputError(sentence('The link must have target and id, each once.'), link);
  const [, account, region] = /^(\d{12}):([a-z]{2,3}(?:-[a-z]+)+-\d{1,2})$/.exec(target[0] ?? '') ?? [];
  if (account === undefined || region === undefined)
    throw new InvalidInputError(
      sentence('The target of the link is not ACCOUNT:REGION, such as 444455556666:us-east-1.'),
      target[0],
    );
  const [sessionId = ''] = id;
  // Source of the length: glue.md, "The API"; of what is not seen, no session is called.
  if (sessionId === '' || sessionId.length > 255 || /[\p{Cc}\p{Cf}]/u.test(sessionId))
    throw new InvalidInputError(
      sentence('The id of the link is not that of a session.'),
      sessionId.slice(0, 80),
    );
  return { action, account, region, sessionId };
}

/**
 * @param base for example `vscode://glue-sessions.glue-sessions`
 * @throws InvalidInputError for an id with signs of its own meaning in a link: editors decode links once too often
 */
export function formatSessionLink(base: string, { arn, session }: ListedSession): string {
  if (!/^[\w.:/@~ -]+$/.test(session.id))
    throw new InvalidInputError(
      sentence("The id {0} has signs that a link can't hold: copy the ARN instead.", session.id),
      session.id,
    );
  const [, , , region = '', account = ''] = arn.split(':');
  const query = new URLSearchParams({ target: `${account}:${region}`, id: session.id });
  return `${base}/session?${query.toString()}`;
}

/** Whether a session is the one that a link is to. */
export function isLinked({ arn, session }: ListedSession, link: SessionLink): boolean {
  const [, , , region, account] = arn.split(':');
  return session.id === link.sessionId && region === link.region && account === link.account;
}
