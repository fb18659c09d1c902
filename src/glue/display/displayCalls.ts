import { pythonText } from '../sessionGuard';

/** What the display is called among the modules of a session. */
export const displayModule = '_glue_sessions';

/** Shows the rows of a query; as text where the display could not be installed. */
export function sqlCode(query: string): string {
  const show = 'lambda frame: frame.show(truncate=False)';
  return `getattr(__import__("sys").modules.get("_glue_sessions"), "sql", ${show})(spark.sql(${pythonText(query)}))`;
}

/** Shows the rows of a DataFrame whose schema was shown. @param frame what came with the schema */
export function rowsCode(frame: string): string {
  return `__import__("sys").modules["_glue_sessions"].rows(${pythonText(frame)})`;
}
