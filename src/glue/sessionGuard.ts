/**
 * Python that makes a second arrival of a statement do nothing: it runs first and raises when the session has seen the
 * id before. What stands behind it in the statement then does not run, magics of Livy's own (`%matplot`) included: Livy
 * runs the pieces of a statement in order and stops at the first that fails. Source: Livy's Python interpreter.
 *
 * Every statement carries it, not only what is sent again: the one delivered late is the first.
 *
 * @param id of the statement, random; letters, digits and hyphens
 * @returns one simple statement that displays nothing and leaves no name behind
 */
export function guard(id: string): string {
  return `${builtins}.exec(${pythonText(guardSource(id))}, {})`;
}

/** Lines of Python that know a statement's id, or raise. Leave `seen` to the lines that follow. */
export function guardSource(id: string): string {
  return [seenSource, `if '${id}' in seen: ${raising('AlreadySent', hasRun(id))}`, `seen.add('${id}')`].join(
    '\n',
  );
}

/** Makes `seen`, the ids of the statements that have run in this session. */
export const seenSource = `import sys\nseen = vars(sys).setdefault('glue_sessions_seen', set())`;

/**
 * Python that raises an error of a class made for it: an error of the person's own can't be taken for it. A class needs a
 * module: without one Python fails while it tells the error.
 */
export function raising(errorName: string, message: string): string {
  return `raise type('${errorName}', (Exception,), {'__module__': 'builtins'})('${message}')`;
}

/** What the error of a second arrival says. */
export function hasRun(id: string): string {
  return `glue-sessions:${id} has run`;
}

/** Python's builtins, also where the person has given their names another meaning. */
export const builtins = '__import__("builtins")';

/** A text as Python writes it. JSON's escapes are Python's; a surrogate stands alone in neither. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}
